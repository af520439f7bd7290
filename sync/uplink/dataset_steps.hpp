#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agent/core/record.hpp"
#include "sync/wire/dataset.hpp"

// What a dataset's load consists of, and its rows in the store. Rows of room "data": head/NAME, and
// row/NAME/KEY with the row as sent, or for members only a digest: what it says is in the
// customers' own rows.
namespace aisle::uplink {

inline constexpr std::string_view kDatasetRoom = "data";
// A step is one transaction together with the journal's records of its rows.
inline constexpr std::size_t kRowsPerStep = 200;

struct DatasetHead {
    std::int64_t version = 0;  // 0: none, or left half loaded
    WallTime valid_until{};
    std::int64_t rows = 0;
    WallTime loaded{};

    friend bool operator==(const DatasetHead&, const DatasetHead&) = default;
};
std::string to_row(const DatasetHead& head);
std::optional<DatasetHead> dataset_head_from(std::string_view text);

struct DatasetNote {  // a record of kind `data_state`
    std::string name;
    std::int64_t version = 0;
    std::string state;  // loaded, refused, expired
    std::string reason;
    std::string detail;
    std::int64_t held = 0;
    std::int64_t rows = 0;
};

// In order; each becomes true whole.
struct DatasetStep {
    wire::Dataset name = wire::Dataset::Products;
    std::vector<StateChange> state;
    std::vector<ReferenceRow> rows;  // that came or changed; members are pseudonyms
    std::vector<std::string> gone;   // keys: the sku, the pseudonym, the fact's key
    std::vector<DatasetNote> notes;
};

struct DatasetEffects {
    std::vector<DatasetStep> steps;
    bool first = false;  // the name's first load here: what the shop's own file told is withdrawn
    std::optional<wire::Refusal> refused;  // for the counters
};

struct HeldDataset {
    wire::Dataset name = wire::Dataset::Products;
    DatasetHead head;
};

// Keys of rows in the store.
std::string row_key(wire::Dataset name, std::string_view key);  // row/NAME/KEY
std::string head_key(wire::Dataset name);                       // head/NAME
// FNV-1a 64 of a row as sent, hex: tells a changed row from one that is the same.
std::string row_digest(std::string_view text);

}  // namespace aisle::uplink
