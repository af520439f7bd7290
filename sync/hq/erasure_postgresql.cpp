#include "sync/hq/erasure_postgresql.hpp"

#include <string>

#include "sync/hq/stream_rule.hpp"

namespace aisle::hq {
namespace {

// The same as erased_body: a sale stays a receipt, of anything else nothing is left.
constexpr const char* kErase =
    "UPDATE event SET body = CASE WHEN kind = 'sale' "
    "THEN regexp_replace(body::text, $4, '', 'g')::jsonb ELSE '{\"erased\":true}'::jsonb END "
    "WHERE stream_key = $1 AND seq BETWEEN $2 AND $3 AND body::text ~ $4";

constexpr const char* kEmptyQuarantine =
    "UPDATE quarantine SET payload = ''::bytea WHERE position('/' || $1 || '/' IN topic) > 0";

// What could be a pseudonym, each once; whose it is only its digest tells.
constexpr const char* kWords =
    "SELECT DISTINCT word[1] FROM event, "
    "regexp_matches(body::text, '(?<![0-9a-f])[0-9a-f]{32}(?![0-9a-f])', 'g') AS word "
    "WHERE stream_key = $1 AND seq BETWEEN $2 AND $3";

// Pseudonyms are hex digits, so they mean themselves in an expression.
std::string any_of(const std::vector<std::string>& members) {
    std::string pattern;
    for (const auto& member : members) pattern += (pattern.empty() ? "" : "|") + member;
    return pattern;
}

struct SliceRows {
    std::int64_t stream_key = 0;
    std::int64_t from = 0;
    std::int64_t to = 0;
};

Result<std::vector<std::string>> names_in(PostgresqlConnection& connection, const SliceRows& rows,
                                          const EraseOrder& order) {
    auto names = order.members;
    if (order.digests.empty()) return names;
    const auto words = connection.query(
        kWords,
        {std::to_string(rows.stream_key), std::to_string(rows.from), std::to_string(rows.to)});
    if (!words) return words.error();
    for (int row = 0; row < words->size(); ++row)
        for (auto& name : names_behind(order.digests, words->text(row, 0)))
            names.push_back(std::move(name));
    return names;
}

}  // namespace

Result<ErasedSlice> erase_in(PostgresqlConnection& connection, const EraseOrder& order) {
    if (order.after == 0)
        if (const auto done = connection.query(kEmptyQuarantine, {order.store}); !done)
            return done.error();
    const auto from_key = order.after >> kSeqBits;
    const auto stream =
        connection.query("SELECT min(key) FROM streams WHERE store = $1 AND key >= $2",
                         {order.store, std::to_string(from_key)});
    if (!stream) return stream.error();
    if (stream->null(0, 0)) return ErasedSlice{};
    const auto key = stream->integer(0, 0);
    const auto from = key == from_key ? order.after & kSeqMax : 0;

    const auto end = connection.query(
        "SELECT max(seq) FROM (SELECT seq FROM event WHERE stream_key = $1 AND seq >= $2 "
        "ORDER BY seq LIMIT $3) AS slice",
        {std::to_string(key), std::to_string(from), std::to_string(order.rows_max)});
    if (!end) return end.error();
    if (end->null(0, 0)) return ErasedSlice{.next = (key + 1) << kSeqBits};
    const auto last = end->integer(0, 0);

    const auto names = names_in(connection, {key, from, last}, order);
    if (!names) return names.error();
    ErasedSlice slice{.next = (key << kSeqBits) | (last + 1)};
    if (names->empty()) return slice;  // an empty expression would fit every row
    const auto erased = connection.query(
        kErase, {std::to_string(key), std::to_string(from), std::to_string(last), any_of(*names)});
    if (!erased) return erased.error();
    slice.erased = erased->touched();
    return slice;
}

}  // namespace aisle::hq
