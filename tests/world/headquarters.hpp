#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "sync/hq/collector.hpp"
#include "sync/hq/downlink.hpp"
#include "tests/kit/sim_disk.hpp"
#include "tests/world/network.hpp"
#include "tests/world/server.hpp"

namespace aisle::world {

// As a reader of the contract sees it.
struct HqRow {
    std::string store;
    std::string epoch;
    std::string stream;
    std::int64_t seq = 0;
    std::int64_t from = 0;
    std::string kind;
    std::string event_id;
    std::int64_t revision = 0;
    WallTime at{};
    std::int64_t boot = 0;
    std::int64_t mono_us = 0;
    std::string body;
};

// Up to which number HQ has each (store, epoch, stream).
struct HqStream {
    std::string store;
    std::string epoch;
    std::string stream;
    friend auto operator<=>(const HqStream&, const HqStream&) = default;
};
using HqMarks = std::map<HqStream, std::int64_t>;  // the next number it wants

// A record that came under several numbers is shown at one of them: the others by where that is.
struct HqPlace {
    HqStream stream;
    std::int64_t seq = 0;
    friend auto operator<=>(const HqPlace&, const HqPlace&) = default;
};
using HqElsewhere = std::map<HqPlace, HqPlace>;

// All that HQ has at one moment.
struct HqState {
    std::vector<HqRow> events;
    HqMarks marks;
    HqElsewhere elsewhere;
};

// The other end: a real collector over its SQLite store on a disk of its own.
class Headquarters {
public:
    // Stands between the collector and its store, for the tests that must fail.
    using Wrap = std::function<std::unique_ptr<hq::EventStore>(std::unique_ptr<hq::EventStore>)>;

    Headquarters(Timeline& timeline, Network& network, std::uint64_t seed, Wrap wrap = {});
    ~Headquarters();
    Headquarters(const Headquarters&) = delete;
    Headquarters& operator=(const Headquarters&) = delete;

    void start();
    void kill(milliseconds pause);
    void cut_power(const kit::PowerLoss& loss, milliseconds pause);
    // For what a person does to the disk while nothing runs.
    void take_down();
    [[nodiscard]] bool up() const { return collector_ != nullptr; }
    // Its HTTP; null while it is down.
    [[nodiscard]] Server* server() { return up() ? server_.get() : nullptr; }
    [[nodiscard]] hq::EventStore* store() { return store_.get(); }
    [[nodiscard]] const std::string& last_failure() const { return last_failure_; }

    // From the disk, while it is up. Events in order of store, epoch, stream, seq.
    [[nodiscard]] std::vector<HqRow> events();
    // False from the call that a power cut strikes until the power is back. It may strike a look at
    // the state: what was seen counts only if this is true afterwards.
    [[nodiscard]] bool readable();
    [[nodiscard]] HqState state() { return {events(), marks(), elsewhere()}; }

    kit::SimDisk disk;
    int shops = 1;  // that are enrolled
    // A database that was put back by hand is told so, as its operator would.
    bool accept_another = false;

private:
    [[nodiscard]] HqMarks marks();
    [[nodiscard]] HqElsewhere elsewhere();
    [[nodiscard]] bool open_downlink();
    [[nodiscard]] hq::StorageRunner on_node();
    void start_after(milliseconds pause);
    void die();

    Timeline& timeline_;
    Network& network_;
    Wrap wrap_;
    Noise noise_;
    DeviceClock clock_;
    Node guard_;
    runtime::TimerHandle starting_;
    std::string last_failure_;
    std::unique_ptr<runtime::Metrics> metrics_;
    std::unique_ptr<Node> node_;
    std::unique_ptr<Transport> link_;
    std::unique_ptr<hq::EventStore> store_;
    std::unique_ptr<hq::Collector> collector_;
    std::unique_ptr<Server> server_;
    std::unique_ptr<hq::Downlink> downlink_;
};

}  // namespace aisle::world
