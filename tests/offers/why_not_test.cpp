#include "agent/offers/why_not.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <set>
#include <sstream>
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

// Staff read a few words beside a card, a customer who asks is told a sentence: two texts, one
// list. A reason that is added must have both, and what is withheld for a comparison must have no
// words on the page: nobody may be able to tell.
TEST(WhyNot, HasWordsOnThePageForEveryReasonInBothLanguages) {
    std::ostringstream text;
    text << std::ifstream{AISLE_SOURCE_DIR "/agent/staff/page/src/words_campaigns.ts"}.rdbuf();
    const std::string words = text.str();
    const auto chinese_at = words.find("export const campaignsZh");
    ASSERT_NE(chinese_at, std::string::npos);
    const auto there = [&](const std::string& key) {
        const auto english = words.find("w_" + key + ": '");
        const auto chinese = words.find("w_" + key + ": '", chinese_at);
        return (english < chinese_at ? 1 : 0) + (chinese != std::string::npos ? 1 : 0);
    };
    std::size_t known = 0;
    for (std::size_t i = 0; i < kReasons; ++i) {
        const auto reason = static_cast<Reason>(i);
        EXPECT_EQ(there(std::string{to_text(reason)}), wins(reason) ? 0 : 2) << to_text(reason);
        known += wins(reason) ? 0U : 2U;
    }
    std::size_t on_the_page = 0;
    for (auto at = words.find(" w_"); at != std::string::npos; at = words.find(" w_", at + 1))
        ++on_the_page;
    EXPECT_EQ(on_the_page, known) << "words for a reason that is not in the list";
}

}  // namespace
}  // namespace aisle::offers
