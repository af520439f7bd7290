#include "agent/core/record.hpp"

#include <algorithm>

namespace aisle {
namespace {

constexpr std::array<std::string_view, 5> kStreams{"ledger", "offers", "footfall", "health",
                                                   "local"};

}  // namespace

std::string_view to_text(Stream stream) { return kStreams.at(static_cast<std::size_t>(stream)); }

std::optional<Stream> stream_from(std::string_view text) {
    const auto* found = std::ranges::find(kStreams, text);
    if (found == kStreams.end()) return std::nullopt;
    return static_cast<Stream>(found - kStreams.begin());
}

}  // namespace aisle
