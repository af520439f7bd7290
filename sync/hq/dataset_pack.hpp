#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sync/hq/dataset_table.hpp"
#include "sync/hq/keys_stores.hpp"
#include "sync/wire/seal.hpp"

// A dataset on its way to one store, or to all that have the same version. Pure; 100,000 members
// take about 0.3 s, so it runs on the worker.
namespace aisle::hq {

struct PackOrder {
    std::string store;  // "*": the same for every store
    wire::Dataset name = wire::Dataset::Products;
    std::optional<std::int64_t> base;  // that the store has; nothing: a snapshot

    friend auto operator<=>(const PackOrder&, const PackOrder&) = default;
};

// A part before compression stays below this, so that it passes brokers with a megabyte at most.
inline constexpr std::size_t kPartRawBytes = 768 * 1024;

struct Pack {
    PackOrder order;  // `base` empty where a snapshot was smaller or the base too old
    std::int64_t version = 0;
    std::int64_t rows = 0;
    std::vector<std::string> parts;  // sealed and compressed
};

// Denied: members for a store without a key. Full: more than the wire's bounds.
Result<Pack> pack_dataset(const DatasetTable& table, const PackOrder& order,
                          const PseudonymKey* store_key, const wire::SigningKey& key);

}  // namespace aisle::hq
