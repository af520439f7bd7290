#pragma once

#include <utility>
#include <vector>

#include "agent/core/sink.hpp"

namespace aisle::pos {

// Keeps what it is given, as long as there is room, and answers when it is told to.
class RecordingSink final : public Sink {
public:
    Status accept(Reading reading, Answer answer) override {
        if (room == 0) return full("no room");
        --room;
        readings.push_back(std::move(reading));
        if (answer) answers.push_back(std::move(answer));
        return {};
    }

    void answer_all(const Result<Accepted>& result = Accepted{
                        .id = "id-1", .revision = 1, .duplicate = false}) {
        for (const auto& answer : std::exchange(answers, {})) answer(result);
    }
    void fail_all(const Error& error) {
        for (const auto& answer : std::exchange(answers, {})) answer(error);
    }

    [[nodiscard]] std::vector<Sale> sales() const {
        std::vector<Sale> out;
        for (const auto& reading : readings) {
            if (const auto* sale = std::get_if<SaleReading>(&reading.body))
                out.push_back(sale->draft);
        }
        return out;
    }
    [[nodiscard]] std::vector<Quarantined> rejects() const {
        std::vector<Quarantined> out;
        for (const auto& reading : readings) {
            if (const auto* reject = std::get_if<RejectedReading>(&reading.body))
                out.push_back(reject->item);
        }
        return out;
    }

    std::size_t room = 1'000'000;
    std::vector<Reading> readings;
    std::vector<Answer> answers;
};

}  // namespace aisle::pos
