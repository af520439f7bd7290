#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "agent/core/error.hpp"
#include "sync/hq/dataset_table.hpp"

// What a chain's other systems give us, as rows. Pure.
namespace aisle::hq {

inline constexpr std::size_t kDatasetUploadBytesMax = 64 * 1024 * 1024;
inline constexpr std::size_t kFaultsKept = 1'000;  // with their text; the others are counted
// More bad rows than this refuse the whole: it is another file than we think.
inline constexpr std::int64_t kFaultsPermille = 10;
inline constexpr std::int64_t kFaultsLeast = 100;

struct RowFault {
    std::int64_t line = 0;  // from 1, the CSV's head included
    std::string reason;
    std::string text;  // of the line, at most 256 bytes
};

struct DatasetReading {
    LoadedRows loaded;
    std::vector<RowFault> faults;  // at most kFaultsKept
};

enum class DatasetFormat { Csv, JsonLines };

struct DatasetFile {
    wire::Dataset name = wire::Dataset::Products;
    DatasetFormat format = DatasetFormat::JsonLines;
    std::string_view text;
};

// JSON lines: the rows of sync/wire/dataset.hpp, `member` raw, and "store" where a row is for one
// store only (stock: required). CSV (RFC 4180, UTF-8, comma or semicolon): a head with the same
// names; lists are separated by |; score.NAME and consent.PURPOSE (the time it was given) are
// columns. The same key twice: the later one counts, and the earlier is a fault.
// Malformed: not readable at all, or too many faults; then `faults` tells them none the less.
struct ReadingOrFaults {
    Status status;
    DatasetReading reading;
};
ReadingOrFaults read_dataset(const DatasetFile& file);

// GET /api/v1/datasets/NAME/quarantine: {"faults":[{"line","reason","text"}]}
std::string faults_json(const std::vector<RowFault>& faults);

// How long a load holds if it does not say: products 30 days, stock 1, members 7, calendar 400,
// weather a quarter of a day.
std::chrono::hours usual_validity(wire::Dataset name);

}  // namespace aisle::hq
