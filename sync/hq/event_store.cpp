#include "sync/hq/event_store.hpp"

#include "sync/hq/postgresql_store.hpp"
#include "sync/hq/sqlite_event_store.hpp"

namespace aisle::hq {

Result<std::unique_ptr<EventStore>> open_event_store(const std::string& url,
                                                     const StoreOptions& options) {
    constexpr std::string_view kSqlite = "sqlite:";
    if (url.starts_with(kSqlite)) return open_sqlite_store(url.substr(kSqlite.size()), options);
    if (url.starts_with("postgresql://"))
        return open_postgresql_store(
            url, {.limits = options.limits, .claim = nullptr, .read_only = options.read_only});
    return malformed("store.url must be sqlite:FILE or postgresql://...");
}

}  // namespace aisle::hq
