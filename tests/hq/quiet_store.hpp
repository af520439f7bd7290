#pragma once

#include <vector>

#include "sync/hq/event_store.hpp"

namespace aisle::hq {

// A store that knows nothing and takes everything; tests override what they are about.
class QuietStore : public EventStore {
public:
    Result<Applied> apply(std::span<const Inbound> batches, const Clock&) override {
        return Applied{.consumed = batches.size()};
    }
    Result<std::vector<StreamView>> streams() override { return std::vector<StreamView>{}; }
    Result<std::vector<StoreDay>> day(const Today&) override { return std::vector<StoreDay>{}; }
    Result<std::vector<Completeness>> completeness(Proof, std::string_view) override {
        return std::vector<Completeness>{};
    }
    Result<std::vector<StateChange>> read_state(std::string_view room) override {
        std::vector<StateChange> rows;
        for (const auto& row : state)
            if (row.room == room) rows.push_back(row);
        return rows;
    }
    Status write_state(std::span<const StateChange> changes) override {
        state.insert(state.end(), changes.begin(), changes.end());
        return {};
    }
    Result<std::vector<Notice>> notices(std::int64_t, std::size_t) override {
        return std::vector<Notice>{};
    }

    std::vector<StateChange> state;  // as written, the latest last
};

}  // namespace aisle::hq
