#include "sync/hq/lease.hpp"

#include <utility>

#include "sync/hq/postgresql_connection.hpp"
#include "sync/wire/topics.hpp"

namespace aisle::hq {
namespace {

// Made by whoever comes first. A lease without an owner is free; one whose time is over is free
// too, but its owner may still renew it while nobody has taken it.
constexpr const char* kTables =
    "BEGIN; SELECT pg_advisory_xact_lock(1095977041, 1); "
    "CREATE TABLE IF NOT EXISTS leases(name text PRIMARY KEY, owner text NOT NULL DEFAULT '', "
    "token bigint NOT NULL DEFAULT 0, ends_at timestamptz NOT NULL DEFAULT '-infinity'); "
    "CREATE TABLE IF NOT EXISTS collectors(owner text PRIMARY KEY, ends_at timestamptz NOT NULL); "
    "INSERT INTO leases(name) SELECT to_char(n, 'FM00') FROM generate_series(0, 31) AS n "
    "UNION ALL SELECT 'rollout' ON CONFLICT DO NOTHING; COMMIT";

// Now by the database's clock, which is the only one that all collectors share.
constexpr const char* kEnd = "clock_timestamp() + $2::bigint * interval '1 millisecond'";

class PostgresqlLeaseTable final : public LeaseTable {
public:
    PostgresqlLeaseTable(std::string url, LeaseSettings settings, std::shared_ptr<Claim> claim,
                         PostgresqlConnection connection)
        : url_{std::move(url)},
          settings_{std::move(settings)},
          claim_{std::move(claim)},
          connection_{std::move(connection)} {}

    Result<HeldLeases> renew() override;
    Status release() override;

private:
    Result<HeldLeases> round();
    Result<std::int64_t> show_life();
    Result<HeldLeases> renewed();
    Status give_back(HeldLeases& held, std::size_t share);
    Status take(HeldLeases& held, std::size_t share);
    Status take_rollout(HeldLeases& held);

