#include "sync/hq/rollout_health.hpp"

#include <cmath>
#include <utility>

namespace aisle::hq {
namespace {

constexpr double kPermille = 1'000;

std::int64_t whole(double number) { return std::llround(number); }

std::string above(const char* what, std::int64_t is, std::int64_t most) {
    return std::string{what} + " " + std::to_string(is) + " > " + std::to_string(most);
}

}  // namespace

std::optional<StoreHealth> store_health_of(const records::HealthNumbers& numbers) {
    const auto number = [&](const char* name) {
        const auto at = numbers.find(name);
        return at == numbers.end() ? 0.0 : at->second;
    };
    if (!numbers.contains("aisle_bundle_version")) return std::nullopt;
    return StoreHealth{.bundle = whole(number("aisle_bundle_version")),
                       .uptime_s = number("aisle_uptime_seconds"),
                       .offers = number("aisle_offers_total"),
                       .withheld = number("aisle_withheld_total"),
                       .errors = number("aisle_errors_total")};
}

// The difference to the record before it, in the spell of the bundle that it names. A record across
// a switch counts for the new one: at most a minute of the old.
void HealthWatch::take(const StoreHealth& health) {
    // Counters fall with the uptime, or where an older copy comes again: then they are all new.
    const bool anew = !last_ || health.uptime_s < last_->uptime_s;
    const StoreHealth from = anew ? StoreHealth{} : *last_;
    const auto grown = [](double now, double then) { return now > then ? now - then : 0.0; };
    Spell& spell = spells_[health.bundle];
    spell.seconds += grown(health.uptime_s, from.uptime_s);
    spell.offers += grown(health.offers, from.offers);
    spell.withheld += grown(health.withheld, from.withheld);
    spell.errors += grown(health.errors, from.errors);
    last_ = health;
    if (spells_.size() > kSpellsKept) spells_.erase(spells_.begin());
}

void HealthWatch::born(const std::string& run, std::int64_t bundle) {
    if (run.empty() || run == run_) return;
    const bool first = std::exchange(run_, run).empty();
    if (!first) ++spells_[bundle].restarts;
}

const HealthWatch::Spell* HealthWatch::before(std::int64_t bundle) const {
    const auto at = spells_.lower_bound(bundle);
    return at == spells_.begin() ? nullptr : &std::prev(at)->second;
}

std::optional<std::string> HealthWatch::broken(std::int64_t bundle,
                                               const HealthRails& rails) const {
    const auto at = spells_.find(bundle);
    if (at == spells_.end()) return std::nullopt;
    const Spell& now = at->second;
    const Spell* then = before(bundle);
    if (now.restarts > rails.restarts_max)
        return above("crash loop: restarts", now.restarts, rails.restarts_max);
    const double usual =
        then == nullptr || then->seconds <= 0 ? 0.0 : then->errors / then->seconds * now.seconds;
    if (now.errors > usual + static_cast<double>(rails.errors_max))
        return above("errors", whole(now.errors - usual), rails.errors_max);
    const double decided = now.offers + now.withheld;
    if (then == nullptr || decided < kDecisionsLeast ||
        then->offers + then->withheld < kDecisionsLeast)
        return std::nullopt;
    const double rise = now.withheld / decided - then->withheld / (then->offers + then->withheld);
    if (rise * kPermille > static_cast<double>(rails.withheld_rise_permille))
        return above("withheld permille risen by", whole(rise * kPermille),
                     rails.withheld_rise_permille);
    return std::nullopt;
}

}  // namespace aisle::hq
