#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "agent/runtime/inline_executor.hpp"
#include "batches.hpp"
#include "sync/hq/event_line.hpp"
#include "sync/hq/event_store.hpp"

// What every EventStore must hold, whatever its database. A store's test calls each check with a
// bench of its own:
//   class SqliteContract : public testing::TestWithParam<contract::Check> {};
//   TEST_P(SqliteContract, Holds) { SqliteBench bench; GetParam().run(bench); }
namespace aisle::hq::contract {

struct ShownEvent {
    std::string epoch;
    std::string stream;
    std::int64_t seq = 0;
    std::int64_t from = 0;
    std::string kind;
    std::string event_id;
    std::int64_t revision = 0;  // 0: none
    std::string at;             // RFC 3339 in UTC with milliseconds
    std::string body;

    friend bool operator==(const ShownEvent&, const ShownEvent&) = default;
};

// An empty store, and what a reader of the contract's relation sees of it.
class Bench {
public:
    virtual ~Bench() = default;
    virtual EventStore& store() = 0;
    virtual void reopen() = 0;  // as after a restart of HQ
    // All of `events` in the order of epoch, stream, seq.
    virtual std::vector<ShownEvent> events() = 0;

    Applied apply(const std::vector<Inbound>& batches) {
        auto applied = store().apply(batches, clock);
        EXPECT_TRUE(applied) << (applied ? "" : applied.error().detail);
        return applied ? std::move(*applied) : Applied{};
    }
    std::vector<std::string> bodies() {
        std::vector<std::string> all;
        for (const auto& event : events()) all.push_back(event.body);
        return all;
    }
    // Both proofs agree; nothing is missing.
    std::vector<Completeness> completeness();

    runtime::ManualClock clock;
};

struct Check {
    std::string name;
    std::function<void(Bench&)> run;

    friend std::ostream& operator<<(std::ostream& out, const Check& check) {
        return out << check.name;
    }
};

// Defined in event_store_contract_test.cpp, which runs them on SQLite.
const std::vector<Check>& all_checks();

// Clones, restored images, lost and reordered batches, by the seed; compares what is shown with
// what was told. Defined in epochs_model_test.cpp.
void play_epochs(Bench& bench, std::uint64_t seed, int steps);

inline std::string check_name(const testing::TestParamInfo<Check>& info) { return info.param.name; }

// ---- builders

inline constexpr const char* kSecondEpoch = "fedcba9876543210";
inline constexpr const char* kThirdEpoch = "00000000000000cc";

struct LineSpec {
    std::int64_t seq = 0;
    std::string body = "{}";
    std::string kind = "test";
    std::string id = {};
    std::vector<Origin> was = {};
    std::int64_t from = 0;
    ClockQuality clock = ClockQuality::Ntp;
    std::int64_t boot = 1;
    std::int64_t mono_ms = 0;  // after kit::at()
};

inline std::string line_of(const LineSpec& spec) {
    OutboxRow row{.seq = spec.seq, .from = spec.from == 0 ? spec.seq : spec.from, .was = spec.was};
    row.record = {.kind = spec.kind, .event_id = spec.id, .body = spec.body};
    if (spec.kind != "gap") {
        row.record.at = kit::at(milliseconds{spec.mono_ms});
        row.record.at.quality = spec.clock;
        row.record.at.boot = spec.boot;
    }
    return wire::line_of(row);
}

inline Inbound batch_of(const std::string& epoch, const std::vector<LineSpec>& specs,
                        Stream stream = Stream::Ledger) {
    std::vector<std::string> lines;
    for (const auto& spec : specs) lines.push_back(line_of(spec));
    const auto& first = specs.front();
    auto header = header_for(first.from == 0 ? first.seq : first.from, specs.back().seq, stream);
    header.epoch = epoch;
    return inbound(header, lines);
}

inline std::vector<Completeness> Bench::completeness() {
    auto counted = store().completeness(EventStore::Proof::Counted, "");
    auto recounted = store().completeness(EventStore::Proof::Recounted, "");
    EXPECT_TRUE(counted);
    EXPECT_TRUE(recounted);
    if (!counted || !recounted) return {};
    EXPECT_EQ(counted->size(), recounted->size());
    for (std::size_t i = 0; i < std::min(counted->size(), recounted->size()); ++i) {
        const auto& one = (*counted)[i];
        const auto& other = (*recounted)[i];
        EXPECT_EQ(one.expected, other.expected);
        EXPECT_EQ(one.received, other.received);
        EXPECT_EQ(one.again, other.again);
        EXPECT_EQ(one.gaps, other.gaps);
        EXPECT_EQ(one.missing, 0);
        EXPECT_EQ(other.missing, 0);
    }
    return *recounted;
}

}  // namespace aisle::hq::contract
