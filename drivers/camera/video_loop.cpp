#include "drivers/camera/video_loop.hpp"

#include <algorithm>
#include <utility>

#include "agent/runtime/log.hpp"

namespace aisle::camera {
namespace {

constexpr double kFpsUnknown = 10;
constexpr milliseconds kRetryRead{50};     // after a read that gave nothing
constexpr milliseconds kElapsedMax{2000};  // a longer gap says nothing about how people moved
constexpr milliseconds kForget{3000};      // after such a gap people and light are others

// Stable after a minute, so that a camera that dies at each opening is not asked every second.
constexpr runtime::BackOffLimits kBackOff{
    .base = milliseconds{1000}, .cap = milliseconds{15'000}, .stable = milliseconds{60'000}};

}  // namespace

VideoLoop::VideoLoop(Parts parts, const Stamp& now)
    : parts_{std::move(parts)},
      reporter_{parts_.settings, parts_.video.scene, parts_.report},
      counter_{std::move(parts_.video.detector), std::move(parts_.video.scene)},
      blind_{now},
      back_off_{kBackOff, parts_.random} {}
VideoLoop::~VideoLoop() = default;

VideoTotals VideoLoop::totals() const {
    VideoTotals totals = totals_;
    totals.light_changes = counter_.light_changes();
    return totals;
}

milliseconds VideoLoop::period() const {
    const double fps = parts_.video.source->fps() > 0 ? parts_.video.source->fps() : kFpsUnknown;
    return milliseconds{static_cast<std::int64_t>(1000 / fps)};
}

std::optional<milliseconds> VideoLoop::step(const Clock& clock) {
    if (!open_) return try_open(clock);
    switch (parts_.video.source->read(frame_)) {
        case Grab::Frame:
            return look(clock);
        case Grab::Seam:
            begin_again(clock.now());
            return milliseconds{0};
        case Grab::Nothing:
            return miss(clock.now());
        case Grab::End:
            break;
    }
    parts_.video.source->close();
    log::info("video_ended", {{"camera", parts_.settings.name}, {"frames", totals_.frames}});
    return std::nullopt;
}

milliseconds VideoLoop::try_open(const Clock& clock) {
    const Status status = parts_.video.source->open();
    const Stamp now = clock.now();
    if (!status) {
        report_blind(blind_.nothing(now));
        log::debug("camera_closed",
                   {{"camera", parts_.settings.name}, {"why", status.error().detail}});
        return back_off_.failed(now.mono);
    }
    if (std::exchange(opened_before_, true)) ++totals_.reopened;
    open_ = true;
    opened_at_ = now.mono;
    back_off_.connected(now.mono);
    watch_.reset();
    begin_again(now);
    return milliseconds{0};
}

// People and background are others now; stays that were under way have ended.
void VideoLoop::forget_people(const Stamp& now) {
    reporter_.tell(counter_.reset(), now, scene_time_);
}

void VideoLoop::begin_again(const Stamp& now) {
    forget_people(now);
    last_.reset();
    due_.reset();
}

milliseconds VideoLoop::miss(const Stamp& now) {
    report_blind(blind_.nothing(now));
    const milliseconds patience = parts_.settings.source.silence_max;
    const bool just_opened = now.mono - opened_at_ < patience;
    if (just_opened || blind_.silence(now) < patience) return kRetryRead;
    return lose(now);
}

milliseconds VideoLoop::lose(const Stamp& now) {
    parts_.video.source->close();
    open_ = false;
    const milliseconds wait = back_off_.failed(now.mono);
    log::warn("camera_lost", {{"camera", parts_.settings.name}, {"again_in_ms", wait.count()}});
    return wait;
}

// What a camera sends that is no picture of its door makes the door blind, and in the end the
// camera is opened again. A file is what it is. Nothing when the picture is worth looking at.
std::optional<milliseconds> VideoLoop::refuse(const Stamp& now) {
    if (parts_.settings.source.kind == SourceKind::File) return std::nullopt;
    const auto verdict = watch_.look(frame_, now.mono, period());
    // Lines are drawn for one picture: people of another size are not those who were followed.
    if (verdict.resized) {
        log::warn(
            "camera_resized",
            {{"camera", parts_.settings.name}, {"width", frame_.width}, {"height", frame_.height}});
        forget_people(now);
    }
    if (verdict.worth == Worth::Fresh) return std::nullopt;
    ++totals_.worthless;
    report_blind(blind_.nothing(now));
    return verdict.reopen ? lose(now) : milliseconds{0};
}

milliseconds VideoLoop::look(const Clock& clock) {
    const Stamp now = clock.now();
    if (const auto wait = refuse(now)) return *wait;
    report_blind(blind_.seen(now));
    if (std::exchange(skip_next_, false)) return milliseconds{0};
    analyse(now);
    return pace(now.mono, clock.now().mono);
}

void VideoLoop::analyse(const Stamp& now) {
    ++totals_.frames;
    const bool is_file = parts_.settings.source.kind == SourceKind::File;
    const milliseconds since =
        last_ ? std::chrono::duration_cast<milliseconds>(now.mono - *last_) : period();
    last_ = now.mono;
    // A file's people move by its own frames, however fast they are shown.
    const milliseconds elapsed = is_file ? period() : std::min(since, kElapsedMax);
    if (!is_file && since > kForget) forget_people(now);

    scene_time_ += elapsed;
    if (reporter_.minute_over(now)) reporter_.close_minute(counter_.take_sums(), now);
    const auto events =
        counter_.see(frame_, {.frame = ++number_, .at = scene_time_, .elapsed = elapsed});
    reporter_.tell(events, now, scene_time_);
    reporter_.note({.late = totals_.late_frames > std::exchange(late_told_, totals_.late_frames),
                    .light = !counter_.sees(),
                    .elapsed = elapsed},
                   now);
}

// A live camera that is faster than we are loses every second picture, so that no queue of old ones
// grows before it.
milliseconds VideoLoop::pace(MonoTime seen, MonoTime now) {
    const VideoSource& source = parts_.settings.source;
    if (source.kind == SourceKind::File) return source.paced ? pace_file(now) : milliseconds{0};
    skip_next_ = now - seen > period();
    if (skip_next_) ++totals_.late_frames;
    return milliseconds{0};
}

// A paced file waits for its next picture's time. One that is late begins anew from now: it shows
// every picture, later, rather than jumping.
milliseconds VideoLoop::pace_file(MonoTime now) {
    if (due_ && now > *due_ + period()) {
        ++totals_.late_frames;
        due_.reset();
    }
    due_ = due_.value_or(now) + period();
    return std::max(milliseconds{0}, std::chrono::ceil<milliseconds>(*due_ - now));
}

void VideoLoop::report_blind(const std::optional<BlindSpell::Span>& span) {
    if (!span) return;
    totals_.blind_ms += static_cast<std::uint64_t>((span->to - span->from).count());
    for (const DoorId& door : reporter_.doors()) {
        parts_.report(Blindness{.door = door,
                                .from = span->from,
                                .to = span->to,
                                .reason = "camera " + parts_.settings.name});
    }
}

}  // namespace aisle::camera
