#pragma once

#include <memory>
#include <string>

#include "agent/app/shop.hpp"
#include "agent/runtime/http_server.hpp"
#include "agent/runtime/io_loop.hpp"
#include "agent/runtime/service_notify.hpp"
#include "agent/runtime/system_clock.hpp"
#include "agent/runtime/worker_thread.hpp"

namespace aisle::app {

// aisled: the process around a Shop. Threads, signals, the service manager and exit codes; no
// policy.
class Agent {
public:
    Agent(Opened opened, std::string config_path);
    ~Agent();

    // Listens, says READY and runs until it is told to stop.
    Exit run();

private:
    Platform platform();
    Status begin();
    void stop();
    void reload();

    std::string config_path_;
    runtime::SystemClock clock_;
    std::unique_ptr<runtime::Metrics> metrics_;
    runtime::IoLoop loop_;
    runtime::WorkerThread storage_thread_;
    runtime::WorkerThread reader_thread_;
    runtime::WorkerThread slow_thread_;
    std::unique_ptr<runtime::HttpServer> http_;
    Shop shop_;
    runtime::ServiceNotify notify_;
    runtime::TimerHandle stop_deadline_;
    Exit exit_ = Exit::Ok;
};

// From this machine's clock and disk.
boost::system::result<Opened, Failure> open_here(config::AgentConfig config);

}  // namespace aisle::app
