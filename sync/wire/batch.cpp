#include "sync/wire/batch.hpp"

#include <zstd.h>

#include <cassert>
#include <cstring>
#include <memory>
#include <optional>
#include <utility>

#include "sync/wire/fields.hpp"
#include "sync/wire/line.hpp"
#include "sync/wire/topics.hpp"

namespace aisle::wire {
namespace {

constexpr int kFormat = 1;
// Measured on 500 records of 214 bytes, of receipts and of minutes (docs/sync-protocol.md): higher
// levels take short matches for gains that random ids do not hold, so that level 3 is larger than 1
// with ids, and 19 takes a hundred times as long. Level 1 with matches of 7 bytes or more is
// smaller than any up to 4.
constexpr int kLevel = 1;
constexpr int kMatchBytesLeast = 7;
// What is sent alone, a receipt say, costs next to nothing at any level, and gains 3 % at this one.
constexpr int kSmallLevel = 6;
constexpr std::size_t kSmallBytes = 16 * 1024;
// What a packer keeps between batches; one batch of much more does not stay in memory.
constexpr std::size_t kRoomKept = 512 * 1024;
// A frame that asks for a larger window is refused before memory is taken: 2^23 is the raw limit.
constexpr int kWindowLogMax = 23;
constexpr std::size_t kGrowBytes = 256 * 1024;

struct FreeCompressor {
    void operator()(ZSTD_CCtx* context) const { ZSTD_freeCCtx(context); }
};
struct FreeDecompressor {
    void operator()(ZSTD_DCtx* context) const { ZSTD_freeDCtx(context); }
};

// A frame that says how long it is goes out in one piece, which costs half as much as in steps.
// Whatever it claims is held against the bound before memory is taken.
std::optional<std::size_t> claimed_size(std::string_view payload) {
    const auto claimed = ZSTD_getFrameContentSize(payload.data(), payload.size());
    if (claimed == ZSTD_CONTENTSIZE_UNKNOWN || claimed == ZSTD_CONTENTSIZE_ERROR ||
        claimed > kBatchRawBytesMax)
        return std::nullopt;
    return static_cast<std::size_t>(claimed);
}

Error zstd_error(std::size_t code) {
    return malformed(std::string{"zstd: "} + ZSTD_getErrorName(code));
}

Result<BatchText> in_one_piece(ZSTD_DCtx* context, std::string_view payload, std::size_t size) {
    BatchText out{std::make_unique_for_overwrite<char[]>(size + kTextPadding), size};
    const std::size_t used =
        ZSTD_decompressDCtx(context, out.bytes.get(), size, payload.data(), payload.size());
    if (ZSTD_isError(used) != 0) return zstd_error(used);
    if (used != size) return malformed("zstd: not as long as it says");
    std::memset(out.bytes.get() + size, 0, kTextPadding);
    return out;
}

// At most kBatchRawBytesMax of output whatever the frame claims, or where it claims nothing.
Result<BatchText> in_steps(ZSTD_DCtx* context, std::string_view payload) {
    ZSTD_inBuffer in{payload.data(), payload.size(), 0};
    std::vector<char> out;
    std::size_t used = 0;
    for (;;) {
        if (used == out.size()) {
            if (used > kBatchRawBytesMax) return malformed("too long once decompressed");
            out.resize(used + kGrowBytes);
        }
        ZSTD_outBuffer into{out.data(), out.size(), used};
        const std::size_t left = ZSTD_decompressStream(context, &into, &in);
        if (ZSTD_isError(left) != 0) return zstd_error(left);
        used = into.pos;
        if (left == 0) break;
        if (in.pos == in.size && used < out.size()) return malformed("zstd: the frame is cut off");
    }
    if (in.pos != in.size) return malformed("bytes after the frame");
    if (used > kBatchRawBytesMax) return malformed("too long once decompressed");
    BatchText text{std::make_unique<char[]>(used + kTextPadding), used};
    std::memcpy(text.bytes.get(), out.data(), used);
    return text;
}

// One whole frame and nothing after it.
Result<BatchText> decompressed(ZSTD_DCtx* context, std::string_view payload) {
    ZSTD_DCtx_reset(context, ZSTD_reset_session_only);  // the last one may have ended half way
    const auto size = claimed_size(payload);
    const bool alone =
        ZSTD_findFrameCompressedSize(payload.data(), payload.size()) == payload.size();
    return size && alone ? in_one_piece(context, payload, *size) : in_steps(context, payload);
}

Status check_header(Fields& fields, const BatchHeader& header, std::int64_t format) {
    if (format != kFormat) fields.reject("a format that is not ours");
    if (!valid_store_id(header.store.value)) fields.reject("bad store id");
    if (!valid_epoch(header.epoch)) fields.reject("bad epoch");
    if (!header.prev.empty() && !is_hex16(header.prev)) fields.reject("bad prev");
    if (header.first < 1 || header.last < header.first) fields.reject("bad first and last");
    if (fields.bad()) return malformed("header: " + fields.error().detail);
    return {};
}

Result<BatchHeader> parse_header(std::string_view line) {
    Fields fields{line};
    const auto format = fields.integer("aisle");
    BatchHeader header;
    header.store = StoreId{fields.text("store")};
    header.epoch = fields.text("epoch");
    header.stream = fields.stream("stream");
    header.first = fields.integer("first");
    header.last = fields.integer("last");
    header.prev = fields.text("prev");
    header.sent_at = fields.time("sent_at");
    if (const std::string ended = fields.object_or_empty("ended"); !ended.empty()) {
        auto read = parse_ended(ended);
        if (!read) return malformed("header: " + read.error().detail);
        header.ended = std::move(*read);
    }
    if (const auto fits = check_header(fields, header, format); !fits) return fits.error();
    return header;
}

Result<std::vector<std::string_view>> split_lines(std::string_view text) {
    std::vector<std::string_view> lines;
    lines.reserve(kBatchRowsMax + 1);
    while (!text.empty()) {
        const auto end = text.find('\n');
        if (end == std::string_view::npos) return malformed("the last line has no end");
        if (lines.size() > kBatchRowsMax) return malformed("too many lines");
        lines.push_back(text.substr(0, end));
        text.remove_prefix(end + 1);
    }
    if (lines.size() < 2) return malformed("no records");
    return lines;
}

}  // namespace

bool valid_epoch(std::string_view epoch) { return is_hex16(epoch); }

std::string header_line(const BatchHeader& header) {
    std::string ended;
    if (header.first == 1 && !header.ended.empty()) ended = ",\"ended\":" + to_json(header.ended);
    return "{\"aisle\":" + std::to_string(kFormat) + ",\"store\":" + quoted(header.store.value) +
           ",\"epoch\":" + quoted(header.epoch) +
           ",\"stream\":" + quoted(aisle::to_text(header.stream)) +
           ",\"first\":" + std::to_string(header.first) +
           ",\"last\":" + std::to_string(header.last) + ",\"prev\":" + quoted(header.prev) +
           ",\"sent_at\":\"" + to_rfc3339(header.sent_at) + "\"" + ended + "}";
}

struct Packer::Compressor {
    std::unique_ptr<ZSTD_CCtx, FreeCompressor> context{ZSTD_createCCtx()};

