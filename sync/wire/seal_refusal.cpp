#include "sync/wire/seal_refusal.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>

namespace aisle::wire {
namespace {

constexpr std::array<std::string_view, kRefusedWords> kWords{
    "oversized",    "malformed",   "wrong_purpose", "unknown_key", "revoked_key",
    "tampered",     "wrong_store", "older",         "expired",     "not_yet",
    "clock",        "min_agent",   "settings",      "campaigns",   "guard",
    "unknown_type", "base",        "digest",        "member_key",  "full"};

}  // namespace

std::string_view to_text(Refused why) { return kWords.at(static_cast<std::size_t>(why)); }

std::optional<Refused> refused_from(std::string_view text) {
    const auto* const found = std::ranges::find(kWords, text);
    if (found == kWords.end()) return std::nullopt;
    return static_cast<Refused>(found - kWords.begin());
}

std::string to_text(const Refusal& refusal) {
    std::string text{to_text(refusal.why)};
    return refusal.detail.empty() ? text : text + ": " + refusal.detail;
}

void throw_exception_from_error(const Refusal& refusal, const boost::source_location& at) {
    throw std::logic_error(std::string{"a refused value was read at "} + at.file_name() + ":" +
                           std::to_string(at.line()) + ": " + to_text(refusal));
}

}  // namespace aisle::wire
