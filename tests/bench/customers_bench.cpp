#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <random>
#include <string>
#include <vector>

#include "agent/customers/customers.hpp"
#include "agent/offers/engine.hpp"
#include "sync/uplink/row_digests.hpp"
#include "tests/kit/builders.hpp"

// What 100,000 (or argv[1]) customers cost in the agent, together with 1,000 campaigns, their caps
// and what was granted: one JSON object. Memory is the growth of the resident set, step by step, in
// one process; nothing is given back to the system in between. Everybody is seen once within the 30
// days that their caps look back: 4,000 a day between 9 and 21 o'clock, which is a very busy shop,
// so that some 80 prompts of 15 minutes are on the tablets at any time.
namespace aisle::bench {
namespace {

using conditions::Facts;

constexpr int kCampaigns = 1'000;
constexpr int kProducts = 2'000;
constexpr int kLooks = 20'000;
constexpr std::chrono::days kDay{1};

double rss_mb() {
    std::ifstream statm{"/proc/self/statm"};
    double all = 0;
    double resident = 0;
    statm >> all >> resident;
    return resident * static_cast<double>(::sysconf(_SC_PAGESIZE)) / 1'048'576.0;
}

std::string hex_id(std::uint64_t n) {
    char text[33];
    std::snprintf(text, sizeof text, "%016llx%016llx",
                  static_cast<unsigned long long>(n * 0x9e3779b97f4a7c15),
                  static_cast<unsigned long long>(n * 0xc2b2ae3d27d4eb4f + 7));
    return text;
}

// As members come: few very often, half at most three times, five times on average (2 to 24).
int receipts_of(std::mt19937_64& random) {
    const double share = static_cast<double>(random() % 10'000 + 1) / 10'000.0;
    return std::min(24, 1 + static_cast<int>(1.0 / share));
}

MemberRow member_of(int i, std::mt19937_64& random) {
    MemberRow row{.member = hex_id(static_cast<std::uint64_t>(i)),
                  .tier = i % 5 ? "silver" : "gold"};
    for (int t = 0; t < 8; ++t) row.tags.push_back("tag-" + std::to_string(random() % 200));
    row.tag_details[row.tags.front()] = {.confidence_permille = 800, .source = "study-7"};
    row.consent["marketing.personal"] = {.at = kit::kNoon - kDay * 300, .version = "2026-01"};
    if (i % 2) row.consent["location.link"] = {.at = kit::kNoon - kDay * 300, .version = "2026-01"};
    row.scores["churn"] = static_cast<std::int64_t>(random() % 100);
    char birthday[6];
    std::snprintf(birthday, sizeof birthday, "%02d-%02d", i % 12 + 1, i % 28 + 1);
    row.birthday = birthday;
    return row;
}

Sale sale_of(const MemberRow& row, std::int64_t seq, WallTime at, std::mt19937_64& random) {
    Sale sale = kit::sale_of(static_cast<std::int64_t>(random() % 30'000 + 500), seq);
    sale.sale = SaleId{hex_id(static_cast<std::uint64_t>(seq) + (1ULL << 40))};
    sale.member = row.member;
    sale.ended_at = at;
    sale.lines.clear();
    for (int n = 1; n <= 6; ++n) {
        SaleLine line{.n = n, .sku = "SKU" + std::to_string(random() % kProducts)};
        line.gross = line.net = Money::minor(990);
        if (n == 1) line.discount = Money::minor(100), line.net = Money::minor(890);
        sale.lines.push_back(std::move(line));
    }
    return sale;
}

void fill(customers::Customers& customers, uplink::RowDigests& known, int n) {
    std::mt19937_64 random{7};
    for (int i = 0; i < kProducts; ++i)
        customers.product({.sku = "SKU" + std::to_string(i),
                           .gtin = {},
                           .category = "cat-" + std::to_string(i % 60),
                           .brand = "brand-" + std::to_string(i % 400)});
    std::int64_t seq = 0;
    for (int i = 0; i < n; ++i) {
        const MemberRow row = member_of(i, random);
        known.set("member|" + row.member, random());
        (void)customers.member(row, kit::at());
        for (int left = receipts_of(random); left > 0; --left) {
            const auto back = std::chrono::hours{random() % (365 * 24)};
            (void)customers.sale(nullptr, sale_of(row, ++seq, kit::kNoon - back, random),
                                 kit::at());
        }
    }
}

// One in fifty speaks to whoever is seen, the others wait in one of six zones.
std::string trigger_of(int i) {
    if (i % 50 == 0) return R"({"type":"member_seen"})";
    return R"({"type":"zone_dwell","zone":"Z)" + std::to_string(i % 6) + R"(","min_s":10})";
}

std::string audience_of(int i) {
    if (i % 50 == 0) return {};
    return R"("audience":{"segments":["seg-)" + std::to_string(i % 50) + R"("]},)";
}

std::string campaign_of(int i) {
    return R"({"schema":1,"id":"c-)" + std::to_string(i) + R"(","trigger":)" + trigger_of(i) +
           R"(,"when":{"cust.rfm.m":{"$gte":)" + std::to_string(i % 50 ? i % 5 + 1 : 1) +
           R"(},"cust.purchases":{"$gte":)" + std::to_string(i % 50 ? i % 7 : 1) + R"(}},)" +
           audience_of(i) + R"("action":{"type":"spend_tiers","tiers":[[5000,)" +
           std::to_string(100 + i % 900) + R"(]]},"stack":{"priority":)" + std::to_string(i % 100) +
           R"(},"limits":{"budget_fen":500000000,"cooldown":"P1D","per_customer":[{"n":1,"per":"P1D"},{"n":3,"per":"P30D"}]},"experiment":{"holdout":0}})";
}

std::vector<customers::SegmentFile> segment_files() {
    std::vector<customers::SegmentFile> files;
    for (int i = 0; i < 50; ++i)
        files.push_back({"s" + std::to_string(i),
                         R"({"schema":1,"segment":"seg-)" + std::to_string(i) +
                             R"(","when":{"cust.rfm.r":{"$gte":)" + std::to_string(i % 5 + 1) +
                             R"(},"cust.tags":{"$in":["tag-)" + std::to_string(i) + R"(","tag-)" +
                             std::to_string(i + 50) + R"("]}}})"});
    return files;
}

class Shop final : public offers::Surroundings {
public:
    explicit Shop(customers::Customers& customers) : customers_{customers} {}
    [[nodiscard]] Facts customer(const MemberKey& member, const Stamp& now) const override {
        return customers_.facts(member, now);
    }
    [[nodiscard]] const Facts& context(const Stamp&) const override { return nothing_; }
    [[nodiscard]] const ProductRow* product(std::string_view sku) const override {
        return customers_.product(sku);
    }

private:
    customers::Customers& customers_;
    Facts nothing_;
};

struct Granted {
    int people = 0;
    std::size_t live_max = 0;  // prompts at one time
};

// Everybody is seen once and gets something. The engine is ticked each minute, also at night.
Granted grant_all(offers::Engine& engine, int n) {
    constexpr int kADay = 4'000;
    constexpr int kOpenMinutes = 12 * 60;
    constexpr int kDayMinutes = 24 * 60;
    Granted granted;
    int next = 0;
    for (int minute = 0; next < n; ++minute) {
        const milliseconds now = minutes{minute};
        (void)engine.tick(kit::at(now));
        const int of_day = minute % kDayMinutes;
        if (of_day >= kOpenMinutes) continue;
        const int seen = minute / kDayMinutes * kADay + (of_day + 1) * kADay / kOpenMinutes;
        for (; next < std::min(n, seen); ++next) {
            const auto effects = engine.member_seen(
                MemberKey{hex_id(static_cast<std::uint64_t>(next))}, true, kit::at(now));
            granted.people += effects.offers.empty() ? 0 : 1;
        }
        if (of_day % 60 == 0) granted.live_max = std::max(granted.live_max, engine.live().size());
    }
    return granted;
}

struct LookUps {
    double p50_us = 0;
    double p99_us = 0;
};

LookUps look_up(const customers::Customers& customers, int n) {
    std::mt19937_64 random{3};
    std::vector<double> took;
    std::size_t facts = 0;
    for (int i = 0; i < kLooks; ++i) {
        const MemberKey member{hex_id(random() % static_cast<std::uint64_t>(n))};
        const auto begin = std::chrono::steady_clock::now();
        facts += customers.facts(member, kit::at()).all().size();
        const std::chrono::duration<double, std::micro> us =
            std::chrono::steady_clock::now() - begin;
        took.push_back(us.count());
    }
    if (facts == 0) std::fprintf(stderr, "nothing known\n");
    std::ranges::sort(took);
    return {.p50_us = took[took.size() / 2], .p99_us = took[took.size() * 99 / 100]};
}

}  // namespace
}  // namespace aisle::bench

