#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "agent/app/cameras.hpp"
#include "agent/app/message_router.hpp"
#include "agent/core/sink.hpp"
#include "agent/runtime/http.hpp"
#include "agent/runtime/io_loop.hpp"
#include "agent/runtime/metrics.hpp"
#include "agent/store/reads.hpp"
#include "config/agent_config.hpp"
#include "drivers/beacon/enrolment.hpp"

namespace aisle::app {

struct DriverPorts {
    Sink& sink;
    runtime::Executor& loop;
    runtime::Metrics& metrics;
    runtime::HttpRoutes& routes;
    MessageRouter& router;
    const TimeZone& zone;
    const beacon::Enrolment& enrolment;
    std::function<bool(runtime::Task)> elsewhere;  // a thread for slow files
    store::Reads& store;                           // for the positions that sources had reached
    runtime::IoLoop* hints = nullptr;  // where changes of directories are heard; null: scans alone
    Cameras* cameras = nullptr;        // told of each camera that is made
};

using Drivers = std::vector<std::unique_ptr<Driver>>;
// Adds the drivers of its family that the configuration names, built stopped.
using DriverFamily =
    std::function<Status(const config::AgentConfig&, const DriverPorts&, Drivers&)>;
// Those of a real shop, in the order of starting.
std::vector<DriverFamily> all_drivers();

// A driver that cannot be built is an error: a peripheral that is not there is not.
Result<Drivers> make_drivers(const std::vector<DriverFamily>& families,
                             const config::AgentConfig& config, const DriverPorts& ports);

}  // namespace aisle::app
