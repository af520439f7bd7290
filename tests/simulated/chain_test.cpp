// The chain that the simulated shop belongs to, its reference files, and the numbers under it.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>
#include <sstream>

#include "drivers/simulated/chain.hpp"
#include "drivers/simulated/noise.hpp"

namespace aisle::simulated {
namespace {

std::vector<std::string> lines_of(const std::string& text) {
    std::vector<std::string> lines;
    std::istringstream stream{text};
    for (std::string line; std::getline(stream, line);) lines.push_back(line);
    return lines;
}

std::map<std::string, std::string> reference(std::uint64_t seed) {
    std::map<std::string, std::string> files;
    for (const ReferenceFile& file :
         reference_files(make_chain(seed), "2026-05-23T00:00:00.000Z")) {
        files[file.name] = file.bytes;
    }
    return files;
}

// The published vector for SplitMix64 seeded with 1 (Java's SplittableRandom).
TEST(Noise, IsSplitMix64) {
    Noise noise{0};
    EXPECT_EQ(noise.next(), 0x910a2dec89025cc1U);
}

TEST(Noise, IsTheSameForTheSameSeedAndStream) {
    Noise one{7, 3};
    Noise same{7, 3};
    for (int i = 0; i < 100; ++i) EXPECT_EQ(one.next(), same.next());
}

TEST(Noise, DiffersBySeedAndByStream) {
    std::set<std::uint64_t> firsts;
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
        for (std::uint64_t stream = 0; stream < 20; ++stream) {
            firsts.insert(Noise{seed, stream}.next());
        }
    }
    EXPECT_EQ(firsts.size(), 400U);
}

TEST(Noise, StaysWithinItsBoundsAndReachesThem) {
    Noise noise{5};
    std::set<std::int64_t> below;
    std::set<std::int64_t> between;
    for (int i = 0; i < 1'000; ++i) {
        below.insert(noise.below(6));
        between.insert(noise.between(-2, 3));
    }
    EXPECT_EQ(below, (std::set<std::int64_t>{0, 1, 2, 3, 4, 5}));
    EXPECT_EQ(between, (std::set<std::int64_t>{-2, -1, 0, 1, 2, 3}));
    EXPECT_EQ(noise.below(1), 0);
    EXPECT_EQ(noise.between(4, 4), 4);
}

TEST(Noise, TakesChancesAsOftenAsItSays) {
    Noise noise{6};
    int never = 0;
    int always = 0;
    int quarter = 0;
    for (int i = 0; i < 10'000; ++i) {
        never += noise.chance(0) ? 1 : 0;
        always += noise.chance(1000) ? 1 : 0;
        quarter += noise.chance(250) ? 1 : 0;
    }
    EXPECT_EQ(never, 0);
    EXPECT_EQ(always, 10'000);
    EXPECT_NEAR(quarter, 2'500, 150);
}

TEST(Chain, SellsProductsWithRightCheckDigits) {
    for (const Product& product : make_chain(1).products) {
        ASSERT_EQ(product.gtin.size(), 13U);
        int sum = 0;
        for (std::size_t i = 0; i < 13; ++i) {
            sum += (product.gtin[i] - '0') * (i % 2 == 0 ? 1 : 3);
        }
        EXPECT_EQ(sum % 10, 0) << product.gtin;
    }
}

TEST(Chain, NamesNothingTwice) {
    const Chain chain = make_chain(1);
    std::set<std::string> names;
    std::size_t all = 0;
    const auto name = [&](const std::string& text) { names.insert(text), ++all; };
    for (const Product& product : chain.products) name(product.sku), name(product.gtin);
    for (const Member& member : chain.members) name(member.id);
    for (const auto* tags : {&chain.trolleys, &chain.member_tags}) {
        for (const Tag& tag : *tags) name(tag.id), name(tag.mac), name(tag.label);
    }
    EXPECT_EQ(names.size(), all);
}

TEST(Chain, PutsEveryProductIntoAZoneOfTheWalkButNotAtTheTills) {
    const Chain chain = make_chain(1);
    for (const Product& product : chain.products) {
        EXPECT_EQ(std::ranges::count(chain.zones, product.zone), 1) << product.sku;
        EXPECT_NE(product.zone, chain.zones.back());
    }
}

TEST(Chain, HasSomethingToSellInEveryZoneButTheTills) {
    const Chain chain = make_chain(1);
    for (std::size_t i = 0; i + 1 < chain.zones.size(); ++i) {
        EXPECT_GT(std::ranges::count(chain.products, chain.zones[i], &Product::zone), 0);
    }
}

TEST(Chain, EarnsOnEveryProduct) {
    for (const Product& product : make_chain(1).products) {
        EXPECT_GT(product.cost, Money{});
        EXPECT_LT(product.cost, product.price);
    }
}

TEST(Chain, GivesCardTagsToMembersAndTrolleysToNobody) {
    const Chain chain = make_chain(1);
    std::set<int> bearers;
    for (const Tag& tag : chain.member_tags) {
        EXPECT_EQ(tag.bearer, "member");
        ASSERT_LT(tag.member, std::ssize(chain.members));
        bearers.insert(tag.member);
    }
    EXPECT_EQ(bearers.size(), chain.member_tags.size());
    for (const Tag& tag : chain.trolleys) {
        EXPECT_EQ(tag.bearer, "trolley");
        EXPECT_EQ(tag.member, -1);
    }
}

TEST(Chain, IsTheSameForEverySeedButForWhoAgreedToWhat) {
    const auto one = reference(1);
    const auto other = reference(2);
    EXPECT_EQ(one.at("products.jsonl"), other.at("products.jsonl"));
    EXPECT_EQ(one.at("tags.jsonl"), other.at("tags.jsonl"));
    EXPECT_EQ(one.at("facts.jsonl"), other.at("facts.jsonl"));
    EXPECT_NE(one.at("members.jsonl"), other.at("members.jsonl"));
    EXPECT_TRUE(std::ranges::equal(make_chain(1).members, make_chain(2).members, {}, &Member::id,
                                   &Member::id));
}

TEST(ReferenceFiles, AreTheFourOfTheDirectory) {
    std::set<std::string> names;
    for (const auto& [name, bytes] : reference(1)) {
        names.insert(name);
        EXPECT_TRUE(bytes.ends_with("}\n")) << name;
    }
    EXPECT_EQ(names, (std::set<std::string>{"facts.jsonl", "members.jsonl", "products.jsonl",
                                            "tags.jsonl"}));
}

TEST(ReferenceFiles, HaveALineForEverything) {
    const Chain chain = make_chain(1);
    const auto files = reference(1);
    EXPECT_EQ(lines_of(files.at("members.jsonl")).size(), chain.members.size());
    EXPECT_EQ(lines_of(files.at("products.jsonl")).size(), chain.products.size());
    EXPECT_EQ(lines_of(files.at("tags.jsonl")).size(),
              chain.trolleys.size() + chain.member_tags.size());
    EXPECT_EQ(lines_of(files.at("facts.jsonl")).size(), 1 + chain.products.size());
}

TEST(ReferenceFiles, GrantWhatAMemberAgreedToAndNothingElse) {
    const Chain chain = make_chain(3);
    const auto lines = lines_of(reference(3).at("members.jsonl"));
    for (std::size_t i = 0; i < chain.members.size(); ++i) {
        const auto grants = [&](const char* purpose) {
            return lines[i].find(std::string{"\""} + purpose + "\":{\"at\":") != std::string::npos;
        };
        EXPECT_EQ(grants("marketing.personal"), chain.members[i].wants_offers) << lines[i];
        EXPECT_EQ(grants("location.link"), chain.members[i].links_tag) << lines[i];
    }
}

TEST(ReferenceFiles, TieATagToItsMemberAlone) {
    const auto lines = lines_of(reference(1).at("tags.jsonl"));
    EXPECT_EQ(lines.front(), std::string{"{\"tag\":\""} + kTagUuid +
                                 "/1/1\",\"is\":\"trolley\",\"label\":\"trolley 1\"}");
    EXPECT_NE(lines.back().find("\"member\":\"6200"), std::string::npos);
}

}  // namespace
}  // namespace aisle::simulated
