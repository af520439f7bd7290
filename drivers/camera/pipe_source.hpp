#pragma once

#include <memory>

#include "drivers/camera/frame_source.hpp"

namespace aisle::camera {

// Longest single wait inside read(): a stop of the daemon does not wait for a silent pipe.
inline constexpr milliseconds kPipeWait{200};

// A named pipe that another program writes YUV4MPEG2 pictures into (8 bits, 4:2:0; `ffmpeg -f
// yuv4mpegpipe`, aisle-sim). Read here and not by FFmpeg, because that waits without a bound for a
// writer to come, and takes a writer's end for the end of the film. Opens with nobody at the other
// end; a writer may go and another one come, which begins with a header of its own. Bytes that are
// no picture close the pipe, so that a writer notices and begins again.
std::unique_ptr<FrameSource> make_pipe_source(const VideoSource& source);

}  // namespace aisle::camera
