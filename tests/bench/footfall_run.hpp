#pragma once

#include <ctime>
#include <fstream>
#include <memory>
#include <optional>
#include <set>
#include <sstream>
#include <string>

#include "drivers/camera/frame_source.hpp"
#include "drivers/camera/people_counter.hpp"
#include "drivers/simulated/scene_script.hpp"
#include "drivers/tracking/mot_counts.hpp"

// What footfall_bench measures: pictures or boxes in, tracks and crossings out, through the same
// parts that `aisled` uses.
namespace aisle::bench {

// A track reaches over a gap of the tracker's coasting, at ten pictures a second.
inline constexpr std::int64_t kGapFramesMax = 15;
inline constexpr milliseconds kElapsedMax{2000};  // as in the camera's loop

struct Outcome {
    std::vector<tracking::MotRow> rows;          // of confirmed tracks, gaps filled
    std::vector<tracking::LineCount> counts;     // by counting place
    std::vector<tracking::LineCrossing> events;  // in the order of counting
    std::int64_t frames = 0;
    double cpu_ms_per_frame = 0;
};

inline double cpu_ms() { return 1000.0 * static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

inline std::string text_of(const std::string& path) {
    std::stringstream text;
    text << std::ifstream{path}.rdbuf();
    return text.str();
}

// Gathers what a run tells. A track's rows count from its beginning, once it is confirmed.
class Gathering {
public:
    explicit Gathering(const tracking::Scene& scene) {
        outcome_.counts.resize(tracking::counting_size(scene));
    }

    void add(std::span<const tracking::Track> tracks,
             std::span<const tracking::LineCrossing> crossings, std::int64_t frame) {
        for (const tracking::Track& track : tracks) {
            if (track.confirmed) confirmed_.insert(track.id);
            if (track.seen) outcome_.rows.push_back({frame, track.id, track.box});
        }
        for (const tracking::LineCrossing& crossing : crossings) {
            tracking::LineCount& count = outcome_.counts[crossing.line];
            ++(crossing.direction == Direction::In ? count.in : count.out);
            outcome_.events.push_back(crossing);
        }
        ++outcome_.frames;
    }

    Outcome finish(double began_ms) {
        if (outcome_.frames > 0) {
            outcome_.cpu_ms_per_frame =
                (cpu_ms() - began_ms) / static_cast<double>(outcome_.frames);
        }
        std::erase_if(outcome_.rows,
                      [&](const tracking::MotRow& row) { return !confirmed_.contains(row.id); });
        outcome_.rows = tracking::fill_gaps(std::move(outcome_.rows), kGapFramesMax);
        return std::move(outcome_);
    }

private:
    Outcome outcome_;
    std::set<std::int64_t> confirmed_;
};

// Boxes by frame through tracker and lines.
inline Outcome run_boxes(const std::vector<std::vector<tracking::MotRow>>& frames,
                         const tracking::Scene& scene, tracking::MotFrames asked) {
    constexpr milliseconds kPeriod{100};
    tracking::Tracker tracker;
    tracking::LineCounter lines{scene};
    Gathering gathering{scene};
    std::vector<tracking::Box> boxes;
    const double began_ms = cpu_ms();
    for (auto n = asked.first; n < static_cast<std::int64_t>(frames.size()); ++n) {
        boxes.clear();
        for (const auto& row : frames[static_cast<std::size_t>(n)]) boxes.push_back(row.box);
        const auto tracks = tracker.update(boxes, kPeriod);
        gathering.add(tracks, lines.update(tracks, n), n);
    }
    return gathering.finish(began_ms);
}

struct VideoRun {
    std::string video;
    camera::DetectorSettings detector;
    tracking::MotFrames frames;  // last 0: to the end
};

// Nothing where there is no such video or detector; the reason goes to stderr.
inline std::optional<Outcome> run_video(const VideoRun& run, const tracking::Scene& scene) {
    auto detector = camera::make_detector(run.detector, scene);
    if (!detector) {
        std::fprintf(stderr, "footfall_bench: %s\n", detector.error().detail.c_str());
        return std::nullopt;
    }
    const auto source = camera::make_frame_source({.location = run.video, .paced = false});
    if (!source->open()) {
        std::fprintf(stderr, "footfall_bench: no video at %s\n", run.video.c_str());
        return std::nullopt;
    }
    const double fps = source->fps() > 0 ? source->fps() : 10;
    const milliseconds period{static_cast<std::int64_t>(1000 / fps)};
    camera::PeopleCounter counter{std::move(*detector), scene};
    Gathering gathering{scene};
    camera::Frame frame;
    const double began_ms = cpu_ms();
    for (std::int64_t n = 1; run.frames.last == 0 || n <= run.frames.last; ++n) {
        if (source->read(frame) != camera::Grab::Frame) break;
        if (n < run.frames.first) continue;
        const auto seen = counter.see(frame, {.frame = n, .at = period * n, .elapsed = period});
        gathering.add(counter.tracks(), seen.crossings, n);
    }
    return gathering.finish(began_ms);
}

inline tracking::Scene scene_of(const simulated::SceneScript& script) {
    tracking::Scene scene;
    for (const simulated::SceneLine& line : script.lines) {
        scene.lines.push_back(
            {.name = line.name,
             .from = {static_cast<double>(line.from.x), static_cast<double>(line.from.y)},
             .to = {static_cast<double>(line.to.x), static_cast<double>(line.to.y)}});
    }
    scene.view = tracking::View::Above;
    return scene;
}

// A scene's pictures as its camera delivers them; repeats are left out, as in the camera's loop.
inline std::optional<Outcome> run_scene(const simulated::SceneScript& script,
                                        const camera::DetectorSettings& settings) {
    const tracking::Scene scene = scene_of(script);
    auto detector = camera::make_detector(settings, scene);
    if (!detector) return std::nullopt;
    camera::PeopleCounter counter{std::move(*detector), scene};
    simulated::SceneRenderer renderer{script};
    Gathering gathering{scene};
    camera::Frame frame;
    milliseconds last{};
    const double began_ms = cpu_ms();
    for (std::size_t k = 0; k < script.deliveries.size(); ++k) {
        const simulated::Delivery& given = script.deliveries[k];
        const simulated::Picture& picture = renderer.render(given.frame);
        if (picture.bgr == frame.bgr) continue;
        frame.shape({picture.width, picture.height});
        frame.bgr = picture.bgr;
        const auto number = static_cast<std::int64_t>(k + 1);
        const milliseconds elapsed = std::min(given.at - last, kElapsedMax);
        const auto seen = counter.see(frame, {.frame = number, .at = given.at, .elapsed = elapsed});
        gathering.add(counter.tracks(), seen.crossings, number);
        last = given.at;
    }
    return gathering.finish(began_ms);
}

}  // namespace aisle::bench
