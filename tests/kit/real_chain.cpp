#include "tests/kit/real_chain.hpp"

#include <unistd.h>

#include <cassert>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>
#include <thread>
#include <utility>

#include "agent/runtime/http.hpp"

namespace aisle::kit {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::seconds kAnswerMax{60};

std::string quoted(const std::string& text) { return '"' + text + '"'; }

Answered ask(int port, const std::string& what, runtime::HttpRequest request) {
    const auto blank = what.find(' ');
    request.method = what.substr(0, blank);
    request.path = what.substr(blank + 1);
    const auto answer =
        runtime::http_call("127.0.0.1:" + std::to_string(port), request, kAnswerMax);
    if (!answer) return {};
    return {answer->status, answer->body};
}

double megabytes_in(const std::string& status, const std::string& name) {
    const auto at = status.find(name + ":");
    return at == std::string::npos ? 0 : std::stod(status.substr(at + name.size() + 1)) / 1024;
}

std::string text_of(const std::string& path) {
    std::ostringstream text;
    text << std::ifstream{path}.rdbuf();
    return text.str();
}

}  // namespace

Spent spent_by(pid_t pid) {
    const std::string folder = "/proc/" + std::to_string(pid);
    // After the name in brackets: state is field 3, utime and stime are 14 and 15 (proc(5)).
    std::string stat = text_of(folder + "/stat");
    std::istringstream fields{stat.substr(std::min(stat.rfind(')') + 1, stat.size()))};
    std::string skipped;
    for (int field = 3; field < 14; ++field) fields >> skipped;
    double user = 0;
    double system = 0;
    fields >> user >> system;
    const std::string status = text_of(folder + "/status");
    return {.cpu_s = (user + system) / static_cast<double>(::sysconf(_SC_CLK_TCK)),
            .rss_mb = megabytes_in(status, "VmRSS"),
            .peak_mb = megabytes_in(status, "VmHWM")};
}

bool wait_for(const std::function<bool()>& holds, std::chrono::milliseconds limit,
              std::chrono::milliseconds look) {
    const auto end = std::chrono::steady_clock::now() + limit;
    while (!holds()) {
        if (std::chrono::steady_clock::now() >= end) return false;
        std::this_thread::sleep_for(look);
    }
    return true;
}

RealChain::RealChain(Settings settings)
    : settings_{std::move(settings)}, agent_port_{free_port()}, hq_port_{free_port()} {
    fs::create_directories(file("data"));
    tool({"aislectl", "init", "--data", file("data")});
    make_keys();
    if (settings_.with_hq) {
        broker_ = std::make_unique<Mosquitto>();
        if (!broker_->start()) std::cerr << "mosquitto does not start\n";
    }
    write_settings();
    if (settings_.with_hq)
        hq_ = Program{{settings_.bin + "/aisle-hq", "--config", file("hq.toml")}, file("hq.log")};
    start_agent();
}

RealChain::~RealChain() = default;

void RealChain::make_keys() {
    tool({"aisle-hq", "keys", "make", "--out", file("keys")});
    tool({"aisle-hq", "keys", "add-store", "--dir", file("keys"), "--store", "s-0001", "--file",
          file("data/keys/store.key")});
    fs::create_directories(file("data/keys/hq"));
    for (const auto& entry : fs::directory_iterator{file("keys")}) {
        if (entry.path().extension() == ".secret") key_ = entry.path().string();
        if (entry.path().extension() == ".pub")
            fs::copy(entry.path(), file("data/keys/hq/" + entry.path().filename().string()));
    }
}

void RealChain::write_settings() const {
    const std::string broker = broker_
                                   ? "address = \"127.0.0.1:" + std::to_string(broker_->port()) +
                                         "\"\nreconnect_max_s = 1\n"
                                   : std::string{};
    std::ofstream{file("aisle.toml")}
        << "[store]\nid = \"s-0001\"\ndata_dir = " << quoted(file("data"))
        << "\n[http]\nlisten = \"127.0.0.1:" << agent_port_
        << "\"\nunix_socket = " << quoted(file("aisled.sock"))
        << (broker.empty() ? std::string{} : "\n[uplink]\n" + broker)
        << "\n[offers]\ncampaigns_dir = " << quoted(settings_.campaigns_dir) << "\n";
    std::ofstream{file("hq.toml")} << "[store]\nurl = " << quoted("sqlite:" + file("hq.db"))
                                   << "\n[broker]\n"
                                   << broker << "[http]\nlisten = \"127.0.0.1:" << hq_port_
                                   << "\"\n[downlink]\nkeys_dir = " << quoted(file("keys"))
                                   << "\nsigning_key = " << quoted(key_) << "\n";
}

void RealChain::start_agent() {
    agent_ =
        Program{{settings_.bin + "/aisled", "--config", file("aisle.toml")}, file("aisled.log")};
}

bool RealChain::ready(std::chrono::milliseconds limit) const {
    return wait_for([this] { return shop("GET /readyz").status == 200; }, limit);
}

int RealChain::tool(const std::vector<std::string>& words) const {
    auto command = words;
    command.front() = settings_.bin + "/" + command.front();
    return Program{command, file("tool.log")}.wait();
}

Answered RealChain::shop(const std::string& what, std::string body) const {
    return ask(agent_port_, what,
               {.headers = {{"content-type", "application/json"}}, .body = std::move(body)});
}

Answered RealChain::at_hq(const std::string& what, std::string body,
                          const std::string& type) const {
    return ask(hq_port_, what, {.headers = {{"content-type", type}}, .body = std::move(body)});
}

std::string RealChain::sign(int version, const std::string& campaigns_dir,
                            const std::string& settings) const {
    const std::string out = file("b" + std::to_string(version));
    std::vector<std::string> words{"aisle-hq", "bundle",    "sign",
                                   "--key",    key_,        "--out",
                                   out,        "--version", std::to_string(version)};
    if (!campaigns_dir.empty()) words.insert(words.end(), {"--campaigns", campaigns_dir});
    if (!settings.empty()) {
        std::ofstream{out + ".json"} << settings;
        words.insert(words.end(), {"--settings", out + ".json"});
    }
    return tool(words) == 0 ? out : std::string{};
}

int RealChain::hand_in(const std::string& bundle) const {
    return tool({"aislectl", "bundle", "--socket", file("aisled.sock"), "load", bundle});
}

void RealChain::tell() const {
    for (const char* name : {"tool.log", "hq.log", "aisled.log"})
        std::cerr << "---- " << name << "\n" << std::ifstream{file(name)}.rdbuf() << "\n";
}

}  // namespace aisle::kit
