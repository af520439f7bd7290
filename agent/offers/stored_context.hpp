#pragma once

#include <cstdint>
#include <string_view>

#include "agent/core/error.hpp"
#include "agent/offers/answers.hpp"

namespace aisle::offers {

// A context as a decision has stored it (or as somebody has written it for `aislectl offers
// decide`), read back. A value: it may be moved and copied, and pointed() is asked for where it
// lies then.
struct StoredContext {
    std::int64_t version = kContextVersion;
    Ask ask;                         // without facts and basket
    conditions::Facts customer;      // cust.*
    conditions::Facts event;         // trigger.*
    conditions::Facts surroundings;  // all others
    Basket basket;
    bool has_basket = false;
    LedgerAnswers answers;

    // Points into this context.
    [[nodiscard]] Ask pointed() const;
};

// `{v, now, trigger, facts, basket, member, zone, store, bits, ledger}`; without `v` it is of
// version 1, which had no ledger. Malformed names line, field and reason: unknown keys, unknown
// versions and answers about another set are refused.
Result<StoredContext> read_context(const CampaignSet& set, std::string_view text);

}  // namespace aisle::offers
