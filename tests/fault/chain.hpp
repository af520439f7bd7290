#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "agent/app/storage.hpp"
#include "agent/runtime/inline_executor.hpp"
#include "sync/hq/collector.hpp"
#include "sync/uplink/uplink.hpp"
#include "tests/fault/sweep.hpp"
#include "tests/kit/fake_broker.hpp"

// A shop's store that drains into a headquarters, each on a disk of its own, in one thread.
namespace aisle::fault {

class Chain {
public:
    // As both disks were before.
    struct Before {
        kit::SimDisk::Image shop;
        kit::SimDisk::Image hq;  // empty: its first start
    };
    explicit Chain(const Before& before);
    ~Chain() { stop(); }
    Chain(const Chain&) = delete;
    Chain& operator=(const Chain&) = delete;

    // Empty, or why it cannot be opened.
    std::string start_shop();
    std::string start_hq();
    // kill -9 of both; what they had asked of their disks has been done or has failed.
    void stop();
    // Until HQ has acknowledged all, or so much time has gone by. True: all.
    bool drain(minutes limit);

    // What the shop, once started, still has to send.
    [[nodiscard]] std::string epoch();
    [[nodiscard]] std::vector<StreamDepth> depths();
    [[nodiscard]] std::vector<OutboxRow> outbox(Stream stream);
    // One line a row of HQ's contract: epoch, stream, numbers, kind, body.
    [[nodiscard]] std::vector<std::string> at_hq();
    // Empty, or which of the two databases is not whole.
    [[nodiscard]] std::string damage();

    kit::SimDisk shop{1};
    kit::SimDisk hq{2};

private:
    [[nodiscard]] bool drained();

    runtime::ManualClock clock_;
    runtime::InlineExecutor loop_{clock_};
    std::unique_ptr<runtime::Metrics> metrics_ = runtime::make_metrics();
    kit::FakeBroker broker_;
    app::Run run_ = [this](runtime::Task task) {
        loop_.post(std::move(task));
        return true;
    };
    std::unique_ptr<store::Store> store_;
    std::unique_ptr<app::Storage> storage_;
    std::unique_ptr<Transport> link_;
    std::unique_ptr<uplink::Uplink> uplink_;
    std::unique_ptr<hq::EventStore> archive_;
    std::unique_ptr<Transport> hq_link_;
    std::unique_ptr<hq::Collector> collector_;
};

// A store that has sent nothing yet, and a headquarters that was never started.
Chain::Before unsent(std::uint64_t seed, int batches);
// A store that has lived through acknowledgements and new epochs, and a headquarters that has lost
// all that it had.
Chain::Before lived_in_alone(std::uint64_t seed, int steps);
// The same disk after so many more batches of a day's work.
kit::SimDisk::Image with_more(const kit::SimDisk::Image& shop, std::uint64_t seed, int batches);

// The n-th call of one kind fails on one side's disk (or in SQLite's memory, on either) while the
// outbox drains; then the fault ends, both start again, and HQ must have each row once.
enum class Side { Shop, Headquarters };
SweepSums sweep_sync(const Chain::Before& before, Side side, const Sweep& what);

}  // namespace aisle::fault
