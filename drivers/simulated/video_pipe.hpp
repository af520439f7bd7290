#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "agent/core/error.hpp"
#include "drivers/simulated/picture.hpp"

namespace aisle::simulated {

// YUV4MPEG2 of a picture: BT.601, limited range, 4:2:0. What `aislectl footfall count` and a
// camera's pipe read.
std::string y4m_header(int fps);
void append_y4m(const Picture& picture, std::vector<std::uint8_t>& to);

// A named pipe that a reader may come to, leave and come back to; never waits for it. At most one
// picture is on its way: while it is, further ones are not taken, as a camera drops what nobody
// fetches. SIGPIPE must be ignored. One thread.
class VideoPipe {
public:
    VideoPipe(std::string path, int fps) : path_{std::move(path)}, fps_{fps} {}
    ~VideoPipe();
    VideoPipe(const VideoPipe&) = delete;
    VideoPipe& operator=(const VideoPipe&) = delete;

    // Makes the pipe where there is none. Malformed: something else is there.
    Status make() const;
    // Writes on, and looks for a reader where there is none. True when a picture can be offered.
    bool ready();
    void offer(const Picture& picture);  // only when ready

    [[nodiscard]] std::uint64_t readers() const { return readers_; }  // that have come so far

private:
    void look_for_reader();
    void write_on();
    void lose_reader();

    std::string path_;
    int fps_;
    int fd_ = -1;
    std::vector<std::uint8_t> bytes_;  // of the picture on its way
    std::size_t written_ = 0;
    std::uint64_t readers_ = 0;
};

}  // namespace aisle::simulated
