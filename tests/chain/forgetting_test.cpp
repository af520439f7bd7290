#include <gtest/gtest.h>

#include <algorithm>

#include "agent/runtime/log.hpp"
#include "chain.hpp"

// A person is gone when nobody finds them in the bytes that are left: of the shop's files, of HQ's,
// and of what both have logged at their most talkative. Each search is proved able to find by
// finding the same words before.
namespace aisle::chain {
namespace {

const std::string kAda = "ADA-0815-4711";
const std::string kEve = "EVE-0816-4712";
const std::string kCard = "tok-7788-ada";
const std::string kApp = "install-42-ada";
// So that offers, and what is withheld, name her as well.
const std::string kOnEverySale =
    R"({"schema":1,"id":"after","trigger":{"type":"sale"},)"
    R"("action":{"type":"spend_tiers","tiers":[[10000,1000]]},"experiment":{"holdout":0}})";
const std::string kPlanted = "planted-0123456789abcdef";

// Every byte of every file below a folder.
std::string bytes_below(const std::string& folder) {
    std::string all;
    for (const auto& entry : std::filesystem::recursive_directory_iterator{folder})
        if (entry.is_regular_file()) all += text_of(entry.path().string());
    return all;
}

// "0aff" as the two bytes that it stands for.
std::string raw_bytes(const std::string& hex) {
    std::string raw;
    for (std::size_t at = 0; at + 1 < hex.size(); at += 2)
        raw += static_cast<char>(std::stoi(hex.substr(at, 2), nullptr, 16));
    return raw;
}

// What both programs have written to stderr since it was made, at the level of debugging.
class TalkativeLog {
public:
    TalkativeLog() {
        log::set_level(log::Level::Debug);
        testing::internal::CaptureStderr();
        log::debug("planted", {{"word", kPlanted}});
    }
    ~TalkativeLog() {
        if (!taken_) (void)take();
    }
    TalkativeLog(const TalkativeLog&) = delete;
    TalkativeLog& operator=(const TalkativeLog&) = delete;
    std::string take() {
        taken_ = true;
        log::set_level(log::Level::Info);
        return testing::internal::GetCapturedStderr();
    }

private:
    bool taken_ = false;
};

// Ada with all her names in one shop and in the chain's own data; Eve, who stays.
struct FullChain : Chain {
    FullChain() : Chain{{.campaigns = {kOnEverySale}, .link_cards = true}} {
        EXPECT_EQ(hq("PUT /api/v1/datasets/members",
                     "member,tags\n" + kAda + ",vip\n" + kEve + ",vip\n", {}, "text/csv")
                      .status,
                  200);
        pass(minutes{1});
        agree();
        for (int i = 1; i <= 3; ++i) sell("s-0001", i, 15'000, {kAda, kCard});
        sell("s-0001", 4, 2'000, {.card = kCard});
        sell("s-0001", 5, 15'000, {kEve});
        link_app();
        refused_receipt();
        pass(minutes{2});
    }
    // Under which she is known, as the shop writes them.
    [[nodiscard]] std::vector<std::string> names() {
        const auto& intake = device("s-0001").shop().engines().intake;
        return {intake.pseudonym(kAda).value, intake.other_pseudonym("card", kCard),
                intake.other_pseudonym("app", kApp)};
    }
    [[nodiscard]] std::string eve() {
        return device("s-0001").shop().engines().intake.pseudonym(kEve).value;
    }
    [[nodiscard]] std::string shop_bytes() { return bytes_below(folder.file("s-0001")); }
    // The database, its log, and what lies beside them.
    [[nodiscard]] std::string hq_bytes() {
        std::string all;
        for (const auto& entry : std::filesystem::directory_iterator{folder.path()})
            if (entry.path().filename().string().starts_with("hq.db"))
                all += text_of(entry.path().string());
        return all;
    }
    [[nodiscard]] bool erased_everywhere() {
        const auto all = hq_json("GET /api/v1/erasures").at("erasures").as_array();
        return !all.empty() && all.front().at("over").as_bool();
    }

private:
    void link_app() {
        const auto known = names();
        const auto answer = shop(
            "s-0001", "POST /api/v1/customers:link",
            R"({"name":")" + known[0] + R"(","other":"app:)" + known[2] + R"(","by":"ops"})", true);
        EXPECT_EQ(answer.status, 200) << answer.body;
    }
    void agree() {
        const auto answer = shop("s-0001", "POST /api/v1/customers:consent",
                                 R"({"member":")" + kAda +
                                     R"(","purpose":"marketing.personal","granted":true,)"
                                     R"("version":"v1","by":"A3"})",
                                 true);
        EXPECT_EQ(answer.status, 200) << answer.body;
    }
    // Kept as it came, raw number and all, until somebody has looked at it.
    void refused_receipt() {
        (void)shop("s-0001", "POST /api/v1/sales",
                   R"({"source":"till","member":")" + kAda + R"(","total":"nonsense"})");
    }
};

void expect_gone(FullChain& chain, const std::vector<std::string>& words, const std::string& log) {
    const std::string shop = chain.shop_bytes();
    const std::string hq = chain.hq_bytes();
    EXPECT_NE(shop.find(chain.eve()), std::string::npos) << "the others stay";
    EXPECT_NE(hq.find(chain.eve()), std::string::npos) << "the others stay";
    std::size_t found = 0;
    for (const std::string& word : words) {
        for (const auto& [where, bytes] : {std::pair{"shop", &shop}, {"hq", &hq}, {"log", &log}}) {
            const bool there = bytes->find(word) != std::string::npos;
            EXPECT_FALSE(there) << where << ": " << word;
            found += there ? 1 : 0;
        }
    }
    std::printf(
        "[ figures  ] %zu of %zu words in %zu bytes of the shop's files, %zu of HQ's and %zu of "
        "log (%zd lines)\n",
        found, words.size(), shop.size(), hq.size(), log.size(), std::ranges::count(log, '\n'));
}

// Names as text and as bytes, and the raw words that they were made of.
std::vector<std::string> all_words(const std::vector<std::string>& names) {
    std::vector<std::string> words{kAda, kCard, kApp};
    for (const std::string& name : names) {
        words.push_back(name);
        words.push_back(raw_bytes(name));
        words.emplace_back(name.rbegin(), name.rend());  // as the shop keeps them meanwhile
    }
    return words;
}

TEST(Forgetting, ByHqsOrderLeavesNoByteInTheShopAtHqOrInTheirLogs) {
    TalkativeLog talk;
    FullChain chain;
    const auto names = chain.names();
    const std::string shop_before = chain.shop_bytes();
    const std::string hq_before = chain.hq_bytes();
    EXPECT_FALSE(chain.at_hq("offer").empty());
    for (const std::string& name : names) {
        EXPECT_NE(shop_before.find(name), std::string::npos) << "else nothing is looked for";
        EXPECT_NE(hq_before.find(name), std::string::npos) << "else nothing is looked for";
    }
    EXPECT_NE(hq_before.find(kAda), std::string::npos) << "the chain's own data have her number";
    const auto asked = chain.hq("POST /api/v1/erasures", R"({"member":")" + kAda + R"("})");
    ASSERT_EQ(asked.status, 200) << asked.body;
    ASSERT_TRUE(chain.until([&] { return chain.erased_everywhere(); }));
    // Nothing that is written afterwards brings the person back.
    chain.sell("s-0001", 9, 15'000, {kEve});
    chain.pass(minutes{2});
    const std::string log = talk.take();
    EXPECT_NE(log.find(kPlanted), std::string::npos) << "the log is searched";
    EXPECT_NE(log.find("type=erase"), std::string::npos) << "and tells of what was done";
    EXPECT_GT(std::ranges::count(log, '\n'), 3);
    expect_gone(chain, all_words(names), log);
}

// The chain's own data are the chain's: they have her number until HQ is asked itself.
TEST(Forgetting, InTheShopItselfTakesHqsRowsOfThatShopAlong) {
    TalkativeLog talk;
    FullChain chain;
    const auto names = chain.names();
    const auto asked = chain.shop("s-0001", "POST /api/v1/customers:erase",
                                  R"({"member":")" + kAda + R"(","by":"ops"})", true);
    ASSERT_EQ(asked.status, 200) << asked.body;
    ASSERT_TRUE(chain.until([&] { return chain.erased_everywhere(); }));
    chain.pass(minutes{2});
    const std::string log = talk.take();
    EXPECT_NE(log.find(kPlanted), std::string::npos) << "the log is searched";
    const auto words = all_words(names);
    expect_gone(chain, {words.begin() + 1, words.end()}, log);
}

}  // namespace
}  // namespace aisle::chain
