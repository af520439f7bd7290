#include <algorithm>
#include <fstream>
#include <map>
#include <sstream>

#include "shopping.hpp"

// Scores of CDNOW's customers, a public set of purchases of 1997 and 1998 (Fader and Hardie,
// "Forecasting repeat sales at CDNOW: a case study", Interfaces 31, 2001; the sample of 2,357
// customers). What the engine says after it has been sold everything is held against a count of
// ranks over the file, which knows no cuts.
namespace aisle::customers {
namespace {

constexpr const char* kFile = AISLE_SHARED_DIR "/data/offers/CDNOW_sample.txt";

struct Bought {
    std::string customer;
    WallTime at{};
    std::int64_t cents = 0;
};

// "master-id sample-id yyyymmdd units dollars"
std::vector<Bought> purchases() {
    std::vector<Bought> all;
    std::ifstream file{kFile};
    for (std::string line; std::getline(file, line);) {
        std::istringstream words{line};
        std::string master, customer, date, units, dollars;
        if (!(words >> master >> customer >> date >> units >> dollars)) continue;
        const auto day = parse_rfc3339(date.substr(0, 4) + "-" + date.substr(4, 2) + "-" +
                                       date.substr(6) + "T12:00:00Z");
        const auto point = dollars.find('.');
        all.push_back(
            {customer, *day,
             std::stoll(dollars.substr(0, point)) * 100 + std::stoll(dollars.substr(point + 1))});
    }
    return all;
}

// Noon of the day after the last of all purchases.
const WallTime kNow = *parse_rfc3339("1998-07-01T12:00:00Z");

struct Sums {
    std::int64_t days = 0;  // since the last
    std::int64_t purchases = 0;
    std::int64_t cents = 0;
};

std::map<std::string, Sums> sums_of(const std::vector<Bought>& all) {
    std::map<std::string, Sums> sums;
    for (const Bought& one : all) {
        const auto days = std::chrono::floor<std::chrono::days>(kNow - one.at).count();
        auto [at, first] = sums.try_emplace(one.customer);
        at->second.days = first ? days : std::min<std::int64_t>(at->second.days, days);
        ++at->second.purchases;
        at->second.cents += one.cents;
    }
    return sums;
}

// In how many of the four upper fifths a value stands: the k-th begins where at least k fifths of
// all lie below or are as much as it, and more than them.
std::int32_t fifth_of(const std::map<std::int64_t, std::int64_t>& at_most, std::int64_t n,
                      std::int64_t value) {
    std::int32_t passed = 0;
    for (std::int64_t k = 1; k <= 4; ++k) passed += at_most.at(value) > k * n / 5 ? 1 : 0;
    return passed;
}

// For each value how many are no greater.
template <typename Projection>
std::map<std::int64_t, std::int64_t> ranks(const std::map<std::string, Sums>& sums,
                                           Projection figure) {
    std::map<std::int64_t, std::int64_t> counts;
    for (const auto& [customer, one] : sums) ++counts[one.*figure];
    std::int64_t below = 0;
    for (auto& [value, count] : counts) count = below += count;
    return counts;
}

MemberKey key_of(const std::string& customer) {
    return MemberKey{std::string(32 - customer.size(), '0') + customer};
}

Customers after_all(const std::vector<Bought>& all) {
    Customers customers{Settings{.quantiles = true}};
    std::int64_t seq = 0;
    Stamp now = kit::at();
    for (const Bought& one : all) {
        Sale sale = bought(one.cents, ++seq, 0, key_of(one.customer));
        sale.ended_at = now.wall = one.at;
        customers.sale(nullptr, sale, now);
    }
    now.wall = kNow;
    (void)customers.tick(now);
    return customers;
}

using Counts = std::map<std::int32_t, int>;  // customers by score

TEST(Cdnow, HasTheScoresThatRanksOverTheFileGive) {
    const auto all = purchases();
    if (all.empty()) GTEST_SKIP() << "no purchases here: " << kFile;
    const auto sums = sums_of(all);
    const auto n = std::ssize(sums);
    const auto days = ranks(sums, &Sums::days);
    const auto cents = ranks(sums, &Sums::cents);
    const Customers customers = after_all(all);
    Stamp now = kit::at();
    now.wall = kNow;
    Counts recency, frequency, monetary;
    for (const auto& [customer, one] : sums) {
        const CustomerCard card = customers.card(key_of(customer), now);
        ASSERT_EQ(card.purchases, one.purchases) << customer;
        ASSERT_EQ(card.spent, Money::minor(one.cents)) << customer;
        ASSERT_EQ(card.recency, 5 - fifth_of(days, n, one.days)) << customer;
        ASSERT_EQ(card.monetary, 1 + fifth_of(cents, n, one.cents)) << customer;
        ++recency[card.recency], ++frequency[card.frequency], ++monetary[card.monetary];
    }
    if (n != 2'357) return;  // of the sample as it was published, counted once with other tools:
    EXPECT_EQ(recency, (Counts{{1, 482}, {2, 471}, {3, 463}, {4, 470}, {5, 471}}));
    EXPECT_EQ(frequency, (Counts{{1, 1205}, {2, 614}, {3, 369}, {4, 123}, {5, 46}}));
    EXPECT_EQ(monetary, (Counts{{1, 437}, {2, 505}, {3, 471}, {4, 472}, {5, 472}}));
}

// The reason why F keeps its fixed cuts: fifths of it are hardly any, as half of all came once.
TEST(Cdnow, HasNoFifthsOfFrequencyWorthTheName) {
    const auto all = purchases();
    if (all.empty()) GTEST_SKIP() << "no purchases here: " << kFile;
    std::vector<std::int64_t> times;
    for (const auto& [customer, one] : sums_of(all)) times.push_back(one.purchases);
    std::ranges::sort(times);
    EXPECT_EQ(times[times.size() / 5], times[2 * times.size() / 5]);
}

}  // namespace
}  // namespace aisle::customers
