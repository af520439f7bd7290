#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "agent/core/time.hpp"
#include "agent/core/transport.hpp"

// Whether what we subscribed to reaches us. Pure; private to mqtt.
namespace aisle::mqtt {

// A cluster that is electing leaders grants subscriptions that deliver nothing for minutes, and a
// damaged SUBSCRIBE is granted for another topic. Pings are answered all the while, so only a
// message that comes back proves anything: for each filter one is published to a topic that the
// filter covers, unless something else has come over it. Each `+` becomes "_echo", which no store
// can be called; a filter without one is its own topic.
inline constexpr std::string_view kEchoLevel = "_echo";
std::string echo_topic(std::string_view filter);  // "" for a filter that ends with #

struct EchoSettings {
    milliseconds every{0};     // a filter over which nothing came for so long is tried; 0: never
    milliseconds max{10'000};  // an echo that the broker has taken and that does not come: deaf
};

// On the loop.
class Hearing {
public:
    // `run` tells our echoes from those of another device with our name.
    Hearing(EchoSettings settings, std::string run) : settings_{settings}, run_{std::move(run)} {}

    [[nodiscard]] bool on() const { return settings_.every.count() > 0; }
    void subscribed(const std::string& filter);
    void unsubscribed(const std::string& filter) { filters_.erase(filter); }
    // A new connection: nothing is proved any more.
    void link_up(MonoTime now);

    // What is to be published now, one at a time: followed by taken() with the broker's answer.
    std::optional<Message> due(MonoTime now);
    void taken(MonoTime now, const Status& status);
    // Each message that arrives. True: an echo, of whomever; nobody else must see it.
    bool heard(const Message& message, MonoTime now);
    // The filter whose echo is overdue; empty: none is. Each call that names one counts as a
    // verdict: after three in a row without any echo the patience doubles with each, up to half an
    // hour, as the broker's rules may forbid echoes without a word.
    std::string deaf(MonoTime now);

private:
    struct Proof {
        std::optional<MonoTime> heard;  // something came over it
        std::optional<MonoTime> asked;  // its echo is with the broker
        bool refused = false;           // the broker forbids it, and says so
    };
    [[nodiscard]] milliseconds patience() const;
    [[nodiscard]] bool overdue(const Proof& proof, MonoTime now) const;

    EchoSettings settings_;
    std::string run_;
    std::map<std::string, Proof> filters_;
    std::optional<std::string> asking_;  // published, without the broker's answer
    MonoTime arrived_{};                 // the last message of any kind
    int in_vain_ = 0;                    // verdicts since the last echo
};

}  // namespace aisle::mqtt
