// baskets_driver: random baskets of random campaigns against what must hold of every price, share
// and refund. One JSON line; exits 1 if one does not hold.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <ctime>

#include "basket_checks.hpp"

namespace {

using namespace aisle::offers;

constexpr int kBasketsPerSet = 50;

struct Run {
    std::int64_t baskets = 20'000;
    std::uint64_t seed = 1;
    std::int64_t sets = 0;
    std::int64_t mutants = 0;
    std::int64_t seen = 0;
    std::int64_t faults = 0;
    Counts counts;
};

// What is wrong with this one basket.
std::string check(const CampaignPair& pair, const aisle::Basket& basket, Run& run, Random& random) {
    const Decided decided = decide_for(*pair.set, basket);
    run.counts.lines += static_cast<std::int64_t>(basket.lines.size());
    auto fault = fault_of_prices(*pair.set, basket, decided, run.counts);
    if (fault.empty()) fault = fault_of_order(pair, basket, decided, random);
    if (fault.empty()) fault = fault_of_returns(*pair.set, basket, decided, run.counts, random);
    const bool money =
        std::ranges::any_of(decided.wins, [](const Win& win) { return !win.price.shares.empty(); });
    if (money && one_in(random, 20)) {
        ++run.mutants;
        run.seen += breaks_are_seen(*pair.set, basket, decided, random);
    }
    return fault;
}

void print(const Run& run) {
    std::string actions;
    for (const auto& [name, n] : run.counts.by_action)
        actions += (actions.empty() ? "\"" : ",\"") + name + "\":" + std::to_string(n);
    std::printf(
        R"({"check":"baskets","seed":%llu,"baskets":%lld,"campaign_sets":%lld,"lines":%lld,)"
        R"("offers":%lld,"by_oracle":%lld,"refunds":%lld,"naive_differs":%lld,"mutants":%lld,)"
        R"("mutants_seen":%lld,"faults":%lld,"cpu_s":%.1f,"by_action":{%s}})"
        "\n",
        static_cast<unsigned long long>(run.seed), static_cast<long long>(run.baskets),
        static_cast<long long>(run.sets), static_cast<long long>(run.counts.lines),
        static_cast<long long>(run.counts.wins), static_cast<long long>(run.counts.told),
        static_cast<long long>(run.counts.refunds),
        static_cast<long long>(run.counts.naive_differs), static_cast<long long>(run.mutants),
        static_cast<long long>(run.seen), static_cast<long long>(run.faults),
        static_cast<double>(std::clock()) / CLOCKS_PER_SEC, actions.c_str());
}

}  // namespace

int main(int argc, char** argv) {
    CLI::App app{"baskets_driver: random baskets, their prices, shares and returns"};
    Run run;
    app.add_option("--baskets", run.baskets)->capture_default_str();
    app.add_option("--seed", run.seed, "the same seed gives the same run")->capture_default_str();
    CLI11_PARSE(app, argc, argv);

    Random random{run.seed};
    CampaignPair pair;
    for (std::int64_t i = 0; i < run.baskets; ++i) {
        if (i % kBasketsPerSet == 0) {
            pair = random_campaigns(random);
            if (!pair.set || !pair.shuffled) return 1;
            ++run.sets;
        }
        const auto fault = check(pair, random_basket(random), run, random);
        if (fault.empty()) continue;
        if (++run.faults <= 10)
            std::fprintf(stderr, "basket %lld: %s\n", static_cast<long long>(i), fault.c_str());
    }
    print(run);
    // A check that cannot fail is none: every broken split must have been seen.
    return run.faults == 0 && run.seen == run.mutants ? 0 : 1;
}
