#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <boost/system/result.hpp>

// Why something that came down is not taken: a closed list, part of the wire contract
// (docs/downlink.md). HQ reads the words in bundle_state, command_result and data_state records.
namespace aisle::wire {

enum class Refused : std::uint8_t {
    Oversized,     // longer than its purpose allows, also once decompressed
    Malformed,     // no sealed message, or a payload that cannot be read
    WrongPurpose,  // sealed for something else
    UnknownKey,
    RevokedKey,
    Tampered,     // the signature is not that of these bytes
    WrongStore,   // meant for other shops
    Older,        // not newer than what was taken before
    Expired,      // its time is over
    NotYet,       // its time has not come; what can wait is kept
    ClockWrong,   // its time cannot be judged: this clock is known to be wrong
    MinAgent,     // needs a newer agent
    Settings,     // names a setting that HQ may not set, or a value out of bounds
    Campaigns,    // the loader found faults: listed
    Guard,        // breaks a guard rail: the dry run's or the trial's finding
    UnknownType,  // a command that is not of the closed list
    Base,         // a delta on a version that is not held: a snapshot is asked for
    Digest,       // the parts are not those of one dataset
    MemberKey,    // pseudonyms under a key that is not the shop's
    Full,         // a bound of the agent; `detail` names it
};
inline constexpr std::size_t kRefusedWords = static_cast<std::size_t>(Refused::Full) + 1;

std::string_view to_text(Refused why);  // oversized, wrong_purpose, not_yet, ...
std::optional<Refused> refused_from(std::string_view text);

struct Refusal {
    Refused why = Refused::Malformed;
    std::string detail;  // for people; nothing of an unsigned payload

    friend bool operator==(const Refusal&, const Refusal&) = default;
};
inline Refusal refusal(Refused why, std::string detail = {}) { return {why, std::move(detail)}; }
std::string to_text(const Refusal& refusal);  // "wrong_store: meant for s-0002"

// Reading the value of a refused one is a programmer's error.
[[noreturn]] void throw_exception_from_error(const Refusal& refusal,
                                             const boost::source_location& at);

template <typename T>
using Judged = boost::system::result<T, Refusal>;

}  // namespace aisle::wire
