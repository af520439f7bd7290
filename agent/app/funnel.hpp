#pragma once

#include <map>
#include <span>
#include <string>

#include "agent/app/pipeline.hpp"
#include "agent/offers/effects.hpp"
#include "agent/staff/shop.hpp"

namespace aisle::app {

// Today's funnel, from what the offers engine says as it says it. Kept once a minute, so that a
// restart loses a minute of figures at most; the records lose nothing. Loop thread only.
class Funnel {
public:
    // `today` is the business day that runs: another day begins at nought.
    void take(const offers::Effects& effects, const offers::CampaignSet& set, Date today);
    // A row for the turn, if there is something new and the last row is a minute old.
    void keep(Turn& turn);
    void restore(std::span<const StateChange> rows);

    [[nodiscard]] const staff::FunnelNow& now() const { return now_; }

private:
    void decided(std::span<const offers::Considered> considered, const offers::CampaignSet& set);
    void count(const Offer& offer);

    staff::FunnelNow now_;
    bool changed_ = false;
    MonoTime kept_{};
};

inline constexpr std::string_view kFunnelRoom = "funnel";

}  // namespace aisle::app
