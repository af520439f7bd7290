#pragma once

#include <map>
#include <random>
#include <string>
#include <vector>

#include "sync/hq/rollout.hpp"
#include "tests/kit/builders.hpp"

// A roll-out under a clock that a test moves, with stores that are asked what they got.
namespace aisle::hq {

inline runtime::RandomSource seeded(std::uint64_t seed) {
    return [random = std::mt19937_64{seed}]() mutable { return random(); };
}

// Keeps rows as HQ's state table does.
class Rows {
public:
    void take(const std::vector<StateChange>& changes) {
        for (const auto& change : changes)
            if (change.bytes.empty())
                rows_.erase({change.room, change.key});
            else
                rows_[{change.room, change.key}] = change.bytes;
    }
    [[nodiscard]] std::vector<StateChange> of(const std::string& room) const {
        std::vector<StateChange> found;
        for (const auto& [place, bytes] : rows_)
            if (place.first == room) found.push_back({place.first, place.second, bytes});
        return found;
    }

private:
    std::map<std::pair<std::string, std::string>, std::string> rows_;
};

class RolloutStage {
public:
    explicit RolloutStage(int stores, RolloutLimits limits = {})
        : limits_{limits}, engine{limits, seeded(1)} {
        for (int i = 1; i <= stores; ++i) {
            names.push_back("s-" + std::to_string(i));
            take(engine.seen({.store = names.back()}, now()));
        }
    }
    Status start(std::int64_t version, RolloutPlan plan = {}) {
        return keep(engine.start(
            {.version = version, .expires = kit::kNoon + seconds{86'400}, .bytes = "signed"},
            std::move(plan), names, now()));
    }
    Status keep(Result<DownEffects> effects) {
        if (!effects) return effects.error();
        take(std::move(*effects));
        return {};
    }
    void take(DownEffects effects) {
        rows.take(effects.state);
        for (const auto& message : effects.send) ++got[message.store];
    }
    // Ticks second by second.
    void wait(seconds time) {
        for (seconds s{0}; s < time; s += seconds{1}) {
            passed += seconds{1};
            take(engine.tick(now()));
        }
    }
    void report(const std::string& store, StoreStep step, std::int64_t version = 1,
                const std::string& reason = {}) {
        take(engine.reported({.store = store, .version = version, .step = step, .reason = reason},
                             now()));
    }
    // Every store that has been sent it does well.
    void all_well(std::int64_t version = 1) {
        for (const auto& [store, progress] : rollout(version).stores)
            if (progress.step == StoreStep::Sent) report(store, StoreStep::Healthy, version);
    }
    void away(const std::string& store) {
        take(engine.seen({.store = store, .alive = false}, now()));
    }
    void back(const std::string& store, std::optional<std::int64_t> bundle = {}) {
        take(engine.seen({.store = store, .alive = true, .bundle = bundle}, now()));
    }
    void restart() {
        engine = RolloutEngine{limits_, seeded(2)};
        ASSERT_TRUE(engine.restore(rows.of(RolloutEngine::kRoom)));
    }
    [[nodiscard]] Stamp now() const { return kit::at(passed); }
    [[nodiscard]] const Rollout& rollout(std::int64_t version = 1) const {
        return engine.rollouts().at(version);
    }
    [[nodiscard]] StoreStep step(const std::string& store, std::int64_t version = 1) const {
        return rollout(version).stores.at(store).step;
    }
    [[nodiscard]] std::string canary(std::int64_t version = 1) const {
        for (const auto& [store, progress] : rollout(version).stores)
            if (progress.ring == 0) return store;
        return {};
    }
    [[nodiscard]] std::string somebody_in(int ring) const {
        for (const auto& [store, progress] : rollout().stores)
            if (progress.ring == ring) return store;
        return {};
    }

private:
    RolloutLimits limits_;

public:
    RolloutEngine engine;
    std::vector<std::string> names;
    Rows rows;
    std::map<std::string, int> got;  // messages by store
    milliseconds passed{0};
};

}  // namespace aisle::hq
