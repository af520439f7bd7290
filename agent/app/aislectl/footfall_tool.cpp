// aislectl footfall count: people over counting lines in a video.
#include <CLI/CLI.hpp>
#include <charconv>
#include <memory>

#include "agent/app/aislectl/tool.hpp"
#include "agent/app/camera_module.hpp"

namespace aisle::app::ctl {
namespace {

struct FootfallCount {
    camera::CountSettings settings;
    std::string frames;
};

// "A-B", from 1, both ends in it.
bool read_frames(const std::string& text, camera::CountSettings& settings) {
    if (text.empty()) return true;
    const char* end = text.data() + text.size();
    const auto first = std::from_chars(text.data(), end, settings.first_frame);
    if (first.ec != std::errc{} || first.ptr == end || *first.ptr != '-') return false;
    const auto last = std::from_chars(first.ptr + 1, end, settings.last_frame);
    return last.ec == std::errc{} && last.ptr == end && settings.first_frame >= 1 &&
           settings.last_frame >= settings.first_frame;
}

int run(FootfallCount& options, const Outcome& outcome) {
    if (!read_frames(options.frames, options.settings)) {
        return fail(malformed("--frames must be A-B with 1 <= A <= B")), kUsage;
    }
    const auto module = camera_module();
    if (!module) return fail(module.error());
    const auto counted = (*module)->count_video(
        options.settings, [&](std::string_view line) { print(line, outcome); });
    if (counted) return kOk;
    const int exit = fail(counted.error());
    return counted.error().fault == Fault::Unavailable ? kNoInput : exit;
}

}  // namespace

void add_footfall(CLI::App& app, Outcome& outcome) {
    auto* footfall = app.add_subcommand("footfall", "counting people")->require_subcommand(1);
    auto options = std::make_shared<FootfallCount>();
    auto* count = footfall->add_subcommand("count", "crossings of a video, the sums last");
    count->add_option("video", options->settings.video, "video file")->required();
    count->add_option("--scene", options->settings.scene, "counting lines (TOML)")->required();
    count->add_option("--detector", options->settings.detector.kind, "motion or onnx")->capture_default_str();
    count->add_option("--model", options->settings.detector.model, "for detector onnx");
    count->add_option("--frames", options->frames, "A-B, from 1");
    count->add_option("--tracks", options->settings.tracks, "write tracks in MOTChallenge form");
    count->callback([options, &outcome] { outcome.exit = run(*options, outcome); });
    add_calibrate(*footfall, outcome);
}

}  // namespace aisle::app::ctl
