#pragma once

#include <utility>
#include <vector>

#include "agent/core/sink.hpp"

namespace aisle::kit {

// Takes `room` readings and is full from then on. Answers are kept until commit(), as the agent
// keeps them until the transaction is durable.
class RecordingSink final : public Sink {
public:
    Status accept(Reading reading, Answer answer) override {
        if (readings.size() >= room) return full("the sink is full");
        readings.push_back(std::move(reading));
        if (answer) answers.push_back(std::move(answer));
        return {};
    }

    void commit(const Result<Accepted>& with = Accepted{}) {
        for (auto& answer : std::exchange(answers, {})) answer(with);
    }

    // The bodies of one kind, in order.
    template <typename Body>
    [[nodiscard]] std::vector<Body> all() const {
        std::vector<Body> bodies;
        for (const auto& reading : readings) {
            if (const auto* body = std::get_if<Body>(&reading.body)) bodies.push_back(*body);
        }
        return bodies;
    }

    std::vector<Reading> readings;
    std::vector<Answer> answers;
    std::size_t room = 1'000'000;
};

}  // namespace aisle::kit
