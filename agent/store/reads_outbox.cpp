#include <algorithm>

#include "agent/store/gap_kinds.hpp"
#include "agent/store/reads.hpp"
#include "agent/store/rows.hpp"

// The outbox's side of Reads.
namespace aisle::store {
namespace {

// A batch's worth, so that its rows are not moved while they gather.
constexpr std::size_t kRowsAtOnce = 500;

}  // namespace

struct Reads::OutboxPage {
    const OutboxRead& what;
    std::vector<OriginRange> origins;
    std::vector<OutboxRow> rows = {};
    std::size_t bytes = 0;
    bool full = false;

    // False: the page is full without this record. One is always given.
    bool takes(std::size_t body_bytes) {
        bytes += body_bytes;
        full = rows.size() >= what.rows_max || (bytes > what.bytes_max && !rows.empty());
        return !full;
    }
};

Status Reads::read_gap(const Run& run, OutboxPage& page) {
    const sqlite::ResetAtEnd reset{gap_};
    gap_.bind(1, slot_of(page.what.stream, run.last()));
    auto row = gap_.step();
    if (!row) return row.error();
    if (!*row) return malformed("an outbox row without its record");
    const Gap gap = gap_from(gap_, run.last());
    OutboxRow made{.seq = run.last(), .from = run.first, .record = {}};
    made.record.stream = page.what.stream;
    made.record.kind = "gap";
    made.record.at = gap.at;
    made.record.body = gap_body(gap.reason, run.n, gap.kinds);
    if (!page.takes(made.record.body.size())) return {};
    made.was = origins_of(page.origins, made.seq);
    page.rows.push_back(std::move(made));
    return {};
}

Status Reads::read_run(const Run& run, OutboxPage& page) {
    const sqlite::ResetAtEnd reset{run_rows_};
    run_rows_.bind(1, run.id_from).bind(2, run.id_to).bind(3, static_cast<int>(page.what.stream));
    for (std::int64_t seq = run.first; seq <= run.last(); ++seq) {
        auto row = run_rows_.step();
        if (!row) return row.error();
        if (!*row) return malformed("the journal lacks rows that the outbox refers to");
        if (seq < page.what.from_seq) continue;
        if (!page.takes(run_rows_.view(kRunRowBody).size())) return {};
        page.rows.push_back({.seq = seq,
                             .from = seq,
                             .record = record_from(run_rows_, 1),
                             .was = origins_of(page.origins, seq)});
    }
    return {};
}

// The statement over the runs holds one view of the tables for all that is asked meanwhile.
Result<std::vector<OutboxRow>> Reads::read(const OutboxRead& what) {
    const sqlite::ResetAtEnd reset{runs_};
    bind_runs_from(runs_, what.stream, what.from_seq);
    auto row = runs_.step();
    if (!row) return row.error();
    auto origins = origins_.read(what.stream, what.from_seq);
    if (!origins) return origins.error();
    OutboxPage page{what, std::move(*origins)};
    page.rows.reserve(std::min(what.rows_max, kRowsAtOnce));
    while (*row && !page.full) {
        const Run run = run_from(runs_);
        if (run.last() >= what.from_seq) {
            auto done = run.is_gap() ? read_gap(run, page) : read_run(run, page);
            if (!done) return done.error();
        }
        row = runs_.step();
        if (!row) return row.error();
    }
    return std::move(page.rows);
}

Status Reads::fill_ends(StreamDepth& depth) {
    const sqlite::ResetAtEnd reset_stream{stream_};
    stream_.bind(1, static_cast<int>(depth.stream));
    auto row = stream_.step();
    if (!row) return row.error();
    if (!*row) return malformed("a stream is missing");
    depth.first = stream_.integer(0);
    depth.frozen_to = stream_.integer(1);
    depth.acked_check = stream_.text(2);

    const sqlite::ResetAtEnd reset_last{last_run_};
    last_run_.bind(1, slot_of(depth.stream, 0)).bind(2, slot_of(depth.stream, kSeqsPerStream));
    row = last_run_.step();
    if (!row) return row.error();
    depth.next = *row ? seq_of(last_run_.integer(0)) : depth.first;
    return {};
}

Result<std::vector<StreamDepth>> Reads::depths() {
    std::optional<sqlite::Transaction> view;
    if (!database_.in_transaction()) {
        auto begun = sqlite::Transaction::begin_read(database_);
        if (!begun) return begun.error();
        view.emplace(std::move(*begun));
    }
    std::vector<StreamDepth> depths;
    for (const Stream stream : kUpStreams) {
        StreamDepth depth{.stream = stream};
        if (auto filled = fill_ends(depth); !filled) return filled.error();
        auto oldest = read(OutboxRead{.stream = stream, .from_seq = depth.first, .rows_max = 1});
        if (!oldest) return oldest.error();
        if (!oldest->empty()) depth.oldest = oldest->front().record.at.wall;
        depths.push_back(depth);
    }
    return depths;
}

}  // namespace aisle::store
