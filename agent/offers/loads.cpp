#include <algorithm>
#include <numeric>

#include "agent/offers/state.hpp"

// How much a shop is disturbed at a time: prompts in a zone, offers in one pair of hands, queues.
// All of it is about prompts; somebody who asks is always answered.
namespace aisle::offers {
namespace {

constexpr std::string_view kQueueFact = "ctx.queue";  // of the shop; ".ZONE" and ".TILL" of a place
constexpr std::string_view kStaffFact = "ctx.staff_on_duty";

std::optional<double> number_at(const conditions::Facts& facts, std::string_view key,
                                const Stamp& now) {
    const conditions::Value* const value = facts.find(key, now.wall);
    if (!value) return std::nullopt;
    if (const auto* const whole = std::get_if<std::int64_t>(value))
        return static_cast<double>(*whole);
    if (const auto* const part = std::get_if<double>(value)) return *part;
    return std::nullopt;
}

// The longest of the queues that concern this ask and that somebody has told of. A shop that
// measures none has none: a missing sensor does not silence the offers.
double longest_queue(const Ask& ask) {
    if (!ask.context) return 0;
    double longest = 0;
    const auto look = [&](const std::string& place) {
        const std::string key = std::string{kQueueFact} + (place.empty() ? "" : "." + place);
        longest = std::max(longest, number_at(*ask.context, key, ask.at).value_or(0));
    };
    look("");
    if (!ask.zone.empty()) look(ask.zone.value);
    if (!ask.till.empty()) look(ask.till.value);
    return longest;
}

bool in_hand(OfferState state) {
    return state == OfferState::Accepted || state == OfferState::Presented;
}

std::int64_t at_or_zero(const std::map<std::string, std::int64_t>& counts,
                        const std::string& name) {
    const auto at = counts.find(name);
    return at == counts.end() ? 0 : at->second;
}

}  // namespace

std::optional<Reason> Engine::State::overloaded(const Campaign& campaign, const Ask& ask) const {
    if (ask.asked) return std::nullopt;
    const LoadLimits& loads = settings.loads;
    // The stricter of the campaign's rule and the shop's.
    std::optional<std::int64_t> queue = campaign.limits.queue_max;
    if (loads.queue > 0) queue = std::min(queue.value_or(loads.queue), loads.queue);
    if (queue && longest_queue(ask) > static_cast<double>(*queue)) return Reason::Queue;
    if (loads.zone_prompts > 0 && !ask.zone.empty() &&
        at_or_zero(zone_prompts, ask.zone.value) >= loads.zone_prompts)
        return Reason::ZoneLoad;
    if (loads.staff_offers > 0 && ask.context) {
        const auto on_duty = number_at(*ask.context, kStaffFact, ask.at);
        const std::int64_t taken =
            std::accumulate(staff_offers.begin(), staff_offers.end(), std::int64_t{0},
                            [](std::int64_t sum, const auto& one) { return sum + one.second; });
        // Nobody is left who could take up another.
        if (on_duty &&
            static_cast<double>(taken) >= *on_duty * static_cast<double>(loads.staff_offers))
            return Reason::StaffLoad;
    }
    return std::nullopt;
}

// Where nobody has set the clock it may be the middle of the night.
bool Engine::State::quiet(const Campaign& campaign, const Stamp& now) {
    const auto& hours = campaign.limits.quiet;
    if (!hours) return false;
    return now.quality == ClockQuality::None ||
           hours->has(campaign.window.zone->local(now.wall).minute_of_day);
}

bool Engine::State::hands_full(const std::string& staff) const {
    const std::int64_t most = settings.loads.staff_offers;
    return most > 0 && at_or_zero(staff_offers, staff) >= most;
}

// Call it before (-1) and after (+1) anything that decides whether an offer is on somebody's hands.
void Engine::State::count_load(const Held& held, std::int64_t by) {
    const Offer& offer = held.offer;
    if (offer.ghost || !offer.basket.empty() || held.lapsed) return;
    const auto add = [by](std::map<std::string, std::int64_t>& counts, const std::string& name) {
        if (!name.empty() && (counts[name] += by) == 0) counts.erase(name);
    };
    add(zone_prompts, offer.zone.value);
    if (in_hand(offer.state)) add(staff_offers, offer.by);
}

}  // namespace aisle::offers
