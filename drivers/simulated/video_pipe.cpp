#include "drivers/simulated/video_pipe.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

namespace aisle::simulated {
namespace {

// Room for a picture of 115 KB, so that one write takes it; the kernel's default is 64 KB.
constexpr int kPipeBytes = 1 << 18;

struct Yuv {
    int y = 0;
    int u = 0;
    int v = 0;
};

// BT.601's factors, 1/256.
Yuv yuv_of(int blue, int green, int red) {
    return {.y = ((66 * red + 129 * green + 25 * blue + 128) >> 8) + 16,
            .u = ((-38 * red - 74 * green + 112 * blue + 128) >> 8) + 128,
            .v = ((112 * red - 94 * green - 18 * blue + 128) >> 8) + 128};
}

}  // namespace

std::string y4m_header(int fps) {
    std::string header{"YUV4MPEG2 W"};
    header += std::to_string(kSceneWidth);
    header += " H";
    header += std::to_string(kSceneHeight);
    header += " F";
    header += std::to_string(fps);
    return header += ":1 Ip A1:1 C420jpeg\n";
}

// The chroma of four pixels is that of their mean.
void append_y4m(const Picture& picture, std::vector<std::uint8_t>& to) {
    constexpr std::size_t kLuma = std::size_t{kSceneWidth} * kSceneHeight;
    constexpr std::size_t kStride = std::size_t{3} * kSceneWidth;
    constexpr std::string_view kFrameLine = "FRAME\n";
    to.insert(to.end(), kFrameLine.begin(), kFrameLine.end());
    const std::size_t begins = to.size();
    to.resize(begins + kLuma * 3 / 2);
    std::uint8_t* luma = to.data() + begins;
    for (std::size_t i = 0; i < kLuma; ++i) {
        const std::uint8_t* const at = picture.bgr.data() + 3 * i;
        luma[i] = static_cast<std::uint8_t>(yuv_of(at[0], at[1], at[2]).y);
    }
    std::uint8_t* u = luma + kLuma;
    std::uint8_t* v = u + kLuma / 4;
    for (std::size_t y = 0; y < kSceneHeight; y += 2) {
        const std::uint8_t* at = picture.bgr.data() + y * kStride;
        for (std::size_t x = 0; x < kSceneWidth; x += 2, at += 6) {
            const auto mean = [at](std::size_t i) {
                return (at[i] + at[i + 3] + at[i + kStride] + at[i + kStride + 3] + 2) / 4;
            };
            const Yuv colour = yuv_of(mean(0), mean(1), mean(2));
            *u++ = static_cast<std::uint8_t>(colour.u);
            *v++ = static_cast<std::uint8_t>(colour.v);
        }
    }
}

VideoPipe::~VideoPipe() { lose_reader(); }

Status VideoPipe::make() const {
    if (::mkfifo(path_.c_str(), 0600) == 0) return {};
    struct stat what {};
    if (errno != EEXIST || ::stat(path_.c_str(), &what) != 0) {
        return unavailable("cannot make the pipe " + path_);
    }
    if (S_ISFIFO(what.st_mode)) return {};
    return malformed("not a pipe: " + path_);
}

bool VideoPipe::ready() {
    if (fd_ < 0) look_for_reader();
    if (fd_ >= 0) write_on();
    return fd_ >= 0 && written_ == bytes_.size();
}

// Without a reader the opening fails at once.
void VideoPipe::look_for_reader() {
    fd_ = ::open(path_.c_str(), O_WRONLY | O_NONBLOCK | O_CLOEXEC);
    if (fd_ < 0) return;
    ++readers_;
    (void)::fcntl(fd_, F_SETPIPE_SZ, kPipeBytes);  // refused: a picture takes several writes
    const std::string header = y4m_header(fps_);
    bytes_.assign(header.begin(), header.end());
    written_ = 0;
}

void VideoPipe::write_on() {
    while (written_ < bytes_.size()) {
        const ssize_t sent = ::write(fd_, bytes_.data() + written_, bytes_.size() - written_);
        if (sent > 0) {
            written_ += static_cast<std::size_t>(sent);
        } else if (errno == EAGAIN) {
            return;
        } else if (errno != EINTR) {
            return lose_reader();
        }
    }
}

void VideoPipe::offer(const Picture& picture) {
    bytes_.clear();
    written_ = 0;
    append_y4m(picture, bytes_);
    write_on();
}

void VideoPipe::lose_reader() {
    if (fd_ >= 0) ::close(fd_);
    fd_ = -1;
    bytes_.clear();
    written_ = 0;
}

}  // namespace aisle::simulated
