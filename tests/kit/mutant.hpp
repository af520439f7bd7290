#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <string_view>

namespace aisle::kit {

// Garbage that looks almost right: a sample with 1 to 8 seeded changes: bits flipped, bytes
// replaced, pieces cut out, doubled or moved in from elsewhere in it. The same seed gives the same
// mutant.
inline std::string mutant(std::string_view sample, std::uint32_t seed) {
    std::mt19937 random{seed};
    const auto below = [&](std::size_t n) {
        return n == 0 ? 0 : static_cast<std::size_t>(random()) % n;
    };
    constexpr std::string_view kLikely = "0123456789abcdef{}[],:\"-.eE";
    std::string bytes{sample};
    for (std::size_t changes = 1 + below(8); changes > 0; --changes) {
        if (bytes.empty()) break;
        const std::size_t at = below(bytes.size());
        const std::size_t piece = 1 + below(16);
        switch (below(6)) {
            case 0:
                bytes[at] = static_cast<char>(bytes[at] ^ (1 << below(8)));
                break;
            case 1:
                bytes[at] = static_cast<char>(below(256));
                break;
            case 2:
                bytes.erase(at, piece);
                break;
            case 3:
                bytes.insert(at, bytes.substr(at, piece));
                break;
            case 4:
                bytes.insert(at, bytes.substr(below(bytes.size()), piece));
                break;
            default:
                bytes[at] = kLikely[below(kLikely.size())];
                break;
        }
    }
    return bytes;
}

}  // namespace aisle::kit
