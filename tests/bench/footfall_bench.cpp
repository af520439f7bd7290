// How far the counting can be trusted: MOTA, IDF1, HOTA and wrong crossings on any truth in MOT
// form, and all scenes under a door's camera, as a table.
//
//   footfall_bench [--seeds N] [--kind KIND]          the shared clip where it is, then the scenes
//   footfall_bench --truth GT.txt --scene SCENE.toml  (--video FILE [--detector motion|onnx]
//                  [--model FILE] | --detections FILE) [--frames A-B] [--plot PREFIX]
#include <CLI/CLI.hpp>
#include <cstdio>
#include <filesystem>
#include <iostream>

#include "drivers/camera/scene_file.hpp"
#include "footfall_plot.hpp"

namespace {

using namespace aisle;
using bench::Outcome;

struct Asked {
    int seeds = 10;
    std::string kind;
    std::string truth;
    std::string scene;
    bench::VideoRun run;
    std::string detections;
    std::string frames;
    std::string plot;
};

void print_head() {
    std::printf("%-24s %6s %6s %6s %6s %6s %5s %6s %6s %9s %8s\n", "run", "MOTA", "IDF1", "HOTA",
                "DetA", "AssA", "IDS", "FN", "FP", "wrong/of", "cpu ms");
}

void print_row(const std::string& name, const tracking::MotScore& s, std::int64_t wrong,
               std::int64_t crossings, double cpu_ms) {
    const std::string count = std::to_string(wrong) + "/" + std::to_string(crossings);
    std::printf("%-24s %6.1f %6.1f %6.1f %6.1f %6.1f %5lld %6lld %6lld %9s %8.2f\n", name.c_str(),
                s.mota, s.idf1, s.hota, s.det_a, s.ass_a, static_cast<long long>(s.switches),
                static_cast<long long>(s.missed), static_cast<long long>(s.invented), count.c_str(),
                cpu_ms);
    std::fflush(stdout);
}

std::int64_t total(const std::vector<tracking::LineCount>& counts) {
    std::int64_t all = 0;
    for (const auto& count : counts) all += count.in + count.out;
    return all;
}

// Against a truth file: one row.
void judge(const std::string& name, const Outcome& outcome,
           const std::vector<tracking::MotRow>& truth, const tracking::Scene& scene,
           tracking::MotFrames frames) {
    const auto score = tracking::score(truth, outcome.rows, {.frames = frames});
    const auto counts = tracking::count_lines(truth, scene, frames);
    print_row(name, score, tracking::miscounts(counts, outcome.counts), total(counts),
              outcome.cpu_ms_per_frame);
}

Result<std::vector<tracking::MotRow>> load_rows(const std::string& path) {
    if (!std::filesystem::exists(path)) return unavailable("no file " + path);
    return tracking::parse_mot(bench::text_of(path));
}

int fail(const std::string& why) {
    std::fprintf(stderr, "footfall_bench: %s\n", why.c_str());
    return 66;
}

int judge_one(const Asked& asked) {
    const auto truth = load_rows(asked.truth);
    if (!truth) return fail(truth.error().detail);
    const auto scene = camera::load_scene(asked.scene);
    if (!scene) return fail(scene.error().detail);
    tracking::MotFrames frames = asked.run.frames;
    for (const auto& row : *truth) {
        if (asked.run.frames.last == 0) frames.last = std::max(frames.last, row.frame);
    }
    std::optional<Outcome> outcome;
    if (!asked.detections.empty()) {
        const auto rows = load_rows(asked.detections);
        if (!rows) return fail(rows.error().detail);
        outcome = bench::run_boxes(tracking::by_frame(*rows, frames.last), *scene, frames);
    } else {
        bench::VideoRun run = asked.run;
        run.frames = frames;
        outcome = bench::run_video(run, *scene);
    }
    if (!outcome) return 66;
    print_head();
    judge(asked.detections.empty() ? asked.run.detector.kind : "boxes", *outcome, *truth, *scene,
          frames);
    if (asked.plot.empty()) return 0;
    return bench::write_plots(asked.plot, *outcome, *scene, {}) ? 0
                                                                : fail("cannot write the plots");
}

// The clip and the truth that come with Debian and with the project's shared data.
void judge_shared() {
    const std::string shared = AISLE_SHARED_DIR "/data/footfall/";
    const std::string video = AISLE_SOURCE_DIR "/build/data/vtest.avi";
    const auto truth = load_rows(shared + "vtest_gt_frames_1_400.txt");
    const auto scene = camera::load_scene(shared + "vtest_scene.toml");
    if (!truth || !scene) {
        std::printf("no shared truth: the clip is left out\n");
        return;
    }
    const tracking::MotFrames frames{.first = 1, .last = 400};
    std::vector<tracking::MotRow> perfect = *truth;
    for (auto& row : perfect) row.box.score = 1;
    judge("perfect boxes", bench::run_boxes(tracking::by_frame(perfect, 400), *scene, frames),
          *truth, *scene, frames);
    bench::VideoRun run{.video = video, .frames = frames};
    if (const auto motion = bench::run_video(run, *scene)) {
        judge("vtest motion", *motion, *truth, *scene, frames);
    }
    run.detector = {.kind = "onnx", .model = shared + "yolox_nano.onnx"};
    if (const auto onnx = bench::run_video(run, *scene)) {
        judge("vtest onnx", *onnx, *truth, *scene, frames);
    }
}

struct SceneSum {
    std::int64_t wrong = 0;
    std::int64_t crossings = 0;
    tracking::MotScore mean;
    double cpu_ms = 0;
};

// A crossing that was not wholly delivered may be counted or not.
std::int64_t off(std::int64_t counted, std::int64_t sure, std::int64_t blind) {
    return std::max<std::int64_t>({0, sure - counted, counted - sure - blind});
}

void add_seed(SceneSum& sum, const simulated::SceneScript& script, const Outcome& outcome,
              double share) {
    for (std::size_t i = 0; i < script.lines.size(); ++i) {
        const auto truth = script.tally(i);
        const auto& counted = outcome.counts[i];
        sum.wrong += off(counted.in, truth.in, truth.blind_in);
        sum.wrong += off(counted.out, truth.out, truth.blind_out);
        sum.crossings += truth.in + truth.out;
    }
    const auto truth = tracking::parse_mot(script.mot_truth());
    if (!truth) return;
    const auto score = tracking::score(*truth, outcome.rows);
    sum.mean.mota += share * score.mota;
    sum.mean.idf1 += share * score.idf1;
    sum.mean.hota += share * score.hota;
    sum.mean.det_a += share * score.det_a;
    sum.mean.ass_a += share * score.ass_a;
    sum.mean.switches += score.switches;
    sum.mean.missed += score.missed;
    sum.mean.invented += score.invented;
    sum.cpu_ms += share * outcome.cpu_ms_per_frame;
}

// Each kind over the seeds: means of the shares, sums of the counts. CPU with painting the
// pictures.
void judge_scenes(const Asked& asked) {
    SceneSum all;
    for (const auto kind : simulated::kSceneKinds) {
        const std::string name{simulated::to_text(kind)};
        if (!asked.kind.empty() && asked.kind != name) continue;
        SceneSum sum;
        for (int seed = 1; seed <= asked.seeds; ++seed) {
            const auto script = simulated::make_scene(kind, static_cast<std::uint64_t>(seed));
            const auto outcome = bench::run_scene(script, asked.run.detector);
            if (!outcome) return;
            add_seed(sum, script, *outcome, 1.0 / asked.seeds);
            if (!asked.plot.empty() && seed == 1) {
                bench::write_plots(asked.plot + "-" + name, *outcome, bench::scene_of(script),
                                   {simulated::kSceneWidth, simulated::kSceneHeight});
            }
        }
        print_row("scene " + name, sum.mean, sum.wrong, sum.crossings, sum.cpu_ms);
        all.wrong += sum.wrong;
        all.crossings += sum.crossings;
    }
    if (all.crossings == 0) return;
    std::printf(
        "scenes: %lld of %lld crossings wrong, %.2f %% right\n", static_cast<long long>(all.wrong),
        static_cast<long long>(all.crossings),
        100.0 - 100.0 * static_cast<double>(all.wrong) / static_cast<double>(all.crossings));
}

bool read_frames(Asked& asked) {
    if (asked.frames.empty()) return true;
    long long first = 0;
    long long last = 0;
    if (std::sscanf(asked.frames.c_str(), "%lld-%lld", &first, &last) != 2) return false;
    asked.run.frames = {.first = first, .last = last};
    return first >= 1 && last >= first && last <= tracking::kMotFramesMax;
}

}  // namespace

int main(int argc, char** argv) {
    Asked asked;
    CLI::App app{"How far the counting of people can be trusted"};
    app.add_option("--seeds", asked.seeds, "of each scene")->check(CLI::Range(1, 1000));
    app.add_option("--kind", asked.kind, "only this scene");
    app.add_option("--truth", asked.truth, "in MOTChallenge form");
    app.add_option("--scene", asked.scene, "scene file with the lines");
    app.add_option("--video", asked.run.video);
    app.add_option("--detector", asked.run.detector.kind);
    app.add_option("--model", asked.run.detector.model);
    app.add_option("--detections", asked.detections, "boxes in MOTChallenge form, not a video");
    app.add_option("--frames", asked.frames, "A-B");
    app.add_option("--plot", asked.plot, "PREFIX of tracks, heat and counts as PNG");
    CLI11_PARSE(app, argc, argv);
    if (!read_frames(asked)) return fail("--frames takes A-B, from 1 upwards");
    if (!asked.truth.empty()) return judge_one(asked);
    print_head();
    if (asked.kind.empty()) judge_shared();
    judge_scenes(asked);
    return 0;
}
