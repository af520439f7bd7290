#pragma once

#include <memory>
#include <string>

#include "uplink_records.hpp"
#include "uplink_road.hpp"

// What most shops use instead: a mosquitto that bridges to another one, a record a message. It
// stores nothing.
namespace aisle::bench {

// One connection that publishes bodies, or counts what arrives.
struct BridgeEnd {
    BridgeEnd(runtime::IoLoop& loop, runtime::Metrics& metrics, const std::string& name,
              std::uint16_t port)
        : link{mqtt::make_transport(loop, metrics, link_settings(name, port))} {}
    std::unique_ptr<Transport> link;
    std::int64_t count = 0;
};

// Seconds from the first to the last of `records` that wait in the near broker and are counted
// behind the far one; negative if they do not all arrive.
inline double bridge(std::int64_t records) {
    const std::string plenty = "max_queued_messages 0\nmax_inflight_messages 1000\n";
    kit::Mosquitto far{plenty};
    kit::Mosquitto near{plenty + "connection b\naddress 127.0.0.1:" + std::to_string(far.port()) +
                        "\ntopic # out 1\ncleansession false\nrestart_timeout 1\n"};
    if (!near.start()) return -1;
    const runtime::SystemClock clock{1};
    const auto metrics = runtime::make_metrics();
    runtime::IoLoop loop{clock, *metrics};

    BridgeEnd sender{loop, *metrics, "sender", near.port()};
    std::mt19937_64 random{1};
    std::function<void()> more = [&] {
        while (sender.count < records) {
            Message message{.topic = "shop/records", .payload = event_body(random)};
            if (!sender.link->publish(std::move(message), [&](const Status&) { more(); })) return;
            ++sender.count;
        }
    };
    sender.link->on_link([&](const Link& link) {
        if (link.connected) more();
    });
    sender.link->start();
    if (!kit::run_until(
            loop, [&] { return sender.count == records; }, minutes{5}))
        return -1;
    kit::run_until(
        loop, [] { return false; }, seconds{1});  // what is in the window

    if (!far.start()) return -1;
    BridgeEnd counter{loop, *metrics, "counter", far.port()};
    MonoTime first{};
    MonoTime last{};
    counter.link->subscribe("#");
    counter.link->on_message([&](const Message&) {
        last = clock.now().mono;
        if (counter.count++ == 0) first = last;
    });
    counter.link->start();
    if (!kit::run_until(
            loop, [&] { return counter.count >= records; }, minutes{5}))
        return -1;
    return std::chrono::duration<double>(last - first).count();
}

}  // namespace aisle::bench
