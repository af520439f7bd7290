#pragma once

#include <string>
#include <vector>

#include "agent/app/engines.hpp"

namespace aisle::app {

// DIR/keys/store.key and DIR/keys/codes.key: 32 random bytes in hex, 0600. Made once by `aislectl
// init`; losing the first means that every customer becomes a stranger.
Result<ShopKeys> load_keys(const std::string& data_dir);
// Denied if there are keys already.
Status create_keys(const std::string& data_dir);

// A new store.key; the one before is kept as store.<key id>.key, so that who is known under it is
// found and taken over when he is next seen (S7: every 90 days). Takes effect at the next start.
// Answers the new key's id. Denied: kEarlierKeysMax earlier ones are still kept.
Result<std::string> rotate_store_key(const std::string& data_dir);

struct KeyOnDisk {
    std::string id;
    bool active = false;
};
// The active one first, then the earlier ones, the latest first.
Result<std::vector<KeyOnDisk>> list_store_keys(const std::string& data_dir);

// Ends an overlap: the file of an earlier key is overwritten and removed. Who was not seen since
// the rotation becomes a stranger to the shop; headquarters can still relink. Denied for the active
// key; Malformed: there is no such key.
Status retire_store_key(const std::string& data_dir, const std::string& id);

}  // namespace aisle::app
