#include "sync/uplink/bundle_engine.hpp"

#include <gtest/gtest.h>

#include "sealed_kit.hpp"

namespace aisle::uplink {
namespace {

using Words = std::vector<std::string>;

wire::Bundle bundle_of(std::int64_t version) {
    return {.version = version, .campaigns = {R"({"id":"c-)" + std::to_string(version) + "\"}"}};
}

std::string sealed(const wire::Bundle& bundle) {
    return wire::seal(wire::Purpose::Bundle, hq_key(), wire::to_json(bundle));
}

// An engine and the rows that are durable, with every bundle's states in order.
class Shop {
public:
    explicit Shop(BundleSettings settings = {}) : settings_{std::move(settings)} {
        settings_.store = StoreId{"s-0001"};
        settings_.agent = "0.1.0";
        start();
    }
    void start() {
        engine_.emplace(settings_, [](const wire::Bundle&) { return std::vector<std::string>{}; });
        EXPECT_TRUE(engine_->restore(rows_.all()));
        take(engine_->started(now_));
    }
    void send(const wire::Bundle& bundle) {
        take(engine_->received(sealed(bundle), ring_of(), now_));
    }
    void tried(GuardFigures figures = {}) {
        ASSERT_NE(engine_->candidate(), nullptr);
        take(engine_->dry_run_done(engine_->candidate()->version, figures, now_));
    }
    void pass(std::int64_t s, GuardFigures figures = {}) {
        now_ = at_s(s_ += s, quality_);
        take(engine_->tick(now_, figures));
    }
    void clock(ClockQuality quality) { quality_ = quality, now_ = at_s(s_, quality_); }
    void roll_back(std::int64_t version) { take(engine_->roll_back(version, "command", now_)); }
    void healthy(std::int64_t version) { send(bundle_of(version)), tried(), pass(60); }

    [[nodiscard]] BundleEngine& engine() { return *engine_; }
    Words said() { return std::exchange(said_, {}); }
    bool asked_for_dry_run() { return std::exchange(dry_run_, false); }
    [[nodiscard]] std::string runs() const {
        const auto* const bundle = engine_->running();
        if (bundle == nullptr) return "own";
        return bundle->campaigns.empty() ? "nothing" : bundle->campaigns.front();
    }

private:
    void take(const BundleEffects& effects) {
        rows_.apply(effects.state);
        dry_run_ = dry_run_ || effects.dry_run;
        for (const BundleNote& note : effects.notes)
            said_.push_back(note.state + " " + std::to_string(note.version) +
                            (note.reason.empty() ? "" : " " + note.reason));
    }

