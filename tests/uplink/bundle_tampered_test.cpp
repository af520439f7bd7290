#include <gtest/gtest.h>

#include "sealed_kit.hpp"
#include "sync/uplink/bundle_engine.hpp"

// The table of bundles that must never run, before the engine alone; tests/chain has them before a
// whole agent.
namespace aisle::uplink {
namespace {

using kit::good;
using kit::patched;
using kit::sealed;
using kit::Tampered;
using kit::tampered_bundles;

CampaignFaults faults_of_some() {
    return [](const wire::Bundle& bundle) {
        std::vector<std::string> faults;
        for (const std::string& one : bundle.campaigns)
            if (one.find("faulty") != std::string::npos) faults.push_back("line 1: faulty");
        return faults;
    };
}

wire::Keyring ring() {
    wire::Keyring keys = ring_of();
    EXPECT_TRUE(keys.revoke("hq-0"));
    return keys;
}

// Runs version 5 from before the table starts.
BundleEngine running_five(Rows& rows) {
    BundleEngine engine{{.store = StoreId{"s-0001"}, .agent = "0.1.0"}, faults_of_some()};
    wire::Bundle five = good();
    five.version = 5;
    five.settings.clear();
    rows.apply(engine.received(sealed(wire::to_json(five)), ring(), at_s(0)).state);
    rows.apply(engine.dry_run_done(5, {}, at_s(0)).state);
    EXPECT_EQ(engine.version(), 5);
    return engine;
}

class TamperedBundle : public testing::TestWithParam<Tampered> {};

TEST_P(TamperedBundle, IsRefusedWithItsReasonAndChangesNothing) {
    Rows rows;
    BundleEngine engine = running_five(rows);
    const BundleEffects effects = engine.received(GetParam().message, ring(), at_s(1));
    ASSERT_TRUE(effects.refused) << GetParam().what;
    EXPECT_EQ(wire::to_text(effects.refused->why), wire::to_text(GetParam().why))
        << GetParam().what << ": " << effects.refused->detail;
    EXPECT_TRUE(effects.state.empty());
    EXPECT_FALSE(effects.load || effects.dry_run);
    ASSERT_EQ(effects.notes.size(), 1U);
    EXPECT_EQ(effects.notes[0].state, "refused");
    EXPECT_EQ(effects.notes[0].reason, wire::to_text(GetParam().why));
    EXPECT_EQ(engine.version(), 5);
    EXPECT_EQ(engine.candidate(), nullptr);
}

INSTANTIATE_TEST_SUITE_P(Table, TamperedBundle, testing::ValuesIn(tampered_bundles()));

TEST(TamperedBundles, AreAtLeastThirtyAndTheGoodOneIsTaken) {
    EXPECT_GE(tampered_bundles().size(), 30U);
    Rows rows;
    BundleEngine engine = running_five(rows);
    rows.apply(engine.tick(at_s(60), {}).state);
    const BundleEffects effects = engine.received(sealed(wire::to_json(good())), ring(), at_s(61));
    EXPECT_FALSE(effects.refused);
    EXPECT_TRUE(effects.dry_run);
    EXPECT_EQ(engine.candidate()->version, 7);
}

// A broker that repeats rubbish must not fill the ledger.
TEST(TamperedBundles, AreToldOnceAnHour) {
    Rows rows;
    BundleEngine engine = running_five(rows);
    const std::string bad = patched("s-0001", "s-0002");
    std::size_t told = 0;
    for (int i = 0; i < 3'600; ++i) told += engine.received(bad, ring(), at_s(i)).notes.size();
    EXPECT_EQ(told, 1U);
    EXPECT_EQ(engine.received(bad, ring(), at_s(3'601)).notes.size(), 1U);
}

}  // namespace
}  // namespace aisle::uplink
