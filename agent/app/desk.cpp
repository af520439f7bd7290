#include "agent/app/desk.hpp"

#include <algorithm>

namespace aisle::app {
namespace {

staff::ActOutcome outcome_of(offers::Verdict verdict) {
    using offers::Verdict;
    switch (verdict) {
        case Verdict::Done:
        case Verdict::Same:
            return staff::ActOutcome::Done;
        case Verdict::Taken:
        case Verdict::Illegal:
            return staff::ActOutcome::Taken;
        case Verdict::Expired:
            return staff::ActOutcome::Over;
        case Verdict::Unknown:
            break;
    }
    return staff::ActOutcome::Unknown;
}

}  // namespace

void Desk::act(OfferAct act, std::function<void(staff::ActAnswer)> reply) {
    Work work{.apply =
                  [this, act, reply](Turn& turn, std::span<const Found>) {
                      const Floor::Acted acted = parts_.floor.act(turn, act);
                      const staff::ActAnswer answer{.outcome = outcome_of(acted.verdict),
                                                    .offer = acted.offer};
                      turn.after.push_back([reply, answer] { reply(answer); });
                  },
              .failed = [reply](const Error&) { reply({.outcome = staff::ActOutcome::NotNow}); },
              .waits = true};
    if (!parts_.pipeline.submit(std::move(work))) reply({.outcome = staff::ActOutcome::NotNow});
}

void Desk::check_in(staff::CheckIn scan, std::function<void(Result<staff::CheckedIn>)> reply) {
    const MemberKey member = parts_.engines.intake.pseudonym(scan.member);
    if (member.empty()) return reply(malformed("this is no member number"));
    Work work{.apply =
                  [this, member, links = parts_.engines.intake.relinks(scan.member), reply](
                      Turn& turn, std::span<const Found>) {
                      for (const auto& link : links) parts_.floor.relink(turn, link);
                      auto why_not = parts_.floor.check_in(turn, member);
                      staff::CheckedIn answer{
                          .card = parts_.engines.customers.card(member, turn.now),
                          .offers = offers_of(member),
                          .why_not = std::move(why_not)};
                      turn.after.push_back([reply, answer] { reply(answer); });
                  },
              .failed = [reply](const Error& error) { reply(error); },
              .waits = true};
    const Status taken = parts_.pipeline.submit(std::move(work));
    if (!taken) reply(taken.error());
}

std::vector<Offer> Desk::offers_of(const MemberKey& member) const {
    std::vector<Offer> offers = parts_.engines.offers->live();
    std::erase_if(offers, [&](const Offer& offer) { return offer.member != member; });
    return offers;
}

void Desk::set_consent(ConsentChange change, std::function<void(Status)> reply) {
    Work work{.apply =
                  [this, change, reply](Turn& turn, std::span<const Found>) mutable {
                      change.at = turn.now;
                      parts_.floor.consent(turn, change);
                      turn.after.push_back([this, reply] {
                          parts_.readings.refresh_tags();
                          reply(Status{});
                      });
                  },
              .failed = [reply](const Error& error) { reply(error); },
              .waits = true};
    const Status taken = parts_.pipeline.submit(std::move(work));
    if (!taken) reply(taken);
}

void Desk::decide(pos::BasketAsk ask, pos::BasketAnswer reply) {
    if (!ask.member_raw.empty()) {
        ask.basket.member = parts_.engines.intake.pseudonym(ask.member_raw);
    }
    Work work{.apply =
                  [this, basket = std::move(ask.basket), cancel = ask.cancel,
                   links = parts_.engines.intake.relinks(ask.member_raw),
                   reply](Turn& turn, std::span<const Found>) {
                      for (const auto& link : links) parts_.floor.relink(turn, link);
                      BasketDecision decision;
                      if (cancel) {
                          parts_.floor.cancel_basket(turn, basket.key);
                      } else {
                          decision = parts_.floor.basket(turn, basket);
                      }
                      turn.after.push_back([reply, decision] { reply(decision); });
                  },
              .failed = [reply](const Error& error) { reply(error); },
              .waits = true};
    const Status taken = parts_.pipeline.submit(std::move(work));
    if (!taken) reply(taken.error());
}

// Nothing changes, so that nothing has to be committed before the answer.
Result<ReturnDecision> Desk::returning(const ReturnAsk& ask) const {
    return parts_.engines.offers->returning(ask);
}

staff::Today Desk::today() const {
    const footfall::Today figures = parts_.engines.footfall.today(parts_.clock.now().wall);
    staff::Today today{.business_date = figures.date,
                       .entries = figures.entries,
                       .inside = figures.inside,
                       .sales = figures.sales,
                       .takings = Money::minor(figures.revenue_minor),
                       .blind_s = figures.blind_s};
    if (figures.conversion_permille) today.conversion_permille = *figures.conversion_permille;
    for (const offers::CampaignStatus& campaign : parts_.engines.offers->status()) {
        today.offers_made += campaign.offered;
        today.offers_redeemed += campaign.redemptions;
    }
    return today;
}

staff::ShopStatus Desk::status() const {
    staff::ShopStatus status;
    for (const auto& [name, activity] : parts_.readings.activity()) {
        status.sources.push_back(
            {.name = name, .up = true, .readings = activity.readings, .last = activity.last});
    }
    parts_.fill_status(status);
    return status;
}

}  // namespace aisle::app
