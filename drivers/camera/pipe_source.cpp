#include "drivers/camera/pipe_source.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <optional>
#include <utility>

#include "drivers/camera/y4m.hpp"

namespace aisle::camera {
namespace {

class PipeSource final : public FrameSource {
public:
    explicit PipeSource(VideoSource source) : source_{std::move(source)} {}
    ~PipeSource() override { close(); }
    PipeSource(const PipeSource&) = delete;
    PipeSource& operator=(const PipeSource&) = delete;

    // Returns at once, whether or not anybody writes.
    Status open() override {
        close();
        fd_ = ::open(source_.location.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
        if (fd_ < 0) return unavailable("cannot open the pipe " + source_.location);
        struct stat what {};
        if (::fstat(fd_, &what) == 0 && S_ISFIFO(what.st_mode)) return {};
        close();
        return malformed("not a pipe: " + source_.location);
    }

    Grab read(Frame& into) override {
        if (!next_planes()) return Grab::Nothing;
        picture_from_y4m({bytes_.data(), header_->picture_bytes()}, *header_, into);
        take_planes();
        return Grab::Frame;
    }

    bool skip() override {
        if (!next_planes()) return false;
        take_planes();
        return true;
    }

    void close() override {
        if (fd_ >= 0) ::close(fd_);
        fd_ = -1;
        forget();
    }

    [[nodiscard]] double fps() const override {
        if (source_.fps > 0) return source_.fps;
        return header_ ? header_->fps : 0;
    }

private:
    // True when the planes of the next picture are in bytes_.
    bool next_planes() {
        if (fd_ < 0 && !open()) return false;
        if (!header_ && !read_header()) return false;
        return read_frame_line() && fill(header_->picture_bytes());
    }

    void take_planes() {
        drop(header_->picture_bytes());
        frame_begun_ = false;
    }

    void forget() {
        header_.reset();
        frame_begun_ = false;
        bytes_.clear();
    }

    void drop(std::size_t n) {
        bytes_.erase(bytes_.begin(), bytes_.begin() + static_cast<std::ptrdiff_t>(n));
    }

    bool read_header() {
        const auto line = take_line();
        if (!line) return false;
        const auto header = parse_y4m_header(*line);
        if (!header) return close(), false;
        header_ = *header;
        return true;
    }

    bool read_frame_line() {
        if (frame_begun_) return true;
        const auto line = take_line();
        if (!line) return false;
        frame_begun_ = *line == "FRAME" || line->starts_with("FRAME ");
        if (!frame_begun_) close();  // a new writer came in the middle of a picture
        return frame_begun_;
    }

    // One line without its end, when it is there. A line without an end closes the pipe.
    std::optional<std::string> take_line() {
        auto end = std::ranges::find(bytes_, '\n');
        while (end == bytes_.end() && bytes_.size() < kY4mLineMax) {
            if (!fill(bytes_.size() + 1)) return std::nullopt;
            end = std::ranges::find(bytes_, '\n');
        }
        if (end == bytes_.end()) return close(), std::nullopt;
        std::string line{bytes_.begin(), end};
        bytes_.erase(bytes_.begin(), end + 1);
        return line;
    }

    // Until there are so many bytes; false when they have not come within kPipeWait of silence.
    bool fill(std::size_t wanted) {
        while (bytes_.size() < wanted) {
            const std::size_t had = bytes_.size();
            bytes_.resize(std::max(wanted, had + kY4mLineMax));
            const ssize_t got = ::read(fd_, bytes_.data() + had, bytes_.size() - had);
            bytes_.resize(had + (got > 0 ? static_cast<std::size_t>(got) : 0));
            if (got > 0) continue;
            if (got == 0) return writer_gone();
            if (errno == EINTR) continue;
            if (errno != EAGAIN) return close(), false;
            if (!wait()) return false;
        }
        return true;
    }

    // What was begun will never be ended: the next writer starts with a header.
    bool writer_gone() {
        forget();
        wait();
        return false;
    }

    // For bytes or for a writer; poll tells neither from a pipe whose writer has gone, so then it
    // sleeps.
    bool wait() const {
        pollfd pipe{.fd = fd_, .events = POLLIN, .revents = 0};
        const int ready = ::poll(&pipe, 1, static_cast<int>(kPipeWait.count()));
        if (ready > 0 && (pipe.revents & POLLIN) == 0) {
            ::poll(nullptr, 0, static_cast<int>(kPipeWait.count()));
        }
        return ready > 0 && (pipe.revents & POLLIN) != 0;
    }

    VideoSource source_;
    int fd_ = -1;
    std::optional<Y4mHeader> header_;
    bool frame_begun_ = false;         // its line has been read, its planes have not
    std::vector<std::uint8_t> bytes_;  // read and not yet used: at most a picture and a line
};

}  // namespace

std::unique_ptr<FrameSource> make_pipe_source(const VideoSource& source) {
    return std::make_unique<PipeSource>(source);
}

}  // namespace aisle::camera
