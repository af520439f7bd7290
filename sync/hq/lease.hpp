#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>

#include "agent/core/error.hpp"
#include "agent/core/time.hpp"

// How several collectors on one PostgreSQL share the 32 topic partitions and the duties that only
// one may have: rows with an owner, a token and an end, by the database's own clock.
namespace aisle::hq {

// The one who signs and rolls out (rings, commands, data sets).
inline constexpr const char* kRolloutLease = "rollout";

// Rooms of HQ's own state whose names begin so are the rollout holder's; the others are
// everybody's.
inline constexpr const char* kRolloutRooms = "hq.";

// $1 name, $2 owner, $3 token. A row while the lease is the owner's; nobody takes it from them then
// before the transaction ends.
inline constexpr const char* kHoldLease =
    "SELECT 1 FROM leases WHERE name = $1 AND owner = $2 AND token = $3 "
    "AND ends_at > clock_timestamp() FOR SHARE";

// Its name in the table: "00" to "31".
std::string lease_of(unsigned partition);

struct LeaseSettings {
    std::string owner;  // unique for each process: a new one after a restart
    // A dead collector's share is free after `life` and taken within `renew_every` of that: ten
    // seconds, which leaves a third of the fifteen that are promised to a slow database.
    milliseconds life{8'000};
    milliseconds renew_every{2'000};
    milliseconds answer_max{2'000};  // of the database to one renewal
};

// What a collector holds: partitions, or the rollout. The token grows with each change of owner.
struct HeldLeases {
    std::map<unsigned, std::int64_t> partitions;  // with its token
    bool rollout = false;
    std::int64_t rollout_token = 0;  // 0: not held

    friend bool operator==(const HeldLeases&, const HeldLeases&) = default;
};

// The held leases as the store's transactions need them: each checks in the database that the token
// of every partition it touches, and of the rollout where it writes its rooms, is still the
// owner's, so a collector that was taken for dead cannot commit. On the storage thread.
struct Claim {
    std::string owner;
    HeldLeases held;
};

// On the storage thread.
class LeaseTable {
public:
    virtual ~LeaseTable() = default;
    // One round: shows that this collector lives, renews what it holds, gives back what is more
    // than its share (32 / live collectors, rounded up), takes what is free up to that. Returns
    // what it holds from now on, for `life`; never the rollout in the round that finds it lost, so
    // that what its old holder has not written yet is dropped first. A failure leaves `claim` as it
    // was: the leases run out.
    virtual Result<HeldLeases> renew() = 0;
    // Gives all back, so that the others need not wait until it has run out.
    virtual Status release() = 0;
};

// Makes the table if there is none. `claim` is kept up to date for the store.
Result<std::unique_ptr<LeaseTable>> open_lease_table(const std::string& url, LeaseSettings settings,
                                                     std::shared_ptr<Claim> claim);

}  // namespace aisle::hq
