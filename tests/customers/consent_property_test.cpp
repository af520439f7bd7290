#include <algorithm>
#include <random>

#include "shopping.hpp"

// The ledger of consents under whatever is said, in whatever order it arrives (row S9 of the
// security requirements): nothing agreed to is the beginning, and a withdrawal wins over every
// earlier grant.
namespace aisle::customers {
namespace {

constexpr int kStatements = 12;
constexpr int kDays = 6;  // few, so that statements of one instant meet
const std::vector<std::string> kPurposes{std::string{kConsentMarketing},
                                         std::string{kConsentLocation}};
const std::vector<MemberKey> kMembers{kAda, MemberKey{"00000000000000000000000000000eve"}};

std::vector<ConsentChange> draw(std::mt19937& random) {
    std::vector<ConsentChange> all;
    for (int i = 0; i < kStatements; ++i) {
        ConsentChange one = said(random() % 2 == 0, static_cast<int>(random() % kDays) + 1,
                                 kPurposes[random() % kPurposes.size()]);
        one.member = kMembers[random() % kMembers.size()];
        all.push_back(std::move(one));
    }
    return all;
}

// The rule itself, in the fewest words: the latest statement counts, and of one instant the
// withdrawal. Nothing said is no.
bool should_agree(const std::vector<ConsentChange>& all, const MemberKey& who,
                  const std::string& purpose) {
    WallTime latest{};
    bool agrees = false;
    for (const ConsentChange& one : all) {
        if (one.member != who || one.purpose != purpose) continue;
        if (one.at.wall < latest) continue;
        agrees = one.at.wall == latest ? agrees && one.granted : one.granted;
        latest = one.at.wall;
    }
    return agrees;
}

class ConsentLedger : public testing::TestWithParam<std::uint32_t> {};

TEST_P(ConsentLedger, DeniesByDefaultAndLetsTheLatestWordAndEveryWithdrawalWin) {
    std::mt19937 random{GetParam()};
    for (int life = 0; life < 50; ++life) {
        const auto all = draw(random);
        auto arriving = all;
        std::ranges::shuffle(arriving, random);
        Customers customers = fresh();
        std::vector<ConsentChange> heard;
        for (const ConsentChange& one : arriving) {
            customers.consent(one);
            heard.push_back(one);
            for (const MemberKey& who : kMembers) {
                for (const std::string& purpose : kPurposes)
                    ASSERT_EQ(customers.consents(who, purpose), should_agree(heard, who, purpose))
                        << "life " << life << ", after " << heard.size();
            }
        }
    }
}

// What the engine remembers is all there is: after each statement it may be started again.
TEST_P(ConsentLedger, IsTheSameAfterARestartAtAnyMoment) {
    std::mt19937 random{GetParam()};
    const auto all = draw(random);
    Customers customers = fresh();
    for (const ConsentChange& one : all) {
        customers.consent(one);
        Customers again = fresh();
        ASSERT_TRUE(again.restore(customers.rows()));
        for (const MemberKey& who : kMembers) {
            for (const std::string& purpose : kPurposes)
                ASSERT_EQ(again.consents(who, purpose), customers.consents(who, purpose));
        }
    }
}

INSTANTIATE_TEST_SUITE_P(Seeds, ConsentLedger, testing::Range<std::uint32_t>(1, 9));

}  // namespace
}  // namespace aisle::customers
