#pragma once

#include <deque>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "agent/core/transport.hpp"
#include "tests/world/noise.hpp"
#include "tests/world/timeline.hpp"

namespace aisle::world {

// What goes wrong on the way. A message that is lost was acknowledged by the broker or not: both
// happen.
struct Weather {
    std::int64_t lost_permille = 0;
    std::int64_t doubled_permille = 0;
    std::int64_t slow_permille = 0;  // takes up to `slow_max` and is overtaken by later ones
    milliseconds slow_max{8'000};
    std::size_t packet_bytes_max = 1024 * 1024;
    std::size_t in_flight_max = 16;
    bool retains = true;
};

// A broker and the lines to it. Clients behave as core's Transport promises and come back by
// themselves. `in the name of`: a line is cut by the name that its client was made with.
class Network {
public:
    Network(Timeline& timeline, std::uint64_t seed, Trace& trace);

    std::unique_ptr<Transport> client(runtime::Executor& on, std::string name);

    Weather weather;
    // Down: nothing passes, and who was connected hears of it only after a while.
    void cut(const std::string& name, bool down);
    // All lines break; retained messages and all that is on its way are gone.
    void restart_broker();
    // Says once more something that a client was told long ago: as brokers with several hops do.
    void repeat_an_old_message();
    [[nodiscard]] std::uint64_t carried() const { return carried_; }
    [[nodiscard]] std::uint64_t bytes() const { return bytes_; }

private:
    class Client;
    struct Peer;
    struct Past {
        Message message;
        std::weak_ptr<Peer> to;
    };
    static constexpr std::size_t kPastMax = 2'000;

    // As sync/mqtt finds it out.
    static constexpr milliseconds kDeaf{30'000};

    void later(milliseconds wait, runtime::Task task);
    void find_out(const std::shared_ptr<Peer>& deaf, std::uint64_t number);
    milliseconds way();
    void come_up(const std::shared_ptr<Peer>& peer);
    void try_later(const std::shared_ptr<Peer>& peer);
    void drop(const std::shared_ptr<Peer>& peer, const std::string& why, bool with_will = true);
    void arrive(const Message& message);
    void send_on(const Message& message);
    void deliver(const std::weak_ptr<Peer>& to, const Message& message);
    void gone(const std::shared_ptr<Peer>& peer);

    Timeline& timeline_;
    DeviceClock true_clock_;
    Node node_;
    Noise noise_;
    Trace& trace_;
    std::vector<std::weak_ptr<Peer>> peers_;
    std::set<std::string> cut_;
    std::map<std::string, Message> retained_;
    std::deque<Past> past_;
    std::map<std::uint64_t, runtime::TimerHandle> pending_;
    std::uint64_t last_pending_ = 0;
    std::uint64_t carried_ = 0;
    std::uint64_t bytes_ = 0;
};

}  // namespace aisle::world
