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

// Pseudonyms are hex digits, so they mean themselves in an expression.
std::string any_of(const std::vector<std::string>& members) {
    std::string pattern;
    for (const auto& member : members) pattern += (pattern.empty() ? "" : "|") + member;
    return pattern;
}

}  // namespace

Result<ErasedSlice> erase_in(PostgresqlConnection& connection, const EraseOrder& order) {
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

    const auto erased = connection.query(kErase, {std::to_string(key), std::to_string(from),
                                                  std::to_string(last), any_of(order.members)});
    if (!erased) return erased.error();
    return ErasedSlice{.erased = erased->touched(), .next = (key << kSeqBits) | (last + 1)};
}

}  // namespace aisle::hq
