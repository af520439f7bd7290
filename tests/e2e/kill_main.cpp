// kill_driver: sales pushed over HTTP and dropped as files while agent, headquarters, broker and
// table are killed with -9. Every sale that got a 200, and every file, must be at headquarters
// exactly once. With --takeovers the collector that serves the shop is killed and stays dead, and a
// sale must come through another one. Prints one JSON object a run, and with --state one for all;
// exit 0 if it holds, 1 if not, 77 where a part is missing.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <map>
#include <random>
#include <thread>

#include "agent/runtime/http.hpp"
#include "kill_chains.hpp"
#include "kill_stage.hpp"
#include "kill_sums.hpp"
#include "tests/kit/temp_folder.hpp"

namespace {

using namespace aisle;
using e2e::Stage;
namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

constexpr std::chrono::seconds kPushMax{90};      // for one sale, through however many restarts
constexpr std::chrono::seconds kDrainMax{180};    // until the last is at headquarters
constexpr int kFileEvery = 5;                     // every so many sales one comes as a file
constexpr std::chrono::seconds kTakeoverMax{15};  // DESIGN: within so long, or the run has failed
constexpr int kSalesAKill = 12;

struct Options {
    std::string bin;
    std::string table = "sqlite";
    std::string broker = "mosquitto";
    int sales = 200;
    int kills = 8;
    unsigned seed = 1;
    int collectors = 1;
    int takeovers = 0;
    std::string state;  // file of sums; --kills is then what they must come to
    int portion = 50;   // kills a run then
};

std::string sale_json(int seq) {
    const std::string n = std::to_string(seq);
    const std::string amount = std::to_string(1000 + seq);
    return R"({"source":"till","store":"s-0001","till":"1","seq":)" + n +
           R"(,"business_date":"2026-06-12","ended_at":"2026-06-12T12:00:00+08:00","currency":"CNY",)" +
           R"("lines":[{"n":1,"kind":"sale","sku":"SKU1","text":"item","qty_milli":1000,"unit":"ea","gross":)" +
           amount + R"(,"discount":0,"net":)" + amount +
           R"(}],"tenders":[{"kind":"cash","amount":)" + amount + R"(,"change":0}],"total":)" +
           amount + "}";
}

std::string sale_file(int seq) {
    return R"(<?xml version="1.0" encoding="UTF-8"?>
<POSLog xmlns="http://www.nrf-arts.org/IXRetail/namespace/"><Transaction>
<RetailStoreID>s-0001</RetailStoreID><WorkstationID>2</WorkstationID><SequenceNumber>)" +
           std::to_string(seq) + R"(</SequenceNumber>
<BusinessDayDate>2026-06-12</BusinessDayDate><EndDateTime>2026-06-12T12:00:00</EndDateTime>
<CurrencyCode>CNY</CurrencyCode><RetailTransaction><LineItem><SequenceNumber>1</SequenceNumber>
<Sale ItemType="Stock"><ItemID>SKU1</ItemID><Description>item</Description>
<ExtendedAmount>12.50</ExtendedAmount><Quantity>1</Quantity></Sale></LineItem>
<LineItem><Tender TenderType="Cash" TypeCode="Sale"><Amount>12.50</Amount></Tender></LineItem>
<Total TotalType="TransactionGrandAmount">12.50</Total></RetailTransaction></Transaction></POSLog>
)";
}

// As tills do it: written beside, then given its name.
void drop(const Stage& stage, int seq) {
    const fs::path name = stage.tills() / ("sale-" + std::to_string(seq) + ".xml");
    fs::path part = name;
    part += ".part";
    std::ofstream{part} << sale_file(seq);
    fs::rename(part, name);
}

// Until it gets a 200, as a till's middleware would.
bool push(Stage& stage, int seq) {
    const auto give_up = Clock::now() + kPushMax;
    while (Clock::now() < give_up) {
        const auto answer = runtime::http_call(stage.target(),
                                               {.method = "POST",
                                                .path = "/api/v1/sales",
                                                .headers = {{"content-type", "application/json"}},
                                                .body = sale_json(seq)},
                                               milliseconds{3000});
        if (answer && answer->status == 200) return true;
        if (answer && answer->status == 400) {
            std::cerr << "refused: " << answer->body << "\n";
            return false;
        }
        stage.tend();
        std::this_thread::sleep_for(milliseconds{20});
    }
    return false;
}

