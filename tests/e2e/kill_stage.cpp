#include "kill_stage.hpp"

#include <csignal>
#include <fstream>
#include <iostream>
#include <utility>

namespace aisle::e2e {
namespace {

// Links that die often are tried again soon: the test is about what is lost, not about patience.
constexpr const char* kReconnect = "reconnect_max_s = 1\n";

std::string quoted(const std::string& text) { return '"' + text + '"'; }

std::string broker_settings(const std::vector<std::string>& addresses) {
    std::string text = "address = " + quoted(addresses.front()) + "\nfurther_addresses = [";
    for (std::size_t i = 1; i < addresses.size(); ++i)
        text += (i > 1 ? ", " : "") + quoted(addresses[i]);
    return text + "]\n" + kReconnect;
}

}  // namespace

Stage::Stage(StageSettings settings, Chain chain)
    : settings_{std::move(settings)}, chain_{std::move(chain)}, agent_port_{kit::free_port()} {
    std::filesystem::create_directories(tills());
    write_settings();
    kit::Program{{settings_.bin + "/aislectl", "init", "--data", settings_.folder.string()},
                 log("init")}
        .wait();
    hqs_.resize(static_cast<std::size_t>(settings_.collectors));
    for (int which = 0; which < settings_.collectors; ++which) {
        write_collector_settings(which);
        start_collector(which);
    }
    start_agent();
}

void Stage::write_settings() const {
    std::ofstream{settings_.folder / "aisle.toml"}
        << "[store]\nid = \"s-0001\"\ndata_dir = " << quoted(settings_.folder.string())
        << "\n[http]\nlisten = " << quoted(target()) << "\nunix_socket = \"\"\n"
        << "[[pos.poslog_dir]]\nsource = \"tills\"\nprofile = \"generic\"\ndirectory = "
        << quoted(tills().string()) << "\nscan_every_ms = 200\nstable_for_ms = 50\n"
        << "[uplink]\n"
        << broker_settings(chain_.addresses);
}

void Stage::write_collector_settings(int which) const {
    std::ofstream{settings_.folder / (collector(which) + ".toml")}
        << "[store]\nurl = " << quoted(chain_.store_url)
        << "\n[broker]\nclient_id = " << quoted(collector(which)) << "\n"
        << broker_settings(chain_.addresses) << "[http]\nlisten = \"127.0.0.1:" << kit::free_port()
        << "\"\n";
}

void Stage::kill(unsigned who) {
    if (who == 0) {
        agent_.kill();
        start_agent();
    } else if (who == 1) {
        const int which = next_to_die_++ % settings_.collectors;
        kill_collector(which);
        start_collector(which);
    } else if (who == 3 && chain_.kill_table) {
        chain_.kill_table();
    } else {
        chain_.kill_broker();
    }
}

void Stage::stop() {
    agent_.signal(SIGTERM);
    agent_.wait();
    for (auto& hq : hqs_) hq.signal(SIGTERM);
    for (auto& hq : hqs_) hq.wait();
}

std::string Stage::target() const { return "127.0.0.1:" + std::to_string(agent_port_); }

void Stage::tell() const {
    std::vector<std::string> names{"aisled"};
    for (int which = 0; which < settings_.collectors; ++which) names.push_back(collector(which));
    for (const auto& name : names) {
        std::cerr << "---- " << name << "\n" << std::ifstream{log(name)}.rdbuf() << "\n";
    }
}

std::string Stage::log(const std::string& name) const {
    return (settings_.folder / (name + ".log")).string();
}

void Stage::start_agent() {
    agent_ = kit::Program{
        {settings_.bin + "/aisled", "--config", (settings_.folder / "aisle.toml").string()},
        log("aisled")};
}

void Stage::kill_collector(int which) {
    dead_.insert(which);
    hqs_.at(static_cast<std::size_t>(which)).kill();
}

void Stage::tend() {
    if (!agent_.running()) start_agent();
    for (int which = 0; which < settings_.collectors; ++which)
        if (!dead_.contains(which) && !hqs_.at(static_cast<std::size_t>(which)).running())
            start_collector(which);
}

void Stage::start_collector(int which) {
    dead_.erase(which);
    const std::string name = collector(which);
    hqs_.at(static_cast<std::size_t>(which)) = kit::Program{
        {settings_.bin + "/aisle-hq", "--config", (settings_.folder / (name + ".toml")).string()},
        log(name)};
}

}  // namespace aisle::e2e
