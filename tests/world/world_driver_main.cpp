// world_driver: worlds by the day, resumable. Each seed is a day of one to three shops with faults
// drawn from it; the sums are kept in FILE after each, so that a long run can be cut anywhere.
#include <CLI/CLI.hpp>
#include <chrono>
#include <ctime>
#include <fstream>
#include <iostream>
#include <map>

#include "agent/runtime/log.hpp"
#include "tests/world/world.hpp"

namespace {

using aisle::world::Report;

// "name value" a line. What is counted is whatever a world reports: a later version may add.
struct Sums {
    std::uint64_t next_seed = 1;
    std::string failed_seeds = "-";
    std::map<std::string, double> counts;
    std::map<std::string, int> plagues;  // faults that came, by name
};

struct Took {
    double wall_s = 0;
    double cpu_s = 0;  // user and system: other work on the machine does not count
};

void load(Sums& sums, const std::string& file) {
    std::ifstream in{file};
    std::string name;
    while (in >> name) {
        if (name == "next_seed") {
            in >> sums.next_seed;
        } else if (name == "failed_seeds") {
            in >> sums.failed_seeds;
        } else if (name.starts_with("fault.")) {
            in >> sums.plagues[name.substr(6)];
        } else {
            in >> sums.counts[name];
        }
    }
}

void save(const Sums& sums, const std::string& file) {
    if (file.empty()) return;
    std::ofstream out{file};
    out << "next_seed " << sums.next_seed << "\nfailed_seeds " << sums.failed_seeds << '\n';
    for (const auto& [name, n] : sums.counts) out << name << ' ' << n << '\n';
    for (const auto& [name, n] : sums.plagues) out << "fault." << name << ' ' << n << '\n';
}

void add(Sums& sums, const Report& report, const Took& took) {
    sums.next_seed = report.seed + 1;
    auto& counts = sums.counts;
    const auto more = [&](const char* name, auto n) { counts[name] += static_cast<double>(n); };
    more("worlds", 1);
    more("failed", report.faults.empty() ? 0 : 1);
    more("store_days", report.store_days);
    more("sales", report.sales);
    more("rows", report.rows_at_hq);
    more("gaps", report.gaps_at_hq);
    more("epochs", report.epochs_at_hq);
    more("bytes", report.bytes);
    more("commands", report.down.commands);
    more("dataset_versions", report.down.patches);
    more("bundles", report.down.bundles);
    more("erasures", report.down.erasures);
    more("withdrawals", report.down.withdrawals);
    more("budget_looks", report.down.budget_looks);
    more("leased_spent_minor", report.down.spent_minor);
    more("wall_s", took.wall_s);
    more("cpu_s", took.cpu_s);
    for (const auto& [name, n] : report.plagues) sums.plagues[name] += n;
    if (report.faults.empty()) return;
    const std::string seed = std::to_string(report.seed);
    sums.failed_seeds = sums.failed_seeds == "-" ? seed : sums.failed_seeds + "," + seed;
}

void tell(const Report& report, const Took& took, bool verbose) {
    if (report.faults.empty() && !verbose) return;
    std::cerr << "seed " << report.seed << (report.faults.empty() ? " good" : " FAILED") << ", "
              << report.store_days << " store-days in " << took.cpu_s << " s of CPU, hash "
              << std::hex << report.hash << std::dec << ", " << report.sales << " sales, "
              << report.rows_at_hq << " rows, " << report.gaps_at_hq << " gaps, "
              << report.epochs_at_hq << " epochs, " << report.tasks << " tasks;";
    for (const auto& [name, n] : report.plagues) std::cerr << ' ' << name << ' ' << n;
    std::cerr << '\n';
    for (const std::string& fault : report.faults) std::cerr << "  " << fault << '\n';
    if (!report.faults.empty())
        std::cerr << "  again: world_driver --from-seed " << report.seed << " --count 1\n";
}

void tell(const Sums& sums) {
    std::cout << R"({"bench":"world")";
    for (const auto& [name, n] : sums.counts)
        std::cout << ",\"" << name << "\":" << static_cast<std::int64_t>(n);
    const auto rate = [&](const char* seconds) {
        const auto found = sums.counts.find(seconds);
        if (found == sums.counts.end() || found->second <= 0) return 0.0;
        return sums.counts.at("store_days") * 86'400 / found->second;
    };
    std::cout << ",\"times_real_by_cpu\":" << static_cast<std::int64_t>(rate("cpu_s"))
              << ",\"times_real_by_wall\":" << static_cast<std::int64_t>(rate("wall_s"));
    std::cout << ",\"faults_drawn\":{";
    const char* comma = "";
    for (const auto& [name, n] : sums.plagues) {
        std::cout << comma << '"' << name << "\":" << n;
        comma = ",";
    }
    std::cout << "},\"next_seed\":" << sums.next_seed << ",\"failed_seeds\":\"" << sums.failed_seeds
              << "\"}\n";
}

}  // namespace

int main(int argc, char** argv) {
    CLI::App cli{"world_driver, whole shops and HQ under one seed"};
    double days = 0;
    std::uint64_t from_seed = 1;
    std::int64_t count = 0;
    std::string state;
    aisle::world::WorldSettings world{.campaigns_dir = AISLE_SOURCE_DIR "/config/campaigns"};
    int hours = 24;
    bool quiet_world = false;
    bool unsaid = false;
    bool verbose = false;
    cli.add_option("--days", days, "store-days, over all runs with this state");
    cli.add_option("--count", count, "worlds");
    cli.add_option("--from-seed", from_seed, "of the first world");
    cli.add_option("--state", state, "file that keeps the sums; an existing one is gone on with");
    cli.add_option("--hours", hours, "length of a world's day");
    cli.add_option("--shops-min", world.shops_min, "fewest shops of a world");
    cli.add_option("--shops-max", world.shops_max, "most shops of a world, at most 3");
    cli.add_option("--campaigns", world.campaigns_dir, "campaigns of the shops");
    cli.add_option("--only", world.only_fault, "one fault and no other, often");
    cli.add_flag("--ended-unsaid", unsaid, "shops that keep their earlier epochs to themselves");
    cli.add_flag("--no-faults", quiet_world, "fair weather");
    cli.add_flag("--verbose", verbose, "a line a world");
    CLI11_PARSE(cli, argc, argv);
    aisle::log::set_level(aisle::log::Level::Error);

    Sums sums{.next_seed = from_seed};
    if (!state.empty()) load(sums, state);
    world.length = std::chrono::hours{hours};
    world.faults = !quiet_world;
    if (unsaid) world.tooth = aisle::world::Tooth::EndedUnsaid;
    while ((days > 0 && sums.counts["store_days"] < days) ||
           static_cast<std::int64_t>(sums.counts["worlds"]) < count) {
        const auto begun = std::chrono::steady_clock::now();
        const std::clock_t cpu = std::clock();
        world.seed = sums.next_seed;
        const Report report = aisle::world::run_world(world);
        const Took took{
            std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count(),
            static_cast<double>(std::clock() - cpu) / CLOCKS_PER_SEC};
        tell(report, took, verbose);
        add(sums, report, took);
        save(sums, state);
    }
    tell(sums);
    return sums.counts["failed"] == 0 ? 0 : 1;
}
