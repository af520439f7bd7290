#include "agent/customers/customers.hpp"

#include <algorithm>

#include "agent/customers/state.hpp"

namespace aisle::customers {
namespace {

constexpr std::size_t kLastShown = 5;

}  // namespace

Customers::Customers(Settings settings) : state_{std::make_unique<State>()} {
    state_->settings = settings;
}
Customers::~Customers() = default;
Customers::Customers(Customers&&) noexcept = default;
Customers& Customers::operator=(Customers&&) noexcept = default;

void Customers::product(const ProductRow& row) { state_->products[row.sku] = row; }
void Customers::product_gone(const std::string& sku) { state_->products.erase(sku); }

const ProductRow* Customers::product(std::string_view sku) const {
    const auto at = state_->products.find(std::string{sku});
    return at == state_->products.end() ? nullptr : &at->second;
}

void Customers::segments(std::shared_ptr<const SegmentRules> rules) {
    state_->segments.load(std::move(rules));
}

std::map<std::string, std::size_t> Customers::segment_sizes() const {
    std::map<std::string, std::size_t> sizes;
    if (!state_->segments.rules) return sizes;
    for (std::size_t i = 0; i < state_->segments.in.size(); ++i)
        sizes[state_->segments.rules->all()[i].name] = state_->segments.in[i].count();
    return sizes;
}

void Customers::reference_holds(bool holds) {
    if (state_->reference_holds == holds) return;
    state_->reference_holds = holds;
    state_->segments.judged.reset();
}

Effects Customers::tick(const Stamp& now) {
    Effects effects;
    State& state = *state_;
    if (state.settings.quantiles) state.find_quantiles(now, effects);
    const std::size_t n = std::min<std::size_t>(kScanMax, state.table.end());
    for (std::size_t i = 0; i < n; ++i) {
        if (state.scanned >= state.table.end() && !state.begin_round(now.wall)) break;
        const Index name = state.scanned++;
        if (!state.table.used(name) || !state.table.is_member(name)) continue;
        state.settle(name, Moved::ByTime, now, effects);
        if (state.judging || !state.segments.knows(name)) state.judge(name, now);
    }
    return effects;
}

CustomerCard Customers::card(const MemberKey& member, const Stamp& now) const {
    CustomerCard card{.member = member};
    const Index name = state_->find(member.value);
    if (name == kNobody) return card;
    const auto person = state_->identity.person(name);
    const Profile profile = state_->whole(person);
    const Words& words = state_->words;
    const LifecycleThresholds& thresholds = state_->settings.lifecycle;
    const Walk walk = walk_to_last(profile, thresholds);
    card.known = true;
    card.known_as = person.size() - 1;
    if (state_->reference_holds) card.tier = words.text(profile.tier);
    for (const KeptTag& tag : profile.tags)
        if (tag.holds(now.wall, state_->settings.tag_confidence_min_permille))
            card.tags.push_back(words.text(tag.tag));
    card.stage = settled(profile.stage, walk, now.wall, thresholds);
    card.purchases = profile.purchases;
    card.spent = profile.spent;
    for (const Counted& one : profile.categories)
        card.categories[words.text(one.what)] = static_cast<std::int32_t>(one.n);
    for (const KeptConsent& one : profile.consent)
        card.consent[words.text(one.purpose)] = {
            .at = one.at, .version = words.text(one.version), .granted = one.granted};
    for (auto at = profile.kept.rbegin(); at != profile.kept.rend(); ++at)
        if (at->purchase && card.last.size() < kLastShown)
            card.last.push_back({.at = at->at, .total = at->total, .lines = at->lines});
    card.segments = state_->segments_of(name, now);
    if (walk.purchases == 0) return card;
    card.days_since_last = whole_days(walk.last, now.wall);
    const Scores scores = state_->scores_of(profile, walk, now.wall);
    card.recency = scores.recency;
    card.frequency = scores.frequency;
    card.monetary = scores.monetary;
    return card;
}

std::vector<std::string> Customers::person(std::string_view name) const {
    std::vector<std::string> names;
    const Index index = state_->find(name);
    if (index == kNobody) return names;
    for (const Index one : state_->identity.person(index)) names.push_back(state_->table.name(one));
    return names;
}

bool Customers::consents(const MemberKey& member, std::string_view purpose) const {
    const Index name = state_->find(member.value);
    return name != kNobody && state_->agrees(state_->whole(name), purpose);
}

std::size_t Customers::size() const { return state_->table.size(); }
std::uint64_t Customers::refused() const {
    return state_->refused + state_->words.refused() + state_->identity.refused();
}

}  // namespace aisle::customers
