#include "agent/offers/why_not.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>

namespace aisle::offers {
namespace {

TEST(WhyNot, HasASentenceForEveryReasonInEveryLanguage) {
    for (const std::string_view language : why_not_languages()) {
        for (std::size_t i = 0; i < kReasons; ++i) {
            const std::string_view words = why_not(static_cast<Reason>(i), language);
            EXPECT_GE(words.size(), 20U) << language << " " << to_text(static_cast<Reason>(i));
            EXPECT_TRUE(words.ends_with(language == "en" ? "." : "。")) << words;
        }
    }
}

TEST(WhyNot, AnswersInEnglishWhereItHasNoWords) {
    EXPECT_EQ(why_not(Reason::Cooldown, "fr"), why_not(Reason::Cooldown, "en"));
    EXPECT_EQ(why_not(Reason::Cooldown, "zh"), why_not(Reason::Cooldown, "zh-CN"));
    EXPECT_NE(why_not(Reason::Cooldown, "zh"), why_not(Reason::Cooldown, "en"));
}

// Neither a person nor a figure: no digits, no score, nobody else's offer.
TEST(WhyNot, NamesNobodyAndNoScore) {
    for (std::size_t i = 0; i < kReasons; ++i) {
        const std::string words{why_not(static_cast<Reason>(i), "en")};
        EXPECT_TRUE(std::ranges::none_of(words, [](unsigned char c) { return std::isdigit(c); }))
            << words;
        for (const char* const word :
             {"score", "segment", "tier", "budget", "experiment", "holdout", " he ", " she "})
            EXPECT_EQ(words.find(word), std::string::npos) << words;
    }
}

TEST(WhyNot, DoesNotLetAnybodyTellThatHeIsInAControlGroup) {
    for (const Reason reason : {Reason::Holdout, Reason::Control})
        EXPECT_EQ(why_not(reason, "en"), why_not(Reason::QuietHours, "en"));
}

}  // namespace
}  // namespace aisle::offers