struct AtHq {
    std::int64_t sales = 0;
    std::int64_t doubled = 0;
};

// Nothing while the table does not answer.
std::optional<AtHq> look(const e2e::Chain& chain) {
    const auto sales = chain.ask("select count(distinct event_id) from events where kind = 'sale'");
    const auto doubled = chain.ask(
        "select count(*) from (select 1 from events where kind = 'sale' group by event_id having "
        "count(*) > 1) twice");
    if (!sales || !doubled) return std::nullopt;
    return AtHq{*sales, *doubled};
}

// Who dies after which sale.
std::multimap<int, unsigned> draw_kills(const Options& options, bool table_dies) {
    std::mt19937 random{options.seed};
    std::multimap<int, unsigned> kills;
    for (int i = 0; i < options.kills; ++i) {
        const int after = static_cast<int>(random() % static_cast<unsigned>(options.sales)) + 1;
        kills.emplace(after, static_cast<unsigned>(random() % (table_dies ? 4U : 3U)));
    }
    return kills;
}

bool sell(Stage& stage, const Options& options) {
    const auto kills = draw_kills(options, stage.chain().kill_table != nullptr);
    for (int seq = 1; seq <= options.sales; ++seq) {
        if (seq % kFileEvery == 0) {
            drop(stage, seq);
        } else if (!push(stage, seq)) {
            std::cerr << "kill_driver: sale " << seq << " was never accepted\n";
            return false;
        }
        const auto [first, last] = kills.equal_range(seq);
        for (auto at = first; at != last; ++at) stage.kill(at->second);
    }
    return true;
}

AtHq wait_for(Stage& stage, std::int64_t sales) {
    const auto give_up = Clock::now() + kDrainMax;
    AtHq seen;
    while (Clock::now() < give_up && seen.sales < sales) {
        if (const auto now = look(stage.chain())) seen = *now;
        stage.tend();
        std::this_thread::sleep_for(milliseconds{100});
    }
    return seen;
}

double seconds_since(Clock::time_point begun) {
    return static_cast<double>(
               std::chrono::duration_cast<milliseconds>(Clock::now() - begun).count()) /
           1000;
}

// The collector that holds the lease of s-0001's partition, 26; nothing while nobody does.
std::optional<int> server_of_the_shop(const e2e::Chain& chain) {
    const auto which = chain.ask(
        "select substring(owner from 'aisle-hq-([0-9]+)-')::bigint from leases where name = '26' "
        "and ends_at > clock_timestamp()");
    return which ? std::optional{static_cast<int>(*which)} : std::nullopt;
}

template <typename Condition>
bool wait_until(Condition holds, std::chrono::seconds limit) {
    const auto give_up = Clock::now() + limit;
    while (!holds() && Clock::now() < give_up) std::this_thread::sleep_for(milliseconds{50});
    return holds();
}

struct TakeOver {
    double lease_s = 0;
    double sale_s = 0;
};

// The collector that serves the shop dies: how long until another one does, and until a sale that
// was made meanwhile is at headquarters. Nothing if either took too long.
std::optional<TakeOver> take_over(Stage& stage, int seq) {
    std::optional<int> dead;
    const auto served = [&] { return (dead = server_of_the_shop(stage.chain())).has_value(); };
    if (!wait_until(served, kDrainMax)) return std::nullopt;
    const auto begun = Clock::now();
    stage.kill_collector(*dead);
    if (!push(stage, seq)) return std::nullopt;
    const auto taken = [&] {
        const auto heir = server_of_the_shop(stage.chain());
        return heir && heir != dead;
    };
    TakeOver took;
    if (!wait_until(taken, kTakeoverMax)) return std::nullopt;
    took.lease_s = seconds_since(begun);
    if (wait_for(stage, seq).sales < seq) return std::nullopt;
    took.sale_s = seconds_since(begun);
    stage.start_collector(*dead);
    return took;
}

