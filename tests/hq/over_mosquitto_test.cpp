#include <gtest/gtest.h>

#include "agent/runtime/io_loop.hpp"
#include "agent/runtime/system_clock.hpp"
#include "agent/runtime/worker_thread.hpp"
#include "hq_world.hpp"
#include "sync/mqtt/transport.hpp"
#include "tests/kit/mosquitto.hpp"

namespace aisle::hq {
namespace {

// Both ends over a real broker, with HQ's storage on a thread of its own.
struct RealWorld {
    std::unique_ptr<Transport> connect(const std::string& name) {
        return mqtt::make_transport(loop, *metrics,
                                    {.name = name,
                                     .port = broker.port(),
                                     .client_id = name,
                                     .first_wait = milliseconds{20},
                                     .last_wait = milliseconds{200}});
    }
    void start() {
        store = std::move(*open_event_store("sqlite:" + folder.file("hq.db")));
        hq_link = connect("hq");
        hq = std::make_unique<Collector>(Collector::Parts{
            *hq_link, *store, loop, *metrics,
            [this](runtime::Task task) { return storage.submit(std::move(task)); }});
        hq->start();
        link = connect("s-0001");
        agent = uplink::make_uplink({outbox, *link, loop, *metrics},
                                    {.store = StoreId{"s-0001"},
                                     .epoch = "0123456789abcdef",
                                     .repeat_first = milliseconds{500}});
        agent->start();
    }
    void add(Stream stream, int rows) {
        for (int i = 0; i < rows; ++i)
            outbox.add(stream, "{\"n\":" + std::to_string(outbox.next(stream)) + "}");
        agent->wake(stream, static_cast<std::size_t>(rows));
    }
    ~RealWorld() { storage.stop(runtime::WorkerThread::OnStop::Drain); }

    TempFolder folder;
    kit::Mosquitto broker;
    runtime::SystemClock clock{1};
    std::unique_ptr<runtime::Metrics> metrics = runtime::make_metrics();
    runtime::IoLoop loop{clock, *metrics};
    kit::ModelOutbox outbox{[this](std::function<void()> task) { loop.post(std::move(task)); }};
    std::unique_ptr<EventStore> store;
    runtime::WorkerThread storage{{.name = "hq-storage"}, *metrics};
    std::unique_ptr<Transport> hq_link;
    std::unique_ptr<Transport> link;
    std::unique_ptr<Collector> hq;
    std::unique_ptr<uplink::Uplink> agent;
};

void expect_all_once(const RealWorld& world, Stream stream) {
    const auto rows = events_of(world.folder.file("hq.db"), stream);
    ASSERT_EQ(static_cast<std::int64_t>(rows.size()), world.outbox.next(stream) - 1);
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const auto n = std::to_string(i + 1);
        ASSERT_EQ(std::to_string(rows[i].seq), n);
        ASSERT_EQ(rows[i].body, "{\"n\":" + n + "}");
    }
}

TEST(OverMosquitto, EveryRecordIsAtHqOnceThoughTheBrokerIsKilledAgainAndAgain) {
    if (!kit::Mosquitto::available()) GTEST_SKIP() << "mosquitto is not installed";
    RealWorld world;
    ASSERT_TRUE(world.broker.start());
    world.start();
    for (int round = 0; round < 3; ++round) {
        world.add(Stream::Ledger, 4'000);
        world.add(Stream::Offers, 4'000);
        const auto before = world.outbox.rows(Stream::Ledger);
        // In the middle: some of it has been acknowledged, and not all.
        ASSERT_TRUE(
            kit::run_until(world.loop, [&] { return world.outbox.rows(Stream::Ledger) < before; }));
        world.broker.kill();
        world.add(Stream::Ledger, 100);
        ASSERT_TRUE(kit::run_until(world.loop, [&] { return !world.agent->status().connected; }));
        ASSERT_TRUE(world.broker.start());
    }
    ASSERT_TRUE(kit::run_until(
        world.loop, [&] { return world.outbox.empty(); }, seconds{60}));
    expect_all_once(world, Stream::Ledger);
    expect_all_once(world, Stream::Offers);
}

TEST(OverMosquitto, ACleanStopSendsWhatLingersAndLeavesADeath) {
    if (!kit::Mosquitto::available()) GTEST_SKIP() << "mosquitto is not installed";
    RealWorld world;
    ASSERT_TRUE(world.broker.start());
    world.start();
    ASSERT_TRUE(kit::run_until(world.loop, [&] {
        const auto& stores = world.hq->presence();
        return stores.contains("s-0001") && stores.at("s-0001").alive;
    }));
    world.add(Stream::Health, 3);  // would linger for a minute
    bool stopped = false;
    world.agent->stop([&] { stopped = true; });
    ASSERT_TRUE(kit::run_until(world.loop, [&] { return stopped; }));
    EXPECT_TRUE(world.outbox.empty());
    expect_all_once(world, Stream::Health);
    EXPECT_TRUE(
        kit::run_until(world.loop, [&] { return !world.hq->presence().at("s-0001").alive; }));
}

}  // namespace
}  // namespace aisle::hq
