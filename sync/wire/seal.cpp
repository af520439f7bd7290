#include "sync/wire/seal.hpp"

#include <sodium.h>

#include <algorithm>
#include <cassert>
#include <optional>

#include "agent/core/hex.hpp"
#include "sync/wire/fields.hpp"
#include "sync/wire/line.hpp"
#include "sync/wire/seal_frame.hpp"

namespace aisle::wire {
namespace {

constexpr int kFormat = 1;
constexpr std::size_t kHeaderBytesMax = 512;
constexpr std::size_t kKeyIdMax = 32;
using Signature = std::array<std::uint8_t, crypto_sign_BYTES>;

static_assert(crypto_sign_PUBLICKEYBYTES == 32 && crypto_sign_SECRETKEYBYTES == 64 &&
              crypto_sign_SEEDBYTES == 32);

// Chooses the fastest form for this processor; harmless when called again.
void wake_sodium() {
    static const int ready = sodium_init();
    assert(ready >= 0);
}

const std::uint8_t* bytes_of(std::string_view text) {
    return reinterpret_cast<const std::uint8_t*>(text.data());
}

// The domain keeps a signature over one thing from being taken for one over another.
std::string signed_bytes(Purpose purpose, std::string_view key, std::string_view payload) {
    std::string all = "aisle seal " + std::to_string(kFormat) + "\n" +
                      std::string{to_text(purpose)} + "\n" + std::string{key} + "\n";
    return all += payload;
}

std::string base64(const Signature& signature) {
    std::string out(sodium_base64_ENCODED_LEN(signature.size(), sodium_base64_VARIANT_ORIGINAL),
                    '\0');
    sodium_bin2base64(out.data(), out.size(), signature.data(), signature.size(),
                      sodium_base64_VARIANT_ORIGINAL);
    out.pop_back();  // its final zero
    return out;
}

std::optional<Signature> signature_from(std::string_view text) {
    Signature out{};
    std::size_t size = 0;
    const int bad = sodium_base642bin(out.data(), out.size(), text.data(), text.size(), nullptr,
                                      &size, nullptr, sodium_base64_VARIANT_ORIGINAL);
    if (bad != 0 || size != out.size()) return std::nullopt;
    return out;
}

std::optional<std::array<std::uint8_t, 32>> bytes32_from(std::string_view hex) {
    if (hex.ends_with('\n')) hex.remove_suffix(1);
    std::array<std::uint8_t, 32> out{};
    std::size_t size = 0;
    const int bad =
        sodium_hex2bin(out.data(), out.size(), hex.data(), hex.size(), nullptr, &size, nullptr);
    if (bad != 0 || size != out.size() || hex.size() != 2 * out.size()) return std::nullopt;
    return out;
}

struct Header {
    std::string purpose;
    std::string key;
    Signature signature{};
};

Judged<Header> parse_header(std::string_view line) {
    Fields fields{line};
    if (fields.integer("aisle_seal") != kFormat) fields.reject("a seal that is not ours");
    Header header{.purpose = fields.text("for"), .key = fields.text("key")};
    const auto signature = signature_from(fields.text("sig"));
    if (!valid_key_id(header.key)) fields.reject("bad key id");
    if (!signature) fields.reject("bad signature");
    if (fields.bad()) return refusal(Refused::Malformed, "seal: " + fields.error().detail);
    header.signature = *signature;
    return header;
}

Judged<Unsealed> open(std::string_view text, const Keyring& keys, Purpose purpose) {
    const auto end = text.substr(0, kHeaderBytesMax).find('\n');
    if (end == std::string_view::npos) return refusal(Refused::Malformed, "no seal");
    const auto header = parse_header(text.substr(0, end));
    if (!header) return header.error();
    const std::string_view payload = text.substr(end + 1);
    if (payload.size() > payload_bytes_max(purpose)) return refusal(Refused::Oversized);
    if (header->purpose != to_text(purpose)) return refusal(Refused::WrongPurpose);
    if (keys.revoked(header->key)) return refusal(Refused::RevokedKey, header->key);
    const PublicKey* const key = keys.find(header->key);
    if (key == nullptr) return refusal(Refused::UnknownKey, header->key);
    wake_sodium();
    const std::string all = signed_bytes(purpose, header->key, payload);
    if (crypto_sign_verify_detached(header->signature.data(), bytes_of(all), all.size(),
                                    key->bytes.data()) != 0)
        return refusal(Refused::Tampered);
    return Unsealed{.key = header->key, .payload = std::string{payload}};
}

}  // namespace

std::string_view to_text(Purpose purpose) {
    constexpr std::array<std::string_view, 3> kWords{"bundle", "command", "data"};
    return kWords.at(static_cast<std::size_t>(purpose));
}

std::size_t payload_bytes_max(Purpose purpose) {
    constexpr std::array<std::size_t, 3> kBytes{std::size_t{1024} * 1024, std::size_t{64} * 1024,
                                                std::size_t{2} * 1024 * 1024};
    return kBytes.at(static_cast<std::size_t>(purpose));
}

bool valid_key_id(std::string_view id) {
    const auto good = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
    };
    return !id.empty() && id.size() <= kKeyIdMax && std::ranges::all_of(id, good);
}

