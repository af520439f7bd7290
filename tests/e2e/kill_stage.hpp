#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
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
};

class Stage {
public:
    Stage(StageSettings settings, Chain chain);

    // Who dies is drawn by the caller: 0 agent, 1 headquarters, 2 the broker, 3 the table.
    void kill(unsigned who);
    void stop();

    [[nodiscard]] std::string target() const;
    [[nodiscard]] std::filesystem::path tills() const { return settings_.folder / "tills"; }
    [[nodiscard]] const Chain& chain() const { return chain_; }
    // What the programs said, for a run that failed.
    void tell() const;

private:
    void write_settings() const;
    [[nodiscard]] std::string log(const std::string& name) const;
    void start_agent();
    void start_hq();

    StageSettings settings_;
    Chain chain_;
    int agent_port_ = 0;
    int hq_port_ = 0;
    kit::Program agent_;
    kit::Program hq_;
};

}  // namespace aisle::e2e
