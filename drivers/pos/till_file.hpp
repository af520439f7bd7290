#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "agent/core/error.hpp"
#include "agent/core/sale.hpp"

// Till files, whatever their format, as drafts and rejects. Pure: bytes in, values out; nothing is
// thrown. `aislectl pos read` and the directory driver both read through here.
namespace aisle::pos {

enum class TillFormat { Auto, Poslog, Jsonl };
// auto, poslog, jsonl. Malformed says which formats this version reads.
Result<TillFormat> till_format_from(std::string_view text);

struct TillFileSettings {
    TillFormat format = TillFormat::Auto;
    std::string profile = "generic";
    std::string driver = "poslog_dir/1";  // for the lineage
    std::string source;                   // the till system's configured name
    StoreId store;
    std::string vendor_store;        // what the till system calls this shop; empty: as we do
    bool any_store = false;          // take the file's store for ours, whatever it says
    const TimeZone* zone = nullptr;  // for local times; outlives the reader. nullptr: UTC
    std::string currency;            // where the file tells none
    int minor_digits = 2;
    std::string origin;  // the file's name, for the lineage
};

inline constexpr std::size_t kTillFileBytesMax = 32 * 1024 * 1024;
inline constexpr std::size_t kTillRecordBytesMax = 4 * 1024 * 1024;
inline constexpr int kTillDepthMax = 64;

// Half-open, in bytes of the file as it lies on disk, also where it had to be transcoded.
struct ByteRange {
    std::size_t from = 0;
    std::size_t to = 0;

    friend bool operator==(const ByteRange&, const ByteRange&) = default;
};

struct TillDraft {
    Sale draft;
    std::string raw;  // UTF-8 text of the record
    ByteRange range;
};

struct TillReject {
    std::string reason;  // of intake's closed list
    std::string detail;
    std::string raw;  // unmasked: for intake only
    ByteRange range;
};

using TillItem = std::variant<TillDraft, TillReject>;

// Record by record, so that a caller can stop between any two. One poison record never hides the
// next.
class TillReader {
public:
    TillReader(TillFileSettings settings, std::string bytes);
    ~TillReader();
    TillReader(TillReader&&) noexcept;
    TillReader& operator=(TillReader&&) noexcept;

    // Nothing at the end. An unfinished document ends with a reject `incomplete`.
    [[nodiscard]] std::optional<TillItem> next();
    // Whether the document is finished: every root closed, every JSON line ended. Does not move the
    // reader.
    [[nodiscard]] bool complete() const;

private:
    class Source;
    std::unique_ptr<Source> source_;
};

struct TillFile {
    std::vector<TillDraft> sales;
    std::vector<TillReject> rejects;
    bool complete = true;
};
TillFile read_till_file(const TillFileSettings& settings, std::string bytes);

}  // namespace aisle::pos
