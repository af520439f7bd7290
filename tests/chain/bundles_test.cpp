#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <set>

#include "agent/records/downlink_records.hpp"
#include "chain.hpp"
#include "tests/kit/tampered_bundles.hpp"

// Bundles between a real HQ and whole agents.
namespace aisle::chain {
namespace {

using std::chrono::duration;

// "active 3", "refused 0 tampered", ...
std::vector<std::string> states_of(const std::vector<std::string>& bodies) {
    std::vector<std::string> words;
    for (const std::string& body : bodies) {
        const auto state = records::bundle_state_from_json(body);
        words.push_back(state->state + " " + std::to_string(state->version) +
                        (state->reason.empty() ? "" : " " + state->reason));
    }
    return words;
}

bool contains(const std::vector<std::string>& words, const std::string& word) {
    return std::ranges::find(words, word) != words.end();
}

std::int64_t running(Chain& chain, const std::string& store = "s-0001") {
    const auto status = json_of(chain.shop(store, "GET /api/v1/status"));
    return status.at("bundle").at("version").as_int64();
}

std::string state_of(Chain& chain, std::int64_t version) {
    const auto shown = chain.hq_json("GET /api/v1/bundles/" + std::to_string(version));
    return std::string{shown.at("state").as_string()};
}

// The shop believes the tests' key hq-1 and no longer hq-0, and runs version 5.
struct TamperedChain : Chain {
    TamperedChain() {
        Device& shop = device("s-0001");
        shop.kill();
        const std::string trusted = shop.data_dir() + "/keys/hq/";
        for (const auto& one : {kit::hq_key(), kit::hq_key(3, "hq-0")})
            std::ofstream{trusted + one.id + ".pub"} << wire::to_hex(one.public_key()) << "\n";
        shop.start();
        pass(seconds{30});
        const Stamp now = kit::at();
        whisper("s-0001", wire::Channel::DownCommand,
                wire::seal(wire::Purpose::Command, kit::hq_key(),
                           wire::to_json(wire::Command{.id = "revoke",
                                                       .store = StoreId{"s-0001"},
                                                       .issued = now.wall,
                                                       .expires = now.wall + std::chrono::hours{1},
                                                       .args = wire::KeyRevokeArgs{"hq-0"}})));
        wire::Bundle five = kit::good();
        five.version = 5;
        five.settings.clear();
        whisper("s-0001", wire::Channel::DownBundle, kit::sealed(wire::to_json(five)));
        pass(seconds{70});
    }
};

TEST(AWholeAgent, RefusesEveryTamperedBundleOfTheTable) {
    TamperedChain chain;
    ASSERT_EQ(running(chain), 5);
    const auto table = kit::tampered_bundles();
    ASSERT_GE(table.size(), 30U);
    std::set<std::string> reasons;
    int refused = 0;
    for (const kit::Tampered& one : table) {
        const auto& counter = [&]() -> runtime::Counter& {
            return chain.device("s-0001").metrics().counter(
                "aisle_downlink_refused_total", "What came from HQ and was not taken",
                {{"reason", std::string{wire::to_text(one.why)}}});
        };
        const double before = counter().value();
        chain.whisper("s-0001", wire::Channel::DownBundle, one.message);
        EXPECT_EQ(counter().value(), before + 1) << one.what;
        EXPECT_EQ(running(chain), 5) << one.what;
        refused += counter().value() > before ? 1 : 0;
        reasons.insert(std::string{wire::to_text(one.why)});
    }
    chain.pass(seconds{10});
    const auto told = states_of(chain.at_hq("bundle_state"));
    for (const auto& reason : reasons)
        EXPECT_TRUE(std::ranges::any_of(told, [&](const std::string& word) {
            return word.starts_with("refused ") && word.ends_with(" " + reason);
        })) << reason;
    chain.whisper("s-0001", wire::Channel::DownBundle, kit::sealed(wire::to_json(kit::good())));
    EXPECT_TRUE(chain.until([&] { return running(chain) == 7; }));
    std::printf(
        "[ figures  ] %d of %zu tampered bundles refused by a whole agent, with %zu "
        "reasons, each of them told to HQ; the good one is taken\n",
        refused, table.size(), reasons.size());
}

// One record of health a minute: how long the way to HQ takes shows the linger.
double health_way_s(Chain& chain) {
    const auto written_there = [&] { return chain.device("s-0001").journal("health").size(); };
    const auto before = written_there();
    EXPECT_TRUE(chain.until([&] { return written_there() > before; }));
    const MonoTime written = chain.timeline.now();
    EXPECT_TRUE(chain.until([&] { return chain.at_hq("health").size() > before; }));
    return duration<double>(chain.timeline.now() - written).count();
}

// Usually it is a minute, which is also when the next record comes.
bool lingers_for_20_s(Chain& chain) {
    const double way_s = health_way_s(chain);
    return way_s > 18 && way_s < 22;
}

TEST(SettingsOfABundle, HoldWhileItRunsAndNoLonger) {
    Chain chain;
    chain.pass(minutes{3});
    EXPECT_FALSE(lingers_for_20_s(chain));
    chain.roll_out({.version = 1, .settings = {{"linger.health_ms", 20'000}}});
    ASSERT_TRUE(
        chain.until([&] { return state_of(chain, 1) != "rolling" || running(chain) == 1; }));
    chain.pass(minutes{2});
    EXPECT_TRUE(lingers_for_20_s(chain));

    EXPECT_EQ(chain.shop("s-0001", "POST /api/v1/bundles:rollback", "", true).status, 200);
    chain.pass(minutes{2});
    EXPECT_EQ(running(chain), 0);
    EXPECT_FALSE(lingers_for_20_s(chain));
}

TEST(SettingsOfABundle, HoldAfterARestartToo) {
    Chain chain;
    chain.roll_out({.version = 1, .settings = {{"linger.health_ms", 20'000}}});
    ASSERT_TRUE(chain.until([&] { return running(chain) == 1; }));
    chain.pass(minutes{3});
    chain.device("s-0001").kill();
    chain.device("s-0001").start();
    chain.pass(minutes{2});
    EXPECT_EQ(running(chain), 1);
    EXPECT_TRUE(lingers_for_20_s(chain));
}

int ask_baskets(Chain& chain, int from, int n) {
    int offered = 0;
    for (int i = from; i < from + n; ++i) {
        const std::string body =
            R"({"basket":"b-)" + std::to_string(i) +
            R"(","till":"1","lines":[{"n":1,"sku":"A","qty_milli":1000,"gross":15000}]})";
        const auto answer = json_of(chain.shop("s-0001", "POST /api/v1/baskets:decide", body));
        offered += answer.at("offers").as_array().empty() ? 0 : 1;
    }
    return offered;
}

// Signed, dry-run without a fault and past its trial of a minute: only what shops do under it shows
// that it is a bad one.
TEST(TheGuardOfARollout, HaltsOnHealthRecordsAndTakesTheBundleBack) {
    Chain chain{{.stores = {"s-0001", "s-0002"}, .campaigns = {basket_campaign("c", 1'000)}}};
    EXPECT_EQ(ask_baskets(chain, 0, 60), 60);
    chain.pass(minutes{3});
    auto dear = basket_campaign("c", 1'000);
    dear.replace(dear.find("10000"), 5, "90000");
    chain.roll_out({.version = 1, .campaigns = {dear}},
                   {{"canaries", "s-0001"}, {"soak_s", "3600"}, {"roll_back", "true"}});
    ASSERT_TRUE(chain.until([&] { return running(chain) == 1; }));
    chain.pass(seconds{70});
    const MonoTime healthy = chain.timeline.now();
    EXPECT_TRUE(contains(states_of(chain.at_hq("bundle_state")), "healthy 1"));
    EXPECT_EQ(ask_baskets(chain, 100, 60), 0);
    ASSERT_TRUE(chain.until([&] { return state_of(chain, 1) == "halted"; }));
    const auto halted = duration<double>(chain.timeline.now() - healthy).count();
    ASSERT_TRUE(chain.until([&] { return running(chain) == 0; }));
    const auto back = duration<double>(chain.timeline.now() - healthy).count();
    const auto shown = chain.hq("GET /api/v1/bundles/1").body;
    EXPECT_NE(shown.find("withheld permille risen by"), std::string::npos) << shown;
    EXPECT_EQ(running(chain, "s-0002"), 0);
    EXPECT_EQ(ask_baskets(chain, 200, 10), 10);
    std::printf("[ figures  ] withheld offers: halted %.1f s, taken back %.1f s after they began\n",
                halted, back);
}

// Each bundle is on trial for a minute of running; the third start within it takes it back, and so
// does a guard rail that is broken in the trial.
TEST(ABundleOnTrial, IsTakenBackWithinNinetySecondsWhenTheProgramCrashes) {
    Chain chain{{.campaigns = {basket_campaign("own", 500)}}};
    chain.roll_out({.version = 1, .campaigns = {basket_campaign("c", 1'000)}});
    ASSERT_TRUE(chain.until([&] { return running(chain) == 1; }));
    const MonoTime switched = chain.timeline.now();
    double back = 0;
    for (int crash = 1; crash <= 4 && back == 0; ++crash) {
        chain.pass(seconds{15});  // a service manager's patience, and the time until it falls
        chain.device("s-0001").kill();
        chain.pass(seconds{2});
        chain.device("s-0001").start();
        if (running(chain) == 0) back = duration<double>(chain.timeline.now() - switched).count();
    }
    EXPECT_GT(back, 0);
    EXPECT_LT(back, 90);
    chain.pass(seconds{20});
    EXPECT_TRUE(contains(states_of(chain.at_hq("bundle_state")), "rolled_back 1 crash_loop"));
    EXPECT_EQ(state_of(chain, 1), "halted");
    std::printf("[ figures  ] crash loop: rolled back %.1f s after the switch\n", back);
}

TEST(ABundleOnTrial, IsTakenBackWithinNinetySecondsWhenItBreaksAGuardRail) {
    Chain chain;
    // The dry run has no sales to look at; the day's do not fit the rail.
    chain.roll_out({.version = 1, .settings = {{"guard.max_offers_per_hour", 20}}});
    ASSERT_TRUE(chain.until([&] { return running(chain) == 1; }));
    chain.pass(seconds{70});
    chain.roll_out({.version = 2, .campaigns = {basket_campaign("c", 1'000)}});
    ASSERT_TRUE(chain.until([&] { return running(chain) == 2; }));
    const MonoTime switched = chain.timeline.now();
    EXPECT_GT(ask_baskets(chain, 0, 25), 20);
    ASSERT_TRUE(chain.until([&] { return running(chain) == 1; }));
    const double back = duration<double>(chain.timeline.now() - switched).count();
    EXPECT_LT(back, 90);
    chain.pass(seconds{20});
    const auto told = states_of(chain.at_hq("bundle_state"));
    EXPECT_TRUE(std::ranges::any_of(told, [](const std::string& word) {
        return word.starts_with("rolled_back 2 guard: offers_per_hour");
    }));
    std::printf("[ figures  ] guard rail: rolled back %.1f s after the switch\n", back);
}

}  // namespace
}  // namespace aisle::chain