    std::string url_;
    LeaseSettings settings_;
    std::shared_ptr<Claim> claim_;
    PostgresqlConnection connection_;
};

Result<HeldLeases> PostgresqlLeaseTable::renew() {
    if (connection_.broken()) {
        auto made =
            PostgresqlConnection::open(url_, static_cast<int>(settings_.answer_max.count()));
        if (!made) return made.error();
        connection_ = std::move(*made);
    }
    if (auto begun = connection_.run("BEGIN"); !begun) return begun.error();
    auto held = round();
    if (!held) {
        if (!connection_.broken()) (void)connection_.run("ROLLBACK");
        return held;
    }
    if (auto done = connection_.run("COMMIT"); !done) return done.error();
    claim_->held = *held;
    return held;
}

Result<HeldLeases> PostgresqlLeaseTable::round() {
    const auto live = show_life();
    if (!live) return live.error();
    auto held = renewed();
    if (!held) return held;
    const auto share =
        (wire::kPartitions + static_cast<std::size_t>(*live) - 1) / static_cast<std::size_t>(*live);
    if (auto done = give_back(*held, share); !done) return done.error();
    if (auto done = take(*held, share); !done) return done.error();
    if (auto done = take_rollout(*held); !done) return done.error();
    return held;
}

// How many collectors live, this one among them.
Result<std::int64_t> PostgresqlLeaseTable::show_life() {
    const auto shown =
        connection_.query(std::string{"INSERT INTO collectors VALUES($1, "} + kEnd +
                              ") ON CONFLICT(owner) DO UPDATE SET ends_at = excluded.ends_at",
                          {settings_.owner, std::to_string(settings_.life.count())});
    if (!shown) return shown.error();
    const auto live = connection_.run(
        "SELECT greatest(count(*), 1) FROM collectors WHERE ends_at > clock_timestamp()");
    if (!live) return live.error();
    return live->integer(0, 0);
}

Result<HeldLeases> PostgresqlLeaseTable::renewed() {
    const auto rows = connection_.query(std::string{"UPDATE leases SET ends_at = "} + kEnd +
                                            " WHERE owner = $1 RETURNING name, token",
                                        {settings_.owner, std::to_string(settings_.life.count())});
    if (!rows) return rows.error();
    HeldLeases held;
    for (int i = 0; i < rows->size(); ++i) {
        const std::string name{rows->text(i, 0)};
        if (name == kRolloutLease) {
            held.rollout = true;
            held.rollout_token = rows->integer(i, 1);
            continue;
        }
        held.partitions[static_cast<unsigned>(std::stoul(name))] = rows->integer(i, 1);
    }
    return held;
}

Status PostgresqlLeaseTable::give_back(HeldLeases& held, std::size_t share) {
    std::vector<std::string> names;
    while (held.partitions.size() > share) {
        const auto last = std::prev(held.partitions.end());
        names.push_back(lease_of(last->first));
        held.partitions.erase(last);
    }
    if (names.empty()) return {};
    const auto given = connection_.query(
        "UPDATE leases SET owner = '', ends_at = '-infinity' WHERE owner = $1 AND name = ANY($2)",
        {settings_.owner, postgresql_array(names)});
    if (!given) return given.error();
    return {};
}

// A new token each time, so that what its last owner began can no longer commit. A row on which
// such a commit is just going on is passed over until the next round.
Status PostgresqlLeaseTable::take(HeldLeases& held, std::size_t share) {
    if (held.partitions.size() >= share) return {};
    const auto rows = connection_.query(
        std::string{"UPDATE leases SET owner = $1, token = token + 1, ends_at = "} + kEnd +
            " WHERE name IN (SELECT name FROM leases WHERE name <> 'rollout' "
            "AND (owner = '' OR ends_at < clock_timestamp()) ORDER BY name LIMIT $3 "
            "FOR UPDATE SKIP LOCKED) RETURNING name, token",
        {settings_.owner, std::to_string(settings_.life.count()),
         std::to_string(share - held.partitions.size())});
    if (!rows) return rows.error();
    for (int i = 0; i < rows->size(); ++i)
        held.partitions[static_cast<unsigned>(std::stoul(std::string{rows->text(i, 0)}))] =
            rows->integer(i, 1);
    return {};
}

Status PostgresqlLeaseTable::take_rollout(HeldLeases& held) {
    const bool just_lost = claim_->held.rollout;
    if (held.rollout || just_lost) return {};
    const auto rows = connection_.query(
        std::string{"UPDATE leases SET owner = $1, token = token + 1, ends_at = "} + kEnd +
            " WHERE name IN (SELECT name FROM leases WHERE name = 'rollout' "
            "AND (owner = '' OR ends_at < clock_timestamp()) FOR UPDATE SKIP LOCKED) "
            "RETURNING token",
        {settings_.owner, std::to_string(settings_.life.count())});
    if (!rows) return rows.error();
    held.rollout = rows->size() > 0;
    if (held.rollout) held.rollout_token = rows->integer(0, 0);
    return {};
}

Status PostgresqlLeaseTable::release() {
    claim_->held = {};
    if (connection_.broken()) return {};
    const auto given = connection_.query(
        "WITH gone AS (DELETE FROM collectors WHERE owner = $1) "
        "UPDATE leases SET owner = '', ends_at = '-infinity' WHERE owner = $1",
        {settings_.owner});
    if (!given) return given.error();
    return {};
}

}  // namespace

std::string lease_of(unsigned partition) {
    return {static_cast<char>('0' + partition / 10), static_cast<char>('0' + partition % 10)};
}

Result<std::unique_ptr<LeaseTable>> open_lease_table(const std::string& url, LeaseSettings settings,
                                                     std::shared_ptr<Claim> claim) {
    auto connection =
        PostgresqlConnection::open(url, static_cast<int>(settings.answer_max.count()));
    if (!connection) return connection.error();
    if (auto made = connection->run(kTables); !made) return made.error();
    claim->owner = settings.owner;
    return std::make_unique<PostgresqlLeaseTable>(url, std::move(settings), std::move(claim),
                                                  std::move(*connection));
}

}  // namespace aisle::hq
