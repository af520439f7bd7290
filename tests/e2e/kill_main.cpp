// kill_driver: sales pushed over HTTP while agent, headquarters and broker are killed with -9.
// Every sale that got a 200 must be at headquarters exactly once. Prints one JSON object; exit 0 if
// it holds, 1 if not, 77 without mosquitto.
#include <stdlib.h>
#include <CLI/CLI.hpp>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <random>
#include <set>
#include <thread>

#include "agent/runtime/http.hpp"
#include "agent/sqlite/database.hpp"
#include "tests/kit/mosquitto.hpp"
#include "tests/kit/program.hpp"

namespace {

using namespace aisle;
namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

constexpr std::chrono::seconds kPushMax{60};   // for one sale, through however many restarts
constexpr std::chrono::seconds kDrainMax{90};  // until the last is at headquarters

struct Options {
    std::string bin;
    int sales = 200;
    int kills = 8;
    unsigned seed = 1;
};

class Stage {
public:
    explicit Stage(const std::string& bin) : bin_{bin} {
        std::string name = (fs::temp_directory_path() / "aisle-kill-XXXXXX").string();
        dir_ = ::mkdtemp(name.data());
        agent_port_ = kit::free_port();
        hq_port_ = kit::free_port();
        write("aisle.toml", "[store]\nid = \"s-0001\"\ndata_dir = \"" + dir_.string() +
                                "\"\n[http]\nlisten = \"127.0.0.1:" + std::to_string(agent_port_) +
                                "\"\nunix_socket = \"\"\n[uplink]\naddress = \"127.0.0.1:" +
                                std::to_string(broker_.port()) + "\"\nreconnect_max_s = 1\n");
        write("hq.toml",
              "[store]\nurl = \"sqlite:" + (dir_ / "hq.db").string() +
                  "\"\n[broker]\naddress = \"127.0.0.1:" + std::to_string(broker_.port()) +
                  "\"\nreconnect_max_s = 1\n[http]\nlisten = \"127.0.0.1:" +
                  std::to_string(hq_port_) + "\"\n");
        kit::Program{{bin_ + "/aislectl", "init", "--data", dir_.string()}, log("init")}.wait();
    }
    ~Stage() { fs::remove_all(dir_); }

    bool start() {
        if (!broker_.start()) return false;
        start_hq();
        start_agent();
        return true;
    }
    void kill(unsigned who) {
        if (who % 3 == 0) {
            agent_.kill();
            start_agent();
        } else if (who % 3 == 1) {
            hq_.kill();
            start_hq();
        } else {
            broker_.kill();
            broker_.start();
        }
    }
    void stop() {
        agent_.signal(SIGTERM);
        agent_.wait();
        hq_.signal(SIGTERM);
        hq_.wait();
    }

    [[nodiscard]] std::string target() const { return "127.0.0.1:" + std::to_string(agent_port_); }
    [[nodiscard]] fs::path operator/(const char* name) const { return dir_ / name; }
    // What the programs said, for a run that failed.
    void tell() const {
        for (const char* name : {"aisled", "aisle-hq"}) {
            std::cerr << "---- " << name << "\n" << std::ifstream{log(name)}.rdbuf() << "\n";
        }
    }

private:
    void write(const char* name, const std::string& text) { std::ofstream{dir_ / name} << text; }
    [[nodiscard]] std::string log(const std::string& name) const {
        return (dir_ / (name + ".log")).string();
    }
    void start_agent() {
        agent_ = kit::Program{{bin_ + "/aisled", "--config", (dir_ / "aisle.toml").string()},
                              log("aisled")};
    }
    void start_hq() {
        hq_ = kit::Program{{bin_ + "/aisle-hq", "--config", (dir_ / "hq.toml").string()},
                           log("aisle-hq")};
    }

    std::string bin_;
    fs::path dir_;
    int agent_port_ = 0;
    int hq_port_ = 0;
    kit::Mosquitto broker_;
    kit::Program agent_;
    kit::Program hq_;
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

std::int64_t number_or_none(sqlite::Database& database, const char* sql) {
    const auto answer = database.integer(sql);
    return answer ? *answer : -1;
}

Result<AtHq> look(const Stage& stage) {
    auto database = sqlite::Database::open((stage / "hq.db").string(), {.read_only = true});
    if (!database) return database.error();
    AtHq seen;
    const auto number = [&](const char* sql) { return number_or_none(*database, sql); };
    seen.sales = number("select count(distinct event_id) from events where kind = 'sale'");
    seen.doubled = number(
        "select count(*) from (select 1 from events where kind = 'sale' group by event_id having "
        "count(*) > 1)");
    return seen;
}

int run(const Options& options) {
    if (!kit::Mosquitto::available()) return std::cerr << "kill_driver: no mosquitto\n", 77;
    Stage stage{options.bin};
    if (!stage.start()) return std::cerr << "kill_driver: the broker does not start\n", 1;
    std::mt19937 random{options.seed};
    std::multiset<int> kill_after;
    for (int i = 0; i < options.kills; ++i) {
        kill_after.insert(static_cast<int>(random() % static_cast<unsigned>(options.sales)));
    }
    const auto begun = Clock::now();
    for (int seq = 1; seq <= options.sales; ++seq) {
        if (!push(stage, seq)) {
            stage.tell();
            return std::cerr << "kill_driver: sale " << seq << " was never accepted\n", 1;
        }
        for (auto n = kill_after.count(seq - 1); n > 0; --n)
            stage.kill(static_cast<unsigned>(random()));
    }
    const auto give_up = Clock::now() + kDrainMax;
    AtHq seen;
    while (Clock::now() < give_up && seen.sales < options.sales) {
        if (const auto now = look(stage)) seen = *now;
        std::this_thread::sleep_for(milliseconds{100});
    }
    const auto took = std::chrono::duration_cast<milliseconds>(Clock::now() - begun);
    stage.stop();
    if (const auto last = look(stage)) seen = *last;
    std::printf(R"({"sales":%d,"kills":%d,"at_hq":%lld,"doubled":%lld,"seconds":%.1f})"
                "\n",
                options.sales, options.kills, static_cast<long long>(seen.sales),
                static_cast<long long>(seen.doubled), static_cast<double>(took.count()) / 1000);
    const bool held = seen.sales == options.sales && seen.doubled == 0;
    if (!held) stage.tell();
    return held ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
    Options options;
    CLI::App app{"sales pushed while agent, headquarters and broker are killed"};
    app.add_option("--bin", options.bin, "folder of the programs")->required();
    app.add_option("--sales", options.sales)->check(CLI::Range(1, 100'000));
    app.add_option("--kills", options.kills)->check(CLI::Range(0, 1000));
    app.add_option("--seed", options.seed);
    CLI11_PARSE(app, argc, argv);
    return run(options);
}
