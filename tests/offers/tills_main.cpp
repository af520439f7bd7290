// tills_driver: random operations over stores of four tills with kills, partitions and clock jumps,
// counted by an oracle of its own. One JSON line; exits 1 if anything happened that must not.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <ctime>

#include "agent/runtime/time_zone.hpp"
#include "tills_world.hpp"

namespace {

using namespace aisle::offers::tills;

long long n(std::int64_t count) { return count; }

void print(const Plan& plan, const Lived& lived, double cpu_s) {
    std::printf(R"({"check":"tills","operations":%lld,"stores":%d,"tills":%d,"seed":%llu,)",
                n(plan.operations), plan.stores, plan.stores * 4,
                static_cast<unsigned long long>(plan.seed));
    std::printf(R"("kills":%lld,"partitions_72h":%lld,"clock_events":%lld,"dst_changes":%d,)",
                n(lived.kills), n(lived.partitions), n(lived.jumps), lived.changes);
    std::printf(R"("prompts":%lld,"redemptions":%lld,"spent_minor":%lld,)", n(lived.prompts),
                n(lived.redemptions), n(lived.spent));
    const Violations& v = lived.violations;
    std::printf(
        R"("overspent":%lld,"above_reservation":%lld,"over_redemptions":%lld,"caps":%lld,"cooldowns":%lld,)",
        n(v.overspent), n(v.above_reservation), n(v.redemptions), n(v.caps), n(v.cooldowns));
    std::printf(
        R"("quiet_hours":%lld,"holdout_prompts":%lld,"redeemed_twice":%lld,"cpu_s":%.1f,"holds":%s})"
        "\n",
        n(v.quiet), n(v.held_out), n(v.twice), cpu_s, v.all() == 0 ? "true" : "false");
}

}  // namespace

int main(int argc, char** argv) {
    CLI::App app{"tills_driver: no overspend, no cap, quiet hour or holdout broken"};
    Plan plan;
    int broken = 0;
    app.add_option("--operations", plan.operations)->capture_default_str();
    app.add_option("--stores", plan.stores, "that share the chain's budgets")
        ->check(CLI::Range(1, 4))
        ->capture_default_str();
    app.add_option("--seed", plan.seed)->capture_default_str();
    app.add_option("--kill-every", plan.kill_every, "operations")
        ->check(CLI::PositiveNumber)
        ->capture_default_str();
    app.add_option("--broken", broken, "1 to 6: break the shop, to see that it shows")
        ->check(CLI::Range(0, 6));
    CLI11_PARSE(app, argc, argv);
    plan.broken = static_cast<Broken>(broken);

    const auto zone = aisle::runtime::open_time_zone("Europe/Berlin");
    if (!zone) return std::fprintf(stderr, "tills_driver: no time zones here\n"), 69;
    const std::clock_t begun = std::clock();
    const Lived lived = live(plan, **zone);
    print(plan, lived, static_cast<double>(std::clock() - begun) / CLOCKS_PER_SEC);
    return lived.violations.all() == 0 ? 0 : 1;
}
