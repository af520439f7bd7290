#include "agent/intake/text.hpp"

#include <algorithm>
#include <cstdint>

namespace aisle::intake {
namespace {

constexpr char32_t kBad = 0xFFFFFFFF;

bool is_continuation(char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80; }

std::size_t width_of(unsigned char lead) {
    if (lead < 0x80) return 1;
    if (lead >= 0xC2 && lead < 0xE0) return 2;
    if (lead >= 0xE0 && lead < 0xF0) return 3;
    if (lead >= 0xF0 && lead < 0xF5) return 4;
    return 0;
}

// The code point at the front of `text`, which is shortened by it; kBad takes one byte.
char32_t take_code_point(std::string_view& text) {
    const auto lead = static_cast<unsigned char>(text.front());
    const std::size_t width = width_of(lead);
    constexpr char32_t kMasks[] = {0, 0x7F, 0x1F, 0x0F, 0x07};
    char32_t point = lead & kMasks[width];
    bool good = width > 0 && width <= text.size();
    for (std::size_t i = 1; good && i < width; ++i) {
        good = is_continuation(text[i]);
        point = (point << 6U) | (static_cast<unsigned char>(text[i]) & 0x3FU);
    }
    constexpr char32_t kLeast[] = {0, 0, 0x80, 0x800, 0x10000};
    good =
        good && point >= kLeast[width] && point <= 0x10FFFF && (point < 0xD800 || point > 0xDFFF);
    text.remove_prefix(good ? width : 1);
    return good ? point : kBad;
}

// What stands for white space and for what a printer or a terminal would obey.
bool is_blank(char32_t point) {
    return point <= 0x20 || (point >= 0x7F && point <= 0xA0) || point == 0x3000 ||
           point == 0xFEFF || (point >= 0x2000 && point <= 0x200F) ||
           (point >= 0x2028 && point <= 0x202F) || (point >= 0x2060 && point <= 0x206F);
}

class Writer {
public:
    explicit Writer(std::size_t bytes_max, bool keep_spaces)
        : max_{bytes_max}, spaces_{keep_spaces} {}

    void blank() { pending_ = spaces_ && !out_.empty(); }

    // False once the text is full.
    bool put(std::string_view character) {
        if (out_.size() + character.size() + (pending_ ? 1 : 0) > max_) return false;
        if (pending_) out_ += ' ';
        pending_ = false;
        out_ += character;
        return true;
    }
    std::string take() { return std::move(out_); }

private:
    std::string out_;
    std::size_t max_;
    bool spaces_;
    bool pending_ = false;
};

std::string plain(std::string_view text, Writer writer) {
    constexpr char32_t kFullWidthFirst = 0xFF01;
    constexpr char32_t kFullWidthLast = 0xFF5E;
    while (!text.empty()) {
        const std::string_view before = text;
        const char32_t point = take_code_point(text);
        if (point != kBad && is_blank(point)) {
            writer.blank();
            continue;
        }
        const char narrow = static_cast<char>(point - kFullWidthFirst + '!');
        std::string_view character = before.substr(0, before.size() - text.size());
        if (point == kBad) character = "?";
        if (point >= kFullWidthFirst && point <= kFullWidthLast) character = {&narrow, 1};
        if (!writer.put(character)) break;
    }
    return writer.take();
}

}  // namespace

std::string plain_text(std::string_view text, std::size_t bytes_max) {
    return plain(text, Writer{bytes_max, true});
}

std::string plain_code(std::string_view text, std::size_t bytes_max) {
    return plain(text, Writer{bytes_max, false});
}

}  // namespace aisle::intake
