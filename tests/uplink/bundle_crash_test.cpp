#include <gtest/gtest.h>

#include <random>

#include "sealed_kit.hpp"
#include "sync/uplink/bundle_engine.hpp"

// kill -9 at any step of a switch leaves one whole slot active: only what was committed is there
// afterwards, and a step is committed whole or not at all.
namespace aisle::uplink {
namespace {

constexpr std::int64_t kVersions = 4;

wire::Bundle bundle_of(std::int64_t version) {
    return {.version = version, .campaigns = {R"({"id":"c-)" + std::to_string(version) + "\"}"}};
}

std::string sealed(std::int64_t version) {
    return wire::seal(wire::Purpose::Bundle, hq_key(), wire::to_json(bundle_of(version)));
}

BundleEngine engine_of() {
    return {{.store = StoreId{"s-0001"}, .agent = "0.1.0"},
            [](const wire::Bundle&) { return std::vector<std::string>{}; }};
}

// A shop whose power can go before any of its commits. What it says it runs must always be whole:
// the shop's own, or exactly the campaigns of the version that it names.
class MortalShop {
public:
    explicit MortalShop(std::size_t cut) : cut_{cut}, engine_{engine_of()} { start(); }

    // HQ repeats what is not shown as taken, the clock runs: until all is quiet.
    void live() {
        for (std::int64_t version = 1; version <= kVersions; ++version) {
            for (int i = 0; i < 200 && engine_.newest() < version; ++i) {
                step(engine_.received(sealed(version), ring_of(), now()));
                pass(7);
            }
            // A command whose commit never was comes again as well.
            for (int i = 0; i < 2 && version % 2 == 0 && engine_.version() == version; ++i)
                step(engine_.roll_back(version, "command", now()));
        }
        for (int i = 0; i < 20; ++i) pass(7);
    }
    [[nodiscard]] std::size_t commits() const { return commits_; }
    [[nodiscard]] std::size_t dead() const { return dead_; }
    [[nodiscard]] const BundleEngine& engine() const { return engine_; }

private:
    [[nodiscard]] Stamp now() const { return at_s(s_); }
    void pass(std::int64_t s) { s_ += s, step(engine_.tick(now(), {})); }
    void start() {
        engine_ = engine_of();
        ASSERT_TRUE(engine_.restore(rows_.all()));
        whole();
        step(engine_.started(now()));
    }
    void step(const BundleEffects& effects) {
        if (!effects.state.empty() && commits_++ == cut_) {
            ++dead_;
            return start();  // the transaction never was
        }
        rows_.apply(effects.state);
        whole();
        if (effects.dry_run && engine_.candidate() != nullptr)
            step(engine_.dry_run_done(engine_.candidate()->version, {}, now()));
    }
    void whole() {
        BundleEngine again = engine_of();
        ASSERT_TRUE(again.restore(rows_.all()));
        ASSERT_EQ(again.version(), engine_.version());
        if (again.version() == 0) {
            ASSERT_EQ(again.running(), nullptr);
        } else {
            ASSERT_EQ(again.running()->campaigns, bundle_of(again.version()).campaigns);
        }
    }

    std::size_t cut_;
    std::size_t commits_ = 0;
    std::size_t dead_ = 0;
    Rows rows_;
    BundleEngine engine_;
    std::int64_t s_ = 0;
};

TEST(BundleSwitch, AKillBeforeAnyCommitLeavesOneWholeSlotActive) {
    MortalShop immortal{std::numeric_limits<std::size_t>::max()};
    immortal.live();
    ASSERT_GE(immortal.commits(), 12U);
    for (std::size_t cut = 0; cut < immortal.commits(); ++cut) {
        MortalShop shop{cut};
        shop.live();
        ASSERT_EQ(shop.dead(), 1U);
        EXPECT_EQ(shop.engine().newest(), kVersions) << "cut " << cut;
        EXPECT_EQ(shop.engine().version(), immortal.engine().version()) << "cut " << cut;
    }
}

// Nothing in the middle of a transaction may be needed: a switch names its slot in the same one.
TEST(BundleSwitch, IsOneTransaction) {
    BundleEngine engine = engine_of();
    (void)engine.received(sealed(1), ring_of(), at_s(0));
    const BundleEffects effects = engine.dry_run_done(1, {}, at_s(0));
    std::vector<std::string> keys;
    for (const StateChange& change : effects.state) keys.push_back(change.key);
    EXPECT_EQ(keys, (std::vector<std::string>{"slot/a", "candidate", "pointer"}));
    EXPECT_TRUE(effects.load);
}

}  // namespace
}  // namespace aisle::uplink
