#pragma once

#include <optional>
#include <string>
#include <utility>

#include "sync/hq/lease_book.hpp"

// The book of budgets as rows of HQ's state. Private to the room.
namespace aisle::hq {

inline constexpr std::size_t kCampaignIdMax = 128;
inline constexpr const char* kLeaseCounterKey = "n";

struct LeaseRow {
    std::string campaign;
    Budget budget;  // total and recalled; of a budget's own row
    std::optional<std::pair<AccountName, LeaseAccount>> account;
    bool latest = false;  // the account is of the store's latest epoch
};

StateChange budget_row(const std::string& campaign, const Budget& budget);
StateChange account_row(const std::string& campaign, const AccountName& name,
                        const LeaseAccount& account, bool latest);
StateChange lease_counter_row(std::int64_t grants);
Result<LeaseRow> lease_row_from(const StateChange& row);
Result<std::int64_t> lease_counter_from(const StateChange& row);

}  // namespace aisle::hq
