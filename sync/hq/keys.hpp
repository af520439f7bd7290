#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "agent/core/error.hpp"
#include "agent/core/time.hpp"
#include "sync/wire/seal.hpp"

// HQ's keys on disk. Blocking I/O: at start and in the tools only. Secrets are files of mode 0600,
// refused if others can read them, and never in a log.
//
//   DIR/<key id>.pub     what shops are given: 64 hex digits
//   DIR/<key id>.secret  the seed, 0600; belongs on the machine that signs, which need not be HQ
//   DIR/revoked          one key id a line
//   DIR/stores/<store>.keys  the store's pseudonym keys, 0600 (StoreKeys)
namespace aisle::hq {

struct MadeKey {
    std::string id;
    std::string public_hex;
};
// A new Ed25519 key; its id is "k" and the first 8 hex digits of SHA-256 of the public key.
// Denied if it is there already.
Result<MadeKey> make_signing_key(const std::string& dir);
// `path`: DIR/<key id>.secret; the id is the file's name.
Result<wire::SigningKey> load_signing_key(const std::string& path);
// The public keys of a folder without the revoked ones, which are remembered as such. A folder that
// is absent is an empty ring.
Result<wire::Keyring> load_keyring(const std::string& dir);
// Added to DIR/revoked; the file <key id>.pub stays for the record.
Status revoke_key(const std::string& dir, const std::string& id);

struct KeyFile {
    std::string id;
    bool secret = false;  // the seed is here too
    bool revoked = false;
};
Result<std::vector<KeyFile>> list_keys(const std::string& dir);

// Writes beside and renames, so that a crash leaves the old or the new content; `mode` as chmod.
struct FileContent {
    std::string path;
    std::string text;
    unsigned mode = 0644;
};
Status replace_file(const FileContent& content);

}  // namespace aisle::hq
