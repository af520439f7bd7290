#pragma once

#include <functional>

#include "agent/app/floor.hpp"
#include "agent/app/pipeline.hpp"
#include "agent/app/readings.hpp"
#include "agent/staff/shop.hpp"
#include "drivers/pos/baskets.hpp"

namespace aisle::app {

// What staff and tills ask of the shop: taps, check-ins, consents, baskets, today's figures. Every
// answer comes after the commit of what it reports. Loop thread only.
class Desk final : public staff::Shop {
public:
    struct Parts {
        Pipeline& pipeline;
        Engines& engines;
        Floor& floor;
        Readings& readings;
        const Clock& clock;
        // Fills what only the composition root knows: uplink, journal, outbox, sources.
        std::function<void(staff::ShopStatus&)> fill_status;
    };
    explicit Desk(Parts parts) : parts_{std::move(parts)} {}

    void act(OfferAct act, std::function<void(staff::ActAnswer)> reply) override;
    void check_in(staff::CheckIn scan,
                  std::function<void(Result<staff::CheckedIn>)> reply) override;
    void set_consent(ConsentChange change, std::function<void(Status)> reply) override;
    void stop_campaign(staff::CampaignStop stop,
                       std::function<void(staff::StopOutcome)> reply) override;
    [[nodiscard]] std::vector<staff::CampaignNow> campaigns() const override;
    [[nodiscard]] staff::FunnelNow funnel() const override;
    [[nodiscard]] staff::Today today() const override;
    [[nodiscard]] staff::ShopStatus status() const override;

    // POST /api/v1/baskets:decide
    void decide(pos::BasketAsk ask, pos::BasketAnswer reply);
    // POST /api/v1/returns:decide
    [[nodiscard]] Result<ReturnDecision> returning(const ReturnAsk& ask) const;

private:
    [[nodiscard]] std::vector<Offer> offers_of(const MemberKey& member) const;

    Parts parts_;
};

}  // namespace aisle::app
