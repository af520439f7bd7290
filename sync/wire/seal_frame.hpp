#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "sync/wire/seal_refusal.hpp"

// The optional zstd frame around a sealed message. Private to wire.
namespace aisle::wire {

std::string frame_of(std::string_view text);
// By its magic number: a sealed message as text starts with a brace.
bool is_frame(std::string_view message);
// One whole frame and nothing after it; never more than `bytes_max` of memory for the output,
// whatever the frame claims.
Judged<std::string> open_frame(std::string_view message, std::size_t bytes_max);

}  // namespace aisle::wire
