#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "agent/core/error.hpp"
#include "tests/kit/program.hpp"

// A shop and its headquarters as real programs on loopback, whose parts can be killed one by one.
namespace aisle::e2e {

// What lies between shop and headquarters, and where headquarters keeps its rows. Chosen by the
// driver's options; a part that is missing on this machine says so.
struct Chain {
    std::vector<std::string> addresses;  // of the broker, or of each node of its cluster
    std::string store_url;               // of headquarters' store
    std::function<void()> kill_broker;   // -9, and started again
    std::function<void()> kill_table;    // the database server; empty: it lives in headquarters
    // One number, or nothing while the table cannot be asked.
    std::function<std::optional<std::int64_t>(const std::string& sql)> ask;
};

struct StageSettings {
    std::string bin;  // folder of the programs
    std::filesystem::path folder;
    int collectors = 1;  // more than one only on a table that is a server
};

class Stage {
public:
    Stage(StageSettings settings, Chain chain);

    // Who dies is drawn by the caller: 0 agent, 1 headquarters (its collectors in turn), 2 the
    // broker, 3 the table.
    void kill(unsigned who);
    void stop();

    // As systemd would: starts again what has ended by itself, such as a collector that came up
    // while its table was being killed.
    void tend();

    // One collector dies and stays dead until start_collector().
    void kill_collector(int which);
    void start_collector(int which);
    [[nodiscard]] int collectors() const { return settings_.collectors; }

    [[nodiscard]] std::string target() const;
    [[nodiscard]] std::filesystem::path tills() const { return settings_.folder / "tills"; }
    [[nodiscard]] const Chain& chain() const { return chain_; }
    // What the programs said, for a run that failed.
    void tell() const;

private:
    void write_settings() const;
    void write_collector_settings(int which) const;
    [[nodiscard]] std::string log(const std::string& name) const;
    [[nodiscard]] static std::string collector(int which) {
        return "aisle-hq-" + std::to_string(which);
    }
    void start_agent();

    StageSettings settings_;
    Chain chain_;
    int agent_port_ = 0;
    int next_to_die_ = 0;  // of the collectors
    std::set<int> dead_;   // collectors that stay so
    kit::Program agent_;
    std::vector<kit::Program> hqs_;
};

}  // namespace aisle::e2e
