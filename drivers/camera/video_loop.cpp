#include "drivers/camera/video_loop.hpp"

#include <algorithm>
#include <utility>

#include "agent/runtime/log.hpp"
#include "drivers/camera/fit_frame.hpp"
#include "drivers/camera/still_text.hpp"

namespace aisle::camera {
namespace {

constexpr double kFpsUnknown = 10;
constexpr milliseconds kRetryRead{50};     // after a read that gave nothing
constexpr milliseconds kElapsedMax{2000};  // a longer gap says nothing about how people moved
constexpr milliseconds kForget{3000};      // after such a gap people and light are others

constexpr milliseconds kFastestUsual{40};
constexpr milliseconds kRememberEvery{600'000};

// Stable after a minute, so that a camera that dies at each opening is not asked every second. The
// cap is what is left of 15 s when an opening that took its 5 s has just failed, and the next one
// takes a while to show its first picture.
constexpr runtime::BackOffLimits kBackOff{
    .base = milliseconds{1000}, .cap = milliseconds{6'000}, .stable = milliseconds{60'000}};

Frame::Size drawn_for(const tracking::Scene& scene) {
    if (scene.picture.empty()) return {};
    const tracking::Point size = scene.picture.front();
    return {.width = static_cast<int>(size.x), .height = static_cast<int>(size.y)};
}

}  // namespace

VideoLoop::VideoLoop(Parts parts, const Stamp& now)
    : parts_{std::move(parts)},
      reporter_{parts_.settings, parts_.video.scene, parts_.report},
      counter_{std::make_unique<PeopleCounter>(std::move(parts_.video.detector),
                                               std::move(parts_.video.scene))},
      painter_{parts_.settings.preview},
      blind_{now},
      back_off_{kBackOff, parts_.random},
      scene_size_{drawn_for(counter_->scene())},
      remembered_{parts_.settings.remembered} {}
VideoLoop::~VideoLoop() = default;

VideoTotals VideoLoop::totals() const {
    VideoTotals totals = totals_;
    totals.light_changes = light_changes_before_ + counter_->light_changes();
    return totals;
}

bool VideoLoop::is_file() const { return parts_.settings.source.kind == SourceKind::File; }

milliseconds VideoLoop::period() const {
    const milliseconds told = period_told();
    return told > milliseconds{0} ? told
                                  : milliseconds{static_cast<std::int64_t>(1000 / kFpsUnknown)};
}

// Zero where the source does not tell its rate.
milliseconds VideoLoop::period_told() const {
    const double fps = parts_.video.source->fps();
    return milliseconds{fps > 0 ? static_cast<std::int64_t>(1000 / fps) : 0};
}

std::optional<milliseconds> VideoLoop::step(const Clock& clock) {
    if (!open_) return try_open(clock);
    if (behind_) return let_go(clock);
    const MonoTime asked = clock.now().mono;
    switch (parts_.video.source->read(frame_)) {
        case Grab::Frame:
            return look(clock, asked);
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

// Of a camera that does not say how fast it is the fastest usual one is believed: CatchUp finds out
// by itself when pictures do not wait after all.
milliseconds VideoLoop::live_period() const {
    const milliseconds told = period_told();
    return told > milliseconds{0} ? told : kFastestUsual;
}

// One at a time, so that a stop of the daemon waits for one picture at most.
milliseconds VideoLoop::let_go(const Clock& clock) {
    const MonoTime asked = clock.now().mono;
    behind_ = parts_.video.source->skip();
    const MonoTime now = clock.now().mono;
    if (!behind_) return milliseconds{0};  // the next read will say why
    ++totals_.late_frames;
    catch_up_.let_go({.asked = asked, .came = now, .period = live_period()});
    behind_ = catch_up_.behind(now, live_period());
    return milliseconds{0};
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
    catch_up_.reset();
    behind_ = false;
    begin_again(now);
    return milliseconds{0};
}

// People and background are others now; stays that were under way have ended.
void VideoLoop::forget_people(const Stamp& now) {
    reporter_.tell(counter_->reset(), now, scene_time_);
}

void VideoLoop::begin_again(const Stamp& now) {
    forget_people(now);
    last_.reset();
    due_.reset();
}

void VideoLoop::change_scene(tracking::Scene scene, std::unique_ptr<Detector> detector,
                             const Stamp& now) {
    forget_people(now);
    if (reporter_.minute_begun()) reporter_.close_minute(counter_->take_sums(), now);
    const auto places = still_text(counter_->mask().places(), scene_size_);
    light_changes_before_ += counter_->light_changes();
    if (const auto size = drawn_for(scene); size.width != 0) scene_size_ = size;
    reporter_ = SceneReporter{parts_.settings, scene, parts_.report};
    counter_ = std::make_unique<PeopleCounter>(std::move(detector), std::move(scene));
    if (scene_size_.width != 0) counter_->restore_mask(still_places(places, scene_size_));
}

milliseconds VideoLoop::miss(const Stamp& now) {
    report_blind(blind_.nothing(now));
    if (is_file()) return lose(now);  // its file is gone, and no waiting brings back this one
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
    if (is_file()) return std::nullopt;
    const auto verdict = watch_.look(frame_, now.mono, period_told());
    // People who have jumped to another place and size are not those who were followed.
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

milliseconds VideoLoop::look(const Clock& clock, MonoTime asked) {
    const Stamp now = clock.now();
    if (!is_file())
        catch_up_.looked_at({.asked = asked, .came = now.mono, .period = live_period()});
    if (const auto wait = refuse(now)) return *wait;
    report_blind(blind_.seen(now));
    analyse(now);
    return pace(clock.now().mono);
}

// The scene's first picture decides its size where the scene does not; what was remembered of it
// can be used from then on.
const Frame& VideoLoop::in_scene() {
    if (scene_size_.width == 0) scene_size_ = {.width = frame_.width, .height = frame_.height};
    if (!parts_.settings.remembered.empty()) {
        counter_->restore_mask(
            still_places(std::exchange(parts_.settings.remembered, {}), scene_size_));
    }
    const bool fits = frame_.width == scene_size_.width && frame_.height == scene_size_.height;
    if (fits) return frame_;
    fit_frame(frame_, scene_size_, fitted_);
    return fitted_;
}

void VideoLoop::analyse(const Stamp& now) {
    ++totals_.frames;
    const milliseconds since =
        last_ ? std::chrono::duration_cast<milliseconds>(now.mono - *last_) : period();
    last_ = now.mono;
    // A file's people move by its own frames, however fast they are shown.
    const milliseconds elapsed = is_file() ? period() : std::min(since, kElapsedMax);
    if (!is_file() && since > kForget) forget_people(now);

    scene_time_ += elapsed;
    if (reporter_.minute_over(now)) reporter_.close_minute(counter_->take_sums(), now);
    const Frame& picture = in_scene();
    const auto events =
        counter_->see(picture, {.frame = ++number_, .at = scene_time_, .elapsed = elapsed});
    reporter_.tell(events, now, scene_time_);
    painter_.look(picture, counter_->tracks(), counter_->sees(), now);
    const std::uint64_t total = totals_.late_frames;
    const auto late = static_cast<std::int32_t>(total - std::exchange(late_told_, total));
    reporter_.note({.late = late,
                    .unseen = is_file() ? 0 : late,
                    .light = !counter_->sees(),
                    .elapsed = elapsed},
                   now);
    remember_places(now.mono);
}

// The text is the same while nothing changes, so that a quiet shop writes nothing.
void VideoLoop::remember_places(MonoTime now) {
    remembered_at_ = remembered_at_.value_or(now);
    if (!parts_.remember || now - *remembered_at_ < kRememberEvery) return;
    remembered_at_ = now;
    std::string text = still_text(counter_->mask().places(), scene_size_);
    if (text != remembered_) parts_.remember(remembered_ = std::move(text));
}

// A live camera that is faster than we are loses its oldest pictures.
milliseconds VideoLoop::pace(MonoTime now) {
    if (is_file()) {
        return parts_.settings.source.paced ? pace_file(now) : milliseconds{0};
    }
    behind_ = catch_up_.behind(now, live_period());
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
