#include "drivers/camera/video_loop.hpp"

#include <algorithm>
#include <set>
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

DoorId door_of(const VideoSettings& settings, const std::string& line) {
    const auto found = settings.doors.find(line);
    return found == settings.doors.end() ? DoorId{line} : found->second;
}

}  // namespace

VideoLoop::VideoLoop(Parts parts, const Stamp& now)
    : parts_{std::move(parts)},
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
            begin_again();
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
    begin_again();
    return milliseconds{0};
}

void VideoLoop::begin_again() {
    counter_.reset();
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

milliseconds VideoLoop::look(const Clock& clock) {
    const Stamp now = clock.now();
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
    if (!is_file && since > kForget) counter_.reset();

    for (const auto& crossing : counter_.see(frame_, elapsed, ++number_)) {
        const milliseconds ago = (number_ - crossing.frame) * elapsed;
        const std::string& line = counter_.scene().lines[crossing.line].name;
        parts_.report(Crossing{.door = door_of(parts_.settings, line),
                               .direction = crossing.direction,
                               .at = now.wall - ago,
                               .mono = now.mono - ago});
    }
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
    std::set<DoorId> doors;
    for (const auto& line : counter_.scene().lines)
        doors.insert(door_of(parts_.settings, line.name));
    for (const DoorId& door : doors) {
        parts_.report(Blindness{.door = door,
                                .from = span->from,
                                .to = span->to,
                                .reason = "camera " + parts_.settings.name});
    }
}

}  // namespace aisle::camera
