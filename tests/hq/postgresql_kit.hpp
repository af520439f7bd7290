#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "agent/runtime/inline_executor.hpp"
#include "batches.hpp"
#include "sync/hq/postgresql_store.hpp"
#include "tests/kit/postgres.hpp"

namespace aisle::hq {

// A store in a database of its own in the test program's PostgreSQL.
struct ChainShelf {
    ChainShelf() : url{kit::Postgres::shared().fresh_database()} { open(); }
    void open(PostgresqlOptions options = {}) {
        store.reset();
        if (options.limits.time_max < seconds{1}) options.limits.time_max = minutes{10};
        store = std::move(*open_postgresql_store(url, std::move(options)));
    }
    Result<Applied> try_apply(const std::vector<Inbound>& batches) {
        return store->apply(batches, clock);
    }
    Applied apply(const std::vector<Inbound>& batches) {
        auto applied = try_apply(batches);
        EXPECT_TRUE(applied) << applied.error().detail;
        return applied ? std::move(*applied) : Applied{};
    }
    std::string text(const std::string& sql) const { return kit::pg_text(url, sql); }

    std::string url;
    runtime::ManualClock clock;
    std::unique_ptr<EventStore> store;
};

inline Inbound from_store(const std::string& store, std::int64_t first, std::int64_t last) {
    auto header = header_for(first, last);
    header.store = StoreId{store};
    return inbound(header, lines_for(first, last));
}

}  // namespace aisle::hq
