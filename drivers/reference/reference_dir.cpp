#include "drivers/reference/reference_dir.hpp"

#include <algorithm>
#include <map>
#include <utility>
#include <vector>

#include "agent/runtime/log.hpp"
#include "drivers/reference/file_scan.hpp"

namespace aisle::reference {
namespace {

// File times are no finer than this on some systems: a file read within it may change without a
// trace in them.
constexpr seconds kTimesProveAfter{2};

std::string reason_of(LookOutcome outcome) {
    switch (outcome) {
        case LookOutcome::Unchanged:
            return "unchanged";
        case LookOutcome::Unfinished:
            return "unfinished";
        case LookOutcome::Refused:
            return "refused";
        case LookOutcome::Unreadable:
            return "unreadable";
        default:
            return "read";
    }
}

}  // namespace

// Lives as long as a scan is under way, so that its results find out that the driver has gone.
struct ReferenceDir::State : std::enable_shared_from_this<State> {
    // What is known of one file, on the loop only.
    struct Watched {
        std::optional<FileMark> taken;
        bool times_prove = false;
        std::optional<FileMark> unfinished;
        int scans_waited = 0;
        std::optional<FileMark> told;  // whose bad lines are in quarantine already
    };
    struct Looked {
        ReferenceFile file;
        LookResult look;
    };

    State(ReferenceDirSettings how, runtime::Executor& on, Elsewhere away, Sink& into,
          runtime::Metrics& counters)
        : settings{std::move(how)},
          loop{on},
          elsewhere{std::move(away)},
          sink{into},
          metrics{counters} {}

    ReferenceDirSettings settings;
    runtime::Executor& loop;
    Elsewhere elsewhere;
    Sink& sink;
    runtime::Metrics& metrics;
    std::map<ReferenceFile, Watched> files;
    runtime::TimerHandle timer;
    bool running = false;
    bool scanning = false;
    bool again = false;

