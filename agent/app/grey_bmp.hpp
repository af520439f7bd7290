#pragma once

#include <string>

#include "drivers/camera/preview.hpp"

namespace aisle::app {

// As an image/bmp of 8 bits a pixel (BITMAPINFOHEADER with a palette of greys, rows from the
// bottom, padded to four bytes): every browser shows it, and no library is needed to write it.
std::string grey_bmp(const camera::GreyPicture& picture);

}  // namespace aisle::app
