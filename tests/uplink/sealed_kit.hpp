#pragma once

#include <map>
#include <string>
#include <vector>

#include "agent/core/record.hpp"
#include "sync/wire/seal.hpp"
#include "tests/kit/tampered_bundles.hpp"

// What the tests of the downlink share: keys, and a store's rows as a map.
namespace aisle::uplink {

using kit::hq_key;

inline wire::Keyring ring_of(const wire::SigningKey& key = hq_key()) {
    wire::Keyring ring;
    (void)ring.add(key.public_key());
    return ring;
}

// Rows of one room, as a store would hold them after some of the steps.
class Rows {
public:
    void apply(const std::vector<StateChange>& changes) {
        for (const StateChange& change : changes) {
            if (change.bytes.empty()) {
                rows_.erase(change.key);
            } else {
                rows_[change.key] = change;
            }
        }
    }
    [[nodiscard]] std::vector<StateChange> all() const {
        std::vector<StateChange> out;
        for (const auto& [key, row] : rows_) out.push_back(row);
        return out;
    }

private:
    std::map<std::string, StateChange> rows_;
};

inline Stamp at_s(std::int64_t s, ClockQuality quality = ClockQuality::Ntp) {
    Stamp now = kit::at(seconds{s});
    now.quality = quality;
    return now;
}

}  // namespace aisle::uplink
