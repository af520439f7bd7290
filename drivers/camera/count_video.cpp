#include "drivers/camera/count_video.hpp"

#include <algorithm>
#include <array>
#include <ctime>
#include <fstream>
#include <map>
#include <opencv2/core.hpp>
#include <set>
#include <tuple>
#include <vector>

#include "drivers/camera/fit_frame.hpp"
#include "drivers/camera/frame_source.hpp"
#include "drivers/camera/people_counter.hpp"
#include "drivers/camera/scene_file.hpp"
#include "drivers/tracking/mot.hpp"

namespace aisle::camera {
namespace {

constexpr double kFpsUnknown = 10;
constexpr std::int64_t kWarmUpFrames =
    100;  // before the first one asked for: to learn the background
constexpr std::size_t kTrackRowsMax = 4'000'000;

double cpu_ms() { return 1000.0 * static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

std::string quoted(std::string_view text) {
    std::string json{"\""};
    for (const char c : text) {
        if (c == '"' || c == '\\') json += '\\';
        if (static_cast<unsigned char>(c) >= 0x20)
            json += c;
        else
            json += ' ';
    }
    return json + '"';
}

std::string json_of(const tracking::LineCrossing& crossing, const std::string& line) {
    return "{\"frame\":" + std::to_string(crossing.frame) + ",\"line\":" + quoted(line) +
           ",\"direction\":\"" + (crossing.direction == Direction::In ? "in" : "out") +
           "\",\"track\":" + std::to_string(crossing.track) + "}";
}

std::string json_of(const CountSummary& summary) {
    std::array<char, 32> cpu{};
    std::snprintf(cpu.data(), cpu.size(), "%.2f", summary.cpu_ms_per_frame);
    std::string json = "{\"summary\":true,\"frames\":" + std::to_string(summary.frames) +
                       ",\"cpu_ms_per_frame\":" + cpu.data() + ",\"lines\":{";
    const char* comma = "";
    for (const auto& [name, tally] : summary.lines) {
        json += comma + quoted(name) + ":{\"in\":" + std::to_string(tally.in) +
                ",\"out\":" + std::to_string(tally.out) +
                (tally.uturns > 0 ? ",\"uturns\":" + std::to_string(tally.uturns) : "") + "}";
        comma = ",";
    }
    return json + "}}";
}

// A track out of sight for so many frames is drawn through in the file, as evaluations of trackers
// do: what is known of it afterwards.
constexpr std::int64_t kGapFramesMax = 15;

// The tracks in MOTChallenge form. A track's rows count from its beginning, so they wait until it
// is confirmed.
class TrackRows {
public:
    bool add(std::span<const tracking::Track> tracks, std::int64_t frame) {
        for (const tracking::Track& track : tracks) {
            if (track.confirmed) confirmed_.insert(track.id);
            if (track.seen) rows_.push_back({.frame = frame, .id = track.id, .box = track.box});
        }
        return rows_.size() <= kTrackRowsMax;
    }

    [[nodiscard]] Status write(const std::string& path) const {
        std::vector<tracking::MotRow> rows;
        std::ranges::copy_if(rows_, std::back_inserter(rows), [&](const tracking::MotRow& row) {
            return confirmed_.contains(row.id);
        });
        std::ofstream file{path, std::ios::trunc};
        for (const auto& row : tracking::fill_gaps(std::move(rows), kGapFramesMax)) {
            file << tracking::mot_line(row);
        }
        file.flush();
        if (!file) return unavailable("cannot write the tracks to " + path);
        return {};
    }

private:
    std::vector<tracking::MotRow> rows_;
    std::set<std::int64_t> confirmed_;
};

class FileCount {
public:
    FileCount(const CountSettings& settings, std::unique_ptr<Detector> detector,
              tracking::Scene scene, const std::function<void(std::string_view)>& line)
        : settings_{settings},
          line_{line},
          source_{make_frame_source(
              {.kind = SourceKind::File, .location = settings.video, .paced = false})},
          counter_{std::move(detector), std::move(scene)} {}

    Result<CountSummary> run() {
        if (const auto status = source_->open(); !status) return status.error();
        const double fps = source_->fps() > 0 ? source_->fps() : kFpsUnknown;
        elapsed_ = milliseconds{static_cast<std::int64_t>(1000 / fps)};
        const tracking::Scene& scene = counter_.scene();
        for (std::size_t i = 0; i < tracking::counting_size(scene); ++i) {
            const bool counts = i >= scene.lines.size() || tracking::counts_alone(scene, i);
            if (counts) summary_.lines[tracking::counting_name(scene, i)] = {};
        }

        Frame frame;
        double began_ms = cpu_ms();
        for (std::int64_t n = 1; settings_.last_frame == 0 || n <= settings_.last_frame; ++n) {
            if (n == settings_.first_frame) began_ms = cpu_ms();
            if (source_->read(frame) != Grab::Frame) break;
            if (n + kWarmUpFrames < settings_.first_frame) continue;
            if (const auto status = see(in_scene(frame), n); !status) return status.error();
        }
        if (summary_.frames == 0) return malformed("no frame to count in " + settings_.video);
        summary_.cpu_ms_per_frame = (cpu_ms() - began_ms) / static_cast<double>(summary_.frames);
        return finish();
    }

private:
    // At the size that the scene is drawn for, as a camera's pictures are brought to it; without
    // one, as it is.
    const Frame& in_scene(const Frame& frame) {
        const auto& drawn = counter_.scene().picture;
        if (drawn.empty()) return frame;
        const Frame::Size size{.width = static_cast<int>(drawn.front().x),
                               .height = static_cast<int>(drawn.front().y)};
        if (frame.width == size.width && frame.height == size.height) return frame;
        fit_frame(frame, size, fitted_);
        return fitted_;
    }

    Status see(const Frame& frame, std::int64_t n) {
        const auto events =
            counter_.see(frame, {.frame = n, .at = n * elapsed_, .elapsed = elapsed_});
        for (const tracking::LineCrossing& crossing : events.crossings) {
            if (crossing.frame < settings_.first_frame) continue;
            const std::string& name = tracking::counting_name(counter_.scene(), crossing.line);
            LineTally& tally = summary_.lines[name];
            ++(crossing.direction == Direction::In ? tally.in : tally.out);
            line_(json_of(crossing, name));
        }
        for (const tracking::TurnBack& back : events.turn_backs) take_back(back);
        if (n < settings_.first_frame) return {};
        ++summary_.frames;
        const bool kept = settings_.tracks.empty() || rows_.add(counter_.tracks(), n);
        return kept ? Status{} : full("more tracks than can be kept: ask for fewer frames");
    }

    // The sums are net, as the agent's are; both crossings remain among the lines that were
    // printed.
    void take_back(const tracking::TurnBack& back) {
        const std::string& name = tracking::counting_name(counter_.scene(), back.line);
        LineTally& tally = summary_.lines[name];
        const bool in = back.first == Direction::In;
        line_("{\"frame\":" + std::to_string(back.frame) + ",\"line\":" + quoted(name) +
              ",\"direction\":\"" + (in ? "out" : "in") +
              "\",\"track\":" + std::to_string(back.track) + ",\"u_turn\":true}");
        if (back.first_at < settings_.first_frame * elapsed_) return;
        --(in ? tally.in : tally.out);
        ++tally.uturns;
    }

    Result<CountSummary> finish() {
        if (!settings_.tracks.empty()) {
            if (const auto status = rows_.write(settings_.tracks); !status) return status.error();
        }
        line_(json_of(summary_));
        return summary_;
    }

    const CountSettings& settings_;
    const std::function<void(std::string_view)>& line_;
    std::unique_ptr<FrameSource> source_;
    PeopleCounter counter_;
    Frame fitted_;
    milliseconds elapsed_{};
    CountSummary summary_;
    TrackRows rows_;
};

}  // namespace

Result<CountSummary> count_video(const CountSettings& settings,
                                 const std::function<void(std::string_view)>& line) {
    if (const auto status = check_detector(settings.detector); !status) return status.error();
    const bool reversed = settings.last_frame != 0 && settings.last_frame < settings.first_frame;
    if (settings.first_frame < 1 || settings.last_frame < 0 || reversed) {
        return malformed("frames count from 1 and go upwards");
    }
    auto scene = load_scene(settings.scene);
    if (!scene) return scene.error();
    auto detector = make_detector(settings.detector, *scene);
    if (!detector) return detector.error();
    try {
        return FileCount{settings, *std::move(detector), *std::move(scene), line}.run();
    } catch (const cv::Exception& error) {
        return malformed(std::string{"the video cannot be analysed: "} + error.what());
    }
}

}  // namespace aisle::camera
