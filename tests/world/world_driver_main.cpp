// world_driver: worlds by the day, resumable. Each seed is a day of one to three shops with faults
// drawn from it; the sums are kept in FILE after each, so that a long run can be cut anywhere.
#include <CLI/CLI.hpp>
#include <chrono>
#include <fstream>
#include <iostream>
#include <map>

#include "agent/runtime/log.hpp"
#include "tests/world/world.hpp"

namespace {

using aisle::world::Report;

struct Sums {
    std::uint64_t next_seed = 1;
    std::int64_t worlds = 0;
    std::int64_t failed = 0;
    double store_days = 0;
    std::int64_t sales = 0;
    std::int64_t rows = 0;
    std::int64_t gaps = 0;
    std::int64_t epochs = 0;
    std::int64_t bytes = 0;
    double wall_s = 0;
    std::string failed_seeds = "-";
};

void load(Sums& sums, const std::string& file) {
    std::ifstream in{file};
    if (in)
        in >> sums.next_seed >> sums.worlds >> sums.failed >> sums.store_days >> sums.sales >>
            sums.rows >> sums.gaps >> sums.epochs >> sums.bytes >> sums.wall_s >> sums.failed_seeds;
}

void save(const Sums& sums, const std::string& file) {
    if (file.empty()) return;
    std::ofstream{file} << sums.next_seed << ' ' << sums.worlds << ' ' << sums.failed << ' '
                        << sums.store_days << ' ' << sums.sales << ' ' << sums.rows << ' '
                        << sums.gaps << ' ' << sums.epochs << ' ' << sums.bytes << ' '
                        << sums.wall_s << ' ' << sums.failed_seeds << '\n';
}

void add(Sums& sums, const Report& report, double wall_s) {
    sums.next_seed = report.seed + 1;
    ++sums.worlds;
    sums.store_days += report.store_days;
    sums.sales += report.sales;
    sums.rows += report.rows_at_hq;
    sums.gaps += report.gaps_at_hq;
    sums.epochs += report.epochs_at_hq;
    sums.bytes += report.bytes;
    sums.wall_s += wall_s;
    if (report.faults.empty()) return;
    ++sums.failed;
    const std::string seed = std::to_string(report.seed);
    sums.failed_seeds = sums.failed_seeds == "-" ? seed : sums.failed_seeds + "," + seed;
}

void tell(const Report& report, double wall_s, bool verbose) {
    if (report.faults.empty() && !verbose) return;
    std::cerr << "seed " << report.seed << (report.faults.empty() ? " good" : " FAILED") << ", "
              << report.store_days << " store-days in " << wall_s << " s, hash " << std::hex
              << report.hash << std::dec << ", " << report.sales << " sales, " << report.rows_at_hq
              << " rows, " << report.gaps_at_hq << " gaps, " << report.epochs_at_hq << " epochs, "
              << report.tasks << " tasks;";
    for (const auto& [name, n] : report.plagues) std::cerr << ' ' << name << ' ' << n;
    std::cerr << '\n';
    for (const std::string& fault : report.faults) std::cerr << "  " << fault << '\n';
    if (!report.faults.empty())
        std::cerr << "  again: world_driver --from-seed " << report.seed << " --count 1\n";
}

}  // namespace

int main(int argc, char** argv) {
    CLI::App cli{"world_driver, whole shops and HQ under one seed"};
    double days = 0;
    std::uint64_t from_seed = 1;
    std::int64_t count = 0;
    std::string state;
    std::string campaigns = AISLE_SOURCE_DIR "/config/campaigns";
    int hours = 24;
    int shops_min = 1;
    int shops_max = 3;
    bool quiet_world = false;
    bool verbose = false;
    cli.add_option("--days", days, "store-days, over all runs with this state");
    cli.add_option("--count", count, "worlds");
    cli.add_option("--from-seed", from_seed, "of the first world");
    cli.add_option("--state", state, "file that keeps the sums; an existing one is gone on with");
    cli.add_option("--hours", hours, "length of a world's day");
    cli.add_option("--shops-min", shops_min, "fewest shops of a world");
    cli.add_option("--shops-max", shops_max, "most shops of a world");
    cli.add_option("--campaigns", campaigns, "campaigns of the shops");
    cli.add_flag("--no-faults", quiet_world, "fair weather");
    cli.add_flag("--verbose", verbose, "a line a world");
    CLI11_PARSE(cli, argc, argv);
    aisle::log::set_level(aisle::log::Level::Error);

    Sums sums{.next_seed = from_seed};
    if (!state.empty()) load(sums, state);
    while ((days > 0 && sums.store_days < days) || sums.worlds < count) {
        const auto begun = std::chrono::steady_clock::now();
        const Report report = aisle::world::run_world({.seed = sums.next_seed,
                                                       .length = std::chrono::hours{hours},
                                                       .shops_min = shops_min,
                                                       .shops_max = shops_max,
                                                       .faults = !quiet_world,
                                                       .campaigns_dir = campaigns});
        const double wall_s =
            std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
        tell(report, wall_s, verbose);
        add(sums, report, wall_s);
        save(sums, state);
    }
    std::cout << "{\"bench\":\"world\",\"worlds\":" << sums.worlds << ",\"failed\":" << sums.failed
              << ",\"store_days\":" << sums.store_days << ",\"sales\":" << sums.sales
              << ",\"rows\":" << sums.rows << ",\"gaps\":" << sums.gaps
              << ",\"epochs\":" << sums.epochs << ",\"wall_s\":" << sums.wall_s
              << ",\"times_real\":"
              << (sums.wall_s > 0 ? sums.store_days * 86'400 / sums.wall_s : 0)
              << ",\"next_seed\":" << sums.next_seed << ",\"failed_seeds\":\"" << sums.failed_seeds
              << "\"}\n";
    return sums.failed == 0 ? 0 : 1;
}