    void scan();
    void done(std::vector<Looked> results);
    void apply(ReferenceFile file, LookResult look);
    void wait_for(Watched& watched, const FileMark& mark);
    void hand_over(ReferenceFile file, LookResult look);
    void quarantine_lines(ReferenceFile file, const ParsedFile& parsed);
    void quarantine(Quarantined item);
    bool prove(const FileMark& mark) const;
    void count(const std::string& outcome);
};

// Only values go to the other thread and only values come back, by way of the loop; the weak
// pointer finds out whether anybody is still there. One scan at a time: a slow disk must not pile
// them up.
void ReferenceDir::State::scan() {
    if (scanning || !running) {
        again = running;
        return;
    }
    std::vector<FileLook> looks;
    for (const ReferenceFile file : kReferenceFiles) {
        const Watched& watched = files[file];
        const bool settled = watched.scans_waited + 1 >= settings.settle_scans;
        looks.push_back({.file = file,
                         .path = settings.dir / file_name(file),
                         .bytes_max = kFileBytesMax,
                         .known = watched.taken,
                         .look_inside = !watched.times_prove,
                         .settled = settled ? watched.unfinished : std::nullopt});
    }
    auto task = [weak = weak_from_this(), &to = loop, looks = std::move(looks)] {
        std::vector<Looked> results;
        for (const auto& look : looks)
            results.push_back({.file = look.file, .look = look_at(look)});
        to.post([weak, results = std::move(results)]() mutable {
            if (const auto state = weak.lock()) state->done(std::move(results));
        });
    };
    scanning = true;
    if (!elsewhere) {
        task();
    } else if (!elsewhere(std::move(task))) {
        scanning = false;  // the next scan tries again
    }
}

// Four files: no bound is needed beyond their own.
void ReferenceDir::State::done(std::vector<Looked> results) {
    scanning = false;
    if (!running) return;
    for (auto& [file, look] : results) apply(file, std::move(look));
    if (std::exchange(again, false)) scan();
}

// A missing file is no change, so that a careless rename does not empty the shop's member list.
void ReferenceDir::State::apply(ReferenceFile file, LookResult look) {
    Watched& watched = files[file];
    if (look.outcome == LookOutcome::Missing || look.outcome == LookOutcome::Untouched) return;
    if (look.outcome == LookOutcome::Read) return hand_over(file, std::move(look));
    count(reason_of(look.outcome));
    if (look.outcome == LookOutcome::Unfinished) return wait_for(watched, look.mark);
    if (look.outcome == LookOutcome::Unreadable) return;
    watched.taken = look.mark;
    watched.times_prove = look.outcome == LookOutcome::Refused || prove(look.mark);
    if (look.outcome == LookOutcome::Refused) {
        quarantine({.source = settings.source,
                    .reason = "limit",
                    .detail = look.detail,
                    .origin = std::string{file_name(file)},
                    .byte_to = look.mark.size,
                    .at = loop.clock().now(),
                    .payload = {}});
    }
}

// Marks hold the content's hash: growth within one tick of the file's clock starts the wait again
// too.
void ReferenceDir::State::wait_for(Watched& watched, const FileMark& mark) {
    watched.scans_waited = watched.unfinished == mark ? watched.scans_waited + 1 : 0;
    watched.unfinished = mark;
}

// The rows first, then the complaints: a full sink must not get the same complaints with every
// scan.
void ReferenceDir::State::hand_over(ReferenceFile file, LookResult look) {
    Watched& watched = files[file];
    const std::string name{file_name(file)};
    Reading reading{
        .body =
            ReferenceReading{
                .source = settings.source, .file = name, .rows = std::move(look.parsed.rows)},
        .position = SourcePosition{
            .source = settings.source, .item = name, .position = to_position(look.mark)}};
    const Status taken =
        sink.accept(std::move(reading), [weak = weak_from_this(), file](const auto& answer) {
            const auto state = weak.lock();
            if (state && !answer) state->files[file].taken.reset();  // not durable: read it again
        });
    if (!taken) return count("full");
    count("read");
    watched.taken = look.mark;
    watched.times_prove = prove(look.mark);
    watched.unfinished.reset();
    watched.scans_waited = 0;
    if (!watched.told || watched.told->hash != look.mark.hash) quarantine_lines(file, look.parsed);
    watched.told = look.mark;
}

// Without the lines themselves: raw ids of members and tags must not reach the disk that way. The
// range finds them.
void ReferenceDir::State::quarantine_lines(ReferenceFile file, const ParsedFile& parsed) {
    if (parsed.bad_total == 0) return;
    const std::string name{file_name(file)};
    log::warn("reference_lines_rejected", {{"file", name}, {"lines", parsed.bad_total}});
    metrics
        .counter("aisle_reference_lines_rejected_total",
                 "Lines of reference files that cannot be used")
        .add(static_cast<double>(parsed.bad_total));
    for (const auto& bad : parsed.bad) {
        quarantine({.source = settings.source,
                    .reason = bad.reason,
                    .detail = "line " + std::to_string(bad.line) + ": " + bad.detail,
                    .origin = name,
                    .byte_from = bad.from,
                    .byte_to = bad.to,
                    .at = loop.clock().now(),
                    .payload = {}});
    }
}

void ReferenceDir::State::quarantine(Quarantined item) {
    if (!sink.accept({.body = RejectedReading{std::move(item)}, .position = std::nullopt}, {}))
        count("full");
}

// A wall clock that is wrong costs a look inside, never a change that is missed for good: without
// proof we look.
bool ReferenceDir::State::prove(const FileMark& mark) const {
    const std::chrono::nanoseconds changed{mark.mtime_ns};
    return loop.clock().now().wall.time_since_epoch() > changed + kTimesProveAfter;
}

void ReferenceDir::State::count(const std::string& outcome) {
    metrics
        .counter("aisle_reference_files_total", "Looks at reference files", {{"outcome", outcome}})
        .add();
}

ReferenceDir::ReferenceDir(ReferenceDirSettings settings, runtime::Executor& loop,
                           Elsewhere elsewhere, Sink& sink, runtime::Metrics& metrics)
    : state_{std::make_shared<State>(std::move(settings), loop, std::move(elsewhere), sink,
                                     metrics)} {}

ReferenceDir::~ReferenceDir() { stop(); }

void ReferenceDir::restore(std::span<const SourcePosition> positions) {
    for (const auto& position : positions) {
        if (position.source != state_->settings.source) continue;
        for (const ReferenceFile file : kReferenceFiles) {
            if (position.item != file_name(file)) continue;
            auto& watched = state_->files[file];
            watched.told = mark_from(position.position);
            if (!state_->settings.reread_at_start) watched.taken = watched.told;
        }
    }
}

void ReferenceDir::start() {
    state_->running = true;
    State* state = state_.get();  // which owns the timer
    state->timer =
        runtime::every(state->loop, state->settings.scan_every, [state] { state->scan(); });
    state->scan();
}

void ReferenceDir::stop() {
    state_->running = false;
    state_->timer.cancel();
}

void ReferenceDir::nudge() { state_->scan(); }

}  // namespace aisle::reference
