#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "agent/app/engines.hpp"
#include "agent/core/clock.hpp"
#include "agent/store/store.hpp"
#include "config/agent_config.hpp"

namespace aisle::app {

// Exit codes of sysexits.h.
enum class Exit { Ok = 0, Unavailable = 69, Io = 74, Again = 75, Config = 78 };

struct Failure {
    Exit exit = Exit::Config;
    std::string why;
};

// Where a shop is opened: the machine's clock and disk.
struct Ground {
    const Clock& clock;   // the boot in its stamps is not looked at: the store knows which it is
    std::string boot_id;  // the kernel's
    sqlite::Disk& disk;   // outlives what is opened
    const ShopKeys* keys = nullptr;              // null: from the data directory
    std::function<std::uint64_t()> random = {};  // for epochs; empty: SQLite's
};

// What has to be opened, and can fail, before anything is wired.
struct Opened {
    config::AgentConfig config;
    std::unique_ptr<TimeZone> zone;
    std::unique_ptr<store::Store> store;
    std::unique_ptr<store::StoreReader> reader;
    std::unique_ptr<Engines> engines;
    std::int64_t boot = 0;
    std::string epoch;
    sqlite::Disk* disk = nullptr;
    std::vector<StateChange> clock_rows;  // room kClockRoom: the course of the boot
};
boost::system::result<Opened, Failure> open_shop(config::AgentConfig config, const Ground& ground);

}  // namespace aisle::app