PublicKey SigningKey::public_key() const {
    PublicKey key{.id = id};
    std::copy(secret.end() - 32, secret.end(), key.bytes.begin());
    return key;
}

SigningKey signing_key(std::string id, const std::array<std::uint8_t, 32>& seed) {
    wake_sodium();
    SigningKey key{.id = std::move(id)};
    std::array<std::uint8_t, 32> unused{};
    crypto_sign_seed_keypair(unused.data(), key.secret.data(), seed.data());
    return key;
}

std::string to_hex(const PublicKey& key) { return aisle::to_hex(key.bytes); }

Result<PublicKey> public_key_from(std::string_view id, std::string_view hex) {
    if (!valid_key_id(id)) return malformed("a key's id is 1-32 of a-z, 0-9 and -");
    const auto bytes = bytes32_from(hex);
    if (!bytes) return malformed("a public key is 64 hex digits");
    return PublicKey{.id = std::string{id}, .bytes = *bytes};
}

Result<SigningKey> signing_key_from(std::string_view id, std::string_view seed_hex) {
    if (!valid_key_id(id)) return malformed("a key's id is 1-32 of a-z, 0-9 and -");
    const auto seed = bytes32_from(seed_hex);
    if (!seed) return malformed("a signing key's seed is 64 hex digits");
    return signing_key(std::string{id}, *seed);
}

Status Keyring::add(const PublicKey& key) {
    if (!valid_key_id(key.id)) return malformed("bad key id");
    if (revoked(key.id)) return denied("key " + key.id + " was revoked");
    const auto held = keys_.find(key.id);
    if (held != keys_.end()) {
        if (held->second == key) return {};
        return denied("another key is held as " + key.id);
    }
    if (keys_.size() >= kKeysMax) return denied("too many keys");
    keys_.emplace(key.id, key);
    return {};
}

Status Keyring::revoke(const std::string& id) {
    if (revoked(id)) return {};
    if (revoked_.size() >= kRevokedMax) return denied("too many revoked keys");
    if (keys_.size() == 1 && keys_.contains(id)) return denied("it is the last key");
    keys_.erase(id);
    revoked_.insert(id);
    return {};
}

const PublicKey* Keyring::find(const std::string& id) const {
    const auto at = keys_.find(id);
    return at == keys_.end() ? nullptr : &at->second;
}

std::string seal(Purpose purpose, const SigningKey& key, std::string_view payload) {
    assert(payload.size() <= payload_bytes_max(purpose) && valid_key_id(key.id));
    wake_sodium();
    const std::string all = signed_bytes(purpose, key.id, payload);
    Signature signature{};
    crypto_sign_detached(signature.data(), nullptr, bytes_of(all), all.size(), key.secret.data());
    return "{\"aisle_seal\":" + std::to_string(kFormat) + ",\"for\":" + quoted(to_text(purpose)) +
           ",\"key\":" + quoted(key.id) + ",\"sig\":" + quoted(base64(signature)) + "}\n" +
           std::string{payload};
}

std::string compress_sealed(std::string_view sealed) { return frame_of(sealed); }

Judged<Unsealed> unseal(std::string_view message, const Keyring& keys, Purpose purpose) {
    const std::size_t most = payload_bytes_max(purpose) + kHeaderBytesMax;
    if (message.size() > most) return refusal(Refused::Oversized);
    if (!is_frame(message)) return open(message, keys, purpose);
    const auto text = open_frame(message, most);
    if (!text) return text.error();
    return open(*text, keys, purpose);
}

}  // namespace aisle::wire
