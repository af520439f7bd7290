#include "tests/kit/picture_traces.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <functional>
#include <set>
#include <sstream>

namespace aisle::kit {
namespace {

using namespace std::string_view_literals;

constexpr std::size_t kSampleBytes = 48;
constexpr std::size_t kSamplesMax = 16;
constexpr std::size_t kLively = 8;  // different bytes in a sample

std::uint8_t byte_at(std::string_view bytes, std::size_t at) {
    return at < bytes.size() ? static_cast<std::uint8_t>(bytes[at]) : 0;
}

bool one_of(std::uint8_t byte, std::string_view list) {
    return list.find(static_cast<char>(byte)) != std::string_view::npos;
}

// ITU T.81: start of image, then segments with a length, each where the one before ends. Three
// bytes alone come by accident in a few megabytes.
bool jpeg_at(std::string_view bytes, std::size_t at) {
    const std::uint8_t marker = byte_at(bytes, at + 3);
    const bool first = (marker >= 0xE0 && marker <= 0xEF) || marker == 0xDB || marker == 0xFE;
    if (!first) return false;
    const std::size_t length =
        static_cast<std::size_t>(byte_at(bytes, at + 4)) << 8U | byte_at(bytes, at + 5);
    const std::size_t next = at + 4 + length;
    return length >= 2 && (next >= bytes.size() || byte_at(bytes, next) == 0xFF);
}

// ITU H.264 7.3.2.1: a sequence parameter set after its start code.
bool h264_at(std::string_view bytes, std::size_t at) {
    return one_of(byte_at(bytes, at + 3), "\x67\x47\x27") &&
           one_of(byte_at(bytes, at + 4), "\x42\x4D\x58\x64\x6E\x7A\xF4") &&
           (byte_at(bytes, at + 5) & 3U) == 0 &&
           one_of(byte_at(bytes, at + 6),
                  "\x09\x0A\x0B\x0C\x0D\x14\x15\x16\x1E\x1F\x20\x28\x29\x2A\x32\x33\x34");
}

bool bmp_at(std::string_view bytes, std::size_t at) {
    return bytes.substr(std::min(bytes.size(), at + 6), 12) == "\0\0\0\0\x36\0\0\0\x28\0\0\0"sv;
}

bool riff_at(std::string_view bytes, std::size_t at) {
    const auto form = bytes.substr(std::min(bytes.size(), at + 8), 4);
    return form == "AVI " || form == "WEBP";
}

bool always(std::string_view, std::size_t) { return true; }

struct Mark {
    const char* kind;
    std::string_view bytes;
    bool (*holds)(std::string_view, std::size_t) = always;
};

const std::array kMarks{
    Mark{"jpeg", "\xFF\xD8\xFF", jpeg_at},
    Mark{"jpeg in base64", "/9j/4AAQ"},
    Mark{"jpeg in base64", "/9j/2w"},
    Mark{"png", "\x89PNG\r\n\x1A\n"},
    Mark{"png in base64", "iVBORw0KGgo"},
    Mark{"gif", "GIF87a"},
    Mark{"gif", "GIF89a"},
    Mark{"bmp", "BM", bmp_at},
    Mark{"avi or webp", "RIFF", riff_at},
    Mark{"h264", "\0\0\1"sv, h264_at},
    Mark{"h264 in mp4", "avcC"},
    Mark{"h265", "\0\0\1\x40\1\x0C\1"sv},
    Mark{"mpeg4", "\0\0\1\xB5\x89"sv},
    Mark{"mp4", "ftypisom"},
    Mark{"mp4", "ftypmp4"},
    Mark{"mp4", "ftypavc1"},
    Mark{"matroska", "\x1A\x45\xDF\xA3"},
    Mark{"yuv4mpeg", "YUV4MPEG2 "},
};

void look_for(const Mark& mark, std::string_view bytes, std::vector<PictureTrace>& found) {
    const std::boyer_moore_horspool_searcher searcher(mark.bytes.begin(), mark.bytes.end());
    auto from = bytes.begin();
    while (true) {
        const auto hit = std::search(from, bytes.end(), searcher);
        if (hit == bytes.end()) return;
        const auto at = static_cast<std::size_t>(hit - bytes.begin());
        if (mark.holds(bytes, at))
            return found.push_back({.file = {}, .kind = mark.kind, .at = at});
        from = hit + 1;
    }
}

}  // namespace

std::vector<std::string> raw_samples(std::span<const std::uint8_t> picture) {
    std::vector<std::string> samples;
    const std::size_t step = std::max<std::size_t>(kSampleBytes, picture.size() / 64);
    for (std::size_t at = 0; at + kSampleBytes <= picture.size(); at += step) {
        const auto part = picture.subspan(at, kSampleBytes);
        if (std::set<std::uint8_t>(part.begin(), part.end()).size() < kLively) continue;
        samples.emplace_back(part.begin(), part.end());
        if (samples.size() == kSamplesMax) break;
    }
    return samples;
}

std::vector<PictureTrace> picture_traces_in(std::string_view bytes,
                                            std::span<const std::string> raw) {
    std::vector<PictureTrace> found;
    for (const Mark& mark : kMarks) look_for(mark, bytes, found);
    for (const std::string& sample : raw)
        look_for({.kind = "a picture as it is in memory", .bytes = sample}, bytes, found);
    return found;
}

std::vector<PictureTrace> picture_traces(const std::string& folder,
                                         std::span<const std::string> raw) {
    std::vector<PictureTrace> found;
    for (const auto& entry : std::filesystem::recursive_directory_iterator{folder}) {
        if (!entry.is_regular_file()) continue;
        std::ostringstream bytes;
        bytes << std::ifstream{entry.path(), std::ios::binary}.rdbuf();
        for (PictureTrace trace : picture_traces_in(bytes.view(), raw)) {
            trace.file = entry.path().string();
            found.push_back(std::move(trace));
        }
    }
    return found;
}

std::string to_text(std::span<const PictureTrace> traces) {
    std::string text;
    for (const PictureTrace& trace : traces)
        text += trace.kind + " in " + trace.file + " at " + std::to_string(trace.at) + "\n";
    return text;
}

}  // namespace aisle::kit
