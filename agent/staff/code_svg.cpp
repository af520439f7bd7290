#include "agent/staff/code_svg.hpp"

#include <array>
#include <cassert>
#include <memory>

#include <qrencode.h>

namespace aisle::staff {
namespace {

// ISO/IEC 15420 table 2: number set A; set C is its complement, set B is C read backwards.
constexpr std::array<std::string_view, 10> kSetA{"0001101", "0011001", "0010011", "0111101",
                                                 "0100011", "0110001", "0101111", "0111011",
                                                 "0110111", "0001011"};
// Table 3: the first digit is not drawn, it is told by the sets of the left half.
constexpr std::array<std::string_view, 10> kLeftSets{"AAAAAA", "AABABB", "AABBAB", "AABBBA",
                                                     "ABAABB", "ABBAAB", "ABBBAA", "ABABAB",
                                                     "ABABBA", "ABBABA"};

std::size_t digit(char c) { return static_cast<std::size_t>(c - '0'); }

std::string set_c(char c) {
    std::string modules{kSetA[digit(c)]};
    for (char& module : modules) module = module == '1' ? '0' : '1';
    return modules;
}

std::string set_b(char c) {
    const std::string modules = set_c(c);
    return {modules.rbegin(), modules.rend()};
}

struct Extent {
    std::size_t width;
    std::size_t height;
};

std::string svg_of(Extent extent, const std::string& path) {
    const std::string width = std::to_string(extent.width);
    const std::string height = std::to_string(extent.height);
    return "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 " + width + " " + height +
           "\" shape-rendering=\"crispEdges\"><path fill=\"#fff\" d=\"M0 0h" + width + "v" +
           height + "H0z\"/><path d=\"" + path + "\"/></svg>";
}

struct Bar {
    std::size_t x;
    std::size_t y;
    std::size_t width;
    std::size_t height;
};

void draw(std::string& path, Bar bar) {
    path += "M" + std::to_string(bar.x) + " " + std::to_string(bar.y) + "h" +
            std::to_string(bar.width) + "v" + std::to_string(bar.height) + "h-" +
            std::to_string(bar.width) + "z";
}

}  // namespace

bool is_ean13(std::string_view code) {
    if (code.size() != 13) return false;
    std::size_t sum = 0;
    for (std::size_t i = 0; i < code.size(); ++i) {
        if (code[i] < '0' || code[i] > '9') return false;
        sum += digit(code[i]) * (i % 2 == 0 ? 1 : 3);
    }
    return sum % 10 == 0;
}

std::string ean13_modules(std::string_view code) {
    assert(is_ean13(code));
    const std::string_view sets = kLeftSets[digit(code[0])];
    std::string modules = "101";
    for (std::size_t i = 0; i < 6; ++i) {
        const char c = code[i + 1];
        modules += sets[i] == 'A' ? std::string{kSetA[digit(c)]} : set_b(c);
    }
    modules += "01010";
    for (const char c : code.substr(7)) modules += set_c(c);
    return modules + "101";
}

std::optional<std::string> ean13_svg(std::string_view code) {
    constexpr std::size_t kQuietLeft = 11;
    constexpr std::size_t kQuietRight = 7;
    constexpr std::size_t kHeight = 54;
    if (!is_ean13(code)) return std::nullopt;

    const std::string modules = ean13_modules(code);
    std::string path;
    for (std::size_t from = modules.find('1'); from != std::string::npos;) {
        const std::size_t to = std::min(modules.find('0', from), modules.size());
        draw(path, {.x = kQuietLeft + from, .y = 2, .width = to - from, .height = kHeight - 4});
        from = modules.find('1', to);
    }
    return svg_of({kQuietLeft + modules.size() + kQuietRight, kHeight}, path);
}

std::optional<std::string> qr_svg(const std::string& text) {
    constexpr std::size_t kQuiet = 4;
    if (text.empty()) return std::nullopt;
    const std::unique_ptr<QRcode, void (*)(QRcode*)> code{
        QRcode_encodeString(text.c_str(), 0, QR_ECLEVEL_M, QR_MODE_8, 1), QRcode_free};
    if (!code) return std::nullopt;

    const auto side = static_cast<std::size_t>(code->width);
    std::string path;
    for (std::size_t y = 0; y < side; ++y) {
        for (std::size_t x = 0; x < side; ++x) {
            const bool dark =
                (code->data[y * side + x] & 1U) != 0;  // the lowest bit is the module's colour
            if (dark) draw(path, {.x = x + kQuiet, .y = y + kQuiet, .width = 1, .height = 1});
        }
    }
    return svg_of({side + 2 * kQuiet, side + 2 * kQuiet}, path);
}

}  // namespace aisle::staff
