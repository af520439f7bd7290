#include "agent/app/keys.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "agent/core/hex.hpp"
#include "agent/runtime/random.hpp"
#include "agent/runtime/secret_file.hpp"

namespace aisle::app {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kKeyBytes = 32;
constexpr std::size_t kKeyIdDigits = 8;
constexpr std::string_view kEarlierPrefix = "store.";
constexpr std::string_view kSuffix = ".key";
constexpr const char* kActive = "store.key";

std::string key_file(const std::string& data_dir, const std::string& name) {
    return data_dir + "/keys/" + name;
}

std::string earlier_name(const std::string& id) {
    return std::string{kEarlierPrefix} + id + std::string{kSuffix};
}

bool is_hex(std::string_view text) {
    return text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

Result<std::string> read_key(const std::string& path) {
    auto hex = runtime::read_secret_file(path);
    if (!hex) return hex.error();
    if (hex->size() != 2 * kKeyBytes || !is_hex(*hex))
        return malformed(path + " does not hold 64 hex digits");
    return hex;
}

intake::StoreKey key_from(const std::string& hex) {
    intake::StoreKey key;
    for (std::size_t i = 0; i < kKeyBytes; ++i) {
        const int byte = hex_value(hex[2 * i]) * 16 + hex_value(hex[2 * i + 1]);
        key.bytes.at(i) = static_cast<std::uint8_t>(byte);
    }
    key.id = intake::sha256_hex("aisle key id|" + hex).substr(0, kKeyIdDigits);
    return key;
}

// Ids of the earlier keys that are still there, the latest first.
std::vector<std::string> earlier_ids(const std::string& data_dir) {
    std::vector<std::pair<fs::file_time_type, std::string>> found;
    std::error_code error;
    for (const auto& entry : fs::directory_iterator{data_dir + "/keys", error}) {
        const std::string name = entry.path().filename().string();
        if (name.size() != kEarlierPrefix.size() + kKeyIdDigits + kSuffix.size()) continue;
        const std::string id = name.substr(kEarlierPrefix.size(), kKeyIdDigits);
        if (name == earlier_name(id) && is_hex(id))
            found.emplace_back(fs::last_write_time(entry.path(), error), id);
    }
    std::ranges::sort(found, std::greater{});
    std::vector<std::string> ids;
    for (auto& [time, id] : found) ids.push_back(std::move(id));
    return ids;
}

}  // namespace

Result<ShopKeys> load_keys(const std::string& data_dir) {
    const auto store = read_key(key_file(data_dir, kActive));
    if (!store) return store.error();
    const auto codes = read_key(key_file(data_dir, "codes.key"));
    if (!codes) return codes.error();
    ShopKeys keys{.pseudonyms = key_from(*store), .codes = *codes};
    for (const std::string& id : earlier_ids(data_dir)) {
        const auto earlier = read_key(key_file(data_dir, earlier_name(id)));
        if (!earlier) return earlier.error();
        // The same key twice: a rotation that was cut off before it had made a new one.
        if (*earlier != *store && keys.earlier.size() < intake::kEarlierKeysMax)
            keys.earlier.push_back(key_from(*earlier));
    }
    return keys;
}

Status create_keys(const std::string& data_dir) {
    std::error_code error;
    fs::create_directories(data_dir + "/keys", error);
    if (error) return unavailable("cannot make " + data_dir + "/keys: " + error.message());
    fs::permissions(data_dir + "/keys", fs::perms::owner_all, error);
    for (const char* name : {kActive, "codes.key"}) {
        const Status made =
            runtime::create_secret_file(key_file(data_dir, name), runtime::random_hex(kKeyBytes));
        if (!made) return made;
    }
    return {};
}

// The old key gets its second name first and the new one takes the place in one step: a power cut
// leaves the old key active, or both in their places.
Result<std::string> rotate_store_key(const std::string& data_dir) {
    const auto hex = read_key(key_file(data_dir, kActive));
    if (!hex) return hex.error();
    const std::string id = key_from(*hex).id;
    const auto earlier = earlier_ids(data_dir);
    const bool kept = std::ranges::find(earlier, id) != earlier.end();
    if (!kept && earlier.size() >= intake::kEarlierKeysMax)
        return denied("retire an earlier key first: " + std::to_string(earlier.size()) +
                      " are still kept");
    if (!kept) {
        const Status made = runtime::create_secret_file(key_file(data_dir, earlier_name(id)), *hex);
        if (!made) return made.error();
    }
    const std::string fresh = runtime::random_hex(kKeyBytes);
    const std::string part = key_file(data_dir, "store.key.new");
    std::error_code error;
    fs::remove(part, error);
    if (const Status made = runtime::create_secret_file(part, fresh); !made) return made.error();
    fs::rename(part, key_file(data_dir, kActive), error);
    if (error) return unavailable("cannot put the new key in place: " + error.message());
    return key_from(fresh).id;
}

Result<std::vector<KeyOnDisk>> list_store_keys(const std::string& data_dir) {
    const auto hex = read_key(key_file(data_dir, kActive));
    if (!hex) return hex.error();
    std::vector<KeyOnDisk> keys{{.id = key_from(*hex).id, .active = true}};
    for (std::string& id : earlier_ids(data_dir)) {
        if (id != keys.front().id) keys.push_back({.id = std::move(id)});
    }
    return keys;
}

Status retire_store_key(const std::string& data_dir, const std::string& id) {
    const auto keys = list_store_keys(data_dir);
    if (!keys) return keys.error();
    const auto key = std::ranges::find(*keys, id, &KeyOnDisk::id);
    if (key == keys->end()) return malformed("there is no key " + id);
    if (key->active) return denied(id + " is the key in use: rotate first");
    const std::string path = key_file(data_dir, earlier_name(id));
    std::ofstream{path, std::ios::in | std::ios::out} << std::string(2 * kKeyBytes, '0');
    std::error_code error;
    fs::remove(path, error);
    return error ? Status{unavailable("cannot remove " + path)} : Status{};
}

}  // namespace aisle::app
