#pragma once

#include <functional>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "agent/runtime/inline_executor.hpp"
#include "sync/uplink/uplink.hpp"
#include "sync/wire/ack.hpp"
#include "sync/wire/batch.hpp"
#include "sync/wire/guard.hpp"
#include "sync/wire/line.hpp"
#include "sync/wire/state.hpp"
#include "sync/wire/topics.hpp"
#include "tests/kit/fake_broker.hpp"
#include "tests/kit/model_outbox.hpp"

// An uplink whose HQ is the test itself: it sees every batch and answers when it wants to.
namespace aisle::uplink {

struct Seen {
    Stream stream = Stream::Ledger;
    wire::BatchHeader header;
    std::vector<std::string> lines;
};

struct Bench {
    static constexpr const char* kEpoch = "0123456789abcdef";

    Bench() {
        // HQ speaks when the test does, so its silence means nothing unless a test says so.
        settings = {.store = StoreId{"s-0001"},
                    .epoch = kEpoch,
                    .version = "test",
                    .drain_spread = milliseconds{0},
                    .hq_silent_max = std::chrono::hours{24}};
        hq->subscribe(std::string{wire::kEveryUp});
        hq->subscribe(std::string{wire::kEveryState});
        hq->on_message([this](const Message& message) { hear(message); });
        hq->start();
    }
    void start() {
        link = broker.client();
        uplink = make_uplink({.outbox = outbox,
                              .transport = *link,
                              .executor = loop,
                              .metrics = *metrics,
                              .pack = pack,
                              .health = health,
                              .random = [this] { return random(); }},
                             settings);
        if (prepare) prepare(*uplink);
        uplink->start();
        run();
    }
    void restart() {
        outbox.forget_callers();
        uplink.reset();
        link.reset();
        seen.clear();
        start();
    }
    // All that can happen without time going by.
    void run() {
        do loop.run_ready();
        while (broker.run_one());
        loop.run_ready();
    }
    void pass(milliseconds time) {
        for (milliseconds gone{0}; gone < time; gone += milliseconds{100}) {
            loop.advance(milliseconds{100});
            run();
        }
    }
    void add(Stream stream, int rows = 1) {
        for (int i = 0; i < rows; ++i) outbox.add(stream, "{}");
        uplink->wake(stream, static_cast<std::size_t>(rows));
        run();
    }
    void hear(const Message& message) {
        const auto topic = wire::parse_topic(message.topic);
        if (topic->channel == wire::Channel::State) {
            states.push_back(*wire::parse_state(message.payload));
            return;
        }
        const auto batch = wire::open_batch(message.payload);
        Seen one{.stream = topic->stream, .header = batch->header};
        for (const auto line : batch->lines) one.lines.emplace_back(line);
        packed_bytes.push_back(message.payload.size());
        seen.push_back(std::move(one));
    }
    [[nodiscard]] wire::Ack ack_of(const Seen& batch) const {
        return {.epoch = batch.header.epoch,
                .stream = batch.stream,
                .next = batch.header.last + 1,
                .check = wire::check_of(batch.lines.back()),
                .now = clock.now().wall};
    }
    [[nodiscard]] std::string ack_topic() const {
        return wire::to_text({settings.store, wire::Channel::Ack});
    }
    void say(const wire::Ack& ack) { say_text(wire::guarded(ack_topic(), wire::to_json(ack))); }
    void say_text(const std::string& payload) {
        const auto topic = ack_topic();
        (void)hq->publish({.topic = topic, .payload = payload}, nullptr);
        run();
    }
    // As HQ after its restore from a backup, or a stale one.
    [[nodiscard]] wire::Ack nack_of(const Seen& batch) const {
        auto nack = ack_of(batch);
        nack.kind = wire::AckKind::Nack;
        return nack;
    }
    [[nodiscard]] wire::Ack fork_of(const Seen& batch) const {
        auto fork = ack_of(batch);
        fork.kind = wire::AckKind::Fork;
        return fork;
    }
    [[nodiscard]] StreamStatus status(Stream stream = Stream::Ledger) const {
        return uplink->status().streams.at(static_cast<std::size_t>(stream));
    }
    [[nodiscard]] double counted_all(const std::string& name) const {
        return metrics->counter(name, "").value();
    }
    [[nodiscard]] double counted(const std::string& name, Stream stream = Stream::Ledger) const {
        return metrics->counter(name, "", {{"stream", std::string{to_text(stream)}}}).value();
    }

    runtime::ManualClock clock;
    runtime::InlineExecutor loop{clock};
    std::unique_ptr<runtime::Metrics> metrics = runtime::make_metrics();
    kit::FakeBroker broker;
    kit::ModelOutbox outbox{[this](std::function<void()> task) { loop.post(std::move(task)); }};
    UplinkSettings settings;
    std::mt19937_64 random{1};
    std::function<bool(runtime::Task)> pack;
    std::function<wire::Health()> health;
    std::function<void(Uplink&)> prepare;  // sets handlers before the start
    std::unique_ptr<Transport> hq = broker.client();
    std::unique_ptr<Transport> link;
    std::unique_ptr<Uplink> uplink;
    std::vector<Seen> seen;
    std::vector<std::size_t> packed_bytes;
    std::vector<wire::StoreState> states;
};

}  // namespace aisle::uplink
