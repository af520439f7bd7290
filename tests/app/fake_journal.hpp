#pragma once

#include <deque>
#include <functional>
#include <string>
#include <vector>

#include "agent/core/journal.hpp"

namespace aisle::app {

// Keeps what it is asked until the test answers, and notes the order of the calls.
class FakeJournal final : public Journal {
public:
    void find(std::vector<RecordKey> keys,
              std::function<void(Result<std::vector<Found>>)> answer) override {
        std::string line = "find";
        for (const RecordKey& key : keys) line += " " + key.event_id;
        calls.push_back(line);
        finds.push_back({keys.size(), std::move(answer)});
    }
    void append(Batch batch, std::function<void(Status)> answer) override {
        calls.push_back("append " + std::to_string(batch.order));
        appends.push_back({std::move(batch), std::move(answer)});
    }

    // Answers the oldest call. Whatever was asked for is `known`.
    void found(Known known = Known::Absent) {
        const auto find = std::move(finds.front());
        finds.pop_front();
        find.answer(std::vector<Found>(find.keys, Found{.known = known, .earlier = {}}));
    }
    void not_found(const Error& why) {
        const auto find = std::move(finds.front());
        finds.pop_front();
        find.answer(why);
    }
    void appended(const Status& status = {}) {
        const auto append = std::move(appends.front());
        appends.pop_front();
        if (status) committed.push_back(append.batch);
        append.answer(status);
    }

    struct Finding {
        std::size_t keys = 0;
        std::function<void(Result<std::vector<Found>>)> answer;
    };
    struct Appending {
        Batch batch;
        std::function<void(Status)> answer;
    };
    std::vector<std::string> calls;
    std::deque<Finding> finds;
    std::deque<Appending> appends;
    std::vector<Batch> committed;
};

}  // namespace aisle::app
