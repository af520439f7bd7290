#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agent/core/error.hpp"
#include "agent/core/time.hpp"

// The stores' pseudonym keys as HQ holds them: with these, and only here, a member can be found
// again across stores and across the keys of one store (DESIGN section 6).
namespace aisle::hq {

struct PseudonymKey {
    std::string id;   // 8 hex digits, as the store derives it
    std::string hex;  // 64 digits; never logged
    WallTime made{};
    // Old pseudonyms are still understood; nothing new is sent down under it. Not set: in use.
    std::optional<WallTime> replaced;
    bool revoked = false;  // the device was lost: no longer understood, but for erasure

    friend bool operator==(const PseudonymKey&, const PseudonymKey&) = default;
};

// The id by which a store and HQ call a key.
std::string key_id_of(std::string_view hex);
// First 16 bytes of HMAC-SHA-256 of the member id, hex. The id is put into the form in which tills
// write it differently and mean the same: no blanks, no dashes, upper case. Empty for an empty one.
std::string pseudonym(const PseudonymKey& key, std::string_view member);

class StoreKeys {
public:
    // DIR/stores/*.keys. An absent folder holds none.
    static Result<StoreKeys> load(const std::string& dir);

    // The one in use; null where the store is not enrolled.
    [[nodiscard]] const PseudonymKey* current(const std::string& store) const;
    [[nodiscard]] const PseudonymKey* find(const std::string& store, const std::string& id) const;
    // Of every key of the store, the revoked ones included: for erasure and relinking.
    [[nodiscard]] std::vector<std::string> pseudonyms(const std::string& store,
                                                      std::string_view member) const;
    [[nodiscard]] const std::map<std::string, std::vector<PseudonymKey>>& all() const {
        return keys_;
    }

    // Enrols the store or rotates its key: the earlier one is replaced at `now`. Saved by `save`.
    // Denied: the store has had this key before; Malformed: not 64 hex digits, or a bad store id.
    Status add(const std::string& store, const std::string& hex, WallTime now);
    Status revoke(const std::string& store, const std::string& id);
    Status save(const std::string& dir, const std::string& store) const;

private:
    std::map<std::string, std::vector<PseudonymKey>> keys_;  // by store, the latest last
};
inline constexpr std::size_t kKeysPerStoreMax = 64;

}  // namespace aisle::hq
