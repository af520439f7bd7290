#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "agent/core/transport.hpp"

namespace aisle::kit {

// What goes wrong, per thousand messages. A message that is lost was answered like any other:
// brokers do that.
struct Weather {
    unsigned lost_permille = 0;
    unsigned doubled_permille = 0;
    unsigned delayed_permille = 0;  // goes to the back of the queue, and may be delayed again
    std::size_t shuffled = 1;       // the next message is drawn from so many of the oldest
};

// A broker in memory and one thread, with clients that behave as core's Transport promises. Nothing
// moves until run_one(); the same seed gives the same faults.
class FakeBroker {
public:
    explicit FakeBroker(std::uint64_t seed = 1) : random_{seed} {}

    std::unique_ptr<Transport> client();

    Weather weather;
    std::size_t packet_bytes_max = 1024 * 1024;
    std::size_t in_flight_max = 16;
    bool retains = true;      // false: it hangs up on who publishes a retained message
    bool black_hole = false;  // links stay up, and nothing moves on them
    // Messages that it answers with a reason why not, and those on which it hangs up.
    std::function<std::optional<Error>(const Message&)> refuses;
    std::function<bool(const Message&)> hangs_up_on;

    // Does the next thing: a link that comes up, a message that arrives, an answer. False: nothing
    // is left.
    bool run_one();
    // All connections break, and what was on its way is gone. The clients come back by themselves.
    void restart();
    [[nodiscard]] std::uint64_t published() const { return published_; }
    // Links that came up.
    [[nodiscard]] std::uint64_t connects() const { return connects_; }

private:
    class Client;
    struct OnTheWay {
        Message message;
        std::weak_ptr<Client*> from;
        std::function<void(Status)> answer;
        std::uint64_t link = 0;  // an answer finds only the connection that asked
    };
    void attach(Client& client);
    void pass_on(const OnTheWay& next);
    void hang_up(const std::weak_ptr<Client*>& client);
    void deliver(const Message& message);
    [[nodiscard]] bool chance(unsigned permille) { return random_() % 1'000 < permille; }

    std::mt19937_64 random_;
    std::vector<std::weak_ptr<Client*>> clients_;
    std::deque<std::weak_ptr<Client*>> coming_up_;
    std::deque<OnTheWay> on_the_way_;
    std::map<std::string, Message> retained_;
    std::uint64_t published_ = 0;
    std::uint64_t connects_ = 0;
};

// MQTT's rule for `+` and `#`.
bool topic_matches(std::string_view filter, std::string_view topic);

}  // namespace aisle::kit
