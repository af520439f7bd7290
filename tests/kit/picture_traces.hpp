#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

// Looks for pictures and films in places where there must be none.
namespace aisle::kit {

struct PictureTrace {
    std::string file;
    std::string kind;  // jpeg, png, h264, ...
    std::size_t at = 0;
};

// A run of bytes of a picture as it is in memory, long and lively enough to be no accident. What
// was taken of one is looked for beside the formats' own marks.
[[nodiscard]] std::vector<std::string> raw_samples(std::span<const std::uint8_t> picture);

// The first trace of each kind in these bytes.
[[nodiscard]] std::vector<PictureTrace> picture_traces_in(std::string_view bytes,
                                                          std::span<const std::string> raw = {});

// The same in every file under a folder, whatever it is called.
[[nodiscard]] std::vector<PictureTrace> picture_traces(const std::string& folder,
                                                       std::span<const std::string> raw = {});

// For messages: "jpeg in DIR/aisle.db at 4096".
[[nodiscard]] std::string to_text(std::span<const PictureTrace> traces);

}  // namespace aisle::kit
