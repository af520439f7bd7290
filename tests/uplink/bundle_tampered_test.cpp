#include <gtest/gtest.h>

#include "sealed_kit.hpp"
#include "sync/uplink/bundle_engine.hpp"

// The table of bundles that must never run. Every row starts from one good bundle, version 7, for a
// shop that runs version 5.
namespace aisle::uplink {
namespace {

using wire::Purpose;
using wire::Refused;

wire::Bundle good() {
    return {.version = 7,
            .not_before = kit::kNoon - std::chrono::hours{1},
            .expires = kit::kNoon + std::chrono::hours{24},
            .stores = {"s-0001"},
            .min_agent = "0.1.0",
            .campaigns = {R"({"id":"c-1"})"},
            .settings = {{"guard.max_discount_bp", 3'000}}};
}

std::string sealed(const std::string& payload, const wire::SigningKey& key = hq_key(),
                   Purpose purpose = Purpose::Bundle) {
    return wire::seal(purpose, key, payload);
}

template <typename Change>
std::string changed(Change change) {
    wire::Bundle bundle = good();
    change(bundle);
    return sealed(wire::to_json(bundle));
}

// The payload's text is exchanged and the seal's header stays.
std::string patched(std::string_view from, std::string_view to) {
    std::string text = sealed(wire::to_json(good()));
    const auto at = text.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    return text.replace(at, from.size(), to);
}

std::string resealed(std::string_view from, std::string_view to) {
    std::string text = wire::to_json(good());
    const auto at = text.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    return sealed(text.replace(at, from.size(), to));
}

std::string without_header() { return wire::to_json(good()); }

std::string with_header_of_another_payload() {
    const std::string other = changed([](wire::Bundle& bundle) { bundle.version = 8; });
    const std::string own = sealed(wire::to_json(good()));
    return other.substr(0, other.find('\n')) + own.substr(own.find('\n'));
}

struct Tampered {
    const char* what;
    std::string message;
    Refused why;
};

std::vector<Tampered> on_the_seal() {
    const std::string text = sealed(wire::to_json(good()));
    std::string flipped = text;
    flipped[text.size() - 5] ^= 1;
    return {
        {"nothing at all", "", Refused::Malformed},
        {"no seal", without_header(), Refused::Malformed},
        {"a seal without payload's line", text.substr(0, text.find('\n')), Refused::Malformed},
        {"a seal over no payload", text.substr(0, text.find('\n') + 1), Refused::Tampered},
        {"one bit of the payload", flipped, Refused::Tampered},
        {"a byte more", text + " ", Refused::Tampered},
        {"a byte less", text.substr(0, text.size() - 1), Refused::Tampered},
        {"another version", patched("\"version\":7", "\"version\":9"), Refused::Tampered},
        {"another store", patched("s-0001", "s-0002"), Refused::Tampered},
        {"a later end", patched("\"expires\":\"2026", "\"expires\":\"2027"), Refused::Tampered},
        {"a blank between tokens", patched("\"version\":7", "\"version\": 7"), Refused::Tampered},
        {"the seal of another bundle", with_header_of_another_payload(), Refused::Tampered},
        {"a key that nobody knows", sealed(wire::to_json(good()), hq_key(2, "hq-2")),
         Refused::UnknownKey},
        {"another's key under a known id", sealed(wire::to_json(good()), hq_key(2, "hq-1")),
         Refused::Tampered},
        {"a revoked key", sealed(wire::to_json(good()), hq_key(3, "hq-0")), Refused::RevokedKey},
        {"the key's name exchanged", patched("hq-1", "hq-2"), Refused::UnknownKey},
        {"sealed as a command", sealed(wire::to_json(good()), hq_key(), Purpose::Command),
         Refused::WrongPurpose},
        {"a command called a bundle",
         [] {
             std::string command = sealed(wire::to_json(good()), hq_key(), Purpose::Command);
             return command.replace(command.find("command"), 7, "bundle");
         }(),
         Refused::Tampered},
        {"a signature that is too short", patched("\"sig\":\"", "\"sig\":\"A"), Refused::Malformed},
        {"a seal of another form", patched("\"aisle_seal\":1", "\"aisle_seal\":2"),
         Refused::Malformed},
        {"longer than a megabyte", sealed(wire::to_json(good())) + std::string(1'100'000, ' '),
         Refused::Oversized},
        {"a bomb", wire::compress_sealed(std::string(100'000'000, ' ')), Refused::Oversized},
        {"half a frame", wire::compress_sealed(text).substr(0, 60), Refused::Malformed},
    };
}

std::vector<Tampered> signed_and_wrong() {
    return {
        {"the version that runs, older", changed([](auto& b) { b.version = 4; }), Refused::Older},
        {"a rollback under an old version",
         changed([](auto& b) { b.version = 4, b.rollback_to = 3; }), Refused::Older},
        {"expired", changed([](auto& b) { b.expires = kit::kNoon; }), Refused::Expired},
        {"for other shops", changed([](auto& b) {
             b.stores = {"s-0002", "s-0003"};
         }),
         Refused::WrongStore},
        {"for a newer agent", changed([](auto& b) { b.min_agent = "9.0.0"; }), Refused::MinAgent},
        {"no JSON", sealed("{"), Refused::Malformed},
        {"no object", sealed("[]"), Refused::Malformed},
        {"deeper than any bundle",
         resealed(R"({"id":"c-1"})",
                  R"({"id":)" + std::string(40, '[') + std::string(40, ']') + "}"),
         Refused::Malformed},
        {"a version that is a text", resealed("\"version\":7", "\"version\":\"7\""),
         Refused::Malformed},
        {"a negative version", resealed("\"version\":7", "\"version\":-7"), Refused::Malformed},
        {"no list of stores", resealed("\"stores\":[\"s-0001\"]", "\"stores\":[]"),
         Refused::Malformed},
        {"a field that nobody knows", resealed("\"version\":7", "\"version\":7,\"run\":\"sh\""),
         Refused::Malformed},
        {"a campaign that is none", resealed(R"({"id":"c-1"})", "7"), Refused::Malformed},
        {"a rollback to the future", resealed("\"version\":7", "\"version\":7,\"rollback_to\":8"),
         Refused::Malformed},
        {"a setting that is not HQ's", resealed("guard.max_discount_bp", "http.port"),
         Refused::Settings},
        {"a guard beyond its bounds", resealed(":3000", ":30000"), Refused::Settings},
        {"campaigns with faults",
         changed([](auto& b) { b.campaigns.push_back(R"({"id":"faulty"})"); }), Refused::Campaigns},
    };
}

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

INSTANTIATE_TEST_SUITE_P(Seal, TamperedBundle, testing::ValuesIn(on_the_seal()));
INSTANTIATE_TEST_SUITE_P(Signed, TamperedBundle, testing::ValuesIn(signed_and_wrong()));

TEST(TamperedBundles, AreAtLeastThirtyAndTheGoodOneIsTaken) {
    EXPECT_GE(on_the_seal().size() + signed_and_wrong().size(), 30U);
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
