// abuse_driver: clean weeks of a simulated shop and the flags in them, then each abuse at several
// strengths. JSON lines; exits 1 if there are too many false flags or an abuse is not found.
#include <CLI/CLI.hpp>
#include <cstdio>

#include "abuse_shop.hpp"

namespace {

using namespace aisle::offers;
using abuse::Injection;

constexpr int kWarmUpWeeks = 4;  // before anything is counted: a shop has a past

// From the weakest that a default setting should find.
const std::vector<Injection> kInjections{
    {"own_card", AbuseKind::OwnCard, 8},
    {"own_card", AbuseKind::OwnCard, 12},
    {"own_card", AbuseKind::OwnCard, 20},
    {"split_baskets", AbuseKind::SplitBaskets, 3},
    {"split_baskets", AbuseKind::SplitBaskets, 5},
    {"split_baskets_no_card", AbuseKind::SplitBaskets, 8, false},
    {"split_baskets_no_card", AbuseKind::SplitBaskets, 12, false},
    {"gift_kept", AbuseKind::GiftKept, 1},
    {"gift_kept", AbuseKind::GiftKept, 3},
    {"gift_kept_no_card", AbuseKind::GiftKept, 1, false},
    {"redeem_then_refund", AbuseKind::RedeemThenRefund, 3},
    {"redeem_then_refund", AbuseKind::RedeemThenRefund, 6},
    {"redeem_then_refund_no_card", AbuseKind::RedeemThenRefund, 25, false},
    {"redeem_then_refund_no_card", AbuseKind::RedeemThenRefund, 40, false},
    {"redemption_spike", AbuseKind::RedemptionSpike, 20},
    {"redemption_spike", AbuseKind::RedemptionSpike, 30},
};

struct Clean {
    int weeks = 0;
    int flagged_weeks = 0;
    std::array<std::int64_t, kAbuseKinds> flags{};
    std::int64_t receipts = 0, redemptions = 0, returns = 0, card_days = 0, till_hours = 0;
};

void add(Clean& sum, abuse::Shop& shop, int weeks) {
    const auto card_days = shop.card_days(), till_hours = shop.till_hours();
    const auto receipts = shop.receipts(), redeemed = shop.redemptions(), returns = shop.returns();
    for (int week = 0; week < weeks; ++week) {
        const auto flags = shop.week(kWarmUpWeeks + week);
        ++sum.weeks;
        sum.flagged_weeks += flags.empty() ? 0 : 1;
        for (const AbuseFlag& flag : flags) ++sum.flags[static_cast<std::size_t>(flag.kind)];
    }
    sum.receipts += shop.receipts() - receipts, sum.redemptions += shop.redemptions() - redeemed;
    sum.returns += shop.returns() - returns;
    sum.card_days += shop.card_days() - card_days, sum.till_hours += shop.till_hours() - till_hours;
}

// False flags by what was judged: cards each day, tills each hour, redemptions that came back.
bool print(const Clean& sum) {
    const std::array<std::int64_t, kAbuseKinds> judged{sum.card_days, sum.card_days, sum.returns,
                                                       sum.returns, sum.till_hours};
    constexpr std::array kUnits{"card-day", "card-day", "return", "return", "till-hour"};
    bool holds = true;
    for (std::size_t kind = 0; kind < kAbuseKinds; ++kind) {
        const double rate = static_cast<double>(sum.flags[kind]) /
                            static_cast<double>(std::max<std::int64_t>(1, judged[kind]));
        holds = holds && rate <= 0.01;
        std::printf(R"({"check":"clean","kind":"%s","unit":"%s","judged":%lld,"flags":%lld,)"
                    R"("rate":%.6f,"holds":%s})"
                    "\n",
                    std::string{to_text(static_cast<AbuseKind>(kind))}.c_str(), kUnits[kind],
                    static_cast<long long>(judged[kind]), static_cast<long long>(sum.flags[kind]),
                    rate, rate <= 0.01 ? "true" : "false");
    }
    const double share = static_cast<double>(sum.flagged_weeks) / std::max(1, sum.weeks);
    std::printf(R"({"check":"clean_weeks","weeks":%d,"receipts":%lld,"redemptions":%lld,)"
                R"("returns":%lld,"weeks_with_a_flag":%d,"share":%.4f})"
                "\n",
                sum.weeks, static_cast<long long>(sum.receipts),
                static_cast<long long>(sum.redemptions), static_cast<long long>(sum.returns),
                sum.flagged_weeks, share);
    std::fflush(stdout);
    return holds;
}

bool print(const Injection& abused, int seeds, std::uint64_t first) {
    int found = 0;
    for (int seed = 0; seed < seeds; ++seed) {
        abuse::Shop shop{first + static_cast<std::uint64_t>(seed)};
        for (int week = 0; week < kWarmUpWeeks; ++week) shop.week(week);
        const auto flags = shop.week(kWarmUpWeeks, &abused);
        found += std::ranges::any_of(flags,
                                     [&](const AbuseFlag& one) { return one.kind == abused.kind; });
    }
    std::printf(
        R"({"check":"injected","abuse":"%s","strength":%d,"weeks":%d,"found":%d,"holds":%s})"
        "\n",
        abused.name.c_str(), abused.strength, seeds, found, found == seeds ? "true" : "false");
    std::fflush(stdout);
    return found == seeds;
}

}  // namespace

int main(int argc, char** argv) {
    CLI::App app{"abuse_driver: what is flagged in clean weeks, and whether each abuse is"};
    int weeks = 20, seeds = 5, shops = 5;
    std::uint64_t seed = 1;
    app.add_option("--shops", shops, "with clean weeks")->capture_default_str();
    app.add_option("--weeks", weeks, "clean ones of each shop")->capture_default_str();
    app.add_option("--seeds", seeds, "weeks into which each abuse is put")->capture_default_str();
    app.add_option("--seed", seed, "the first of them")->capture_default_str();
    CLI11_PARSE(app, argc, argv);

    Clean clean;
    for (int n = 0; n < shops; ++n) {
        abuse::Shop shop{seed + 1'000 + static_cast<std::uint64_t>(n)};
        for (int week = 0; week < kWarmUpWeeks; ++week) shop.week(week);
        add(clean, shop, weeks);
    }
    bool holds = print(clean);
    for (const Injection& abused : kInjections) holds = print(abused, seeds, seed) && holds;
    return holds ? 0 : 1;
}
