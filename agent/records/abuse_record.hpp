#pragma once

#include <cstdint>
#include <string>

#include "agent/core/ids.hpp"
#include "agent/core/record.hpp"

namespace aisle::records {

// Something that looks as if offers were taken that nobody was meant to have. It is a question to
// people and no answer: who is named in it has done nothing yet.
struct AbuseFlagged {
    std::string abuse;    // own_card, split_baskets, gift_kept, redeem_then_refund, ...
    CampaignId campaign;  // empty: no single one
    TillId till;
    std::string staff;  // who tapped it, where somebody did
    MemberKey member;   // pseudonym of the card, where there was one
    std::int64_t count = 0;
    double expected = 0;  // of `count`; 0 where a rule and not statistics has judged
    double p = 0;         // the chance of so many if nothing is wrong
    std::string detail;
    Stamp at;
};
// Kind `abuse_flag`, stream ledger: never dropped.
Record abuse_record(const AbuseFlagged& flag);

}  // namespace aisle::records
