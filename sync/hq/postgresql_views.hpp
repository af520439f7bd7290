#pragma once

#include <functional>
#include <span>
#include <string_view>
#include <vector>

#include "agent/core/record.hpp"
#include "sync/hq/event_store.hpp"
#include "sync/hq/lease.hpp"
#include "sync/hq/postgresql_connection.hpp"

// EventStore's reads and HQ's own state, over PostgreSQL.
namespace aisle::hq {

Result<std::vector<StreamView>> read_streams(PostgresqlConnection& connection);
Result<std::vector<StoreDay>> read_day(PostgresqlConnection& connection, const Today& today);
Result<std::vector<Completeness>> read_completeness(PostgresqlConnection& connection,
                                                    EventStore::Proof proof,
                                                    std::string_view store);
Result<std::vector<StateChange>> read_state(PostgresqlConnection& connection,
                                            std::string_view room);
Status write_state(PostgresqlConnection& connection, std::span<const StateChange> changes);
// One transaction that nobody else's rollout can overtake: Unavailable, and nothing is done, unless
// the rollout's lease is still the claim's.
Status under_rollout_lease(PostgresqlConnection& connection, const Claim& claim,
                           const std::function<Status()>& work);
// With rooms of the rollout's among them: Unavailable, and nothing is written, unless its lease is
// still the claim's.
Status write_state(PostgresqlConnection& connection, const Claim& claim,
                   std::span<const StateChange> changes);
Result<std::vector<Notice>> read_notices(PostgresqlConnection& connection, std::int64_t after,
                                         std::size_t limit);

}  // namespace aisle::hq
