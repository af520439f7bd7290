#pragma once

#include <cstdlib>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "agent/runtime/inline_executor.hpp"
#include "agent/sqlite/database.hpp"
#include "sync/hq/collector.hpp"
#include "sync/uplink/uplink.hpp"
#include "tests/kit/fake_broker.hpp"
#include "tests/kit/model_outbox.hpp"
#include "tests/kit/temp_folder.hpp"

// An agent's sync half and a whole HQ in one process and one thread.
namespace aisle::hq {

using kit::TempFolder;

struct Row {
    std::int64_t seq = 0;
    std::int64_t from = 0;
    std::string kind;
    std::string body;
};

// What a reader of the contract sees.
inline std::vector<Row> events_of(const std::string& path, Stream stream) {
    auto database = sqlite::Database::open(path, {.read_only = true});
    auto rows = database->prepare(
        "SELECT seq, from_seq, kind, body FROM events WHERE stream = ? ORDER BY epoch, seq");
    const std::string name{to_text(stream)};
    rows->bind(1, name);
    std::vector<Row> all;
    while (*rows->step())
        all.push_back({rows->integer(0), rows->integer(1), rows->text(2), rows->text(3)});
    return all;
}

struct World {
    explicit World(std::uint64_t seed = 1) : broker{seed} {}
    ~World() {
        kill_agent();
        kill_hq();
    }

    void start_agent() {
        link = broker.client();
        agent = uplink::make_uplink({outbox, *link, loop, *metrics}, settings);
        agent->start();
    }
    void kill_agent() {
        outbox.forget_callers();
        agent.reset();
        link.reset();
    }
    void start_hq() {
        store = std::move(*open_event_store("sqlite:" + folder.file("hq.db")));
        hq_link = broker.client();
        hq = std::make_unique<Collector>(
            Collector::Parts{*hq_link, *store, loop, *metrics, [this](runtime::Task task) {
                                 loop.post(std::move(task));
                                 return true;
                             }});
        hq->start();
    }
    // Its tasks must not outlive it: in one thread they are run first, as a real stop joins its
    // thread.
    void kill_hq() {
        loop.run_ready();
        hq.reset();
        hq_link.reset();
        store.reset();
    }
    void add(Stream stream, int rows = 1) {
        for (int i = 0; i < rows; ++i) {
            const std::string body = "{\"n\":" + std::to_string(added[stream].size() + 1) + "}";
            outbox.add(stream, body);
            added[stream].push_back(body);
        }
        if (agent) agent->wake(stream, static_cast<std::size_t>(rows));
    }
    void step() {
        loop.run_ready();
        if (!broker.run_one()) loop.advance(milliseconds{100});
    }
    // Until HQ has acknowledged all; false if it has not after `limit` of simulated time.
    bool settle(minutes limit = minutes{30}) {
        const MonoTime end = clock.now().mono + limit;
        while (!outbox.empty() && clock.now().mono < end) step();
        return outbox.empty();
    }
    [[nodiscard]] std::vector<std::string> bodies_at_hq(Stream stream) const {
        std::vector<std::string> bodies;
        for (const auto& row : events_of(folder.file("hq.db"), stream)) bodies.push_back(row.body);
        return bodies;
    }
    [[nodiscard]] double counted(const std::string& name) const {
        return metrics->counter(name, "").value();
    }
    [[nodiscard]] double counted(const std::string& name, Stream stream) const {
        return metrics->counter(name, "", {{"stream", std::string{to_text(stream)}}}).value();
    }

    TempFolder folder;
    runtime::ManualClock clock;
    runtime::InlineExecutor loop{clock};
    std::unique_ptr<runtime::Metrics> metrics = runtime::make_metrics();
    kit::FakeBroker broker;
    kit::ModelOutbox outbox{[this](std::function<void()> task) { loop.post(std::move(task)); }};
    std::map<Stream, std::vector<std::string>> added;
    uplink::UplinkSettings settings{
        .store = StoreId{"s-0001"}, .epoch = "0123456789abcdef", .version = "test"};
    std::unique_ptr<Transport> link;
    std::unique_ptr<uplink::Uplink> agent;
    std::unique_ptr<EventStore> store;
    std::unique_ptr<Transport> hq_link;
    std::unique_ptr<Collector> hq;
};

}  // namespace aisle::hq
