#include "sync/hq/erasure_sqlite.hpp"

#include <algorithm>

#include "sync/hq/stream_rule.hpp"

namespace aisle::hq {
namespace {

struct Erased {
    std::int64_t key = 0;
    std::string body;
};

Result<std::vector<std::int64_t>> streams_of(sqlite::Database& database, const std::string& store) {
    auto rows = database.prepare("SELECT key FROM streams WHERE store = ? ORDER BY key");
    if (!rows) return rows.error();
    rows->bind(1, store);
    std::vector<std::int64_t> keys;
    for (;;) {
        const auto more = rows->step();
        if (!more) return more.error();
        if (!*more) return keys;
        keys.push_back(rows->integer(0));
    }
}

// The rows of one stream from `from` on; `left` counts down with each that was looked at. Answers
// where the next slice begins, or nothing at the stream's end.
Result<std::optional<std::int64_t>> look(sqlite::Database& database, const EraseOrder& order,
                                         std::int64_t from, std::size_t& left,
                                         std::vector<Erased>& found) {
    auto rows = database.prepare(
        "SELECT key, kind, body FROM event WHERE key >= ? AND key < ? ORDER BY key");
    if (!rows) return rows.error();
    rows->bind(1, from).bind(2, ((from >> kSeqBits) + 1) << kSeqBits);
    for (;;) {
        const auto more = rows->step();
        if (!more) return more.error();
        if (!*more) return std::optional<std::int64_t>{};
        if (left == 0) return std::optional{rows->integer(0)};
        --left;
        auto names = names_behind(order.digests, rows->view(2));
        names.insert(names.end(), order.members.begin(), order.members.end());
        if (auto body = erased_body(rows->view(1), rows->view(2), names))
            found.push_back({rows->integer(0), std::move(*body)});
    }
}

Status replace(sqlite::Database& database, const std::vector<Erased>& found) {
    auto update = database.prepare("UPDATE event SET body = ?2 WHERE key = ?1");
    if (!update) return update.error();
    for (const auto& row : found)
        if (auto done = update->bind(1, row.key).bind(2, row.body).run(); !done) return done;
    return {};
}

// What could not be read is compressed or torn: nobody can look for one person's in it, so all of
// the shop's goes. That it came, when and why it was refused, stays.
Status empty_quarantine(sqlite::Database& database, const std::string& store) {
    auto empty = database.prepare(
        "UPDATE quarantine SET payload = x'' WHERE instr(topic, '/' || ? || '/') > 0");
    if (!empty) return empty.error();
    return empty->bind(1, store).run();
}

}  // namespace

Result<ErasedSlice> erase_in(sqlite::Database& database, const EraseOrder& order) {
    auto transaction = sqlite::Transaction::begin(database);
    if (!transaction) return transaction.error();
    const auto streams = streams_of(database, order.store);
    if (!streams) return streams.error();
    if (order.after == 0)
        if (auto done = empty_quarantine(database, order.store); !done) return done.error();
    ErasedSlice slice;
    std::vector<Erased> found;
    std::size_t left = order.rows_max;
    for (const auto stream : *streams) {
        const auto begin = stream << kSeqBits;
        if (order.after >= ((stream + 1) << kSeqBits)) continue;
        const auto next = look(database, order, std::max(begin, order.after), left, found);
        if (!next) return next.error();
        slice.next = *next;
        if (slice.next) break;
    }
    if (auto done = replace(database, found); !done) return done.error();
    if (auto done = transaction->commit(); !done) return done.error();
    slice.erased = static_cast<std::int64_t>(found.size());
    return slice;
}

}  // namespace aisle::hq
