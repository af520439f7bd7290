#include "sync/hq/aisle_hq_tools_keys.hpp"

#include <algorithm>

#include "agent/records/json_text.hpp"
#include "agent/runtime/random.hpp"
#include "agent/runtime/secret_file.hpp"
#include "agent/runtime/system_clock.hpp"
#include "sync/hq/keys.hpp"
#include "sync/hq/keys_stores.hpp"

namespace aisle::hq {
namespace {

namespace json = boost::json;
using records::put;

constexpr std::size_t kKeyBytes = 32;

std::string line(const json::object& object) { return json::serialize(object) + '\n'; }

}  // namespace

Result<std::string> make_key(const std::string& dir) {
    const auto made = make_signing_key(dir);
    if (!made) return made.error();
    json::object out;
    put(out, "key", made->id);
    put(out, "public", made->public_hex);
    put(out, "secret_file", dir + '/' + made->id + ".secret");
    return line(out);
}

Result<std::string> list_key_files(const std::string& dir) {
    const auto keys = list_keys(dir);
    if (!keys) return keys.error();
    std::string lines;
    for (const auto& key : *keys) {
        json::object out;
        put(out, "key", key.id);
        put(out, "secret_here", json::value(key.secret));
        put(out, "revoked", json::value(key.revoked));
        lines += line(out);
    }
    return lines;
}

Result<std::string> revoke_signing_key(const std::string& dir, const std::string& id) {
    const auto known = list_keys(dir);
    if (!known) return known.error();
    // A slip of the pen must not look as if the lost key were revoked now.
    if (std::ranges::find(*known, id, &KeyFile::id) == known->end())
        return unavailable(dir + " has no key " + id);
    if (auto done = revoke_key(dir, id); !done) return done.error();
    json::object out;
    put(out, "key", id);
    put(out, "revoked", json::value(true));
    return line(out);
}

Result<std::string> add_store_key(const std::string& dir, const std::string& store,
                                  const std::string& file) {
    auto keys = StoreKeys::load(dir);
    if (!keys) return keys.error();
    std::string hex = runtime::random_hex(kKeyBytes);
    if (!file.empty()) {
        auto read = runtime::read_secret_file(file);
        if (!read) return read.error();
        hex = std::move(*read);
    }
    const runtime::SystemClock clock{0};
    if (auto added = keys->add(store, hex, clock.now().wall); !added) return added.error();
    if (auto saved = keys->save(dir, store); !saved) return saved.error();
    json::object out;
    put(out, "store", store);
    put(out, "key", key_id_of(hex));
    if (file.empty()) put(out, "secret", hex);
    return line(out);
}

Result<std::string> revoke_store_key(const std::string& dir, const std::string& store,
                                     const std::string& id) {
    auto keys = StoreKeys::load(dir);
    if (!keys) return keys.error();
    if (auto done = keys->revoke(store, id); !done) return done.error();
    if (auto saved = keys->save(dir, store); !saved) return saved.error();
    json::object out;
    put(out, "store", store);
    put(out, "key", id);
    put(out, "revoked", json::value(true));
    return line(out);
}

Result<std::string> relink_member(const std::string& dir, const std::string& member) {
    const auto keys = StoreKeys::load(dir);
    if (!keys) return keys.error();
    std::string lines;
    for (const auto& [store, all] : keys->all()) {
        for (const auto& key : all) {
            json::object out;
            put(out, "store", store);
            put(out, "key", key.id);
            put(out, "pseudonym", pseudonym(key, member));
            put(out, "in_use", json::value(!key.replaced && !key.revoked));
            lines += line(out);
        }
    }
    return lines;
}

}  // namespace aisle::hq
