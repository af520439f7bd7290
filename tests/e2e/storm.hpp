#pragma once

#include <cstdint>
#include <string>

// A store and its headquarters on one real broker, each behind a network of its own that delays,
// cuts, resets, swallows and damages bytes, without TLS; then both networks heal.
namespace aisle::e2e {

struct StormSettings {
    std::uint64_t seed = 1;
    int squalls = 12;  // changes of the weather, some 0.2 s each
};

struct StormResult {
    std::int64_t rows = 0;         // that the store had
    std::int64_t at_hq = 0;        // shown, each by its own body
    std::int64_t doubled = 0;      // bodies that are shown more than once
    std::int64_t bad = 0;          // shown and never written
    std::int64_t missing = 0;      // by headquarters' own proof, recounted
    std::int64_t epochs = 0;       // that the store began: damage must not look like a clone
    std::int64_t alarms = 0;       // raised at headquarters: the same
    std::int64_t lost = 0;         // gaps in place of records
    std::int64_t bytes = 0;        // damaged
    std::int64_t damaged = 0;      // answers and births that were found to be
    std::int64_t quarantined = 0;  // batches that were
    std::int64_t connections = 0;
    double drain_s = 0;  // from the end of the storm until the outbox was empty
    bool drained = false;

    [[nodiscard]] bool held() const {
        return drained && at_hq == rows && doubled == 0 && bad == 0 && missing == 0 &&
               epochs == 0 && alarms == 0 && lost == 0;
    }
};

StormResult storm(const StormSettings& settings);
std::string to_json(const StormSettings& settings, const StormResult& result);

}  // namespace aisle::e2e
