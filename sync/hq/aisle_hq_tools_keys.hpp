#pragma once

#include <string>

#include "agent/core/error.hpp"

// What the keys sub-commands do; each answers what is printed.
namespace aisle::hq {

Result<std::string> make_key(const std::string& dir);
Result<std::string> list_key_files(const std::string& dir);
Result<std::string> revoke_signing_key(const std::string& dir, const std::string& id);

// An empty `file` makes a new key, which is printed once for the store's keys/store.key.
Result<std::string> add_store_key(const std::string& dir, const std::string& store,
                                  const std::string& file);
Result<std::string> revoke_store_key(const std::string& dir, const std::string& store,
                                     const std::string& id);
Result<std::string> relink_member(const std::string& dir, const std::string& member);

}  // namespace aisle::hq
