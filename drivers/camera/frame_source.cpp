#include "drivers/camera/frame_source.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <opencv2/core/ocl.hpp>
#include <opencv2/core/utils/logger.hpp>
#include <opencv2/videoio.hpp>
#include <optional>

#include "drivers/camera/pipe_source.hpp"

namespace aisle::camera {
namespace {

constexpr double kSideMax = 8192;  // pixels; a header that says more is a broken one
constexpr double kFpsMax = 240;

// Which file a path names now: device and inode. Nothing when there is none.
struct FileIdentity {
    std::uint64_t device = 0;
    std::uint64_t inode = 0;
    friend bool operator==(const FileIdentity&, const FileIdentity&) = default;
};
std::optional<FileIdentity> identity_of(const std::string& path) {
    struct stat what {};
    if (::stat(path.c_str(), &what) != 0) return std::nullopt;
    return FileIdentity{what.st_dev, what.st_ino};
}

class OpenCvSource final : public FrameSource {
public:
    explicit OpenCvSource(VideoSource source) : source_{std::move(source)} {}

    Status open() override {
        try {
            return open_checked();
        } catch (const std::exception& error) {
            capture_.release();
            return malformed(std::string{"cannot open the video: "} + error.what());
        }
    }

    Grab read(Frame& into) override {
        try {
            return read_next(into);
        } catch (const std::exception&) {  // cv::Exception, or no memory for a broken header's size
            return source_.kind == SourceKind::File && !source_.loop ? Grab::End : Grab::Nothing;
        }
    }

    bool skip() override {
        try {
            return capture_.isOpened() && capture_.grab();
        } catch (const std::exception&) {
            return false;
        }
    }

    void close() override { capture_.release(); }
    [[nodiscard]] double fps() const override { return fps_; }

private:
    Status open_checked() {
        cv::ocl::setUseOpenCL(false);  // counted by thread
        capture_.release();
        got_any_ = false;
        const bool is_file = source_.kind == SourceKind::File;
        if (is_file && ::access(source_.location.c_str(), R_OK) != 0) {
            return unavailable("cannot open the video " + source_.location);
        }
        // Before the opening: a file that is swapped in between is found to be another one.
        if (stands_for_camera()) file_ = identity_of(source_.location);
        const bool opened = source_.kind == SourceKind::V4l2
                                ? capture_.open(source_.location, cv::CAP_V4L2)
                                : capture_.open(source_.location, cv::CAP_FFMPEG, time_outs());
        if (!opened) {
            return is_file ? malformed("not a video that can be read: " + source_.location)
                           : unavailable("the camera does not answer");
        }
        if (source_.kind == SourceKind::V4l2) set_up_device();
        return check_header();
    }

    [[nodiscard]] bool stands_for_camera() const {
        return source_.kind == SourceKind::File && (source_.paced || source_.loop);
    }

    [[nodiscard]] std::vector<int> time_outs() const {
        return {cv::CAP_PROP_OPEN_TIMEOUT_MSEC, static_cast<int>(source_.open_timeout.count()),
                cv::CAP_PROP_READ_TIMEOUT_MSEC, static_cast<int>(source_.read_timeout.count())};
    }

    void set_up_device() {
        capture_.set(cv::CAP_PROP_BUFFERSIZE, 2);
        if (source_.fps > 0) capture_.set(cv::CAP_PROP_FPS, source_.fps);
    }

    Status check_header() {
        const double w = capture_.get(cv::CAP_PROP_FRAME_WIDTH);
        const double h = capture_.get(cv::CAP_PROP_FRAME_HEIGHT);
        if (!(w >= 0 && w <= kSideMax && h >= 0 && h <= kSideMax)) {
            capture_.release();
            return malformed("the video's header tells no sensible size");
        }
        size_ = {.width = static_cast<int>(w), .height = static_cast<int>(h)};
        const double told = capture_.get(cv::CAP_PROP_FPS);
        fps_ = source_.fps > 0 ? source_.fps : told > 0 && told <= kFpsMax ? told : 0;
        return {};
    }

    Grab read_next(Frame& into) {
        if (!capture_.isOpened()) return Grab::Nothing;
        if (stands_for_camera() && identity_of(source_.location) != file_) {
            capture_.release();
            return Grab::Nothing;
        }
        if (capture_.grab() && retrieve(into)) {
            got_any_ = true;
            return Grab::Frame;
        }
        if (source_.kind != SourceKind::File) return Grab::Nothing;
        if (!source_.loop) return Grab::End;
        // A file that opens and yields nothing must not be opened again and again without a pause.
        if (!got_any_) return Grab::Nothing;
        return open_checked() ? Grab::Seam : Grab::Nothing;
    }

    // Decodes straight into the frame's memory, unless the stream has changed its size.
    bool retrieve(Frame& into) {
        into.shape(size_);
        cv::Mat picture(size_.height, size_.width, CV_8UC3, into.bgr.data());
        if (!capture_.retrieve(picture) || picture.type() != CV_8UC3 || picture.empty())
            return false;
        if (picture.data == into.bgr.data()) return true;
        size_ = {.width = picture.cols, .height = picture.rows};
        into.shape(size_);
        picture.copyTo(cv::Mat(size_.height, size_.width, CV_8UC3, into.bgr.data()));
        return true;
    }

    VideoSource source_;
    Frame::Size size_;
    cv::VideoCapture capture_;
    std::optional<FileIdentity> file_;  // that is open
    double fps_ = 0;
    bool got_any_ = false;
};

// OpenCV 4.6 reads some settings from the environment only, and once: V4L2's select time-out in
// whole seconds, and that FFmpeg must not write a line to stderr for each broken packet. An
// operator's own values stay.
void set_environment(const VideoSource& source) {
    ::setenv("OPENCV_FFMPEG_LOGLEVEL", "-8", 0);
    if (source.kind != SourceKind::V4l2) return;
    const auto whole =
        std::max<std::int64_t>(1, std::chrono::ceil<seconds>(source.read_timeout).count());
    ::setenv("OPENCV_VIDEOIO_V4L_SELECT_TIMEOUT", std::to_string(whole).c_str(), 0);
}

}  // namespace

std::unique_ptr<FrameSource> make_frame_source(const VideoSource& source) {
    if (source.kind == SourceKind::Pipe) return make_pipe_source(source);
    cv::setNumThreads(1);
    cv::utils::logging::setLogLevel(cv::utils::logging::LOG_LEVEL_SILENT);
    set_environment(source);
    return std::make_unique<OpenCvSource>(source);
}

}  // namespace aisle::camera
