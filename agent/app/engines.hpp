#pragma once

#include <memory>
#include <set>
#include <string>
#include <vector>

#include "agent/app/datasets_chain.hpp"
#include "agent/app/staff_at_door.hpp"
#include "agent/conditions/facts.hpp"
#include "agent/customers/customers.hpp"
#include "agent/footfall/commissioning.hpp"
#include "agent/footfall/footfall.hpp"
#include "agent/footfall/zones_now.hpp"
#include "agent/intake/intake.hpp"
#include "agent/offers/engine.hpp"
#include "agent/offers/shop_context.hpp"
#include "agent/presence/presence.hpp"
#include "config/agent_config.hpp"

namespace aisle::app {

// The secrets of this shop, from files that only the service's user may read.
struct ShopKeys {
    intake::StoreKey pseudonyms;
    std::vector<intake::StoreKey> earlier;  // of rotations whose overlap has not ended
    std::string codes;
};

// The engines side by side. They never see each other: what one says is carried to the next by
// Floor. Loop thread only. Also what the offers engine asks in the middle of a call.
class Engines final : private offers::Surroundings {
public:
    // Malformed or Denied: settings that no engine can work with.
    static Result<std::unique_ptr<Engines>> make(const config::AgentConfig& config,
                                                 const ShopKeys& keys, const TimeZone& zone);

    intake::Intake intake;
    presence::Presence presence;
    footfall::Footfall footfall;
    footfall::Commissioning commissioning;
    footfall::ZonesNow zones_now;
    StaffAtDoor staff_at_door;
    customers::Customers customers;
    std::unique_ptr<offers::Engine> offers;

    std::vector<FactRow> facts;              // as reference data tells them
    ChainFacts chain;                        // as the chain's datasets tell them
    std::map<TagKey, TagRow> tags;           // `member` is a pseudonym
    std::map<std::string, TagKey> enrolled;  // raw tag id -> pseudonym: RAM only

    // Who carries what, as far as they have agreed to being known by it.
    [[nodiscard]] std::map<TagKey, presence::TagHolder> holders() const;

    // Something that campaigns may ask about has been told: facts, stock, people. What decisions
    // are answered is made anew by the next one and kept until then, because there are many more
    // decisions than changes.
    void context_changed() { context_.stale = true; }

    // What the offers engine would be answered: for campaigns that are tried before they run.
    [[nodiscard]] conditions::Facts known_customer(const MemberKey& member, const Stamp& now) const;
    [[nodiscard]] conditions::Facts known_context(const Stamp& now,
                                                  const offers::CampaignSet& set) const;
    [[nodiscard]] const ProductRow* known_product(std::string_view sku) const;

private:
    Engines(const config::AgentConfig& config, const ShopKeys& keys, const TimeZone& zone);

    void add_queues(conditions::Facts& context, WallTime now) const;
    [[nodiscard]] conditions::Facts customer(const MemberKey& member,
                                             const Stamp& now) const override;
    [[nodiscard]] const conditions::Facts& context(const Stamp& now) const override;
    [[nodiscard]] const offers::ShopContext* ready(const Stamp& now) const override;
    [[nodiscard]] std::optional<std::int64_t> entries(const Entries& asked) const override;
    [[nodiscard]] WallTime context_ends(WallTime now, const offers::CampaignSet& set) const;
    [[nodiscard]] const ProductRow* product(std::string_view sku) const override;

    // The facts that held from `made` on, for one set of campaigns, until one begins or ends.
    struct Context {
        conditions::Facts facts;
        std::string set;
        WallTime made{};
        WallTime until{};
        bool stale = true;
        std::unique_ptr<offers::ShopContext> ready = {};  // of `facts`; made when it is asked for
    };
    mutable Context context_;

    std::set<std::string> queue_zones_;
};

}  // namespace aisle::app
