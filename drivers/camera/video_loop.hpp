#pragma once

#include "agent/core/clock.hpp"
#include "agent/core/sink.hpp"
#include "agent/runtime/back_off.hpp"
#include "drivers/camera/blind_spell.hpp"
#include "drivers/camera/frame_source.hpp"
#include "drivers/camera/people_counter.hpp"
#include "drivers/camera/picture_watch.hpp"
#include "drivers/camera/scene_reporter.hpp"

namespace aisle::camera {

// What a camera has done so far, for the metrics.
struct VideoTotals {
    std::uint64_t frames = 0;
    std::uint64_t late_frames =
        0;                        // analysed later than they should have been, or left out for that
    std::uint64_t worthless = 0;  // frozen, black or too fast, and so not looked at
    std::uint64_t light_changes = 0;
    std::uint64_t reopened = 0;
    std::uint64_t blind_ms = 0;
};

// What a camera looks with and at.
struct VideoParts {
    tracking::Scene scene;
    std::unique_ptr<Detector> detector;
    std::unique_ptr<FrameSource> source;
};

// One camera's life in steps: open, look, count, lose it, wait, open again. It holds no thread and
// reads no clock, so a test can walk it; VideoDriver runs it on a thread of its own.
class VideoLoop {
public:
    struct Parts {
        VideoSettings settings;
        VideoParts video;
        runtime::RandomSource random;             // for the jitter of the back-off
        std::function<void(ReadingBody)> report;  // what the scene saw, and Blindness
    };
    VideoLoop(Parts parts, const Stamp& now);
    ~VideoLoop();
    VideoLoop(const VideoLoop&) = delete;
    VideoLoop& operator=(const VideoLoop&) = delete;

    // Does one thing, which may block for the source's time-outs. `clock` is read before and after
    // it. Returns how long to wait before the next step; nothing when the file has ended for good.
    std::optional<milliseconds> step(const Clock& clock);

    [[nodiscard]] VideoTotals totals() const;

private:
    milliseconds try_open(const Clock& clock);
    milliseconds look(const Clock& clock);
    std::optional<milliseconds> refuse(const Stamp& now);
    void analyse(const Stamp& now);
    milliseconds miss(const Stamp& now);
    milliseconds pace(MonoTime seen, MonoTime now);
    milliseconds pace_file(MonoTime now);
    milliseconds lose(const Stamp& now);
    void begin_again(const Stamp& now);
    void forget_people(const Stamp& now);
    void report_blind(const std::optional<BlindSpell::Span>& span);
    [[nodiscard]] milliseconds period() const;

    Parts parts_;
    SceneReporter reporter_;
    PeopleCounter counter_;
    BlindSpell blind_;
    runtime::BackOff back_off_;
    PictureWatch watch_;
    Frame frame_;
    bool open_ = false;
    bool opened_before_ = false;
    bool skip_next_ = false;  // a live camera is ahead of us
    std::int64_t number_ = 0;
    milliseconds scene_time_{};  // the sum of what elapsed from picture to picture
    MonoTime opened_at_{};
    std::optional<MonoTime> last_;  // the picture before this one
    std::optional<MonoTime> due_;   // of a paced file's next picture
    VideoTotals totals_;
    std::uint64_t late_told_ = 0;
};

}  // namespace aisle::camera