bool take_over_all(Stage& stage, const Options& options, e2e::KillSums& sums) {
    if (options.takeovers == 0) return true;
    (void)wait_for(stage, options.sales);  // tends to all, so that all collectors are there
    for (int i = 0; i < options.takeovers; ++i) {
        const auto took = take_over(stage, options.sales + 1 + i);
        ++sums.sales;
        ++sums.kills;
        if (!took) return std::cerr << "kill_driver: no take-over within 15 s\n", false;
        ++sums.takeovers;
        sums.takeover_max_s = std::max(sums.takeover_max_s, took->lease_s);
        sums.sale_max_s = std::max(sums.sale_max_s, took->sale_s);
    }
    return true;
}

// Nothing where a part is missing.
std::optional<e2e::KillSums> run(const Options& options) {
    const kit::TempFolder folder;
    const auto chain = e2e::make_chain(options.broker, options.table, folder.path());
    if (!chain) return std::cerr << "kill_driver: " << chain.error().detail << "\n", std::nullopt;
    Stage stage{{.bin = options.bin, .folder = folder.path(), .collectors = options.collectors},
                *chain};
    const auto begun = Clock::now();
    e2e::KillSums sums{.runs = 1, .kills = options.kills, .sales = options.sales};
    const bool sold = sell(stage, options) && take_over_all(stage, options, sums);
    AtHq seen = sold ? wait_for(stage, sums.sales) : AtHq{};
    sums.seconds = seconds_since(begun);
    stage.stop();
    if (const auto last = look(stage.chain())) seen = *last;
    sums.at_hq = seen.sales;
    sums.doubled = seen.doubled;
    if (!sold || seen.sales != sums.sales || seen.doubled != 0) {
        sums.failed = 1;
        stage.tell();
    }
    std::printf("%s\n", e2e::to_json(options.table, options.broker, sums).c_str());
    std::fflush(stdout);
    return sums;
}

// Runs of a portion each until the sums in the file come to what was asked for.
int run_series(const Options& options) {
    e2e::KillSums all = e2e::read_sums(options.state);
    while (all.kills < options.kills) {
        Options one = options;
        one.kills = std::min(options.portion, options.kills - static_cast<int>(all.kills));
        one.sales = one.kills * kSalesAKill;
        one.seed = options.seed + static_cast<unsigned>(all.runs);
        const auto sums = run(one);
        if (!sums) return 77;
        all.add(*sums);
        if (!e2e::write_sums(options.state, all)) return 74;
    }
    std::printf("%s\n", e2e::to_json(options.table, options.broker, all).c_str());
    return all.failed == 0 ? 0 : 1;
}

int run_once(const Options& options) {
    const auto sums = run(options);
    if (!sums) return 77;
    return sums->failed == 0 ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
    Options options;
    CLI::App app{"sales pushed while agent, headquarters, broker and table are killed"};
    app.add_option("--bin", options.bin, "folder of the programs")->required();
    app.add_option("--table", options.table)->check(CLI::IsMember({"sqlite", "postgresql"}));
    app.add_option("--broker", options.broker)->check(CLI::IsMember({"mosquitto", "nats"}));
    app.add_option("--sales", options.sales)->check(CLI::Range(1, 1'000'000));
    app.add_option("--kills", options.kills)->check(CLI::Range(0, 10'000));
    app.add_option("--seed", options.seed);
    app.add_option("--collectors", options.collectors)->check(CLI::Range(1, 9));
    app.add_option("--takeovers", options.takeovers)->check(CLI::Range(0, 1'000));
    app.add_option("--state", options.state, "file of sums: goes on until they come to --kills");
    app.add_option("--portion", options.portion)->check(CLI::Range(1, 10'000));
    CLI11_PARSE(app, argc, argv);
    const bool server = options.table == "postgresql";
    if (!server && (options.collectors > 1 || options.takeovers > 0))
        return std::cerr << "kill_driver: several collectors need postgresql\n", 64;
    return options.state.empty() ? run_once(options) : run_series(options);
}
