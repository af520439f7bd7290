#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>

#include "agent/core/error.hpp"
#include "sync/wire/seal_refusal.hpp"

// What HQ sends down is sealed (docs/downlink.md): one header line
// {"aisle_seal":1,"for":"bundle|command|data","key":"<key id>","sig":"<base64 Ed25519>"}, "\n",
// then the payload. The signature is over "aisle seal 1\n<for>\n<key id>\n" and the payload's bytes
// exactly as sent: they are the canonical bytes, nothing is ever serialised again to check them.
// The whole may be zstd-compressed. Pure: randomness is an argument.
namespace aisle::wire {

enum class Purpose { Bundle, Command, Data };
std::string_view to_text(Purpose purpose);  // bundle, command, data

// Bounds of the payload once decompressed, by purpose: 1 MiB, 64 KiB, 2 MiB.
std::size_t payload_bytes_max(Purpose purpose);

// [a-z0-9-]{1,32}: it is part of a file's name.
bool valid_key_id(std::string_view id);

struct PublicKey {
    std::string id;
    std::array<std::uint8_t, 32> bytes{};

    friend bool operator==(const PublicKey&, const PublicKey&) = default;
};

struct SigningKey {
    std::string id;
    std::array<std::uint8_t, 64> secret{};  // libsodium's form: seed, then public key

    [[nodiscard]] PublicKey public_key() const;
};

// The key that follows from 32 random bytes.
SigningKey signing_key(std::string id, const std::array<std::uint8_t, 32>& seed);

// Key files hold 64 hex digits and perhaps a line's end: `DIR/keys/hq/<key id>.pub`. A signing
// key's file holds its seed in the same form.
std::string to_hex(const PublicKey& key);
Result<PublicKey> public_key_from(std::string_view id, std::string_view hex);
Result<SigningKey> signing_key_from(std::string_view id, std::string_view seed_hex);

// The keys that a shop believes. Several at a time, so that rotation overlaps; what is revoked
// stays revoked, whatever is added later.
class Keyring {
public:
    // Denied: revoked, another key under this id, or kKeysMax keys are held.
    Status add(const PublicKey& key);
    // Denied where it would leave no key at all: then nobody could ever add one again.
    Status revoke(const std::string& id);

    [[nodiscard]] const PublicKey* find(const std::string& id) const;
    [[nodiscard]] bool revoked(const std::string& id) const { return revoked_.contains(id); }
    [[nodiscard]] const std::map<std::string, PublicKey>& keys() const { return keys_; }
    [[nodiscard]] const std::set<std::string>& revoked_ids() const { return revoked_; }

private:
    std::map<std::string, PublicKey> keys_;
    std::set<std::string> revoked_;
};
inline constexpr std::size_t kKeysMax = 16;
inline constexpr std::size_t kRevokedMax = 256;

// The sealed message as text. The payload must be within payload_bytes_max (asserted).
std::string seal(Purpose purpose, const SigningKey& key, std::string_view payload);
// The same bytes in one zstd frame: what goes over the wire where that is smaller.
std::string compress_sealed(std::string_view sealed);

struct Unsealed {
    std::string key;      // who signed
    std::string payload;  // the bytes that were signed
};
// Takes both forms. The signature is checked before anything of the payload is parsed; what is not
// signed by a key of the ring is refused: oversized, malformed, wrong_purpose, unknown_key,
// revoked_key, tampered.
Judged<Unsealed> unseal(std::string_view message, const Keyring& keys, Purpose purpose);

}  // namespace aisle::wire
