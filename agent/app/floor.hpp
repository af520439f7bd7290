#pragma once

#include <functional>
#include <optional>

#include "agent/app/audit.hpp"
#include "agent/app/campaign_shelf.hpp"
#include "agent/app/engines.hpp"
#include "agent/app/erasing.hpp"
#include "agent/app/funnel.hpp"
#include "agent/app/pipeline.hpp"

namespace aisle::app {

// Where the engines meet: what happens on the shop floor is told to each engine that it concerns,
// what they answer becomes records and state in the turn, and what staff must see is said after the
// commit. Loop thread only.
class Floor {
public:
    // `announce` is called after the commit of each offer that is new or changed.
    Floor(Engines& engines, std::function<void(const Offer&)> announce)
        : engines_{engines}, announce_{std::move(announce)} {}

    // `old` is the revision that counted until now, or null; `digest` is intake's.
    void sale(Turn& turn, const Sale* old, const Sale& sale, std::string digest);
    void crossing(Turn& turn, const Crossing& crossing);
    void count(Turn& turn, const CountReading& count);
    void blind(Turn& turn, const Blindness& blindness);
    void u_turn(Turn& turn, const UTurn& u_turn);
    void stay(Turn& turn, const ZoneStay& stay);
    void scene(Turn& turn, const SceneMinute& minute);
    // Presence is asked when a tag is heard, not here: its effects come in that order.
    void visits(Turn& turn, presence::PresenceEffects effects);
    // One person under an earlier key and now: once told, nobody knows `from` any more.
    void relink(Turn& turn, const intake::Relink& link);
    void member(Turn& turn, const MemberRow& row);
    void member_gone(Turn& turn, const MemberKey& member);
    // A member as HQ's dataset tells it: HQ is not told again what it has said itself.
    void chain_member(Turn& turn, const MemberRow& row);
    void chain_member_gone(Turn& turn, const MemberKey& member);
    // Who carries what, or who agrees to be known by it, may have changed.
    void enrolments(Turn& turn);
    // Two names are one person's, or are not any more: staff's word.
    void tie(Turn& turn, const customers::Evidence& evidence, bool link, const std::string& by);
    // Whatever the engines know of the person ends, under each of its names, in memory and in their
    // rows. Answers the names by which records are found: they are the journal's to forget next,
    // and then erased() says so.
    std::vector<MemberKey> erase(Turn& turn, const MemberKey& member);
    void erased(Turn& turn, const MemberKey& member) { turn.add(erasing_.done(member)); }
    [[nodiscard]] Erasing& erasing() { return erasing_; }
    // No code and no lease of before is good any more.
    void new_epoch(Turn& turn);
    void consent(Turn& turn, const ConsentChange& change);
    // Answers the campaigns that came nearest and were not offered.
    std::vector<CampaignVerdict> check_in(Turn& turn, const MemberKey& member);
    struct Acted {
        offers::Verdict verdict = offers::Verdict::Unknown;
        std::optional<Offer> offer;  // as it stands now, also when the act has ended it
    };
    Acted act(Turn& turn, const OfferAct& act);
    BasketDecision basket(Turn& turn, const Basket& basket);
    void cancel_basket(Turn& turn, const std::string& key);
    void tick(Turn& turn);  // of all engines but presence
    // A door's line has been moved: what commissioning found is of another one.
    void moved(Turn& turn, const DoorId& door);
    void audit(Turn& turn, const Audit::Deed& deed) { audit_.record(turn, deed); }
    void restore_audit(std::span<const StateChange> rows) { audit_.restore(rows); }
    [[nodiscard]] CampaignShelf& shelf() { return shelf_; }
    [[nodiscard]] Funnel& funnel() { return funnel_; }
    // Staff stop a campaign in this shop, or somebody in charge lets it run again.
    offers::Verdict stop_campaign(Turn& turn, const staff::CampaignStop& stop);

private:
    void staff_crossings(Turn& turn, const std::vector<Crossing>& known);
    void measured(Turn& turn, const footfall::Commissioning::Judged& judged);
    void take(Turn& turn, footfall::Effects effects);
    void take(Turn& turn, customers::Effects effects);
    void take(Turn& turn, offers::Effects effects);
    void take_offer(Turn& turn, const Offer& offer);

    Engines& engines_;
    Audit audit_;
    CampaignShelf shelf_;
    Funnel funnel_;
    Erasing erasing_;
    std::function<void(const Offer&)> announce_;
};

}  // namespace aisle::app
