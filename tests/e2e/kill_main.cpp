// kill_driver: sales pushed over HTTP and dropped as files while agent, headquarters, broker and
// table are killed with -9. Every sale that got a 200, and every file, must be at headquarters
// exactly once. Prints one JSON object; exit 0 if it holds, 1 if not, 77 where a part is missing.
#include <stdlib.h>
#include <CLI/CLI.hpp>
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

namespace {

using namespace aisle;
using e2e::Stage;
namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

constexpr std::chrono::seconds kPushMax{90};    // for one sale, through however many restarts
constexpr std::chrono::seconds kDrainMax{180};  // until the last is at headquarters
constexpr int kFileEvery = 5;                   // every so many sales one comes as a file

struct Options {
    std::string bin;
    std::string table = "sqlite";
    std::string broker = "mosquitto";
    int sales = 200;
    int kills = 8;
    unsigned seed = 1;
};

class TempFolder {
public:
    TempFolder() {
        std::string name = (fs::temp_directory_path() / "aisle-kill-XXXXXX").string();
        path_ = ::mkdtemp(name.data());
        fs::permissions(path_, fs::perms::owner_all);
    }
    ~TempFolder() { fs::remove_all(path_); }
    TempFolder(const TempFolder&) = delete;
    TempFolder& operator=(const TempFolder&) = delete;
    [[nodiscard]] const fs::path& path() const { return path_; }

private:
    fs::path path_;
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
bool push(const Stage& stage, int seq) {
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

AtHq wait_for(const Stage& stage, std::int64_t sales) {
    const auto give_up = Clock::now() + kDrainMax;
    AtHq seen;
    while (Clock::now() < give_up && seen.sales < sales) {
        if (const auto now = look(stage.chain())) seen = *now;
        std::this_thread::sleep_for(milliseconds{100});
    }
    return seen;
}

int run(const Options& options) {
    const TempFolder folder;
    const auto chain = e2e::make_chain(options.broker, options.table, folder.path());
    if (!chain) return std::cerr << "kill_driver: " << chain.error().detail << "\n", 77;
    Stage stage{{.bin = options.bin, .folder = folder.path()}, *chain};
    const auto begun = Clock::now();
    if (!sell(stage, options)) return stage.tell(), 1;
    AtHq seen = wait_for(stage, options.sales);
    const auto took = std::chrono::duration_cast<milliseconds>(Clock::now() - begun);
    stage.stop();
    if (const auto last = look(stage.chain())) seen = *last;
    std::printf(
        R"({"table":"%s","broker":"%s","sales":%d,"kills":%d,"at_hq":%lld,"doubled":%lld,"seconds":%.1f})"
        "\n",
        options.table.c_str(), options.broker.c_str(), options.sales, options.kills,
        static_cast<long long>(seen.sales), static_cast<long long>(seen.doubled),
        static_cast<double>(took.count()) / 1000);
    const bool held = seen.sales == options.sales && seen.doubled == 0;
    if (!held) stage.tell();
    return held ? 0 : 1;
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
    CLI11_PARSE(app, argc, argv);
    return run(options);
}