int main(int argc, char** argv) {
    using namespace aisle;
    using namespace aisle::bench;
    const int n = argc > 1 ? std::max(1, std::atoi(argv[1])) : 100'000;
    static const kit::FixedZone zone;
    const double start = rss_mb();
    customers::Customers customers{{.zone = &zone}};
    uplink::RowDigests known;
    fill(customers, known, n);
    const double with_customers = rss_mb();
    const auto rules = customers::SegmentRules::load(segment_files());
    if (!rules) return std::fprintf(stderr, "%s\n", rules.error().detail.c_str()), 65;
    customers.segments(std::make_shared<const customers::SegmentRules>(*rules));
    for (int i = 0; i <= n / static_cast<int>(customers::kScanMax); ++i)
        (void)customers.tick(kit::at());
    std::size_t in_segments = 0;
    for (const auto& [name, size] : customers.segment_sizes()) in_segments += size;
    const double with_segments = rss_mb();
    std::vector<offers::CampaignFile> files;
    for (int i = 0; i < kCampaigns; ++i) files.push_back({"c" + std::to_string(i), campaign_of(i)});
    auto set = offers::CampaignSet::load(files, {.store = &zone});
    if (!set) return std::fprintf(stderr, "%s\n", to_text(set.error().front()).c_str()), 65;
    std::vector<offers::CampaignFile>{}.swap(files);
    Shop shop{customers};
    auto engine = offers::Engine::make(
        {.store = StoreId{"s-0001"}, .codes = {.prefix = "29", .key = "bench"}}, shop);
    if (!engine) return 65;
    (*engine)->load(std::make_shared<const offers::CampaignSet>(std::move(*set)));
    const double with_campaigns = rss_mb();
    const Granted granted = grant_all(**engine, n);
    const double all = rss_mb();
    const LookUps looks = look_up(customers, n);
    std::printf(
        R"({"bench":"customers","members":%d,"campaigns":%d,"segments":%zu,"memberships":%zu,"grants":%d,"live_max":%zu,)"
        R"("customers_mb":%.1f,"bytes_a_member":%.0f,"segments_mb":%.1f,"campaigns_mb":%.1f,"grants_mb":%.1f,)"
        R"("rss_growth_mb":%.1f,"limit_mb":64,"facts_p50_us":%.1f,"facts_p99_us":%.1f})"
        "\n",
        n, kCampaigns, rules->all().size(), in_segments, granted.people, granted.live_max,
        with_customers - start, (with_customers - start) * 1'048'576.0 / n,
        with_segments - with_customers, with_campaigns - with_segments, all - with_campaigns,
        all - start, looks.p50_us, looks.p99_us);
    return 0;
}
