#include "sync/wire/batch.hpp"

#include <zstd.h>

#include <cassert>
#include <memory>
#include <utility>

#include "sync/wire/fields.hpp"
#include "sync/wire/line.hpp"
#include "sync/wire/topics.hpp"

namespace aisle::wire {
namespace {

constexpr int kFormat = 1;
// Level 1 was smaller and faster than 3 on records of this kind.
constexpr int kLevel = 1;
// A frame that asks for a larger window is refused before memory is taken: 2^23 is the raw limit.
constexpr int kWindowLogMax = 23;
constexpr std::size_t kGrowBytes = 256 * 1024;

struct FreeCompressor {
    void operator()(ZSTD_CCtx* context) const { ZSTD_freeCCtx(context); }
};
struct FreeDecompressor {
    void operator()(ZSTD_DCtx* context) const { ZSTD_freeDCtx(context); }
};

// One whole frame and nothing after it, at most kBatchRawBytesMax of output whatever the frame
// claims.
Result<std::vector<char>> decompressed(std::string_view payload) {
    const std::unique_ptr<ZSTD_DCtx, FreeDecompressor> context{ZSTD_createDCtx()};
    ZSTD_DCtx_setParameter(context.get(), ZSTD_d_windowLogMax, kWindowLogMax);
    ZSTD_inBuffer in{payload.data(), payload.size(), 0};
    std::vector<char> out;
    std::size_t used = 0;
    for (;;) {
        if (used == out.size()) {
            if (used > kBatchRawBytesMax) return malformed("too long once decompressed");
            out.resize(used + kGrowBytes);
        }
        ZSTD_outBuffer into{out.data(), out.size(), used};
        const std::size_t left = ZSTD_decompressStream(context.get(), &into, &in);
        if (ZSTD_isError(left) != 0)
            return malformed(std::string{"zstd: "} + ZSTD_getErrorName(left));
        used = into.pos;
        if (left == 0) break;
        if (in.pos == in.size && used < out.size()) return malformed("zstd: the frame is cut off");
    }
    if (in.pos != in.size) return malformed("bytes after the frame");
    if (used > kBatchRawBytesMax) return malformed("too long once decompressed");
    out.resize(used);
    out.resize(used + kTextPadding, '\0');
    return out;
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
    if (const auto fits = check_header(fields, header, format); !fits) return fits.error();
    return header;
}

Result<std::vector<std::string_view>> split_lines(std::string_view text) {
    std::vector<std::string_view> lines;
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
    return "{\"aisle\":" + std::to_string(kFormat) + ",\"store\":" + quoted(header.store.value) +
           ",\"epoch\":" + quoted(header.epoch) +
           ",\"stream\":" + quoted(aisle::to_text(header.stream)) +
           ",\"first\":" + std::to_string(header.first) +
           ",\"last\":" + std::to_string(header.last) + ",\"prev\":" + quoted(header.prev) +
           ",\"sent_at\":\"" + to_rfc3339(header.sent_at) + "\"}";
}

struct Packer::Compressor {
    std::unique_ptr<ZSTD_CCtx, FreeCompressor> context{ZSTD_createCCtx()};
};

Packer::Packer() : compressor_{std::make_unique<Compressor>()} {
    auto* const context = compressor_->context.get();
    ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, kLevel);
    ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1);
}

Packer::~Packer() = default;

std::string Packer::pack(const BatchHeader& header, std::string_view lines) {
    raw_ = header_line(header);
    raw_ += '\n';
    raw_ += lines;
    assert(raw_.size() <= kBatchRawBytesMax);
    std::string out(ZSTD_compressBound(raw_.size()), '\0');
    const std::size_t size = ZSTD_compress2(compressor_->context.get(), out.data(), out.size(),
                                            raw_.data(), raw_.size());
    assert(ZSTD_isError(size) == 0);  // the room was enough, so only a lack of memory could fail
    // Copied, so that a payload that waits does not hold the room that was kept for the worst.
    return std::string(out.data(), size);
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

Result<OpenBatch> open_batch(std::string_view payload) {
    auto text = decompressed(payload);
    if (!text) return text.error();
    auto lines = split_lines({text->data(), text->size() - kTextPadding});
    if (!lines) return lines.error();
    auto header = parse_header(lines->front());
    if (!header) return header.error();
    lines->erase(lines->begin());
    return OpenBatch{std::move(*header), std::move(*text), std::move(*lines)};
}

}  // namespace aisle::wire
