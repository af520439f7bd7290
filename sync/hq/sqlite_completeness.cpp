#include "sync/hq/sqlite_completeness.hpp"

#include <map>
#include <string>

#include "sync/hq/coverage.hpp"
#include "sync/hq/side_effects.hpp"

namespace aisle::hq {
namespace {

struct Counted {
    std::int64_t key = 0;
    Completeness report;
};

Result<std::vector<Counted>> read_streams(sqlite::Database& database, std::string_view store) {
    auto rows = database.prepare(
        "SELECT key, store, epoch, stream, next - 1, rows, again, quarantined FROM streams "
        "WHERE ?1 = '' OR store = ?1 ORDER BY store, updated_at, key");
    if (!rows) return rows.error();
    rows->bind(1, store);
    std::vector<Counted> all;
    for (;;) {
        const auto more = rows->step();
        if (!more) return more.error();
        if (!*more) return all;
        all.push_back({rows->integer(0),
                       {.store = rows->text(1),
                        .epoch = rows->text(2),
                        .stream = rows->text(3),
                        .expected = rows->integer(4),
                        .received = rows->integer(5),
                        .gaps = {},
                        .again = rows->integer(6),
                        .missing = 0,
                        .quarantined = rows->integer(7)}});
    }
}

Status read_gaps(sqlite::Statement& rows, Counted& one) {
    rows.bind(1, one.key);
    one.report.missing = one.report.expected - one.report.received - one.report.again;
    for (;;) {
        const auto more = rows.step();
        if (!more) return more.error();
        if (!*more) return {};
        one.report.gaps.push_back({rows.text(0), rows.integer(1), rows.integer(2)});
        one.report.missing -= one.report.gaps.back().rows;
    }
}

// The rows of one stream and the runs that are shown elsewhere, both in the order of their last
// number.
class Recount {
public:
    static Result<Recount> over(sqlite::Database& database) {
        auto rows = database.prepare(
            "SELECT key & 1099511627775, coalesce(from_seq, key & 1099511627775), kind = 'gap', "
            "CASE kind WHEN 'gap' THEN body END FROM event "
            "WHERE key >= ?1 << 40 AND key < (?1 + 1) << 40 ORDER BY key");
        if (!rows) return rows.error();
        auto runs = database.prepare(
            "SELECT to_seq, from_seq FROM elsewhere WHERE stream_key = ? ORDER BY to_seq");
        if (!runs) return runs.error();
        return Recount{std::move(*rows), std::move(*runs)};
    }

    Status count(Counted& one) {
        const std::int64_t last = one.report.expected;
        Coverage coverage{last};
        one.report.received = one.report.again = 0;
        std::map<std::string, GapCount> gaps;
        rows_.bind(1, one.key);
        runs_.bind(1, one.key);
        auto row = rows_.step();
        auto run = runs_.step();
        while (row && run && (*row || *run)) {
            const bool by_run = *run && (!*row || runs_.integer(0) < rows_.integer(0));
            if (by_run) {
                add_run(coverage, one.report);
                run = runs_.step();
            } else {
                add_row(coverage, one.report, gaps);
                row = rows_.step();
            }
        }
        if (!row) return row.error();
        if (!run) return run.error();
        for (auto& [reason, gap] : gaps) one.report.gaps.push_back(gap);
        one.report.missing = coverage.missing();
        return {};
    }

private:
    Recount(sqlite::Statement rows, sqlite::Statement runs)
        : rows_{std::move(rows)}, runs_{std::move(runs)} {}

    void add_row(Coverage& coverage, Completeness& report, std::map<std::string, GapCount>& gaps) {
        const std::int64_t to = rows_.integer(0);
        const std::int64_t from = rows_.integer(1);
        coverage.add(from, to);
        if (rows_.integer(2) == 0) {
            ++report.received;
            return;
        }
        const std::string reason = gap_reason(rows_.view(3));
        auto& gap = gaps[reason];
        gap = {reason, gap.records + 1, gap.rows + to - from + 1};
    }
    void add_run(Coverage& coverage, Completeness& report) {
        const std::int64_t to = std::min(runs_.integer(0), report.expected);
        const std::int64_t from = runs_.integer(1);
        coverage.add(from, to);
        if (from <= to) report.again += to - from + 1;
    }

    sqlite::Statement rows_;
    sqlite::Statement runs_;
};

}  // namespace

Result<std::vector<Completeness>> read_completeness(sqlite::Database& database,
                                                    EventStore::Proof proof,
                                                    std::string_view store) {
    auto snapshot = sqlite::Transaction::begin_read(database);
    if (!snapshot) return snapshot.error();
    auto streams = read_streams(database, store);
    if (!streams) return streams.error();
    auto gaps = database.prepare(
        "SELECT reason, records, rows FROM gaps WHERE stream_key = ? ORDER BY reason");
    if (!gaps) return gaps.error();
    auto recount = Recount::over(database);
    if (!recount) return recount.error();
    std::vector<Completeness> all;
    for (auto& one : *streams) {
        const bool counted = proof == EventStore::Proof::Counted;
        if (auto done = counted ? read_gaps(*gaps, one) : recount->count(one); !done)
            return done.error();
        if (one.report.expected > 0 || one.report.quarantined > 0)
            all.push_back(std::move(one.report));
    }
    return all;
}

}  // namespace aisle::hq
