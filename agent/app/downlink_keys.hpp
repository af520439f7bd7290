#pragma once

#include <span>
#include <string>

#include "agent/core/downlink.hpp"
#include "sync/wire/seal.hpp"

namespace aisle::app {

inline constexpr std::string_view kHqKeysRoom = "hq_keys";

// The keys of HQ that this shop believes: those in DIR/keys/hq/*.pub, which people have put there,
// and those that came as signed commands. What was revoked stays revoked, also as a file.
class DownlinkKeys {
public:
    // Files that cannot be read are left out and named; without any key nothing from HQ is taken.
    Status load(const std::string& data_dir);
    Status restore(std::span<const StateChange> rows);

    Status add(const wire::PublicKey& key, DownlinkStep& step);
    Status revoke(const std::string& id, DownlinkStep& step);

    [[nodiscard]] const wire::Keyring& ring() const { return ring_; }

private:
    wire::Keyring ring_;
};

}  // namespace aisle::app
