#include "agent/app/downlink_steps.hpp"

#include <algorithm>
#include <iterator>

namespace aisle::app {
namespace {

// A dataset's step is the largest: its rows' records and a few more.
constexpr std::size_t kRecordsMax = 210;

}  // namespace

void DownlinkSteps::commit(DownlinkDecision decide) {
    pipeline_.submit_inner({.apply =
                                [decide = std::move(decide)](Turn& turn, std::span<const Found>) {
                                    DownlinkStep step = decide(turn.now);
                                    turn.add(std::move(step.state));
                                    for (Record& record : step.records) turn.add(std::move(record));
                                    std::ranges::move(step.after, std::back_inserter(turn.after));
                                },
                            .records_max = kRecordsMax,
                            .waits = true});
}

void merge(DownlinkStep& step, Turn turn) {
    std::ranges::move(turn.batch.state, std::back_inserter(step.state));
    std::ranges::move(turn.batch.records, std::back_inserter(step.records));
    std::ranges::move(turn.after, std::back_inserter(step.after));
}

Result<std::vector<StateChange>> state_rows(store::Reads& store, std::string_view room) {
    auto rows = store.read_state(room);
    if (!rows) return rows.error();
    std::vector<StateChange> changes;
    changes.reserve(rows->size());
    for (store::StateRow& row : *rows)
        changes.push_back({std::string{room}, std::move(row.key), std::move(row.bytes)});
    return changes;
}

}  // namespace aisle::app