    char* room_for(std::size_t bytes) {
        if (bytes > room_) {
            out_ = std::make_unique_for_overwrite<char[]>(bytes);
            room_ = bytes;
        }
        return out_.get();
    }
    void give_back_room() {
        out_.reset();
        room_ = 0;
    }

private:
    std::unique_ptr<char[]> out_;
    std::size_t room_ = 0;
};

Packer::Packer() : compressor_{std::make_unique<Compressor>()} {
    auto* const context = compressor_->context.get();
    ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1);
}

Packer::~Packer() = default;

std::string Packer::pack(const BatchHeader& header, std::string_view lines) {
    raw_ = header_line(header);
    raw_ += '\n';
    raw_ += lines;
    assert(raw_.size() <= kBatchRawBytesMax);
    auto* const context = compressor_->context.get();
    const bool small = raw_.size() <= kSmallBytes;
    ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, small ? kSmallLevel : kLevel);
    ZSTD_CCtx_setParameter(context, ZSTD_c_minMatch, small ? 0 : kMatchBytesLeast);
    const std::size_t room = ZSTD_compressBound(raw_.size());
    char* const out = compressor_->room_for(room);
    const std::size_t size = ZSTD_compress2(context, out, room, raw_.data(), raw_.size());
    assert(ZSTD_isError(size) == 0);  // the room was enough, so only a lack of memory could fail
    // Copied, so that a payload that waits does not hold the room that was kept for the worst.
    std::string payload(out, size);
    if (room > kRoomKept) {
        compressor_->give_back_room();
        raw_ = {};
    }
    return payload;
}

std::string pack_batch(const BatchHeader& header, std::span<const std::string> lines) {
    assert(!lines.empty() && lines.size() <= kBatchRowsMax);
    std::string text;
    for (const auto& line : lines) {
        text += line;
        text += '\n';
    }
    return Packer{}.pack(header, text);
}

struct Unpacker::Decompressor {
    std::unique_ptr<ZSTD_DCtx, FreeDecompressor> context{ZSTD_createDCtx()};
};

Unpacker::Unpacker() : decompressor_{std::make_unique<Decompressor>()} {
    ZSTD_DCtx_setParameter(decompressor_->context.get(), ZSTD_d_windowLogMax, kWindowLogMax);
}

Unpacker::~Unpacker() = default;

Result<OpenBatch> Unpacker::open(std::string_view payload) {
    auto text = decompressed(decompressor_->context.get(), payload);
    if (!text) return text.error();
    auto lines = split_lines(text->view());
    if (!lines) return lines.error();
    auto header = parse_header(lines->front());
    if (!header) return header.error();
    lines->erase(lines->begin());
    return OpenBatch{std::move(*header), std::move(*text), std::move(*lines)};
}

Result<OpenBatch> open_batch(std::string_view payload) { return Unpacker{}.open(payload); }

}  // namespace aisle::wire
