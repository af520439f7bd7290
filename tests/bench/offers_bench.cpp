#include <algorithm>
#include <chrono>
#include <cstdio>
#include <string>
#include <vector>

#include "agent/offers/ask.hpp"
#include "agent/offers/campaign_set.hpp"
#include "tests/kit/builders.hpp"

// How long one decision takes with 1,000 (or argv[1]) campaigns over eight triggers and zones:
// prints one JSON object.
namespace aisle::offers {
namespace {

constexpr int kDecisions = 20'000;
constexpr int kZones = 6;

class NothingGranted final : public Ledger {
public:
    [[nodiscard]] std::optional<Reason> refuses(const Campaign&, const Ask&) const override {
        return std::nullopt;
    }
    [[nodiscard]] std::optional<Money> left(const Campaign& campaign) const override {
        return campaign.limits.budget;
    }
};

std::string trigger_of(int i) {
    if (i % 8 == 6) return R"({"type":"basket"})";
    if (i % 8 == 7) return R"({"type":"member_seen"})";
    return R"({"type":"zone_dwell","zone":"Z)" + std::to_string(i % 8 % kZones) +
           R"(","min_s":10})";
}

std::string campaign_of(int i) {
    return R"({"schema":1,"id":"c-)" + std::to_string(i) + R"(","trigger":)" + trigger_of(i) +
           R"(,"window":{"from":"2026-01-01","to":"2026-12-31","hours":[["08:00","22:00"]]},)"
           R"("when":{"cust.lifecycle":{"$in":["active","at_risk"]},"cust.rfm.m":{"$gte":)" +
           std::to_string(i % 5 + 1) +
           R"(},"$or":[{"ctx.weather":"rain"},{"ctx.occupancy":{"$lt":)" + std::to_string(i % 90) +
           R"(}}]},"action":{"type":"spend_tiers","tiers":[[5000,)" +
           std::to_string(100 + i % 900) + R"(],[20000,2500]]},"stack":{"priority":)" +
           std::to_string(i % 100) + R"(},"limits":{"budget_fen":500000}})";
}

conditions::Facts customer_of(int i) {
    conditions::Facts facts;
    facts.set("cust.consent", conditions::to_list({"marketing.personal"}));
    facts.set("cust.known", true);
    facts.set("cust.lifecycle", std::string{i % 3 ? "active" : "dormant"});
    facts.set("cust.rfm.f", std::int64_t{i % 5 + 1});
    facts.set("cust.rfm.m", std::int64_t{i % 7});
    facts.set("cust.rfm.r", std::int64_t{i % 4 + 1});
    facts.set("cust.tags", conditions::to_list({"vip", "coffee"}));
    facts.set("cust.tier", std::string{"gold"});
    return facts;
}

struct Timings {
    double p50_us = 0;
    double p99_us = 0;
    double max_us = 0;
};

Timings measure(const CampaignSet& set) {
    conditions::Facts shop;
    shop.set("ctx.occupancy", std::int64_t{31});
    shop.set("ctx.weather", std::string{"sun"});
    Basket basket{.key = "b"};
    for (int n = 1; n <= 12; ++n)
        basket.lines.push_back(
            {.n = n, .sku = "SKU" + std::to_string(n), .gross = Money::minor(990 * n)});
    std::vector<double> took;
    for (int i = 0; i < kDecisions; ++i) {
        const auto customer = customer_of(i);
        const std::string who = "member-" + std::to_string(i);
        Ask ask{.at = kit::at(),
                .member = MemberKey{who},
                .subject = who,
                .unit = who,
                .customer = &customer,
                .context = &shop};
        ask.trigger = i % 8 == 6   ? TriggerKind::Basket
                      : i % 8 == 7 ? TriggerKind::MemberSeen
                                   : TriggerKind::ZoneDwell;
        ask.zone = ZoneId{"Z" + std::to_string(i % 8 % kZones)};
        if (ask.trigger == TriggerKind::Basket) ask.basket = &basket, ask.asked = true;
        const auto begin = std::chrono::steady_clock::now();
        const Decided decided = decide(set, ask, NothingGranted{});
        const std::chrono::duration<double, std::micro> us =
            std::chrono::steady_clock::now() - begin;
        if (decided.considered.empty()) std::fprintf(stderr, "nothing considered\n");
        took.push_back(us.count());
    }
    std::ranges::sort(took);
    return {.p50_us = took[took.size() / 2],
            .p99_us = took[took.size() * 99 / 100],
            .max_us = took.back()};
}

}  // namespace
}  // namespace aisle::offers

int main(int argc, char** argv) {
    using namespace aisle;
    const int n = argc > 1 ? std::max(1, std::atoi(argv[1])) : 1'000;
    std::vector<offers::CampaignFile> files;
    for (int i = 0; i < n; ++i) files.push_back({"c" + std::to_string(i), offers::campaign_of(i)});
    const kit::FixedZone zone;
    const auto begin = std::chrono::steady_clock::now();
    const auto set = offers::CampaignSet::load(files, {.store = &zone});
    const std::chrono::duration<double, std::milli> load = std::chrono::steady_clock::now() - begin;
    if (!set) {
        std::fprintf(stderr, "%s\n", offers::to_text(set.error().front()).c_str());
        return 65;
    }
    const auto timings = offers::measure(*set);
    std::printf(
        R"({"bench":"offers.decide","campaigns":%d,"decisions":%d,"load_ms":%.1f,"p50_us":%.1f,"p99_us":%.1f,"max_us":%.1f})"
        "\n",
        n, offers::kDecisions, load.count(), timings.p50_us, timings.p99_us, timings.max_us);
    return 0;
}
