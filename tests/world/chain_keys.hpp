#pragma once

#include <string>

#include "agent/app/keys.hpp"
#include "sync/wire/seal.hpp"

// The keys of the chain that a world's shops and HQ belong to. Both ends read the public parts and
// HQ's own from real files, which are the same in every world and written once a process.
namespace aisle::world {

// HQ's signing key: what the head office signs bundles with.
const wire::SigningKey& chain_key();
// Folders of these files: HQ's keys, and the data directory of every shop. On the simulated disks
// the latter is only the beginning of paths.
// An HQ that has enrolled so many shops, at most kStoresMax: it waits for the word of each.
std::string hq_keys_dir(int shops);
std::string hq_key_file(int shops);
const std::string& shop_dir();

// A store's keys, as HQ knows them too.
app::ShopKeys keys_of(const std::string& store);

inline constexpr int kStoresMax = 3;  // s-0001 and on are enrolled
std::string store_name(int number);

}  // namespace aisle::world
