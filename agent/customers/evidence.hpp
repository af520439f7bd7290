#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "agent/core/time.hpp"

// Whose word ties two names to one person. Names are pseudonyms: a member's plain, others with
// their kind in front, "card:3f...", "app:...", "tag:...", "receipt:SALE".
namespace aisle::customers {

// All but receipts are somebody's word and tie for certain.
enum class Source : std::uint8_t { Reference, Staff, Hq, Enrolment, Receipt };
std::string_view to_text(Source source);  // reference, staff, hq, enrolment, receipt
std::optional<Source> source_from(std::string_view text);

struct Evidence {
    std::string name;
    std::string other;
    Source source = Source::Staff;
};

// That a name belongs to another person than before, on this word: for the audit.
struct Tied {
    std::string name;
    std::string before;  // the person, by the least of its members' names
    std::string after;
    Source by = Source::Staff;
};

}  // namespace aisle::customers
