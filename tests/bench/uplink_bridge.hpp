#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <functional>
#include <string>

#include "tests/kit/mosquitto.hpp"
#include "uplink_records.hpp"
#include "uplink_road.hpp"

// What most shops use instead: a mosquitto that bridges to another one, a record a message, QoS 1.
// It stores nothing. All that is not mosquitto is as light as can be, so that the bridge is what is
// measured: MQTT 3.1.1 by hand over a blocking socket.
namespace aisle::bench {

// Gives up after so long without a byte, whatever it waits for.
inline constexpr time_t kBridgeSilenceMax_s = 20;

class PlainMqtt {
public:
    PlainMqtt() = default;
    ~PlainMqtt() {
        if (socket_ >= 0) close(socket_);
    }
    PlainMqtt(const PlainMqtt&) = delete;
    PlainMqtt& operator=(const PlainMqtt&) = delete;

    // CONNECT with a clean session and without keep-alive; true once it is granted.
    [[nodiscard]] bool open(std::uint16_t port, const std::string& name) {
        socket_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        const timeval patience{kBridgeSilenceMax_s, 0};
        const int on = 1;
        setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
        setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
        setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        sockaddr_in to{};
        to.sin_family = AF_INET;
        to.sin_port = htons(port);
        to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        if (connect(socket_, reinterpret_cast<const sockaddr*>(&to), sizeof to) != 0) return false;
        add(0x10, std::string{"\0\4MQTT\4\2\0\0", 10} + counted(name));
        return flush() && next() == 0x20;
    }
    [[nodiscard]] bool subscribe(const std::string& filter) {
        add(0x82, std::string{"\0\1", 2} + counted(filter) + '\1');
        return flush() && next() == 0x90;
    }
    void add_publish(const std::string& topic, const std::string& payload, std::uint16_t id) {
        add(0x32, counted(topic) + two_bytes(id) + payload);
    }
    void add_puback() { add(0x40, two_bytes(packet_id_)); }
    [[nodiscard]] bool flush() {
        std::string_view rest = out_;
        while (!rest.empty()) {
            const ssize_t sent = send(socket_, rest.data(), rest.size(), MSG_NOSIGNAL);
            if (sent <= 0) return false;
            rest.remove_prefix(static_cast<std::size_t>(sent));
        }
        out_.clear();
        return true;
    }
    // The type of the next packet (its first byte without flags), 0 at the end or after silence.
    // What was added is sent before it waits.
    [[nodiscard]] int next() {
        std::size_t head = 0;
        std::size_t body = 0;
        while (!whole(head, body))
            if (!flush() || !more()) return 0;
        const int type = static_cast<unsigned char>(in_[at_]) & 0xF0;
        if (type == 0x30) note_packet_id(at_ + head);
        at_ += head + body;
        return type;
    }

private:
    static std::string two_bytes(std::uint16_t number) {
        return {static_cast<char>(number >> 8U), static_cast<char>(number & 0xFFU)};
    }
    static std::string counted(const std::string& text) {
        return two_bytes(static_cast<std::uint16_t>(text.size())) + text;
    }
    void add(int first, const std::string& rest) {
        out_ += static_cast<char>(first);
        std::size_t left = rest.size();
        do {
            const std::size_t digit = left % 128;
            left /= 128;
            out_ += static_cast<char>(left > 0 ? digit | 128U : digit);
        } while (left > 0);
        out_ += rest;
    }
    [[nodiscard]] bool whole(std::size_t& head, std::size_t& body) const {
        body = 0;
        for (head = 1; at_ + head < in_.size() && head <= 4; ++head) {
            const auto byte = static_cast<unsigned char>(in_[at_ + head]);
            body |= static_cast<std::size_t>(byte & 127U) << (7 * (head - 1));
            if (byte < 128) return at_ + ++head + body <= in_.size();
        }
        return false;
    }
    [[nodiscard]] bool more() {
        in_.erase(0, std::exchange(at_, 0));
        char bytes[256 * 1024];
        const ssize_t got = recv(socket_, bytes, sizeof bytes, 0);
        if (got <= 0) return false;
        in_.append(bytes, static_cast<std::size_t>(got));
        return true;
    }
    void note_packet_id(std::size_t at) {
        const auto byte = [this](std::size_t i) { return static_cast<unsigned char>(in_[i]); };
        const std::size_t id = at + 2 + (byte(at) << 8U) + byte(at + 1);
        packet_id_ = static_cast<std::uint16_t>((byte(id) << 8U) | byte(id + 1));
    }

    int socket_ = -1;
    std::string in_;
    std::size_t at_ = 0;
    std::string out_;
    std::uint16_t packet_id_ = 0;
};

// Records into the near broker, each acknowledged by it.
inline bool fill_broker(std::uint16_t port, std::int64_t records) {
    constexpr std::int64_t kWindow = 1'000;
    PlainMqtt sender;
    if (!sender.open(port, "sender")) return false;
    std::mt19937_64 random{1};
    std::int64_t sent = 0;
    for (std::int64_t acknowledged = 0; acknowledged < records; ++acknowledged) {
        for (; sent < records && sent < acknowledged + kWindow; ++sent)
            sender.add_publish("shop/records", event_body(random),
                               static_cast<std::uint16_t>(1 + sent % kWindow));
        if (sender.next() != 0x40) return false;
    }
    return true;
}

// Seconds from the first to the last of `records` that had gathered in the near broker and are
// counted behind the far one; negative if they do not all arrive. The far broker stands still while
// they gather, as its subscriber has to be there before the bridge is.
inline double bridge(std::int64_t records) {
    const std::string plenty = "max_queued_messages 0\nmax_inflight_messages 1000\n";
    kit::Mosquitto far{plenty};
    PlainMqtt counter;
    if (!far.start() || !counter.open(far.port(), "counter") || !counter.subscribe("#")) return -1;
    far.freeze();
    kit::Mosquitto near{plenty + "connection b\naddress 127.0.0.1:" + std::to_string(far.port()) +
                        "\ntopic # out 1\ncleansession false\nrestart_timeout 1\n" +
                        "notifications false\ntry_private false\n"};
    if (!near.start() || !fill_broker(near.port(), records)) return -1;
    far.thaw();
    const runtime::SystemClock clock{1};
    MonoTime first{};
    for (std::int64_t count = 0; count < records; ++count) {
        if (counter.next() != 0x30) return -1;
        if (count == 0) first = clock.now().mono;
        counter.add_puback();
    }
    return seconds_since(first, clock);
}

}  // namespace aisle::bench
