#include "tests/world/chain_keys.hpp"

#include <array>
#include <filesystem>
#include <fstream>

#include "agent/core/hex.hpp"
#include "sync/hq/keys.hpp"
#include "sync/hq/keys_stores.hpp"

namespace aisle::world {
namespace {

constexpr WallTime kEnrolled{std::chrono::seconds{1'700'000'000}};
const std::string kKeyId = "hq-1";

std::array<std::uint8_t, 32> bytes_for(const std::string& name) {
    std::array<std::uint8_t, 32> bytes{};
    for (std::size_t i = 0; i < bytes.size(); ++i)
        bytes.at(i) =
            static_cast<std::uint8_t>(static_cast<unsigned char>(name.at(i % name.size())) + i);
    return bytes;
}

// Written beside and renamed, as other worlds of this machine may read them at the same time.
struct Folders {
    std::string root = (std::filesystem::temp_directory_path() / "aisle-world").string();
    std::string shop = root + "/shop";

    Folders() {
        namespace fs = std::filesystem;
        fs::create_directories(shop + "/keys/hq");
        const std::string pub = wire::to_hex(chain_key().public_key()) + "\n";
        (void)aisle::hq::replace_file({.path = shop + "/keys/hq/" + kKeyId + ".pub", .text = pub});
        for (int shops = 1; shops <= kStoresMax; ++shops) enrol(hq(shops), shops, pub);
    }
    [[nodiscard]] std::string hq(int shops) const { return root + "/hq-" + std::to_string(shops); }
    static void enrol(const std::string& dir, int shops, const std::string& pub) {
        std::filesystem::create_directories(dir + "/stores");
        (void)aisle::hq::replace_file({.path = dir + "/" + kKeyId + ".pub", .text = pub});
        (void)aisle::hq::replace_file({.path = dir + "/" + kKeyId + ".secret",
                                       .text = to_hex(bytes_for("the chain's head office")) + "\n",
                                       .mode = 0600});
        aisle::hq::StoreKeys keys;
        for (int n = 1; n <= shops; ++n) {
            const std::string store = store_name(n);
            (void)keys.add(store, to_hex(bytes_for(store)), kEnrolled);
            (void)keys.save(dir, store);
        }
    }
};

const Folders& folders() {
    static const Folders once;
    return once;
}

}  // namespace

const wire::SigningKey& chain_key() {
    static const wire::SigningKey key =
        wire::signing_key(kKeyId, bytes_for("the chain's head office"));
    return key;
}

std::string hq_keys_dir(int shops) { return folders().hq(shops); }
std::string hq_key_file(int shops) { return folders().hq(shops) + "/" + kKeyId + ".secret"; }
const std::string& shop_dir() { return folders().shop; }

app::ShopKeys keys_of(const std::string& store) {
    app::ShopKeys keys{.pseudonyms = {.bytes = {}, .id = {}}, .codes = "codes of " + store};
    const auto bytes = bytes_for(store);
    std::copy(bytes.begin(), bytes.end(), keys.pseudonyms.bytes.begin());
    keys.pseudonyms.id = hq::key_id_of(to_hex(bytes));
    return keys;
}

std::string store_name(int number) { return "s-000" + std::to_string(number); }

}  // namespace aisle::world
