#include "sync/hq/keys_stores.hpp"

#include <sodium.h>
#include <algorithm>
#include <array>
#include <filesystem>
#include <sstream>

#include "agent/core/hex.hpp"
#include "agent/records/json_text.hpp"
#include "agent/records/object_reader.hpp"
#include "agent/runtime/secret_file.hpp"
#include "sync/hq/keys.hpp"
#include "sync/hq/keys_member_code.hpp"
#include "sync/wire/topics.hpp"

namespace aisle::hq {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;
using records::put;

constexpr const char* kExtension = ".keys";
constexpr std::size_t kPseudonymDigits = 32;  // 16 bytes (DESIGN section 6)

bool is_key_hex(std::string_view hex) {
    return hex.size() == 64 && hex.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

std::string bytes_of(std::string_view hex) {
    std::string bytes;
    for (std::size_t i = 0; i + 1 < hex.size(); i += 2)
        bytes += static_cast<char>(hex_value(hex[i]) * 16 + hex_value(hex[i + 1]));
    return bytes;
}

std::string line_of(const PseudonymKey& key) {
    json::object out;
    put(out, "id", key.id);
    put(out, "key", key.hex);
    put(out, "made", key.made);
    if (key.replaced) put(out, "replaced", *key.replaced);
    if (key.revoked) put(out, "revoked", json::value(true));
    return json::serialize(out) + '\n';
}

Result<PseudonymKey> key_from(const std::string& line) {
    const auto in = records::ObjectReader::parse(line);
    in.require({"id", "key", "made"});
    PseudonymKey key{.id = in.text("id"),
                     .hex = in.text("key"),
                     .made = in.time("made"),
                     .revoked = in.flag("revoked")};
    if (in.has("replaced")) key.replaced = in.time("replaced");
    if (!is_key_hex(key.hex)) in.fail("key", "not 64 hex digits");
    return in.finish(std::move(key));
}

}  // namespace

std::string pseudonym(const PseudonymKey& key, std::string_view member) {
    return MemberCoder{key.hex}.pseudonym(member);
}

struct MemberCoder::Keyed {
    crypto_auth_hmacsha256_state state;
};

MemberCoder::MemberCoder(std::string_view key_hex) : keyed_{std::make_unique<Keyed>()} {
    const std::string key = bytes_of(key_hex);
    crypto_auth_hmacsha256_init(&keyed_->state, reinterpret_cast<const unsigned char*>(key.data()),
                                key.size());
}

MemberCoder::~MemberCoder() = default;
MemberCoder::MemberCoder(MemberCoder&&) noexcept = default;
MemberCoder& MemberCoder::operator=(MemberCoder&&) noexcept = default;

std::string MemberCoder::pseudonym(std::string_view member) const {
    const std::string code = member_code(member);
    if (code.empty()) return {};
    auto state = keyed_->state;
    std::array<unsigned char, crypto_auth_hmacsha256_BYTES> mac{};
    crypto_auth_hmacsha256_update(&state, reinterpret_cast<const unsigned char*>(code.data()),
                                  code.size());
    crypto_auth_hmacsha256_final(&state, mac.data());
    std::array<char, kPseudonymDigits + 1> hex{};
    sodium_bin2hex(hex.data(), hex.size(), mac.data(), kPseudonymDigits / 2);
    return std::string{hex.data(), kPseudonymDigits};
}

Result<StoreKeys> StoreKeys::load(const std::string& dir) {
    StoreKeys all;
    std::error_code error;
    for (const auto& entry : fs::directory_iterator{dir + "/stores", error}) {
        if (entry.path().extension() != kExtension) continue;
        const auto text = runtime::read_secret_file(entry.path().string());
        if (!text) return text.error();
        auto& keys = all.keys_[entry.path().stem().string()];
        std::istringstream lines{*text};
        for (std::string line; std::getline(lines, line);) {
            if (line.empty()) continue;
            auto key = key_from(line);
            if (!key) return malformed(entry.path().string() + ": " + key.error().detail);
            keys.push_back(std::move(*key));
        }
    }
    return all;
}

const PseudonymKey* StoreKeys::current(const std::string& store) const {
    const auto found = keys_.find(store);
    if (found == keys_.end()) return nullptr;
    for (auto key = found->second.rbegin(); key != found->second.rend(); ++key)
        if (!key->revoked && !key->replaced) return &*key;
    return nullptr;
}

const PseudonymKey* StoreKeys::find(const std::string& store, const std::string& id) const {
    const auto found = keys_.find(store);
    if (found == keys_.end()) return nullptr;
    const auto key = std::ranges::find(found->second, id, &PseudonymKey::id);
    return key == found->second.end() ? nullptr : &*key;
}

std::vector<std::string> StoreKeys::pseudonyms(const std::string& store,
                                               std::string_view member) const {
    std::vector<std::string> all;
    const auto found = keys_.find(store);
    if (found == keys_.end()) return all;
    for (const auto& key : found->second)
        if (auto one = pseudonym(key, member); !one.empty()) all.push_back(std::move(one));
    return all;
}

Status StoreKeys::add(const std::string& store, const std::string& hex, WallTime now) {
    if (!wire::valid_store_id(store)) return malformed("bad store id: " + store);
    if (!is_key_hex(hex)) return malformed("a key is 64 hex digits");
    const auto id = key_id_of(hex);
    if (find(store, id) != nullptr) return denied(store + " has had this key before");
    auto& keys = keys_[store];
    if (keys.size() >= kKeysPerStoreMax) return full("too many keys of one store");
    for (auto& key : keys)
        if (!key.replaced) key.replaced = now;
    keys.push_back({.id = id, .hex = hex, .made = now});
    return {};
}

Status StoreKeys::revoke(const std::string& store, const std::string& id) {
    const auto found = keys_.find(store);
    if (found == keys_.end()) return unavailable(store + " is not enrolled");
    const auto key = std::ranges::find(found->second, id, &PseudonymKey::id);
    if (key == found->second.end()) return unavailable(store + " has no key " + id);
    key->revoked = true;
    return {};
}

Status StoreKeys::save(const std::string& dir, const std::string& store) const {
    const auto found = keys_.find(store);
    if (found == keys_.end()) return unavailable(store + " is not enrolled");
    std::error_code error;
    fs::create_directories(dir + "/stores", error);
    if (error) return unavailable("cannot make " + dir + "/stores: " + error.message());
    fs::permissions(dir + "/stores", fs::perms::owner_all, error);
    std::string text;
    for (const auto& key : found->second) text += line_of(key);
    return replace_file(
        {.path = dir + "/stores/" + store + kExtension, .text = text, .mode = 0600});
}

}  // namespace aisle::hq
