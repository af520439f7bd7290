#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

#include "agent/core/error.hpp"

namespace aisle {

struct Message {
    std::string topic;
    std::string payload;
    bool retained = false;
};

// What the broker allows, told at each connect.
struct Link {
    bool connected = false;
    std::size_t packet_bytes_max = 0;
    std::size_t in_flight_max = 0;
    std::string reason;   // why not, for people
    bool retains = true;  // false: a broker that takes no retained messages and hangs up on one
    // False: the broker says that nobody subscribes to what was published last (MQTT 5, 0x10): HQ
    // is not listening. Changes while connected without a call of the handler.
    bool listened = true;
};

// One connection to a broker, which finds its way back by itself. Lives on the loop thread:
// callbacks come there. QoS 1 throughout. Nothing is buffered: publishing while not connected is
// Unavailable, beyond the window Full, and a message longer than the broker allows Malformed.
class Transport {
public:
    virtual ~Transport() = default;

    // Before start().
    virtual void on_link(std::function<void(const Link&)> handler) = 0;
    virtual void on_message(std::function<void(const Message&)> handler) = 0;
    // Once more later on: it counts from the next connect.
    virtual void set_will(Message will) = 0;
    // Remembered and asked for again after each connect.
    virtual void subscribe(std::string filter) = 0;
    // No longer asked for; messages that are on their way may still come. A transport that cannot
    // do it does nothing, so that who unsubscribes must still look at what comes.
    virtual void unsubscribe(const std::string& filter) { (void)filter; }

    virtual void start() = 0;
    // Takes at most two seconds; no callback comes after `done`.
    virtual void stop(std::function<void()> done) = 0;

    // `answer` comes with the broker's PUBACK, or with the loss of the link. A PUBACK proves
    // nothing about HQ.
    virtual Status publish(Message message, std::function<void(Status)> answer) = 0;
    // For a caller who sees that nothing comes through although the link looks alive: drops the
    // connection and makes another, as after any loss. Nothing happens while it is not connected.
    virtual void reconnect(const std::string& reason) { (void)reason; }
    [[nodiscard]] virtual Link link() const = 0;
};

// MQTT topic filters (MQTT 3.1.1, 4.7): + is one level, # at the end any number of them. Topics
// that start with $ match no filter that starts with a wildcard.
bool topic_matches(std::string_view filter, std::string_view topic);

}  // namespace aisle
