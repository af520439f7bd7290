#pragma once

#include "agent/app/pipeline.hpp"
#include "agent/core/downlink.hpp"
#include "agent/store/reads.hpp"

namespace aisle::app {

// The downlink's steps are works of the pipeline, so that they keep their order among everything
// else that changes the same state. Loop thread only.
class DownlinkSteps final : public BundleSlots, public CommandLog {
public:
    explicit DownlinkSteps(Pipeline& pipeline) : pipeline_{pipeline} {}
    void commit(DownlinkDecision decide) override;

private:
    Pipeline& pipeline_;
};

// What the floor has added to a turn of its own, as a part of a step.
void merge(DownlinkStep& step, Turn turn);
// The rows of a room, as engines restore them.
Result<std::vector<StateChange>> state_rows(store::Reads& store, std::string_view room);

}  // namespace aisle::app
