#include "agent/app/funnel.hpp"

#include <array>

#include <boost/json.hpp>

namespace aisle::app {
namespace {

namespace json = boost::json;

constexpr seconds kKept{60};
constexpr const char* kKey = "today";

using Steps = staff::FunnelNow::Steps;
constexpr std::array kSteps{&Steps::triggered, &Steps::eligible, &Steps::offered,
                            &Steps::withheld,  &Steps::accepted, &Steps::redeemed};

json::array steps_json(const Steps& steps) {
    json::array out;
    for (const auto step : kSteps) out.emplace_back(steps.*step);
    return out;
}

Steps steps_from(const json::value& value) {
    Steps steps;
    const json::array& row = value.as_array();
    for (std::size_t i = 0; i < kSteps.size(); ++i)
        steps.*kSteps.at(i) = row.at(i).to_number<std::int64_t>();
    return steps;
}

}  // namespace

void Funnel::take(const offers::Effects& effects, const offers::CampaignSet& set, Date today) {
    if (effects.considered.empty() && effects.offers.empty()) return;
    if (now_.business_date != today) now_ = {.business_date = today, .all = {}, .campaigns = {}};
    changed_ = true;
    for (const auto& considered : effects.considered) decided(considered, set);
    for (const Offer& offer : effects.offers) count(offer);
}

void Funnel::decided(std::span<const offers::Considered> considered,
                     const offers::CampaignSet& set) {
    bool right = false;
    for (const offers::Considered& one : considered) {
        Steps& steps = now_.campaigns[set.all()[one.campaign].id];
        ++steps.triggered;
        if (!eligible(one.reason)) continue;
        ++steps.eligible;
        right = true;
    }
    ++now_.all.triggered;
    if (right) ++now_.all.eligible;
}

// A basket's reservation is taken up by being paid.
void Funnel::count(const Offer& offer) {
    Steps one;
    const bool basket = !offer.basket.empty();
    if (offer.ghost)
        one.withheld = offer.revision == 1 ? 1 : 0;
    else if (offer.revision == 1)
        one.offered = 1;
    else if (offer.state == OfferState::Accepted)
        one.accepted = 1;
    if (!offer.ghost && offer.state == OfferState::Redeemed)
        one.redeemed = 1, one.accepted = basket ? 1 : 0;
    Steps& steps = now_.campaigns[offer.campaign];
    for (const auto step : kSteps) steps.*step += one.*step, now_.all.*step += one.*step;
}

void Funnel::keep(Turn& turn) {
    if (!changed_ || (kept_ != MonoTime{} && turn.now.mono - kept_ < kKept)) return;
    json::object campaigns;
    for (const auto& [id, steps] : now_.campaigns) campaigns[id.value] = steps_json(steps);
    json::object row;
    row["date"] = to_text(now_.business_date);
    row["all"] = steps_json(now_.all);
    row["campaigns"] = std::move(campaigns);
    turn.batch.state.push_back({std::string{kFunnelRoom}, kKey, json::serialize(row)});
    kept_ = turn.now.mono;
    changed_ = false;
}

// Figures for people: what cannot be read begins at nought.
void Funnel::restore(std::span<const StateChange> rows) try {
    for (const StateChange& change : rows) {
        if (change.bytes.empty()) continue;
        const json::value row = json::parse(change.bytes);
        staff::FunnelNow read;
        const auto date = parse_date(std::string{row.at("date").as_string()});
        if (!date) continue;
        read.business_date = *date;
        read.all = steps_from(row.at("all"));
        for (const auto& [id, steps] : row.at("campaigns").as_object())
            read.campaigns[CampaignId{std::string{id}}] = steps_from(steps);
        now_ = std::move(read);
    }
} catch (const std::exception&) {
    now_ = {};
}

}  // namespace aisle::app