    BundleSettings settings_;
    Rows rows_;
    std::optional<BundleEngine> engine_;
    std::int64_t s_ = 0;
    ClockQuality quality_ = ClockQuality::Ntp;
    Stamp now_ = at_s(0);
    Words said_;
    bool dry_run_ = false;
};

TEST(BundleEngine, TakesABundleThroughItsStates) {
    Shop shop;
    EXPECT_EQ(shop.runs(), "own");
    shop.send(bundle_of(1));
    EXPECT_EQ(shop.said(), (Words{"received 1", "verified 1"}));
    EXPECT_TRUE(shop.asked_for_dry_run());
    EXPECT_EQ(shop.runs(), "own");
    shop.tried();
    EXPECT_EQ(shop.said(), (Words{"dry_run 1", "active 1"}));
    EXPECT_EQ(shop.runs(), R"({"id":"c-1"})");
    shop.pass(59);
    EXPECT_TRUE(shop.engine().on_trial());
    shop.pass(1);
    EXPECT_EQ(shop.said(), Words{"healthy 1"});
    EXPECT_EQ(shop.engine().state(), "healthy");
}

TEST(BundleEngine, StaysQuietAboutABundleThatItHas) {
    Shop shop;
    shop.send(bundle_of(1));
    shop.said();
    shop.send(bundle_of(1));
    EXPECT_TRUE(shop.said().empty());
    shop.tried();
    shop.said();
    shop.send(bundle_of(1));
    EXPECT_TRUE(shop.said().empty());
}

TEST(BundleEngine, RollsBackAtTheThirdStartOfATrial) {
    Shop shop;
    shop.healthy(1);
    shop.send(bundle_of(2));
    shop.tried();
    shop.said();
    shop.start();
    shop.start();
    EXPECT_EQ(shop.runs(), R"({"id":"c-2"})");
    shop.start();
    EXPECT_EQ(shop.said(), Words{"rolled_back 2 crash_loop"});
    EXPECT_EQ(shop.runs(), R"({"id":"c-1"})");
}

TEST(BundleEngine, ARestartBeginsTheTrialsMinuteAgain) {
    Shop shop;
    shop.send(bundle_of(1));
    shop.tried();
    shop.pass(50);
    shop.start();
    shop.pass(50);
    EXPECT_TRUE(shop.engine().on_trial());
    shop.pass(10);
    EXPECT_FALSE(shop.engine().on_trial());
}

TEST(BundleEngine, StartsAfterTheTrialAreNotCounted) {
    Shop shop;
    shop.healthy(1);
    for (int i = 0; i < 5; ++i) shop.start();
    EXPECT_EQ(shop.runs(), R"({"id":"c-1"})");
}

TEST(BundleEngine, RollsBackToTheShopsOwnWhereNothingRanBefore) {
    Shop shop;
    shop.send(bundle_of(1));
    shop.tried();
    for (int i = 0; i < 3; ++i) shop.start();
    EXPECT_EQ(shop.runs(), "own");
    EXPECT_EQ(shop.engine().version(), 0);
}

TEST(BundleEngine, RollsBackWhatBreaksItsGuardOnTrial) {
    Shop shop;
    shop.healthy(1);
    shop.send(bundle_of(2));
    shop.tried();
    shop.said();
    shop.pass(10, {.baskets = 100, .sum = 1'000, .discount = 600});
    EXPECT_EQ(shop.said(), Words{"rolled_back 2 guard: discount_bp 6000 > 5000"});
    EXPECT_EQ(shop.runs(), R"({"id":"c-1"})");
}

TEST(BundleEngine, DoesNotTakeBackWhatItHasRolledBack) {
    Shop shop;
    shop.healthy(1);
    shop.send(bundle_of(2));
    shop.tried();
    shop.roll_back(2);
    shop.said();
    shop.send(bundle_of(2));
    EXPECT_EQ(shop.said(), Words{"refused 2 older"});
}

TEST(BundleEngine, TakesAnOlderContentUnderANewVersion) {
    Shop shop;
    shop.healthy(1);
    shop.healthy(2);
    shop.said();
    wire::Bundle back = bundle_of(1);
    back.version = 3;
    back.rollback_to = 1;
    shop.send(back);
    shop.tried();
    EXPECT_EQ(shop.runs(), R"({"id":"c-1"})");
    EXPECT_EQ(shop.engine().version(), 3);
}

TEST(BundleEngine, TheDryRunsFindingRefuses) {
    Shop shop;
    shop.healthy(1);
    shop.send(bundle_of(2));
    shop.said();
    shop.tried({.records = 100, .baskets = 100, .sum = 100'00, .discount = 99'00});
    EXPECT_EQ(shop.said(), (Words{"dry_run 2", "refused 2 guard"}));
    EXPECT_EQ(shop.runs(), R"({"id":"c-1"})");
    EXPECT_EQ(shop.engine().candidate(), nullptr);
}

// Else a bundle could allow itself what it wants to do.
TEST(BundleEngine, ABundleIsJudgedByTheGuardOfWhatRanBefore) {
    Shop shop;
    wire::Bundle loose = bundle_of(1);
    loose.settings["guard.max_discount_bp"] = 10'000;
    shop.send(loose);
    EXPECT_EQ(shop.engine().guard().max_discount_bp, 5'000);
    shop.tried();
    EXPECT_EQ(shop.engine().guard().max_discount_bp, 5'000);
    shop.pass(60);
    EXPECT_EQ(shop.engine().guard().max_discount_bp, 10'000);
}

TEST(BundleEngine, KeepsWhatComesTooEarlyUntilItsTime) {
    Shop shop;
    wire::Bundle early = bundle_of(1);
    early.not_before = kit::kNoon + seconds{100};
    shop.send(early);
    EXPECT_EQ(shop.said(), (Words{"received 1", "verified 1", "waiting 1 not_yet"}));
    shop.pass(99);
    EXPECT_FALSE(shop.asked_for_dry_run());
    shop.start();
    shop.pass(1);
    EXPECT_TRUE(shop.asked_for_dry_run());
}

TEST(BundleEngine, AWrongClockJudgesNoWindow) {
    Shop shop;
    shop.clock(ClockQuality::None);
    wire::Bundle windowed = bundle_of(1);
    windowed.expires = kit::kNoon - seconds{1};
    shop.send(windowed);
    EXPECT_EQ(shop.said(), (Words{"received 1", "verified 1", "waiting 1 clock"}));
    shop.clock(ClockQuality::Hq);
    shop.pass(1);
    EXPECT_EQ(shop.said(), Words{"refused 1 expired"});
}

TEST(BundleEngine, NothingOfABundleIsOfferedOnceItHasExpired) {
    Shop shop;
    wire::Bundle windowed = bundle_of(1);
    windowed.expires = kit::kNoon + seconds{100};
    shop.send(windowed);
    shop.tried();
    shop.pass(60);
    shop.clock(ClockQuality::None);
    shop.pass(100);
    EXPECT_EQ(shop.runs(), R"({"id":"c-1"})");
    shop.said();
    shop.clock(ClockQuality::Ntp);
    shop.pass(1);
    EXPECT_EQ(shop.said(), Words{"expired 1"});
    EXPECT_EQ(shop.runs(), "nothing");
    shop.start();
    EXPECT_EQ(shop.runs(), "nothing");
    shop.healthy(2);
    EXPECT_EQ(shop.runs(), R"({"id":"c-2"})");
}

TEST(BundleEngine, ABundleThatComesDuringATrialWaitsForItsEnd) {
    Shop shop;
    shop.send(bundle_of(1));
    shop.tried();
    (void)shop.asked_for_dry_run();
    shop.send(bundle_of(2));
    EXPECT_FALSE(shop.asked_for_dry_run());
    shop.pass(60);
    EXPECT_TRUE(shop.asked_for_dry_run());
    shop.tried();
    EXPECT_EQ(shop.engine().version(), 2);
}

TEST(BundleEngine, ANewerBundleTakesTheWaitingOnesPlace) {
    Shop shop;
    shop.send(bundle_of(1));
    shop.send(bundle_of(2));
    (void)shop.engine().dry_run_done(1, {}, at_s(1));
    EXPECT_EQ(shop.engine().version(), 0);
    shop.tried();
    EXPECT_EQ(shop.engine().version(), 2);
    shop.said();
    shop.send(bundle_of(1));
    EXPECT_EQ(shop.said(), Words{"refused 1 older"});
}

TEST(BundleEngine, ADryRunIsBegunAgainAfterARestart) {
    Shop shop;
    shop.send(bundle_of(1));
    (void)shop.asked_for_dry_run();
    shop.start();
    shop.pass(1);
    EXPECT_TRUE(shop.asked_for_dry_run());
}

TEST(BundleEngine, ACommandRollsBackOnlyTheVersionThatItNames) {
    Shop shop;
    shop.healthy(1);
    shop.healthy(2);
    shop.said();
    shop.roll_back(1);
    EXPECT_TRUE(shop.said().empty());
    shop.roll_back(2);
    EXPECT_EQ(shop.said(), Words{"rolled_back 2 command"});
    EXPECT_EQ(shop.runs(), R"({"id":"c-1"})");
    shop.roll_back(1);
    EXPECT_EQ(shop.runs(), "own");
}

TEST(BundleEngine, RowsThatCannotBeReadLeaveTheShopsOwn) {
    BundleEngine engine{{.store = StoreId{"s-0001"}, .agent = "0.1.0"},
                        [](const wire::Bundle&) { return std::vector<std::string>{}; }};
    const std::vector<StateChange> rows{{std::string{kBundleRoom}, "pointer", "{"}};
    EXPECT_FALSE(engine.restore(rows));
    EXPECT_EQ(engine.running(), nullptr);
    EXPECT_TRUE(engine.received(sealed(bundle_of(1)), ring_of(), at_s(0)).dry_run);
}

TEST(Guard, AShareExactlyOnTheRailIsAllowed) {
    const wire::GuardRails rails{.max_discount_bp = 1'000};
    EXPECT_FALSE(broken_guard(rails, {.baskets = 20, .sum = 1'000, .discount = 100}));
    EXPECT_TRUE(broken_guard(rails, {.baskets = 20, .sum = 1'000, .discount = 101}));
    EXPECT_TRUE(broken_guard(rails, {.baskets = 20, .sum = 100'001, .discount = 10'001}));
}

TEST(Guard, FewBasketsSayNothing) {
    const wire::GuardRails rails{.max_discount_bp = 1'000};
    EXPECT_FALSE(broken_guard(rails, {.baskets = 19, .sum = 1'000, .discount = 999}));
}

TEST(Guard, LooksAtFaultsOffersAndTime) {
    const wire::GuardRails rails{.max_offers_per_hour = 10, .max_decide_p99_us = 100};
    EXPECT_FALSE(broken_guard(rails, {.offers_per_hour = 10, .p99_us = 100}));
    EXPECT_TRUE(broken_guard(rails, {.faults = 1}));
    EXPECT_TRUE(broken_guard(rails, {.offers_per_hour = 11}));
    EXPECT_TRUE(broken_guard(rails, {.p99_us = 101}));
}

}  // namespace
}  // namespace aisle::uplink
