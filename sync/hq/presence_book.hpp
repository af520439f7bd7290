#pragma once

#include <functional>
#include <map>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "agent/core/record.hpp"
#include "agent/core/transport.hpp"
#include "sync/hq/presence.hpp"

namespace aisle::hq {

// Every store's presence, and what of it is still to be written to HQ's state. Pure.
class PresenceBook {
public:
    static constexpr std::string_view kRoom = "presence";
    // Beyond so many stores only their records are kept.
    static constexpr std::size_t kStoresMax = 100'000;

    [[nodiscard]] const std::map<std::string, Presence>& all() const { return all_; }

    // Null: there are too many.
    Presence* of(const std::string& store);
    // A message on the store's state topic; Nothing for what is none.
    Heard take(const std::string& store, const Message& message, WallTime now);
    void alarm(const std::string& store, std::string_view kind, std::string_view detail,
               WallTime now);
    // What HQ had written earlier; what has been heard since stays.
    void restore(std::span<const StateChange> rows);
    void forget(const std::function<bool(const std::string& store)>& gone);

    // Rows to be written, at most `limit`. Signs of life alone are written once in ten minutes.
    std::vector<StateChange> unwritten(std::size_t limit);

private:
    std::map<std::string, Presence> all_;
    std::map<std::string, WallTime> written_;  // `heard` as it was written last
    std::set<std::string> changed_;
};

}  // namespace aisle::hq
