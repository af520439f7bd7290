#include "drivers/pos/encoding.hpp"

#include <algorithm>
#include <array>
#include <memory>

#include <iconv.h>
#include <simdjson.h>

namespace aisle::pos {
namespace {

using namespace std::string_view_literals;

constexpr std::size_t kDeclarationBytesMax = 256;

struct Named {
    std::string_view name;
    Encoding encoding;
};
constexpr std::array<Named, 8> kNames{{{"utf-8", Encoding::Utf8},
                                       {"utf8", Encoding::Utf8},
                                       {"us-ascii", Encoding::Utf8},
                                       {"gbk", Encoding::Gb18030},
                                       {"gb2312", Encoding::Gb18030},
                                       {"gb18030", Encoding::Gb18030},
                                       {"iso-8859-1", Encoding::Latin1},
                                       {"windows-1252", Encoding::Latin1}}};

const char* iconv_name(Encoding encoding) {
    switch (encoding) {
        case Encoding::Utf16Le:
            return "UTF-16LE";
        case Encoding::Utf16Be:
            return "UTF-16BE";
        case Encoding::Gb18030:
            return "GB18030";
        case Encoding::Latin1:
            return "CP1252";
        default:
            return "UTF-8";
    }
}

Encoding declared(std::string_view bytes) {
    const std::string_view head = bytes.substr(0, std::min(bytes.size(), kDeclarationBytesMax));
    if (!head.starts_with("<?xml")) return Encoding::Utf8;
    const std::string_view declaration = head.substr(0, head.find("?>"));
    auto at = declaration.find("encoding");
    at = at == std::string_view::npos ? at : declaration.find_first_of("\"'", at);
    if (at == std::string_view::npos) return Encoding::Utf8;
    const auto end = declaration.find(declaration[at], at + 1);
    if (end == std::string_view::npos) return Encoding::Unknown;
    std::string name;
    for (const char c : declaration.substr(at + 1, end - at - 1)) {
        name += static_cast<char>(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
    }
    const auto found = std::ranges::find(kNames, name, &Named::name);
    return found == kNames.end() ? Encoding::Unknown : found->encoding;
}

struct CloseIconv {
    using pointer = iconv_t;
    void operator()(iconv_t handle) const { iconv_close(handle); }
};
const auto kNoIconv = reinterpret_cast<iconv_t>(-1);  // NOLINT: iconv's own sign of failure

Result<std::string> transcode(std::string_view bytes, Encoding encoding) {
    const iconv_t handle = iconv_open("UTF-8", iconv_name(encoding));
    if (handle == kNoIconv) return unavailable("iconv does not know this encoding");
    const std::unique_ptr<void, CloseIconv> close{handle};
    // No encoding of ours needs more than three bytes of UTF-8 for one of its own.
    std::string out(bytes.size() * 3 + 4, '\0');
    auto* from =
        const_cast<char*>(bytes.data());  // NOLINT: iconv's signature; it does not write there
    std::size_t from_left = bytes.size();
    auto* to = out.data();
    std::size_t to_left = out.size();
    const auto failed = iconv(handle, &from, &from_left, &to, &to_left);
    if (failed == static_cast<std::size_t>(-1)) return malformed("bytes are not of their encoding");
    out.resize(out.size() - to_left);
    return out;
}

}  // namespace

Encoding encoding_of(std::string_view bytes) {
    if (bytes.starts_with("\xff\xfe"sv) || bytes.starts_with("<\0"sv) ||
        bytes.starts_with("{\0"sv)) {
        return Encoding::Utf16Le;
    }
    if (bytes.starts_with("\xfe\xff"sv) || bytes.starts_with("\0<"sv) ||
        bytes.starts_with("\0{"sv)) {
        return Encoding::Utf16Be;
    }
    if (bytes.starts_with("\xef\xbb\xbf"sv)) return Encoding::Utf8;
    return declared(bytes);
}

Result<std::string> to_utf8(std::string_view bytes, Encoding encoding) {
    if (encoding == Encoding::Unknown) return malformed("an encoding that is not read here");
    Result<std::string> text = std::string{};
    if (encoding == Encoding::Utf8) {
        if (!simdjson::validate_utf8(bytes.data(), bytes.size())) return malformed("not UTF-8");
        text = std::string{bytes};
    } else {
        text = transcode(bytes, encoding);
    }
    if (text && text->find('\0') != std::string::npos) return malformed("a NUL in the text");
    return text;
}

// Four bytes of UTF-8 are two units of UTF-16, everything shorter is one; continuation bytes add
// nothing.
std::size_t Utf16Offsets::of(std::size_t utf8_offset) {
    for (; at_ < utf8_offset && at_ < utf8_.size(); ++at_) {
        const auto byte = static_cast<unsigned char>(utf8_[at_]);
        if ((byte & 0xC0U) == 0x80) continue;
        file_ += byte >= 0xF0 ? 4 : 2;
    }
    return file_;
}

}  // namespace aisle::pos
