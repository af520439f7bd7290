#pragma once

#include <optional>
#include <string>

#include "agent/core/sale.hpp"
#include "agent/intake/intake.hpp"

// The steps from a draft to a clean sale, one at a time: each changes the sale in place, lists what
// it did in the lineage's rules, and answers with a problem where the sale cannot be used. Pure.
namespace aisle::intake {

struct Problem {
    std::string_view reason;  // of kReasons
    std::string detail;       // names the field; no personal data
};
using Step = std::optional<Problem>;

// Notes a rule once.
void note(Sale& sale, std::string_view rule);

// Texts made plain, card numbers in them masked, ids checked for presence and size.
Step clean_texts(Sale& sale);
// Store, currency, times; the business date where the till told none.
Step check_header(Sale& sale, const IntakeSettings& settings);
// How many and how much.
Step check_limits(const Sale& sale);
// Article numbers to 14 digits; what does not check is kept as sku.
void clean_codes(Sale& sale);
// One sign a line, kinds and type as the signs say.
Step settle_signs(Sale& sale);
// Compares the sums; tries tax in or out and the split of basket discounts, and keeps what proves
// itself to the unit.
void reconcile(Sale& sale);
// sale, key, member, member_key.
void identify(Sale& sale, const Intake& intake);

// The content without lineage, revision and reconciled, each field framed by its length: no two
// contents alike.
std::string canonical_content(const Sale& sale);

}  // namespace aisle::intake
