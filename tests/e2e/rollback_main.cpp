// rollback_driver: a real aisled without uplink, bundles from files, and kill -9. A bundle under
// which the program dies again and again, and one that breaks a guard rail, must be rolled back
// within 90 s; a kill at any moment of a switch must leave one whole bundle in force. Prints one
// JSON object a part; exit 0 if all holds.
#include <stdlib.h>
#include <CLI/CLI.hpp>
#include <boost/json.hpp>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <random>
#include <thread>

#include "tests/kit/real_chain.hpp"

namespace {

using namespace aisle;
namespace fs = std::filesystem;
namespace json = boost::json;
using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr seconds kRollbackMax{90};
constexpr seconds kServicePause{2};  // RestartSec of config/systemd
constexpr int kRails = 2;            // version of the bundle that sets a guard rail and no more

struct Options {
    std::string bin;
    int switches = 30;
    unsigned seed = 1;
};

double since(Clock::time_point then) {
    return std::chrono::duration<double>(Clock::now() - then).count();
}

// A campaign that takes `off_fen` off every basket of 100.00 or more.
std::string campaigns(const kit::RealChain& chain, int version, int off_fen) {
    const std::string dir = chain.file("campaigns-" + std::to_string(version));
    fs::create_directories(dir);
    std::ofstream{dir + "/c.json"}
        << R"({"schema": 1, "id": "c", "version": )" << version
        << R"(, "trigger": {"type": "basket"}, "action": {"type": "spend_tiers", "tiers": [[10000, )"
        << off_fen << R"(]]}, "experiment": {"holdout": 0}})";
    return dir;
}

struct Running {
    std::int64_t version = -1;  // -1: nobody answers
    std::string state;
};

Running running(const kit::RealChain& chain) {
    const auto answer = chain.shop("GET /api/v1/status");
    if (answer.status != 200) return {};
    const auto status = json::parse(answer.body);
    const auto& bundle = status.at("bundle");
    return {bundle.at("version").as_int64(), std::string{bundle.at("state").as_string()}};
}

bool wait_running(const kit::RealChain& chain, std::int64_t version, milliseconds limit) {
    return kit::wait_for([&] { return running(chain).version == version; }, limit);
}

// What a basket of 150.00 is offered: tells which campaigns are loaded.
std::int64_t offered(const kit::RealChain& chain, int basket) {
    const auto answer = chain.shop(
        "POST /api/v1/baskets:decide",
        R"({"basket":"b-)" + std::to_string(basket) +
            R"(","till":"1","lines":[{"n":1,"sku":"A","qty_milli":1000,"gross":15000}]})");
    if (answer.status != 200) return -1;
    const auto decision = json::parse(answer.body);
    const auto& offers = decision.at("offers").as_array();
    return offers.empty() ? 0 : offers.front().at("amount").as_int64();
}

void restart(kit::RealChain& chain, milliseconds pause) {
    chain.agent().kill();
    std::this_thread::sleep_for(pause);
    chain.start_agent();
    chain.ready();
}

// It dies 8 s after each start, and the service manager starts it again.
bool crash_loop(kit::RealChain& chain, int version) {
    if (chain.hand_in(chain.sign(version, campaigns(chain, version, 1'000))) != 0) return false;
    if (!wait_running(chain, version, seconds{20})) return false;
    const auto switched = Clock::now();
    int deaths = 0;
    while (running(chain).version == version && since(switched) < 120) {
        std::this_thread::sleep_for(seconds{8});
        restart(chain, kServicePause);
        ++deaths;
    }
    const double back = since(switched);
    const auto now = running(chain);
    std::printf(
        R"({"part":"crash_loop","deaths":%d,"rolled_back_s":%.1f,"runs":%lld,"offers":%lld})"
        "\n",
        deaths, back, static_cast<long long>(now.version),
        static_cast<long long>(offered(chain, 1)));
    return now.version != version && back < static_cast<double>(kRollbackMax.count());
}

bool guard_rail(kit::RealChain& chain, int version) {
    const auto rails = chain.sign(version, {}, R"({"guard.max_offers_per_hour": 20})");
    if (chain.hand_in(rails) != 0 || !wait_running(chain, version, seconds{20})) return false;
    // A bundle's own rails count from when it has proved healthy.
    if (!kit::wait_for([&] { return running(chain).state == "healthy"; }, seconds{90}))
        return false;
    if (chain.hand_in(chain.sign(version + 1, campaigns(chain, version + 1, 1'000))) != 0)
        return false;
    if (!wait_running(chain, version + 1, seconds{20})) return false;
    const auto switched = Clock::now();
    for (int i = 0; i < 25; ++i) offered(chain, 1'000 + i);
    const bool gone = wait_running(chain, version, seconds{100});
    const double back = since(switched);
    std::printf(R"({"part":"guard_rail","rolled_back_s":%.1f,"runs":%lld})"
                "\n",
                back, static_cast<long long>(running(chain).version));
    return gone && back < static_cast<double>(kRollbackMax.count());
}

// kill -9 at a random moment of a switch: afterwards the version in force and the campaigns that
// are loaded belong together, and the newest bundle is either running, waiting or wholly absent.
bool killed_switches(kit::RealChain& chain, int from, const Options& options) {
    std::mt19937 random{options.seed};
    // Neither no bundle nor the one that only sets rails brings a campaign.
    std::map<std::int64_t, std::int64_t> off{{0, 0}, {kRails, 0}};
    int old = 0;
    int fresh = 0;
    int broken = 0;
    for (int i = 0; i < options.switches; ++i) {
        const int version = from + i;
        const int off_fen = 100 + i;
        off[version] = off_fen;
        const auto bundle = chain.sign(version, campaigns(chain, version, off_fen));
        std::thread killer{[&chain, wait = milliseconds{random() % 120}] {
            std::this_thread::sleep_for(wait);
            chain.agent().signal(SIGKILL);
        }};
        (void)chain.hand_in(bundle);
        killer.join();
        restart(chain, milliseconds{0});
        const auto now = running(chain);
        const auto takes_off = offered(chain, 10'000 + i);
        const bool whole = off.contains(now.version) && off[now.version] == takes_off;
        if (!whole)
            std::cerr << "switch " << i << ": version " << now.version << " offers " << takes_off
                      << "\n";
        broken += whole ? 0 : 1;
        (now.version == version ? fresh : old) += 1;
    }
    std::printf(R"({"part":"killed_switches","kills":%d,"old":%d,"new":%d,"neither":%d})"
                "\n",
                options.switches, old, fresh, broken);
    return broken == 0 && old > 0;
}

int run(const Options& options) {
    std::string folder = (fs::temp_directory_path() / "aisle-rollback-XXXXXX").string();
    if (::mkdtemp(folder.data()) == nullptr) return 1;
    bool good = false;
    {
        kit::RealChain chain{{.bin = options.bin, .folder = folder, .with_hq = false}};
        good = chain.ready() && crash_loop(chain, 1) && guard_rail(chain, kRails) &&
               killed_switches(chain, 10, options);
        if (!good) chain.tell();
    }
    fs::remove_all(folder);
    return good ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
    Options options;
    CLI::App app{"bundles under kill -9"};
    app.add_option("--bin", options.bin, "where the programs are")->required();
    app.add_option("--switches", options.switches, "how many are killed");
    app.add_option("--seed", options.seed, "of the moments");
    CLI11_PARSE(app, argc, argv);
    return run(options);
}
