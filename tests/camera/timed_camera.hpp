#pragma once

#include <cstring>
#include <functional>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "agent/runtime/inline_executor.hpp"
#include "drivers/camera/detector.hpp"
#include "drivers/camera/frame_source.hpp"

namespace aisle::camera {

// What a simulated camera does at a moment of its life.
enum class Shows { People, Nothing, TheSame, Black };

// A live camera on a clock that the test moves: pictures are made at its rate whether or not
// anybody fetches them, and wait in a queue as they do in a socket's buffers. Whoever asks for one
// moves the clock by what the asking takes. Shared by test and source.
struct TimedCamera {
    explicit TimedCamera(runtime::ManualClock& by) : clock{by}, begun{by.now().mono} {}

    runtime::ManualClock& clock;
    MonoTime begun;
    milliseconds period{100};  // between two pictures
    double fps_told = 10;
    milliseconds decode{2};       // what fetching a picture takes that is there
    milliseconds opening{1'500};  // until a camera that lives has sent what an opening needs
    milliseconds open_timeout{5'000};
    milliseconds read_timeout{5'000};
    std::int64_t queue_max = 200;  // pictures that wait; the oldest give way
    std::function<Shows(milliseconds)> shows = [](milliseconds) { return Shows::People; };
    std::function<Frame(std::int64_t)> picture = [](std::int64_t) {
        Frame frame;
        frame.shape({.width = 64, .height = 48});
        std::ranges::fill(frame.bgr, std::uint8_t{90});
        return frame;
    };

    int opened = 0;  // with success
    int closed = 0;
    int given = 0;
    int let_go = 0;

    [[nodiscard]] milliseconds age() const {
        return std::chrono::duration_cast<milliseconds>(clock.now().mono - begun);
    }
};

// Its number is written into the first bytes of each picture, as no sensor gives the same twice.
inline void number_picture(Frame& frame, std::int64_t number) {
    std::memcpy(frame.bgr.data(), &number, sizeof number);
}
inline std::int64_t number_of(const Frame& frame) {
    std::int64_t number = 0;
    std::memcpy(&number, frame.bgr.data(), sizeof number);
    return number;
}

class TimedSource final : public FrameSource {
public:
    explicit TimedSource(std::shared_ptr<TimedCamera> camera) : camera_{std::move(camera)} {}

    Status open() override {
        lost_ = true;
        if (camera_->shows(camera_->age()) == Shows::Nothing) {
            camera_->clock.advance(camera_->open_timeout);
            return unavailable("simulated");
        }
        camera_->clock.advance(camera_->opening);
        lost_ = false;
        ++camera_->opened;
        next_ = camera_->age() / camera_->period + 1;
        return {};
    }

    Grab read(Frame& into) override {
        if (!wait_for_next()) return Grab::Nothing;
        ++camera_->given;
        into = camera_->picture(next_);
        const Shows shows = camera_->shows(next_ * camera_->period);
        if (shows == Shows::Black) std::ranges::fill(into.bgr, std::uint8_t{16});
        if (shows == Shows::Black) into.bgr[40] = static_cast<std::uint8_t>(16 + next_ % 3);
        if (shows == Shows::People) number_picture(into, frozen_ = next_);
        if (shows == Shows::TheSame) into = camera_->picture(frozen_);
        if (shows == Shows::TheSame) number_picture(into, frozen_);
        ++next_;
        return Grab::Frame;
    }

    bool skip() override {
        if (!wait_for_next()) return false;
        ++camera_->let_go;
        ++next_;
        return true;
    }

    void close() override { ++camera_->closed; }
    [[nodiscard]] double fps() const override { return camera_->fps_told; }

private:
    // A connection that has been lost once gives nothing more.
    bool wait_for_next() {
        if (lost_) return false;
        next_ = std::max(next_, camera_->age() / camera_->period - camera_->queue_max);
        const milliseconds made = next_ * camera_->period;
        if (camera_->shows(made) == Shows::Nothing) {
            lost_ = true;
            camera_->clock.advance(camera_->read_timeout);
            return false;
        }
        if (camera_->age() < made) camera_->clock.advance(made - camera_->age());
        camera_->clock.advance(camera_->decode);
        return true;
    }

    std::shared_ptr<TimedCamera> camera_;
    std::int64_t next_ = 0;
    std::int64_t frozen_ = 0;  // the last picture that showed people
    bool lost_ = true;
};

// Sees nobody, notes which pictures it was shown and how old they were, and takes its time.
class SlowDetector final : public Detector {
public:
    struct Shown {
        std::int64_t number = 0;
        milliseconds at{};
        milliseconds old{};
        Frame::Size size{};
    };
    SlowDetector(std::shared_ptr<TimedCamera> camera, std::shared_ptr<std::vector<Shown>> shown,
                 milliseconds takes)
        : camera_{std::move(camera)}, shown_{std::move(shown)}, takes_{takes} {}

    const std::vector<tracking::Box>& detect(const Frame& frame,
                                             std::span<const tracking::Track>) override {
        const std::int64_t number = number_of(frame);
        shown_->push_back({.number = number,
                           .at = camera_->age(),
                           .old = camera_->age() - number * camera_->period,
                           .size = {.width = frame.width, .height = frame.height}});
        camera_->clock.advance(takes_);
        return none_;
    }
    void reset() override {}

private:
    std::shared_ptr<TimedCamera> camera_;
    std::shared_ptr<std::vector<Shown>> shown_;
    milliseconds takes_;
    std::vector<tracking::Box> none_;
};

}  // namespace aisle::camera
