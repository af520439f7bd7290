#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "drivers/camera/frame.hpp"
#include "drivers/tracking/still_mask.hpp"

namespace aisle::camera {

// The learnt mask as text, to be kept over a restart: the picture's size, then a row of numbers a
// place. Boxes where things stand, no picture and no person's way. Only what is masked is told, in
// whole pixels and minutes, so that a shop in which nothing changes tells the same again.
[[nodiscard]] std::string still_text(std::span<const tracking::StillPlace> places,
                                     Frame::Size picture);

// Nothing for a text that is not ours or was written for another size of picture.
[[nodiscard]] std::vector<tracking::StillPlace> still_places(std::string_view text,
                                                             Frame::Size picture);

}  // namespace aisle::camera
