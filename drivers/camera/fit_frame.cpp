#include "drivers/camera/fit_frame.hpp"

#include <opencv2/imgproc.hpp>

namespace aisle::camera {

void fit_frame(const Frame& from, Frame::Size size, Frame& into) {
    if (from.empty() || size.width <= 0 || size.height <= 0) return into.bgr.clear();
    into.shape(size);
    // OpenCV has no read-only view; nothing is written through this one.
    const cv::Mat picture(from.height, from.width, CV_8UC3,
                          const_cast<std::uint8_t*>(from.bgr.data()));
    cv::Mat fitted(size.height, size.width, CV_8UC3, into.bgr.data());
    const bool smaller = size.width < from.width || size.height < from.height;
    cv::resize(picture, fitted, fitted.size(), 0, 0, smaller ? cv::INTER_AREA : cv::INTER_LINEAR);
}

}  // namespace aisle::camera
