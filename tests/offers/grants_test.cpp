#include "agent/offers/grants.hpp"

#include <gtest/gtest.h>

#include <map>
#include <random>

#include "tests/kit/builders.hpp"

namespace aisle::offers {
namespace {

std::string pseudonym(std::uint64_t n) {
    std::string text(32, '0');
    for (std::size_t i = 0; i < 16; ++i, n >>= 4) text[31 - i] = "0123456789abcdef"[n & 15];
    return text;
}

Grant grant_of(std::uint64_t n) {
    Grant grant{.campaign = CampaignId{"c-" + std::to_string(n % 7)},
                .offer = OfferId{n % 3 == 0 ? "offer-" + std::to_string(n) : pseudonym(n * 977)},
                .at = kit::at(seconds{static_cast<std::int64_t>(n)}),
                .keep = milliseconds{static_cast<std::int64_t>(n % 5) * 3'600'000},
                .ghost = n % 2 == 0,
                .message = "m-" + std::to_string(n % 11)};
    grant.at.boot = static_cast<std::int64_t>(n % 4);
    grant.at.quality = n % 2 ? ClockQuality::Ntp : ClockQuality::None;
    return grant;
}

bool same(const Grant& a, const Grant& b) {
    return a.campaign == b.campaign && a.offer == b.offer && a.at.boot == b.at.boot &&
           a.at.mono == b.at.mono && a.at.wall == b.at.wall && a.at.quality == b.at.quality &&
           a.keep == b.keep && a.ghost == b.ghost && a.message == b.message;
}

void expect_same(const Grants& grants, const std::string& subject, const std::vector<Grant>& all) {
    const auto* const found = grants.find(subject);
    ASSERT_EQ(found != nullptr, !all.empty()) << subject;
    if (!found) return;
    ASSERT_EQ(found->size(), all.size()) << subject;
    for (std::size_t i = 0; i < all.size(); ++i) EXPECT_TRUE(same((*found)[i], all[i])) << i;
}

TEST(Grants, KeepAllThatIsSaidOfThem) {
    Grants grants;
    const std::vector<Grant> all{grant_of(1), grant_of(2), grant_of(3), grant_of(600)};
    grants.put(pseudonym(5), all);
    grants.put("basket|b-1", {grant_of(9)});
    expect_same(grants, pseudonym(5), all);
    expect_same(grants, "basket|b-1", {grant_of(9)});
    EXPECT_EQ(grants.size(), 2U);
}

TEST(Grants, OfSomebodyUnknownAreNoneUntilSomeAreGiven) {
    Grants grants;
    EXPECT_EQ(grants.find(pseudonym(1)), nullptr);
    EXPECT_EQ(grants.find(pseudonym(1)), nullptr);
    grants.put(pseudonym(1), {grant_of(1)});
    expect_same(grants, pseudonym(1), {grant_of(1)});
    expect_same(grants, pseudonym(1), {grant_of(1)});
    EXPECT_TRUE(grants.erase(pseudonym(1)));
    EXPECT_EQ(grants.find(pseudonym(1)), nullptr);
}

TEST(Grants, AreWhatAMapWouldKeepOverAHundredThousandRandomSteps) {
    std::mt19937_64 random{1};
    Grants grants;
    std::map<std::string, std::vector<Grant>> model;
    for (std::uint64_t step = 0; step < 100'000; ++step) {
        const auto n = random() % 300;
        const std::string subject = n % 5 == 0 ? "trolley " + std::to_string(n) : pseudonym(n);
        if (random() % 4 == 0) {
            EXPECT_EQ(grants.erase(subject), model.erase(subject) > 0);
        } else {
            auto all = model[subject];
            all.push_back(grant_of(step));
            if (all.size() > 6 || random() % 50 == 0) all.clear();
            grants.put(subject, all);
            if (all.empty())
                model.erase(subject);
            else
                model[subject] = all;
        }
        const auto seen = model.find(subject);
        expect_same(grants, subject, seen == model.end() ? std::vector<Grant>{} : seen->second);
    }
    ASSERT_EQ(grants.size(), model.size());
    std::vector<std::string> names;
    for (const auto& [subject, all] : model) names.push_back(subject);
    EXPECT_EQ(grants.subjects(), names);
    for (const auto& [subject, all] : model) expect_same(grants, subject, all);
}

TEST(Grants, AreSweptInTurnsAndKeepWhatIsLeft) {
    Grants grants;
    for (std::uint64_t n = 0; n < 100; ++n)
        grants.put(pseudonym(n), {grant_of(n), grant_of(n + 1)});
    std::map<std::string, int> seen;
    for (int turn = 0; turn < 10; ++turn)
        grants.sweep(10, [&](const std::string& subject, std::vector<Grant>& all) {
            ++seen[subject];
            all.erase(all.begin());
            return true;
        });
    EXPECT_EQ(seen.size(), 100U);
    for (std::uint64_t n = 0; n < 100; ++n) expect_same(grants, pseudonym(n), {grant_of(n + 1)});
    grants.sweep(100,
                 [](const std::string&, std::vector<Grant>& all) { return all.clear(), true; });
    EXPECT_EQ(grants.size(), 0U);
    EXPECT_TRUE(grants.subjects().empty());
}

}  // namespace
}  // namespace aisle::offers
