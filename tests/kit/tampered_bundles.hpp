#pragma once

#include <gtest/gtest.h>

#include <array>
#include <string>
#include <vector>

#include "sync/wire/bundle.hpp"
#include "sync/wire/seal.hpp"
#include "tests/kit/builders.hpp"

// The table of bundles that must never run. Every row starts from one good bundle, version 7, for
// the shop s-0001 that runs version 5, believes hq-1 and no longer hq-0, at kNoon or within a day.
namespace aisle::kit {

inline wire::SigningKey hq_key(std::uint8_t seed = 1, std::string id = "hq-1") {
    std::array<std::uint8_t, 32> bytes{};
    bytes.fill(seed);
    return wire::signing_key(std::move(id), bytes);
}

using wire::Purpose;
using wire::Refused;

// The loader's own smallest: a whole agent takes it too.
inline constexpr std::string_view kOneCampaign =
    R"({"schema":1,"id":"c-1","trigger":{"type":"basket"},)"
    R"("action":{"type":"spend_tiers","tiers":[[10000,1000]]}})";

inline wire::Bundle good() {
    return {.version = 7,
            .not_before = kNoon - std::chrono::hours{1},
            .expires = kNoon + std::chrono::hours{24},
            .stores = {"s-0001"},
            .min_agent = "0.1.0",
            .campaigns = {std::string{kOneCampaign}},
            .settings = {{"guard.max_discount_bp", 3'000}}};
}

inline std::string sealed(const std::string& payload, const wire::SigningKey& key = hq_key(),
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
inline std::string patched(std::string_view from, std::string_view to) {
    std::string text = sealed(wire::to_json(good()));
    const auto at = text.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    return text.replace(at, from.size(), to);
}

inline std::string resealed(std::string_view from, std::string_view to) {
    std::string text = wire::to_json(good());
    const auto at = text.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    return sealed(text.replace(at, from.size(), to));
}

inline std::string without_header() { return wire::to_json(good()); }

inline std::string with_header_of_another_payload() {
    const std::string other = changed([](wire::Bundle& bundle) { bundle.version = 8; });
    const std::string own = sealed(wire::to_json(good()));
    return other.substr(0, other.find('\n')) + own.substr(own.find('\n'));
}

struct Tampered {
    const char* what;
    std::string message;
    Refused why;
};

inline std::vector<Tampered> on_the_seal() {
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

inline std::vector<Tampered> signed_and_wrong() {
    return {
        {"the version that runs, older", changed([](auto& b) { b.version = 4; }), Refused::Older},
        {"a rollback under an old version",
         changed([](auto& b) { b.version = 4, b.rollback_to = 3; }), Refused::Older},
        {"expired", changed([](auto& b) { b.expires = kNoon; }), Refused::Expired},
        {"for other shops", changed([](auto& b) {
             b.stores = {"s-0002", "s-0003"};
         }),
         Refused::WrongStore},
        {"for a newer agent", changed([](auto& b) { b.min_agent = "9.0.0"; }), Refused::MinAgent},
        {"no JSON", sealed("{"), Refused::Malformed},
        {"no object", sealed("[]"), Refused::Malformed},
        {"deeper than any bundle",
         resealed(kOneCampaign, R"({"id":)" + std::string(40, '[') + std::string(40, ']') + "}"),
         Refused::Malformed},
        {"a version that is a text", resealed("\"version\":7", "\"version\":\"7\""),
         Refused::Malformed},
        {"a negative version", resealed("\"version\":7", "\"version\":-7"), Refused::Malformed},
        {"no list of stores", resealed("\"stores\":[\"s-0001\"]", "\"stores\":[]"),
         Refused::Malformed},
        {"a field that nobody knows", resealed("\"version\":7", "\"version\":7,\"run\":\"sh\""),
         Refused::Malformed},
        {"a campaign that is none", resealed(kOneCampaign, "7"), Refused::Malformed},
        {"a rollback to the future", resealed("\"version\":7", "\"version\":7,\"rollback_to\":8"),
         Refused::Malformed},
        {"a setting that is not HQ's", resealed("guard.max_discount_bp", "http.port"),
         Refused::Settings},
        {"a guard beyond its bounds", resealed(":3000", ":30000"), Refused::Settings},
        {"campaigns with faults",
         changed([](auto& b) { b.campaigns.push_back(R"({"id":"faulty"})"); }), Refused::Campaigns},
    };
}

inline std::vector<Tampered> tampered_bundles() {
    auto all = on_the_seal();
    for (auto& one : signed_and_wrong()) all.push_back(std::move(one));
    return all;
}

}  // namespace aisle::kit
