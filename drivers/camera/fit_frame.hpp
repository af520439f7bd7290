#pragma once

#include "drivers/camera/frame.hpp"

namespace aisle::camera {

// `from` at the size that `into` is to have, for a scene that is drawn for that size. `into` keeps
// its memory. Of an empty picture nothing is made.
void fit_frame(const Frame& from, Frame::Size size, Frame& into);

}  // namespace aisle::camera
