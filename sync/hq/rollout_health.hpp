#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "agent/records/floor_records.hpp"

// How a shop does since it runs a bundle, from its health records: the half of the roll-out's guard
// that looks beyond the shop's own trial. Pure.
namespace aisle::hq {

// What a health record says of it; counters run since the start of the shop's process.
struct StoreHealth {
    std::int64_t bundle = 0;  // the version in force when it was written
    double uptime_s = 0;
    double offers = 0;
    double withheld = 0;  // decisions without an offer
    double errors = 0;    // readings turned away, commits that failed
};
// Nothing from an agent that does not tell its bundle.
std::optional<StoreHealth> store_health_of(const records::HealthNumbers& numbers);

struct HealthRails {
    // Processes of the shop that began since the switch, the one that switched not counted: more is
    // a crash loop, also where each lives longer than the shop's own trial.
    std::int64_t restarts_max = 3;
    // Beyond what the same time brought under the bundle before.
    std::int64_t errors_max = 100;
    // The share of decisions without an offer may rise by so much over the bundle before; judged
    // from kDecisionsLeast decisions on both sides.
    std::int64_t withheld_rise_permille = 300;

    friend bool operator==(const HealthRails&, const HealthRails&) = default;
};
inline constexpr double kDecisionsLeast = 50;

// One shop. Records may come late and all at once: what counts is the bundle that they name. What
// was seen is not persisted: after a restart of HQ it is gathered anew, and a share without a
// bundle before it is not judged.
class HealthWatch {
public:
    void take(const StoreHealth& health);
    // A birth of the process `run` under `bundle`.
    void born(const std::string& run, std::int64_t bundle);
    // What breaks the rails under `bundle`; nothing: it does well, as far as is known.
    [[nodiscard]] std::optional<std::string> broken(std::int64_t bundle,
                                                    const HealthRails& rails) const;
    // Somebody has looked: it may try once more.
    void forget(std::int64_t bundle) { spells_.erase(bundle); }

private:
    // The time under one bundle.
    struct Spell {
        double seconds = 0;
        double offers = 0;
        double withheld = 0;
        double errors = 0;
        std::int64_t restarts = 0;
    };
    [[nodiscard]] const Spell* before(std::int64_t bundle) const;

    std::optional<StoreHealth> last_;
    std::string run_;
    std::map<std::int64_t, Spell> spells_;  // by bundle, the latest kSpellsKept
    static constexpr std::size_t kSpellsKept = 3;
};

}  // namespace aisle::hq
