#include "sync/uplink/row_digests.hpp"

#include <gtest/gtest.h>

#include <cstdio>
#include <random>

namespace aisle::uplink {
namespace {

std::string pseudonym(std::uint64_t n) {
    char text[33];
    std::snprintf(text, sizeof text, "%016llx%016llx", static_cast<unsigned long long>(n * 977),
                  static_cast<unsigned long long>(n));
    return text;
}

TEST(RowDigests, AreWhatAMapWouldKeep) {
    std::mt19937_64 random{5};
    const std::vector<std::string> heads{"member|", "product|", ""};
    RowDigests digests;
    std::map<std::string, std::uint64_t> model;
    for (int step = 0; step < 5'000; ++step) {
        std::string key = heads[random() % heads.size()];
        key += random() % 3 ? pseudonym(random() % 60) : "SKU" + std::to_string(random() % 30);
        if (random() % 4 == 0) {
            EXPECT_EQ(digests.erase(key), model.erase(key) > 0);
        } else {
            digests.set(key, random());
            model[key] = *digests.find(key);
        }
        ASSERT_EQ(digests.size(), model.size());
    }
    std::vector<std::string> members;
    for (const auto& [key, digest] : model) {
        ASSERT_EQ(digests.find(key), digest);
        if (key.starts_with("member|")) members.push_back(key);
    }
    EXPECT_EQ(digests.keys("member|"), members);
    EXPECT_EQ(digests.keys().size(), model.size());
}

TEST(RowDigests, TellAKeyInUpperCaseFromOneInLower) {
    RowDigests digests;
    digests.set("member|" + pseudonym(171), 1);
    std::string upper = pseudonym(171);
    for (char& c : upper) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    EXPECT_FALSE(digests.find("member|" + upper));
    digests.set("member|" + upper, 2);
    EXPECT_EQ(digests.find("member|" + pseudonym(171)), 1U);
    EXPECT_EQ(digests.find("member|" + upper), 2U);
}

TEST(RowDigests, AreTheFirstSixteenDigits) {
    EXPECT_EQ(RowDigests::number("00000000000000ff"), 255U);
    EXPECT_EQ(RowDigests::number("00000000000000ffabc"), 255U);
    EXPECT_EQ(RowDigests::number(""), 0U);
}

}  // namespace
}  // namespace aisle::uplink
