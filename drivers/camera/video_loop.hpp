#pragma once

#include "agent/core/clock.hpp"
#include "agent/core/sink.hpp"
#include "agent/runtime/back_off.hpp"
#include "drivers/camera/blind_spell.hpp"
#include "drivers/camera/catch_up.hpp"
#include "drivers/camera/frame_source.hpp"
#include "drivers/camera/people_counter.hpp"
#include "drivers/camera/picture_watch.hpp"
#include "drivers/camera/preview_painter.hpp"
#include "drivers/camera/scene_reporter.hpp"

namespace aisle::camera {

// What a camera has done so far, for the metrics.
struct VideoTotals {
    std::uint64_t frames = 0;
    // Of a live camera: let go by because looking at the others took too long. Of a file: analysed
    // later than they should have been.
    std::uint64_t late_frames = 0;
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
//
// A camera that is back is open again within 15 s: an opening that has just failed to reach it (5 s
// at most), the longest pause after it, and the opening. Pictures of another size than the scene's
// are brought to it, so that lines stay where they were drawn.
class VideoLoop {
public:
    struct Parts {
        VideoSettings settings;
        VideoParts video;
        runtime::RandomSource random;             // for the jitter of the back-off
        std::function<void(ReadingBody)> report;  // what the scene saw, and Blindness
        // What the next start should be told as VideoSettings::remembered; may be empty.
        std::function<void(std::string)> remember = {};
    };
    VideoLoop(Parts parts, const Stamp& now);
    ~VideoLoop();
    VideoLoop(const VideoLoop&) = delete;
    VideoLoop& operator=(const VideoLoop&) = delete;

    // Does one thing, which may block for the source's time-outs. `clock` is read before and after
    // it. Returns how long to wait before the next step; nothing when the file has ended for good.
    std::optional<milliseconds> step(const Clock& clock);

    // Its scene was drawn anew: the minute under way ends, people and background are learnt anew,
    // the camera stays open. `detector` is made for the new scene.
    void change_scene(tracking::Scene scene, std::unique_ptr<Detector> detector, const Stamp& now);

    [[nodiscard]] VideoTotals totals() const;

private:
    milliseconds try_open(const Clock& clock);
    milliseconds let_go(const Clock& clock);
    milliseconds look(const Clock& clock, MonoTime asked);
    std::optional<milliseconds> refuse(const Stamp& now);
    const Frame& in_scene();
    void analyse(const Stamp& now);
    void remember_places(MonoTime now);
    milliseconds miss(const Stamp& now);
    milliseconds pace(MonoTime now);
    milliseconds pace_file(MonoTime now);
    milliseconds lose(const Stamp& now);
    void begin_again(const Stamp& now);
    void forget_people(const Stamp& now);
    void report_blind(const std::optional<BlindSpell::Span>& span);
    [[nodiscard]] bool is_file() const;
    [[nodiscard]] milliseconds period() const;
    [[nodiscard]] milliseconds period_told() const;
    [[nodiscard]] milliseconds live_period() const;

    Parts parts_;
    SceneReporter reporter_;
    std::unique_ptr<PeopleCounter> counter_;  // never null
    PreviewPainter painter_;
    BlindSpell blind_;
    runtime::BackOff back_off_;
    PictureWatch watch_;
    CatchUp catch_up_;
    Frame frame_;
    Frame fitted_;            // frame_ at the scene's size, where it has another
    Frame::Size scene_size_;  // of the picture that the scene is drawn for; 0: the first to come
    bool open_ = false;
    bool opened_before_ = false;
    bool behind_ = false;  // a newer picture waits behind the next one
    std::int64_t number_ = 0;
    milliseconds scene_time_{};  // the sum of what elapsed from picture to picture
    MonoTime opened_at_{};
    std::optional<MonoTime> last_;  // the picture before this one
    std::optional<MonoTime> due_;   // of a paced file's next picture
    VideoTotals totals_;
    std::uint64_t late_told_ = 0;
    std::uint64_t light_changes_before_ = 0;  // of the scenes before
    std::optional<MonoTime> remembered_at_;
    std::string remembered_;  // as last told
};

}  // namespace aisle::camera
