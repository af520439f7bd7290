#pragma once

#include <memory>

#include "drivers/camera/frame.hpp"
#include "drivers/camera/module_api.hpp"

namespace aisle::camera {

enum class Grab {
    Frame,   // `into` holds the next picture
    Seam,    // the file has ended and begins again: what was learnt no longer holds
    End,     // the file has ended
    Nothing  // no frame within the read time-out, or the connection or the file is gone
};

// Where pictures come from. Blocks, so it lives on a camera's own thread. Pictures stay in RAM.
class FrameSource {
public:
    virtual ~FrameSource() = default;
    virtual Status open() = 0;  // again after close(), or after Nothing
    virtual Grab read(Frame& into) = 0;
    virtual void close() = 0;
    [[nodiscard]] virtual double fps() const = 0;  // 0: not told

    // Lets the next picture go by unseen; false when there was none. Waits for it as read() does,
    // but turns it into no colours, which is much of what a picture costs.
    virtual bool skip() = 0;
};

// A file, RTSP or V4L2 through OpenCV, with open, read and select time-outs set; a pipe without it.
// A paced or looped file stands for a camera: when its path no longer names what is being read, it
// is Nothing, as a camera that was unplugged.
std::unique_ptr<FrameSource> make_frame_source(const VideoSource& source);

}  // namespace aisle::camera
