#include "agent/app/keys.hpp"

#include <filesystem>

#include "agent/runtime/random.hpp"
#include "agent/runtime/secret_file.hpp"

namespace aisle::app {
namespace {

constexpr std::size_t kKeyBytes = 32;

std::string key_file(const std::string& data_dir, const char* name) {
    return data_dir + "/keys/" + name;
}

int nibble(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    return -1;
}

Result<std::string> read_key(const std::string& path) {
    auto hex = runtime::read_secret_file(path);
    if (!hex) return hex.error();
    const bool good = hex->size() == 2 * kKeyBytes &&
                      hex->find_first_not_of("0123456789abcdef") == std::string::npos;
    if (!good) return malformed(path + " does not hold 64 hex digits");
    return hex;
}

}  // namespace

Result<ShopKeys> load_keys(const std::string& data_dir) {
    const auto store = read_key(key_file(data_dir, "store.key"));
    if (!store) return store.error();
    const auto codes = read_key(key_file(data_dir, "codes.key"));
    if (!codes) return codes.error();
    ShopKeys keys;
    for (std::size_t i = 0; i < kKeyBytes; ++i) {
        const int byte = nibble((*store)[2 * i]) * 16 + nibble((*store)[2 * i + 1]);
        keys.pseudonyms.bytes.at(i) = static_cast<std::uint8_t>(byte);
    }
    keys.pseudonyms.id = intake::sha256_hex("aisle key id|" + *store).substr(0, 8);
    keys.codes = *codes;
    return keys;
}

Status create_keys(const std::string& data_dir) {
    std::error_code error;
    std::filesystem::create_directories(data_dir + "/keys", error);
    if (error) return unavailable("cannot make " + data_dir + "/keys: " + error.message());
    std::filesystem::permissions(data_dir + "/keys", std::filesystem::perms::owner_all, error);
    for (const char* name : {"store.key", "codes.key"}) {
        const Status made =
            runtime::create_secret_file(key_file(data_dir, name), runtime::random_hex(kKeyBytes));
        if (!made) return made;
    }
    return {};
}

}  // namespace aisle::app
