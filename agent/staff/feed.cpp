#include "agent/staff/feed.hpp"

#include <algorithm>
#include <charconv>
#include <set>
#include <utility>

#include "agent/staff/card.hpp"

namespace aisle::staff {
namespace {

Offer without_context(Offer offer) {
    auto nearest = std::move(offer.decision.nearest);
    offer.decision = {};
    offer.decision.nearest = std::move(nearest);
    return offer;
}

// Who goes first when there is no room: what has run out, then what nobody has taken, then the
// oldest.
auto keep_order(const Offer& offer, const Stamp& now) {
    return std::tuple{!passed(offer.expires, now), offer.state != OfferState::Offered,
                      offer.made.boot, offer.made.mono, offer.id};
}

std::optional<std::int64_t> revision_in(std::string_view text) {
    std::int64_t rev = 0;
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), rev);
    if (failed != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return rev;
}

}  // namespace

Feed::Feed(std::string epoch, Limits limits) : epoch_{std::move(epoch)}, limits_{limits} {}

FeedChange Feed::note(FeedChange change) {
    change.rev = ++rev_;
    ring_.push_back(change);
    if (ring_.size() > limits_.ring_max) {
        forgotten_ = ring_.front().rev;
        ring_.pop_front();
    }
    return change;
}

std::optional<FeedChange> Feed::make_room(const Stamp& now) {
    if (live_.size() < limits_.cards_max) return std::nullopt;
    const auto goes = std::ranges::min_element(
        live_, {}, [&](const auto& entry) { return keep_order(entry.second, now); });
    const Offer gone = std::move(goes->second);
    live_.erase(goes);
    return note(
        {.offer = gone.id, .live = false, .state = gone.state, .by = gone.by, .crowded = true});
}

std::vector<FeedChange> Feed::put(const Offer& offer, const Stamp& now) {
    if (offer.ghost) return {};
    const auto known = live_.find(offer.id);
    const bool was_live = known != live_.end();
    if (was_live && known->second.revision > offer.revision) return {};
    if (!is_live(offer.state)) {
        if (!was_live) return {};
        live_.erase(known);
        return {note({.offer = offer.id, .live = false, .state = offer.state, .by = offer.by})};
    }
    std::vector<FeedChange> told;
    if (!was_live) {
        if (auto crowded = make_room(now)) told.push_back(std::move(*crowded));
    }
    live_.insert_or_assign(offer.id, without_context(offer));
    told.push_back(note({.offer = offer.id, .live = true, .state = offer.state, .by = offer.by}));
    return told;
}

void Feed::reset(const std::vector<Offer>& live, const Stamp& now) {
    live_.clear();
    ring_.clear();
    for (const Offer& offer : live) {
        if (live_.size() == limits_.cards_max) break;
        if (offer.ghost || !is_live(offer.state) || passed(offer.expires, now)) continue;
        live_.insert_or_assign(offer.id, without_context(offer));
    }
    forgotten_ = ++rev_;
}

std::optional<std::vector<FeedChange>> Feed::changes_since(std::string_view since) const {
    const auto dot = since.rfind('.');
    if (dot == std::string_view::npos || since.substr(0, dot) != epoch_) return std::nullopt;
    const auto rev = revision_in(since.substr(dot + 1));
    if (!rev || *rev < forgotten_ || *rev > rev_) return std::nullopt;

    std::vector<FeedChange> latest_first;
    std::set<OfferId> told;
    for (auto change = ring_.rbegin(); change != ring_.rend() && change->rev > *rev; ++change) {
        if (told.insert(change->offer).second) latest_first.push_back(*change);
    }
    std::ranges::reverse(latest_first);
    return latest_first;
}

std::vector<const Offer*> Feed::live(const Stamp& now) const {
    std::vector<const Offer*> out;
    for (const auto& [id, offer] : live_) {
        if (!passed(offer.expires, now)) out.push_back(&offer);
    }
    std::ranges::sort(out, {}, [](const Offer* offer) {
        return std::tuple{offer->made.boot, offer->made.mono, offer->id};
    });
    return out;
}

const Offer* Feed::find(const OfferId& id) const {
    const auto found = live_.find(id);
    return found == live_.end() ? nullptr : &found->second;
}

}  // namespace aisle::staff
