#pragma once

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "agent/app/pipeline.hpp"
#include "agent/runtime/inline_executor.hpp"
#include "fake_journal.hpp"
#include "tests/kit/builders.hpp"

namespace aisle::app {

// A pipeline alone, on a journal that answers when the test says so.
struct PipelineWorld {
    explicit PipelineWorld(PipelineSettings settings = {}) : settings_{settings} {}

    // Adds one record that bears its name, looked up by it when it is `sought`.
    Work work(const std::string& name, bool waits = true, bool sought = false) {
        Work work{
            .apply =
                [this, name](Turn& turn, std::span<const Found> found) {
                    applied.push_back(name);
                    for (const Found& each : found) known.push_back(each.known);
                    Record record{.stream = Stream::Ledger, .kind = name};
                    turn.add(std::move(record));
                    turn.after.push_back([this, name] { said.push_back(name); });
                },
            .failed = [this,
                       name](const Error& error) { failed.push_back(name + ": " + error.detail); }};
        if (sought) work.keys.push_back({.kind = "sale", .event_id = name, .digest = "d"});
        work.waits = waits;
        return work;
    }
    Work silent(bool waits = true, bool sought = false) {
        Work work{.apply = [this](Turn& turn, std::span<const Found>) {
            turn.after.push_back([this] { said.emplace_back("silent"); });
        }};
        if (sought) work.keys.push_back({.kind = "sale", .event_id = "silent", .digest = "d"});
        work.waits = waits;
        return work;
    }
    [[nodiscard]] double metric(std::string_view name) const {
        return metrics->counter(name, "").value();
    }

    PipelineSettings settings_;
    runtime::ManualClock clock{kit::at()};
    runtime::InlineExecutor loop{clock};
    std::unique_ptr<runtime::Metrics> metrics = runtime::make_metrics();
    FakeJournal journal;
    Pipeline pipeline{settings_,
                      {.journal = journal,
                       .loop = loop,
                       .metrics = *metrics,
                       .wake = [this](Stream stream, std::size_t n) { woken[stream] += n; },
                       .make_room = [this] { ++rooms_made; },
                       .broken = [this](const Error& error) { broken = error.detail; }}};
    std::vector<std::string> applied;
    std::vector<Known> known;
    std::vector<std::string> said;
    std::vector<std::string> failed;
    std::map<Stream, std::size_t> woken;
    int rooms_made = 0;
    std::string broken;
};

using Names = std::vector<std::string>;

}  // namespace aisle::app
