#include "sync/hq/day_query.hpp"

#include <map>

namespace aisle::hq {
namespace {

constexpr std::int64_t kMillisADay = 86'400'000;

// `recent`: where each stream stood at the end of the UTC day before the one in which HQ's day
// began. A record that comes later than a day after its own is counted all the same, because it
// came since.
constexpr const char* kRecent =
    "WITH recent AS (SELECT s.store AS store, s.key << 40 | min(d.first_seq) AS low, (s.key + 1) "
    "<< 40 AS high "
    "FROM days d JOIN streams s ON s.key = d.stream_key WHERE d.day >= ?1 AND s.stream = ?2 GROUP "
    "BY s.key) ";

// With max() SQLite takes the other columns from the row that has the maximum: the highest
// revision.
constexpr const char* kSales =
    "SELECT store, count(*), sum(total), max(currency) FROM ("
    "SELECT r.store AS store, max(e.revision), json_extract(e.body, '$.total') AS total, "
    "json_extract(e.body, '$.currency') AS currency, json_extract(e.body, '$.status') AS status, "
    "json_extract(e.body, '$.type') AS type, json_extract(e.body, '$.business_date') AS day "
    "FROM recent r JOIN event e ON e.key >= r.low AND e.key < r.high WHERE e.kind = 'sale' "
    "GROUP BY r.store, e.event_id) "
    "WHERE status = 'completed' AND type IN ('sale', 'return', 'exchange') AND day = ?3 GROUP BY "
    "store";

// The last word on each door's minute. An empty door is the sum over the shop and would count
// people twice.
constexpr const char* kPeople =
    "SELECT store, sum(came), sum(went) FROM ("
    "SELECT r.store AS store, max(e.key), json_extract(e.body, '$.in') AS came, "
    "json_extract(e.body, '$.out') AS went, json_extract(e.body, '$.counts') AS counts "
    "FROM recent r JOIN event e ON e.key >= r.low AND e.key < r.high "
    "WHERE e.kind = 'footfall_minute' AND json_extract(e.body, '$.door') <> '' "
    "AND json_extract(e.body, '$.start') >= ?3 AND json_extract(e.body, '$.start') < ?4 "
    "GROUP BY r.store, json_extract(e.body, '$.door'), json_extract(e.body, '$.start')) "
    "WHERE coalesce(counts, 1) = 1 GROUP BY store";

std::int64_t first_day(const Today& today) {
    return today.from.time_since_epoch().count() / kMillisADay - 1;
}

Status read_sales(sqlite::Database& database, const Today& today,
                  std::map<std::string, StoreDay>& days) {
    auto rows = database.prepare(std::string{kRecent} + kSales);
    if (!rows) return rows.error();
    const std::string date = to_text(today.date);
    rows->bind(1, first_day(today)).bind(2, to_text(Stream::Ledger)).bind(3, date);
    for (;;) {
        const auto more = rows->step();
        if (!more) return more.error();
        if (!*more) return {};
        auto& day = days[rows->text(0)];
        day.sales = rows->integer(1);
        day.total_minor = rows->integer(2);
        day.currency = rows->text(3);
    }
}

Status read_people(sqlite::Database& database, const Today& today,
                   std::map<std::string, StoreDay>& days) {
    auto rows = database.prepare(std::string{kRecent} + kPeople);
    if (!rows) return rows.error();
    const std::string from = to_rfc3339(today.from);
    const std::string to = to_rfc3339(today.to);
    rows->bind(1, first_day(today)).bind(2, to_text(Stream::Footfall)).bind(3, from).bind(4, to);
    for (;;) {
        const auto more = rows->step();
        if (!more) return more.error();
        if (!*more) return {};
        auto& day = days[rows->text(0)];
        day.entered = rows->integer(1);
        day.left = rows->integer(2);
    }
}

}  // namespace

Result<std::vector<StoreDay>> read_day(sqlite::Database& database, const Today& today) {
    std::map<std::string, StoreDay> days;
    if (auto done = read_sales(database, today, days); !done) return done.error();
    if (auto done = read_people(database, today, days); !done) return done.error();
    std::vector<StoreDay> all;
    for (auto& [store, day] : days) {
        day.store = store;
        all.push_back(std::move(day));
    }
    return all;
}

}  // namespace aisle::hq
