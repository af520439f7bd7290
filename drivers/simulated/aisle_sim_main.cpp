// aisle-sim: a shop that does not exist, with known truth.
#include <CLI/CLI.hpp>
#include <iostream>

#include "agent/runtime/io_loop.hpp"
#include "agent/runtime/log.hpp"
#include "agent/runtime/signals.hpp"
#include "agent/runtime/system_clock.hpp"
#include "drivers/simulated/door_camera.hpp"
#include "drivers/simulated/player.hpp"
#include "drivers/simulated/scene_export.hpp"
#include "sync/mqtt/transport.hpp"

namespace {

using namespace aisle;

// How long the door is shown after the end: who has crossed last must be seen to have.
constexpr milliseconds kCurtain{2000};

struct Options {
    simulated::PlanSettings plan;
    simulated::PlayerSettings player;
    std::string start;
    std::int64_t length_s = 120;
    std::int64_t between_ms = 3000;
    std::string broker_host = "127.0.0.1";
    std::uint16_t broker_port = 0;
    std::string camera;
    bool at_once = false;
};

void add_options(CLI::App& app, Options& options) {
    app.add_option("--seed", options.plan.seed, "same seed, same bytes");
    app.add_option("--store", options.plan.store, "the shop's id")->capture_default_str();
    app.add_option("--source", options.plan.source, "name of the till system")
        ->capture_default_str();
    app.add_option("--tills", options.player.till_dir, "directory that receipts are dropped into")
        ->required();
    app.add_option("--reference", options.player.reference_dir,
                   "directory for members, products, tags, facts")
        ->required();
    app.add_option("--truth", options.player.truth_file, "file for what is true")->required();
    app.add_option("--start", options.start,
                   "RFC 3339; default: now. Give it to go on after a crash");
    app.add_option("--seconds", options.length_s, "length")
        ->capture_default_str()
        ->check(CLI::Range(1, 86'400));
    app.add_option("--between-ms", options.between_ms, "mean time between shoppers")
        ->capture_default_str()
        ->check(CLI::Range(50, 600'000));
    app.add_option("--broker-port", options.broker_port, "MQTT on loopback; 0: no sensors");
    app.add_option("--camera", options.camera, "named pipe to show the shop's door in, as a video");
    app.add_flag("--dirt", options.plan.dirt, "half-written, doubled, late and corrected receipts");
    app.add_flag("--at-once", options.at_once, "write all files now and end");
    app.set_version_flag("--version", AISLE_VERSION);
}

int fail(const Error& error) {
    std::cerr << "aisle-sim: " << error.detail << "\n";
    return error.fault == Fault::Malformed ? 64 : 74;
}

Status settle(Options& options, const Clock& clock) {
    options.plan.start = clock.now().wall;
    if (!options.start.empty()) {
        const auto start = parse_rfc3339(options.start);
        if (!start) return malformed("--start is not an RFC 3339 time: " + options.start);
        options.plan.start = *start;
    }
    constexpr minutes kShanghaiSinceBusinessCut{480 - 240};  // UTC+8, the day begins at 04:00
    options.plan.business_date =
        Date{std::chrono::floor<std::chrono::days>(options.plan.start + kShanghaiSinceBusinessCut)};
    options.plan.length = seconds{options.length_s};
    options.plan.between_shoppers = milliseconds{options.between_ms};
    return {};
}

int play(const Options& options, runtime::IoLoop& loop, runtime::Metrics& metrics) {
    std::unique_ptr<Transport> transport;
    if (options.broker_port != 0 && !options.at_once) {
        transport = mqtt::make_transport(loop, metrics,
                                         {.name = "sensors",
                                          .host = options.broker_host,
                                          .port = options.broker_port,
                                          .client_id = "aisle-sim",
                                          .last_wait = seconds{2}});
        transport->start();
    }
    simulated::Player player{simulated::make_plan(options.plan), options.player, loop,
                             transport.get()};
    if (options.at_once) {
        const Status written = player.write_all();
        return written ? 0 : fail(written.error());
    }
    simulated::DoorCamera camera{player.plan(), options.camera, loop};
    if (!options.camera.empty()) {
        if (const Status started = camera.start(); !started) return fail(started.error());
    }
    const auto end = [&] {
        if (!transport) return loop.stop();
        transport->stop([&] { loop.stop(); });
    };
    runtime::TimerHandle curtain;
    const auto over = [&] {
        if (options.camera.empty()) return end();
        curtain = loop.after(kCurtain, end);
    };
    runtime::Signals signals{loop, {.stop = end, .reload = [] {}}};
    if (const Status started = player.start(over); !started) return fail(started.error());
    loop.run();
    return 0;
}

// `aisle-sim scene`: files to measure a counter with, and no shop.
int make_files(int argc, char** argv) {
    std::string kind = "plain";
    std::uint64_t seed = 1;
    simulated::SceneFiles files;
    CLI::App app{"A scene under a door's camera with exact truth", "aisle-sim scene"};
    app.add_option("--kind", kind,
                   "plain, shadow, light_step, pairs, uturn, linger, trolley, "
                   "child, crowd, camera_gap, frozen, mannequin or night")
        ->capture_default_str();
    app.add_option("--seed", seed, "same seed, same bytes on every machine")->capture_default_str();
    app.add_option("--video", files.video, "what the camera delivers, as YUV4MPEG2");
    app.add_option("--truth", files.truth, "boxes in MOTChallenge form");
    app.add_option("--lines", files.lines, "scene file for aislectl footfall count");
    app.add_option("--crossings", files.crossings, "crossings, one JSON object a line");
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? 0 : 64;
    }
    const auto which = simulated::scene_kind_from(kind);
    if (!which) return fail(malformed("no such kind of scene: " + kind));
    const Status written = simulated::export_scene(simulated::make_scene(*which, seed), files);
    return written ? 0 : fail(written.error());
}

}  // namespace

int main(int argc, char** argv) {
    if (argc > 1 && std::string_view{argv[1]} == "scene") return make_files(argc - 1, argv + 1);
    Options options;
    CLI::App app{
        "Aisle's simulated shop: tills, tags, doors and people, with their truth in a file. "
        "`aisle-sim scene --help`: scenes to measure a camera's counter with"};
    add_options(app, options);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? 0 : 64;
    }
    const runtime::SystemClock clock{1};
    if (const Status settled = settle(options, clock); !settled) return fail(settled.error());
    const auto metrics = runtime::make_metrics();
    runtime::IoLoop loop{clock, *metrics};
    return play(options, loop, *metrics);
}
