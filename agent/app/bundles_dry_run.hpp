#pragma once

#include <memory>
#include <span>
#include <vector>

#include "agent/core/basket.hpp"
#include "agent/core/clock.hpp"
#include "agent/core/journal.hpp"
#include "agent/core/sale.hpp"
#include "agent/offers/ask.hpp"
#include "agent/offers/campaign_set.hpp"
#include "sync/uplink/bundle_engine.hpp"

// The last day's sales, decided again with campaigns that are not yet loaded. Pure but for the
// clock that bounds and measures it; on the low-priority worker.
namespace aisle::app {

inline constexpr std::size_t kDryRunSalesMax = 2'000;
inline constexpr milliseconds kDryRunMax{2'000};

// One sale as the campaigns see it.
struct DryCase {
    Basket basket;
    Stamp at;
    bool agrees = false;  // to prompts: else the member is anonymous to them
    conditions::Facts customer;
};

// Completed sales among journal rows, from `since` on; the latest kDryRunSalesMax of them.
std::vector<Sale> sales_of(std::span<const JournalRow> rows, WallTime since);
// Without categories and brands: the products are the loop's.
DryCase case_of(const Sale& sale);

// Each sale is asked as a basket, as a sale, and as a member who walks in. Nothing has been granted
// before and no budget is short: the worst case.
uplink::GuardFigures dry_run(const offers::CampaignSet& set, std::span<const DryCase> cases,
                             const conditions::Facts& context, const Clock& clock);

}  // namespace aisle::app
