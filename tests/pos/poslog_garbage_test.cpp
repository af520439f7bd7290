#include <gtest/gtest.h>

#include <algorithm>
#include <ctime>
#include <random>

#include "poslog_samples.hpp"

namespace aisle::pos {
namespace {

constexpr int kMutants = 5000;
constexpr std::uint64_t kSeed = 20261121;

using Random = std::mt19937_64;

const std::vector<std::string>& splices() {
    static const std::vector<std::string> all{"<Transaction>",
                                              "</Transaction>",
                                              "<![CDATA[",
                                              "]]>",
                                              "<!--",
                                              "-->",
                                              "<!DOCTYPE a>",
                                              "\"",
                                              "<",
                                              ">",
                                              "&#0;",
                                              "\xff\xfe",
                                              std::string(3, '\0'),
                                              "-",
                                              "99999999999999999999",
                                              "1e400",
                                              "{",
                                              "}",
                                              "[",
                                              "null",
                                              "\\u0000",
                                              ","};
    return all;
}

void mutate(std::string& bytes, Random& random) {
    if (bytes.empty()) return;
    const std::size_t at = random() % bytes.size();
    switch (random() % 6) {
        case 0:
            bytes[at] = static_cast<char>(random());
            break;
        case 1:
            bytes.erase(at, 1 + random() % 40);
            break;
        case 2:
            bytes.insert(at, splices()[random() % splices().size()]);
            break;
        case 3:
            bytes.insert(at, bytes.substr(random() % bytes.size(), random() % 200));
            break;
        case 4:
            bytes.resize(at);
            break;
        default:
            bytes[at] =
                static_cast<char>(static_cast<unsigned char>(bytes[at]) ^ (1U << (random() % 8)));
            break;
    }
}

// Every mutant gives drafts that intake can take a stand on, or rejects with a reason, or is blank.
void expect_answered(const std::string& bytes, const std::string& profile) {
    const auto file = read(bytes, profile);
    const auto intake = store_intake();
    EXPECT_FALSE(file.sales.empty() && file.rejects.empty() &&
                 bytes.find("<Transaction") != std::string::npos &&
                 bytes.find("<!--") == std::string::npos && bytes.find("<?") == std::string::npos)
        << bytes;
    for (const auto& reject : file.rejects) {
        EXPECT_NE(std::ranges::find(intake::kReasons, reject.reason), intake::kReasons.end())
            << reject.reason;
        EXPECT_LE(reject.range.to, bytes.size());
        RejectedReading reading;
        reading.item.payload = reject.raw;
        EXPECT_LE(intake.rejected(reading, kit::at()).payload.size(), kQuarantinePayloadMax);
    }
    for (const auto& sale : file.sales) {
        EXPECT_LE(sale.range.to, bytes.size());
        const auto result = intake.sale({sale.draft, sale.raw}, kit::at());
        const auto* aside = std::get_if<Quarantined>(&result);
        EXPECT_TRUE(!aside || !aside->reason.empty());
    }
}

// A guard against hangs, in CPU time, so that a busy machine does not matter: a quarter of a second
// is some thousand times what a mutant takes.
void run_mutants(const std::vector<std::string>& seeds) {
    Random random{kSeed};
    for (int i = 0; i < kMutants; ++i) {
        std::string bytes = seeds[random() % seeds.size()];
        for (std::uint64_t n = 1 + random() % 8; n > 0; --n) mutate(bytes, random);
        const std::clock_t begun = std::clock();
        expect_answered(bytes, i % 2 == 0 ? "generic" : "ncr");
        EXPECT_LT(std::clock() - begun, CLOCKS_PER_SEC / 4) << i;
    }
}

TEST(PoslogGarbage, AnswersFiveThousandMutantsOfPoslogFiles) {
    const std::vector<std::string> seeds{
        document(plain_sale("1") + plain_sale("2")),
        document(transaction(
            sold({.n = "1", .amount = "2.79"}) +
            sold({.n = "2",
                  .amount = "-2.79",
                  .quantity = "-1",
                  .line_attributes = " VoidFlag=\"true\""}) +
            line_item(
                "<LoyaltyReward detailedData=\"true\"><RewardCategory>Monetary</RewardCategory>"
                "<Amount>-0.35</Amount></LoyaltyReward>") +
            paid("-2.62", "Cash", "<TenderChange><Amount>-2.62</Amount></TenderChange>") +
            total("0.00"))),
        document(transaction(item("Return", {}) + total("-12.50")))};
    run_mutants(seeds);
}

TEST(PoslogGarbage, AnswersFiveThousandMutantsOfJsonSales) {
    run_mutants({posted_sale("1") + "\n" + posted_sale("2") + "\n", posted_sale("3")});
}

// Work must grow with the size and not with its square.
TEST(PoslogGarbage, AnswersHostileShapesWithoutHanging) {
    std::string opens;
    for (int i = 0; i < 200'000; ++i) opens += "<Transaction>";
    std::string digits;
    for (int i = 0; i < 300'000; ++i) digits += "4111 ";
    std::string deep;
    for (int i = 0; i < 500'000; ++i) deep += "{\"a\":";
    for (const auto& bytes : {"<POSLog>" + opens, document(transaction(digits)),
                              document(transaction(std::string(1'000'000, '<'))), deep}) {
        const auto file = read(bytes);
        EXPECT_TRUE(file.sales.empty());
        EXPECT_FALSE(file.rejects.empty());
    }
}

}  // namespace
}  // namespace aisle::pos
