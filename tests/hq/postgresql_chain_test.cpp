#include <gtest/gtest.h>

#include "agent/runtime/io_loop.hpp"
#include "agent/runtime/system_clock.hpp"
#include "agent/runtime/worker_thread.hpp"
#include "postgresql_kit.hpp"
#include "sync/hq/collector.hpp"
#include "sync/mqtt/transport.hpp"
#include "sync/uplink/uplink.hpp"
#include "tests/kit/model_outbox.hpp"
#include "tests/kit/mosquitto.hpp"
#include "tests/kit/nats.hpp"
#include "tests/kit/tcp_proxy.hpp"

// A store and HQ as a chain has them: a real transport, real brokers, PostgreSQL.
namespace aisle::hq {
namespace {

struct Chain {
    explicit Chain(std::vector<mqtt::Endpoint> brokers) : endpoints{std::move(brokers)} {}
    ~Chain() { storage.stop(runtime::WorkerThread::OnStop::Drain); }

    std::unique_ptr<Transport> connect(const std::string& name,
                                       std::vector<mqtt::Endpoint> brokers) {
        return mqtt::make_transport(loop, *metrics,
                                    {.name = name,
                                     .client_id = name,
                                     .keep_alive = seconds{2},
                                     .first_wait = milliseconds{20},
                                     .last_wait = milliseconds{500},
                                     .endpoints = std::move(brokers),
                                     .echo_every = seconds{2},
                                     .echo_max = seconds{3}});
    }
    // The store may have another way to the brokers than HQ.
    void start(std::vector<mqtt::Endpoint> way = {}) {
        store = std::move(*open_postgresql_store(url));
        hq_link = connect("aisle-hq", endpoints);
        hq = std::make_unique<Collector>(Collector::Parts{
            *hq_link, *store, loop, *metrics,
            [this](runtime::Task task) { return storage.submit(std::move(task)); }});
        hq->start();
        link = connect("s-0001", way.empty() ? endpoints : std::move(way));
        agent =
            uplink::make_uplink({outbox, *link, loop, *metrics}, {.store = StoreId{"s-0001"},
                                                                  .epoch = "0123456789abcdef",
                                                                  .repeat_first = milliseconds{300},
                                                                  .repeat_last = seconds{2},
                                                                  .puback_max = seconds{3},
                                                                  .hq_silent_max = seconds{4}});
        agent->start();
    }
    void add(int rows) {
        for (int i = 0; i < rows; ++i)
            outbox.add(Stream::Ledger, "{\"n\":" + std::to_string(++added) + "}");
        agent->wake(Stream::Ledger, static_cast<std::size_t>(rows));
    }
    bool drained(milliseconds limit = seconds{60}) {
        return kit::run_until(
            loop, [this] { return outbox.rows(Stream::Ledger) == 0; }, limit);
    }
    // All there once, each with its own body.
    void expect_all_once() const {
        EXPECT_EQ(
            kit::pg_text(url,
                         "SELECT count(*) || ' ' || count(DISTINCT seq) || ' ' || "
                         "count(*) FILTER (WHERE (body->>'n')::bigint = seq) FROM events "
                         "WHERE stream = 'ledger'"),
            std::to_string(added) + " " + std::to_string(added) + " " + std::to_string(added));
    }

    std::string url = kit::Postgres::shared().fresh_database();
    std::vector<mqtt::Endpoint> endpoints;
    std::int64_t added = 0;
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

TEST(PostgresqlChain, EveryRecordIsThereOnceThoughANodeOfTheClusterIsKilled) {
    NEEDS_POSTGRES();
    NEEDS_NATS();
    kit::NatsCluster cluster;
    cluster.start();
    Chain chain{{{"127.0.0.1", cluster.mqtt_port(0)},
                 {"127.0.0.1", cluster.mqtt_port(1)},
                 {"127.0.0.1", cluster.mqtt_port(2)}}};
    chain.start();
    chain.add(2'000);
    ASSERT_TRUE(chain.drained());
    chain.add(4'000);
    ASSERT_TRUE(
        kit::run_until(chain.loop, [&] { return chain.outbox.rows(Stream::Ledger) < 4'000; }));
    cluster.kill(0);
    chain.add(2'000);
    EXPECT_TRUE(chain.drained(seconds{90}));
    chain.expect_all_once();
}

TEST(PostgresqlChain, DelaysAndResetsLoseAndDoubleNothing) {
    NEEDS_POSTGRES();
    if (!kit::Mosquitto::available()) GTEST_SKIP() << "mosquitto is not installed";
    kit::Mosquitto broker;
    ASSERT_TRUE(broker.start());
    kit::TcpProxy proxy{broker.port(), 7};
    Chain chain{{{"127.0.0.1", broker.port()}}};
    chain.start({{"127.0.0.1", proxy.port()}});
    const kit::TcpProxy::Faults weather[]{
        {.delay = milliseconds{30}}, {.reset_after_bytes = 4'000}, {.refuse = true}};
    for (const auto& faults : weather) {
        proxy.set(faults);
        chain.add(3'000);
        const auto before = proxy.passed();
        kit::run_until(
            chain.loop, [&] { return proxy.passed() > before + 20'000; }, milliseconds{1'500});
    }
    proxy.cut();
    proxy.set({});
    EXPECT_TRUE(chain.drained());
    EXPECT_GT(proxy.connections(), 1U);
    chain.expect_all_once();
}

TEST(PostgresqlChain, ABlackHoleIsFoundAndLeft) {
    NEEDS_POSTGRES();
    if (!kit::Mosquitto::available()) GTEST_SKIP() << "mosquitto is not installed";
    kit::Mosquitto broker;
    ASSERT_TRUE(broker.start());
    kit::TcpProxy proxy{broker.port()};
    Chain chain{{{"127.0.0.1", broker.port()}}};
    chain.start({{"127.0.0.1", proxy.port()}});
    chain.add(100);
    ASSERT_TRUE(chain.drained());
    proxy.set({.black_hole = true});
    chain.add(100);
    EXPECT_TRUE(kit::run_until(chain.loop, [&] { return !chain.link->link().connected; }));
    proxy.set({});
    EXPECT_TRUE(chain.drained());
    chain.expect_all_once();
}

}  // namespace
}  // namespace aisle::hq
