// experiments_driver: simulated experiments in the size of the acceptance. One JSON line a check;
// exits 1 if one does not hold.
#include <CLI/CLI.hpp>
#include <cmath>
#include <cstdio>

#include "experiment_runs.hpp"

namespace {

using namespace aisle::offers;

bool print(const char* check, const Shares& shares, int most_below_5_percent) {
    // Of p values that are what they should be one in a thousand is below 0.001: nearly never ten
    // of two thousand.
    const bool holds = shares.below_5_percent <= most_below_5_percent &&
                       shares.below_1_permille * 200 <= shares.runs;
    std::printf(
        R"({"check":"%s","runs":%d,"p_below_0.05":%.4f,"p_below_0.001":%.4f,"least_p":%.2g,"holds":%s})"
        "\n",
        check, shares.runs, static_cast<double>(shares.below_5_percent) / shares.runs,
        static_cast<double>(shares.below_1_permille) / shares.runs, shares.least_p,
        holds ? "true" : "false");
    std::fflush(stdout);
    return holds;
}

struct Expectation {
    const char* check;
    Looking looking;
    int seeds;
    int least;
    int most;
};

bool print(const Expectation& expected, std::uint64_t seed) {
    const int raised = alarms(expected.looking, expected.seeds, seed);
    const bool holds = raised >= expected.least && raised <= expected.most;
    std::printf(
        R"({"check":"%s","share":%.2f,"first_look":%lld,"every":%lld,"until":%lld,"seeds":%d,"alarms":%d,"rate":%.4f,"holds":%s})"
        "\n",
        expected.check, expected.looking.share, static_cast<long long>(expected.looking.first),
        static_cast<long long>(expected.looking.every),
        static_cast<long long>(expected.looking.until), expected.seeds, raised,
        static_cast<double>(raised) / expected.seeds, holds ? "true" : "false");
    std::fflush(stdout);
    return holds;
}

}  // namespace

int main(int argc, char** argv) {
    CLI::App app{"experiments_driver: balance and independence of assignments, the ratio alarm"};
    int experiments = 2'000, people = 10'000, seeds = 1'000;
    std::uint64_t seed = 1;
    app.add_option("--experiments", experiments)->capture_default_str();
    app.add_option("--people", people)->capture_default_str();
    app.add_option("--seeds", seeds)->capture_default_str();
    app.add_option("--seed", seed, "the first of them")->capture_default_str();
    CLI11_PARSE(app, argc, argv);

    const AssignmentRuns runs = run_assignments(experiments, people);
    // Five per cent and four standard deviations.
    const int most = static_cast<int>(experiments * 0.05 + 4 * std::sqrt(experiments * 0.0475));
    bool holds = print("aa_balance", runs.balance, most);
    holds = print("aa_independence", runs.independence, most) && holds;
    const Looking product{.share = 0.52, .first = 500, .every = 500};
    const int share_75 = seeds * 3 / 4, share_05 = seeds / 200;
    for (const Expectation& one :
         {Expectation{"srm_52_48", {.share = 0.52}, seeds, share_75, seeds},
          Expectation{"srm_52_48_multiples_of_500", product, seeds, share_75, seeds},
          Expectation{"srm_50_50_single_look", {.first = 10'000}, seeds, 0, share_05},
          Expectation{
              "srm_50_50_single_early_look", {.first = 1'000, .until = 1'000}, seeds, 0, share_05},
          Expectation{"srm_50_50_all_looks", {.share = 0.5}, seeds * 10, 0, seeds * 10 / 200},
          Expectation{
              "srm_50_50_for_ever", {.share = 0.5, .until = 200'000}, seeds, 0, seeds / 100}})
        holds = print(one, seed) && holds;
    return holds ? 0 : 1;
}
