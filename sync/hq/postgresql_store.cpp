#include "sync/hq/postgresql_store.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "agent/runtime/back_off.hpp"
#include "agent/runtime/log.hpp"
#include "sync/hq/erasure_postgresql.hpp"
#include "sync/hq/ingest.hpp"
#include "sync/hq/postgresql_schema.hpp"
#include "sync/hq/postgresql_table.hpp"
#include "sync/hq/postgresql_views.hpp"

namespace aisle::hq {
namespace {

constexpr int kTriesMax = 3;  // of one apply() that another transaction was in the way of
constexpr runtime::BackOffLimits kReconnect{milliseconds{200}, milliseconds{10'000}, seconds{30}};

// Serialization failure and deadlock: the same again may well succeed.
bool worth_another_try(const std::string& state) {
    constexpr std::array<std::string_view, 2> kConflicts{"40001", "40P01"};
    return std::ranges::find(kConflicts, state) != kConflicts.end();
}

class PostgresqlEventStore final : public EventStore {
public:
    PostgresqlEventStore(std::string url, PostgresqlConnection connection,
                         PostgresqlOptions options)
        : url_{std::move(url)},
          connection_{std::move(connection)},
          read_only_{options.read_only},
          claim_{std::move(options.claim)},
          table_{connection_, claim_},
          ingest_{table_, options.limits},
          back_off_{kReconnect, runtime::random_u64} {}

    Result<Applied> apply(std::span<const Inbound> batches, const Clock& clock) override;
    Result<std::vector<StreamView>> streams() override {
        return with([&] { return read_streams(connection_); });
    }
    Result<std::vector<StoreDay>> day(const Today& today) override {
        return with([&] { return read_day(connection_, today); });
    }
    Result<std::vector<Completeness>> completeness(Proof proof, std::string_view store) override {
        return with([&] { return read_completeness(connection_, proof, store); });
    }
    Result<std::vector<StateChange>> read_state(std::string_view room) override {
        return with([&] { return hq::read_state(connection_, room); });
    }
    Status write_state(std::span<const StateChange> changes) override {
        if (read_only_) return denied("opened to be read only");
        return with([&] {
            return claim_ ? hq::write_state(connection_, *claim_, changes)
                          : hq::write_state(connection_, changes);
        });
    }
    Result<std::vector<Notice>> notices(std::int64_t after, std::size_t limit) override {
        return with([&] { return read_notices(connection_, after, limit); });
    }
    Result<ErasedSlice> erase(const EraseOrder& order) override {
        if (read_only_) return denied("opened to be read only");
        return with([&] { return claim_ ? erase_held(order) : erase_in(connection_, order); });
    }

private:
    Result<ErasedSlice> erase_held(const EraseOrder& order);
    Status connect();
    Status connect_in_time(MonoTime now);
    // Reads are asked for by people and by timers, seldom: they connect at once.
    template <typename Read>
    std::invoke_result_t<Read> with(Read read) {
        if (connection_.broken())
            if (auto connected = connect(); !connected) return connected.error();
        return read();
    }

    std::string url_;
    PostgresqlConnection connection_;
    bool read_only_;
    std::shared_ptr<const Claim> claim_;  // null: everything is ours
    PostgresqlTable table_;
    Ingest ingest_;
    runtime::BackOff back_off_;
    MonoTime next_try_{};
};

// A slice is the rollout holder's work: who was taken for dead must not go on beside its heir, who
// books the rows that it took away itself.
Result<ErasedSlice> PostgresqlEventStore::erase_held(const EraseOrder& order) {
    Result<ErasedSlice> slice = ErasedSlice{};
    const Status done = under_rollout_lease(connection_, *claim_, [&]() -> Status {
        slice = erase_in(connection_, order);
        return slice ? Status{} : Status{slice.error()};
    });
    if (!done) return done.error();
    return slice;
}

Status PostgresqlEventStore::connect() {
    auto made = PostgresqlConnection::open(url_);
    if (!made) return made.error();
    connection_ = std::move(*made);
    log::info("hq.database_connected");
    return {};
}

Status PostgresqlEventStore::connect_in_time(MonoTime now) {
    if (now < next_try_) return unavailable("PostgreSQL is not connected");
    auto connected = connect();
    if (connected)
        back_off_.connected(now);
    else
        next_try_ = now + back_off_.failed(now);
    return connected;
}

// What belongs to another collector by now is passed over without an answer. Whatever goes wrong,
// nothing was committed or nobody was told that it was: the stores send again, and what is there
// already is acknowledged again.
Result<Applied> PostgresqlEventStore::apply(std::span<const Inbound> batches, const Clock& clock) {
    if (read_only_) return denied("opened to be read only");
    const auto foreign = std::ranges::find_if_not(
        batches, [this](const Inbound& inbound) { return table_.holds(inbound.topic); });
    if (!batches.empty() && foreign == batches.begin()) return Applied{.consumed = 1};
    batches = batches.first(static_cast<std::size_t>(foreign - batches.begin()));
    for (int tries = 1;; ++tries) {
        if (connection_.broken())
            if (auto connected = connect_in_time(clock.now().mono); !connected)
                return connected.error();
        auto applied = ingest_.apply(batches, clock);
        if (applied || tries == kTriesMax || !worth_another_try(connection_.state()))
            return applied;
    }
}

}  // namespace

Result<std::unique_ptr<EventStore>> open_postgresql_store(const std::string& url,
                                                          PostgresqlOptions options) {
    if (!url.starts_with("postgresql://") && !url.starts_with("postgres://"))
        return malformed("not the address of a PostgreSQL database");
    auto connection = PostgresqlConnection::open(url);
    if (!connection) return connection.error();
    if (options.read_only) {
        const auto there = has_schema(*connection);
        if (!there) return there.error();
        if (!*there) return malformed("the database holds no tables of aisle-hq");
    } else if (auto made = set_up_schema(*connection); !made) {
        return made.error();
    }
    return std::make_unique<PostgresqlEventStore>(url, std::move(*connection), std::move(options));
}

}  // namespace aisle::hq
