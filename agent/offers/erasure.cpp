#include "agent/offers/state.hpp"

// What ends because of who it is about.
namespace aisle::offers {

void Engine::State::withdraw_prompts(const MemberKey& member, Turn& turn) {
    std::vector<OfferId> over;
    for (const auto& [id, held] : live) {
        const bool prompt = held.offer.trigger != TriggerKind::Basket;
        if (held.offer.member == member && prompt && held.offer.state == OfferState::Offered)
            over.push_back(id);
    }
    for (const OfferId& id : over) close(id, OfferState::Expired, {.reason = "consent"}, turn);
    // What he buys from now on is nobody's figure.
    forget_unit(member.value);
}

void Engine::State::erase(const MemberKey& member, Turn& turn) {
    std::vector<OfferId> over;
    for (auto& [id, held] : live) {
        if (held.offer.member != member && held.subject != member.value) continue;
        held.offer.member = {};
        held.offer.tier.clear();
        held.offer.lifecycle.clear();
        held.offer.reasons.clear();
        held.offer.decision.context.clear();
        held.subject.clear();
        over.push_back(id);
    }
    for (const OfferId& id : over) close(id, OfferState::Expired, {.reason = "erased"}, turn);
    forget_unit(member.value);
    abuse.erase(member);
    if (grants.erase(member.value)) mark("subject/" + member.value);
    for (auto& [key, watch] : visits)
        if (watch.member == member) watch.member = {}, mark("visit/" + key);
    rename_paid(member, {});
}

Effects Engine::consent_withdrawn(const MemberKey& member, const Stamp& now) {
    Turn turn{.now = now};
    if (!member.empty()) state_->withdraw_prompts(member, turn);
    return state_->finish(turn);
}

Effects Engine::erase(const MemberKey& member, const Stamp& now) {
    Turn turn{.now = now};
    if (!member.empty()) state_->erase(member, turn);
    return state_->finish(turn);
}

}  // namespace aisle::offers
