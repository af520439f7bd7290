#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>

#include "agent/core/time.hpp"

namespace aisle::hq {

// How fast the stores may send while HQ is behind, so that a backlog of many stores at once waits
// in their outboxes and not in HQ's queue. Nothing waits: no limit. Pure.
class Credit {
public:
    // `ceiling_bytes_s` for all stores together; 0: never a limit.
    explicit Credit(std::int64_t ceiling_bytes_s) : ceiling_{ceiling_bytes_s} {}

    void arrived(const std::string& store, MonoTime now);
    void committed(std::int64_t bytes, MonoTime now);
    // For each store, in bytes a second; 0: no limit. `waiting` batches are in the queue.
    [[nodiscard]] std::int64_t share(std::size_t waiting, MonoTime now);

private:
    void forget(MonoTime now);

    std::int64_t ceiling_;
    std::map<std::string, MonoTime> senders_;  // and when they were heard last
    MonoTime looked_{};
    MonoTime measured_{};
    std::int64_t bytes_ = 0;  // committed since `measured_`
    std::int64_t rate_ = 0;   // bytes a second, smoothed; 0: not known
};

}  // namespace aisle::hq
