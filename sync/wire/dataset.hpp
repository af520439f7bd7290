#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "agent/core/ids.hpp"
#include "agent/core/reference.hpp"
#include "agent/core/time.hpp"
#include "sync/wire/seal_refusal.hpp"

// The chain's own data, the payload of a message sealed for `data`: one header line, then NDJSON
// rows. {"aisle_data":1,"store":"s-0001"|"*","name":"members","version":8,"base":7,"part":1,
// "parts":3,"valid_until":"…","n":100000,"sha256":"…","member_key":"<key id>"}
// Without `base` a snapshot: rows that it does not name are gone. With it a delta on that version.
// `n` and `sha256` (hex) are of all parts' rows together, as sent, each with its "\n". Pure.
namespace aisle::wire {

inline constexpr std::size_t kDatasetPartBytesMax = 2 * 1024 * 1024;
inline constexpr std::int64_t kDatasetPartsMax = 256;
inline constexpr std::size_t kDatasetRowsMax = 500'000;
inline constexpr std::size_t kDatasetBytesMax = 128 * 1024 * 1024;  // all parts together
inline constexpr std::size_t kDatasetRowBytesMax = 16 * 1024;

enum class Dataset { Products, Stock, Members, Calendar, Weather };
std::string_view to_text(Dataset name);  // products, stock, members, calendar, weather
std::optional<Dataset> dataset_from(std::string_view text);
inline constexpr std::size_t kDatasets = static_cast<std::size_t>(Dataset::Weather) + 1;

struct DatasetHeader {
    std::string store;  // "*": any
    Dataset name = Dataset::Products;
    std::int64_t version = 0;  // grows
    std::optional<std::int64_t> base;
    std::int64_t part = 1;  // 1..parts
    std::int64_t parts = 1;
    WallTime valid_until{};  // from then on its rows are unknown, never false
    std::int64_t n = 0;
    std::string sha256;
    // Of `members`: under which of the store's keys `member` is a pseudonym (DESIGN section 6).
    std::string member_key;

    friend bool operator==(const DatasetHeader&, const DatasetHeader&) = default;
};

// The header's line, without a newline.
std::string header_line(const DatasetHeader& header);

struct DatasetPart {
    DatasetHeader header;
    std::string rows;  // NDJSON, each line with its end
};
// Malformed or oversized. The rows are not looked into.
Judged<DatasetPart> parse_dataset(std::string_view payload);

// SHA-256, hex, of these texts one after the other.
std::string rows_digest(std::span<const std::string> parts);

// A row comes or goes. The key is that of the row: the sku, the member, for facts the key and,
// where it has one, "|" and its valid_from (RFC 3339 in UTC with milliseconds).
struct DatasetRow {
    std::string key;
    std::optional<ReferenceRow> row;  // empty: gone
    std::string_view text;            // the line as sent: points into what was parsed
};
// products  {"sku","gtin","category","brand","price","cost"}, money in minor units
// stock     {"sku","qty"}: the fact stock.<sku>, its key the sku
// members   {"member":"<32 hex>","tags":[…],"segments":[…],"tier","consent":{purpose:{at,version,
//            granted}},"scores":{name:integer}}; segments are tags
// calendar, weather  {"key","value","valid_from","valid_to"}
// any       {"key":"…","gone":true}
// Malformed names the line, counted from 1.
Judged<std::vector<DatasetRow>> parse_dataset_rows(Dataset name, std::string_view rows);

}  // namespace aisle::wire
