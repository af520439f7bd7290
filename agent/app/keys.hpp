#pragma once

#include <string>

#include "agent/app/engines.hpp"

namespace aisle::app {

// DIR/keys/store.key and DIR/keys/codes.key: 32 random bytes in hex, 0600. Made once by `aislectl
// init`; losing the first means that every customer becomes a stranger.
Result<ShopKeys> load_keys(const std::string& data_dir);
// Denied if there are keys already.
Status create_keys(const std::string& data_dir);

}  // namespace aisle::app
