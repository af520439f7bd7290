#include "sync/wire/seal_frame.hpp"

#include <zstd.h>

#include <algorithm>
#include <cassert>
#include <memory>

namespace aisle::wire {
namespace {

constexpr int kLevel = 3;  // sealed once, opened by every store
// A frame that asks for a larger window is refused before memory is taken.
constexpr int kWindowLogMax = 23;
constexpr std::size_t kGrowBytes = 64 * 1024;
constexpr std::string_view kMagic{"\x28\xB5\x2F\xFD", 4};

struct FreeCompressor {
    void operator()(ZSTD_CCtx* context) const { ZSTD_freeCCtx(context); }
};
struct FreeDecompressor {
    void operator()(ZSTD_DCtx* context) const { ZSTD_freeDCtx(context); }
};

}  // namespace

std::string frame_of(std::string_view text) {
    const std::unique_ptr<ZSTD_CCtx, FreeCompressor> context{ZSTD_createCCtx()};
    ZSTD_CCtx_setParameter(context.get(), ZSTD_c_compressionLevel, kLevel);
    ZSTD_CCtx_setParameter(context.get(), ZSTD_c_checksumFlag, 1);
    std::string out(ZSTD_compressBound(text.size()), '\0');
    const std::size_t size =
        ZSTD_compress2(context.get(), out.data(), out.size(), text.data(), text.size());
    assert(ZSTD_isError(size) == 0);
    out.resize(size);
    return out;
}

bool is_frame(std::string_view message) { return message.starts_with(kMagic); }

Judged<std::string> open_frame(std::string_view message, std::size_t bytes_max) {
    const std::unique_ptr<ZSTD_DCtx, FreeDecompressor> context{ZSTD_createDCtx()};
    ZSTD_DCtx_setParameter(context.get(), ZSTD_d_windowLogMax, kWindowLogMax);
    ZSTD_inBuffer in{message.data(), message.size(), 0};
    std::string out;
    for (;;) {
        const std::size_t used = out.size();
        if (used > bytes_max) return refusal(Refused::Oversized, "once decompressed");
        out.resize(used + std::min(kGrowBytes, bytes_max + 1 - used));
        ZSTD_outBuffer into{out.data(), out.size(), used};
        const std::size_t left = ZSTD_decompressStream(context.get(), &into, &in);
        if (ZSTD_isError(left) != 0)
            return refusal(Refused::Malformed, std::string{"zstd: "} + ZSTD_getErrorName(left));
        const bool stuck = in.pos == in.size && into.pos < out.size();
        out.resize(into.pos);
        if (left == 0) break;
        if (stuck) return refusal(Refused::Malformed, "zstd: the frame is cut off");
    }
    if (in.pos != in.size) return refusal(Refused::Malformed, "bytes after the frame");
    if (out.size() > bytes_max) return refusal(Refused::Oversized, "once decompressed");
    return out;
}

}  // namespace aisle::wire
