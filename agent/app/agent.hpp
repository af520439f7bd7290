#pragma once

#include <memory>
#include <string>
#include <vector>

#include "agent/app/desk.hpp"
#include "agent/app/heartbeat.hpp"
#include "agent/app/message_router.hpp"
#include "agent/app/storage.hpp"
#include "agent/runtime/http_server.hpp"
#include "agent/runtime/io_loop.hpp"
#include "agent/runtime/service_notify.hpp"
#include "agent/runtime/system_clock.hpp"
#include "agent/runtime/worker_thread.hpp"
#include "agent/staff/staff.hpp"
#include "config/agent_config.hpp"
#include "drivers/beacon/enrolment.hpp"
#include "sync/uplink/uplink.hpp"

namespace aisle::app {

// Exit codes of sysexits.h.
enum class Exit { Ok = 0, Unavailable = 69, Io = 74, Again = 75, Config = 78 };

struct Failure {
    Exit exit = Exit::Config;
    std::string why;
};

// What has to be opened, and can fail, before anything is wired.
struct Opened {
    config::AgentConfig config;
    std::string config_path;
    std::unique_ptr<TimeZone> zone;
    std::unique_ptr<store::Store> store;
    std::unique_ptr<store::StoreReader> reader;
    std::unique_ptr<Engines> engines;
    std::int64_t boot = 0;
    std::string epoch;
};
boost::system::result<Opened, Failure> open_all(config::AgentConfig config,
                                                std::string config_path);

// aisled: one object a member, in order of dependency (wire.cpp); they go in reverse.
class Agent {
public:
    explicit Agent(Opened opened);
    ~Agent();

    // Builds the drivers, listens, says READY and runs until it is told to stop.
    Exit run();

private:
    Status begin();
    void stop();
    void reload();
    void hang_probes();
    void fill_status(staff::ShopStatus& status) const;
    Pipeline::Parts pipeline_parts();

    Opened opened_;
    runtime::SystemClock clock_;
    std::unique_ptr<runtime::Metrics> metrics_;
    runtime::IoLoop loop_;
    runtime::WorkerThread storage_thread_;
    runtime::WorkerThread reader_thread_;
    runtime::WorkerThread slow_thread_;
    Storage storage_;
    Pipeline pipeline_;
    std::unique_ptr<runtime::HttpServer> http_;
    std::unique_ptr<staff::Staff> staff_;  // after desk_: see wire.cpp
    beacon::Enrolment enrolment_;
    Floor floor_;
    Readings readings_;
    Desk desk_;
    Heartbeat heartbeat_;
    MessageRouter router_;
    std::unique_ptr<Transport> shop_link_;
    std::unique_ptr<Transport> hq_link_;
    std::unique_ptr<uplink::Uplink> uplink_;
    std::vector<std::unique_ptr<Driver>> drivers_;
    runtime::ServiceNotify notify_;
    runtime::TimerHandle stop_deadline_;
    WallTime started_{};
    bool ready_ = false;
    bool stopping_ = false;
    Exit exit_ = Exit::Ok;
};

}  // namespace aisle::app
