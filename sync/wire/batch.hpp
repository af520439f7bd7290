#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "agent/core/error.hpp"
#include "agent/core/ids.hpp"
#include "agent/core/record.hpp"
#include "sync/wire/ended.hpp"

// A batch: zstd-compressed NDJSON with zstd's checksum, header first, then one record a line. `zstd
// -d | jq` reads it. Pure.
namespace aisle::wire {

// Bounds of both ends: the encoder never passes them, the decoder refuses what does.
inline constexpr std::size_t kBatchRowsMax = 500;
inline constexpr std::size_t kBatchPackedBytesMax = 64 * 1024;
inline constexpr std::size_t kBatchRawBytesMax = 8 * 1024 * 1024;

struct BatchHeader {
    StoreId store;
    std::string epoch;  // 16 hex digits
    Stream stream = Stream::Ledger;
    std::int64_t first = 0;  // the first record's `from` if it has one, else its seq
    std::int64_t last = 0;
    std::string prev;  // check of the line at first - 1; empty where the sender does not know it
    WallTime sent_at{};
    // What HQ had of the store's earlier epochs: only in a batch that begins its stream, where
    // `first` is 1; in any other it is not written.
    std::vector<EndedEpoch> ended = {};

    friend bool operator==(const BatchHeader&, const BatchHeader&) = default;
};

bool valid_epoch(std::string_view epoch);

// The header's line, without a newline.
std::string header_line(const BatchHeader& header);

// Writes payloads, and keeps its compressor between them: making one costs as much as a small
// batch. One thread at a time.
class Packer {
public:
    Packer();
    ~Packer();
    Packer(const Packer&) = delete;
    Packer& operator=(const Packer&) = delete;

    // The whole payload. `lines` are at most kBatchRowsMax lines, each with its newline, and stay
    // below kBatchRawBytesMax with the header: the caller cuts, as only it knows what the broker
    // lets through.
    std::string pack(const BatchHeader& header, std::string_view lines);

private:
    struct Compressor;
    std::unique_ptr<Compressor> compressor_;
    std::string raw_;
};

// The same with a packer of its own. At least one line and at most kBatchRowsMax, together below
// kBatchRawBytesMax (asserted): cutting is the caller's business, as only it knows what the broker
// lets through.
std::string pack_batch(const BatchHeader& header, std::span<const std::string> lines);

// Zero bytes after the text: parsers that read whole words may look so far beyond a line.
inline constexpr std::size_t kTextPadding = 64;

struct BatchText {
    std::unique_ptr<char[]> bytes;  // with kTextPadding behind `size`
    std::size_t size = 0;

    [[nodiscard]] std::string_view view() const { return {bytes.get(), size}; }
};

// An opened batch. The lines point into `text`, so it moves but cannot be copied.
struct OpenBatch {
    BatchHeader header;
    BatchText text;
    std::vector<std::string_view> lines;  // without the header, without newlines
};

// Malformed with a reason for: not zstd, a bad checksum, more than one frame or bytes after it, too
// long once decompressed (the output is bounded whatever the frame claims), no or a bad header, no
// or too many lines. The lines themselves are not looked into.
Result<OpenBatch> open_batch(std::string_view payload);

// The same many times: keeps its decompressor, as making one costs as much as a small batch. One
// thread at a time.
class Unpacker {
public:
    Unpacker();
    ~Unpacker();
    Unpacker(const Unpacker&) = delete;
    Unpacker& operator=(const Unpacker&) = delete;

    // open_batch. What it returns does not need the unpacker any more.
    Result<OpenBatch> open(std::string_view payload);

private:
    struct Decompressor;
    std::unique_ptr<Decompressor> decompressor_;
};

}  // namespace aisle::wire
