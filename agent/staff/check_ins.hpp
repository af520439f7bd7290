#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>

#include "agent/core/ids.hpp"
#include "agent/core/time.hpp"

// Who stands at the counter: keys that the page may hold instead of pseudonyms. RAM only.
namespace aisle::staff {

class CheckIns {
public:
    explicit CheckIns(std::string start_id) : start_id_{std::move(start_id)} {}

    // A new key for this visit. Beyond kCheckInsMax the oldest is forgotten.
    std::string open(MemberKey member, const Stamp& now);
    // Nothing for keys of another start, and after kCheckInKept by the monotonic clock: the page
    // asks for the card once more.
    [[nodiscard]] std::optional<MemberKey> find(std::string_view key, const Stamp& now) const;
    [[nodiscard]] std::size_t size() const { return open_.size(); }

private:
    struct Open {
        std::string key;
        MemberKey member;
        Stamp since;
    };

    std::string start_id_;
    std::int64_t opened_ = 0;
    std::deque<Open> open_;
};

// The member's number in what a scanner gave: the number itself, "member:NUMBER", or a web address
// with a parameter member, m or id. Nothing if no number can be meant. What comes back is personal
// data: never log it.
std::optional<std::string> member_in_scan(std::string_view scan);

}  // namespace aisle::staff
