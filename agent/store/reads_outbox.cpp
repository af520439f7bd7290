#include "agent/store/reads.hpp"
#include "agent/store/rows.hpp"

// The outbox's side of Reads.
namespace aisle::store {
namespace {

// The columns of the outbox row's journal record.
constexpr int kJournalId = 1;
constexpr int kRecord = 2;
constexpr int kBody = kRecord + kRecordBodyColumn;

std::string gap_body(std::string_view reason, std::int64_t n) {
    return "{\"reason\":\"" + std::string{reason} + "\",\"n\":" + std::to_string(n) + "}";
}

}  // namespace

Result<OutboxRow> Reads::gap_at(Stream stream, std::int64_t seq) {
    const sqlite::ResetAtEnd reset{gap_};
    gap_.bind(1, slot_of(stream, seq));
    auto row = gap_.step();
    if (!row) return row.error();
    if (!*row) return malformed("an outbox row without its record");
    OutboxRow gap{.seq = seq, .from = gap_.integer(0), .record = {}};
    gap.record.stream = stream;
    gap.record.kind = "gap";
    gap.record.at = stamp_from(gap_, 2);
    gap.record.body = gap_body(gap_.view(1), gap.seq - gap.from + 1);
    return gap;
}

Result<OutboxRow> Reads::outbox_row(Stream stream) {
    const std::int64_t seq = seq_of(outbox_from_.integer(0));
    if (outbox_from_.is_null(kJournalId)) return gap_at(stream, seq);
    return OutboxRow{.seq = seq, .from = seq, .record = record_from(outbox_from_, kRecord)};
}

Result<std::vector<OutboxRow>> Reads::read(const OutboxRead& what) {
    std::vector<OutboxRow> rows;
    std::size_t bytes = 0;
    const sqlite::ResetAtEnd reset{outbox_from_};
    outbox_from_.bind(1, slot_of(what.stream, what.from_seq))
        .bind(2, slot_of(what.stream, kSeqsPerStream))
        .bind(3, what.rows_max);
    for (;;) {
        auto row = outbox_from_.step();
        if (!row) return row.error();
        if (!*row) return rows;
        bytes += outbox_from_.view(kBody).size();
        if (bytes > what.bytes_max && !rows.empty()) return rows;
        auto made = outbox_row(what.stream);
        if (!made) return made.error();
        rows.push_back(std::move(*made));
    }
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

    const sqlite::ResetAtEnd reset_last{last_slot_};
    last_slot_.bind(1, slot_of(depth.stream, 0)).bind(2, slot_of(depth.stream, kSeqsPerStream));
    row = last_slot_.step();
    if (!row) return row.error();
    depth.next = *row ? seq_of(last_slot_.integer(0)) + 1 : depth.first;
    return {};
}

Result<std::vector<StreamDepth>> Reads::depths() {
    auto view = sqlite::Transaction::begin_read(database_);
    if (!view) return view.error();
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
