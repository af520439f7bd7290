#include "page_floor.hpp"

#include <fstream>

#include "agent/app/camera_module.hpp"

namespace aisle {
namespace {

constexpr int kWidth = 640;
constexpr int kHeight = 480;

std::unique_ptr<TimeZone> shanghai() {
    return std::move(*runtime::open_time_zone("Asia/Shanghai"));
}

// A door in a wall, as a camera beside it would have learnt it.
camera::GreyPicture floor_picture() {
    camera::GreyPicture picture{.width = 160, .height = 120};
    for (int y = 0; y < picture.height; ++y) {
        for (int x = 0; x < picture.width; ++x) {
            const bool door = x > 60 && x < 100 && y < 40;
            const int tiles = (x / 10 + y / 10) % 2 * 12;
            picture.grey.push_back(static_cast<std::uint8_t>(door ? 210 : 120 + tiles));
        }
    }
    return picture;
}

}  // namespace

PlayedFloor::PlayedFloor(runtime::Executor& loop, const std::string& scene)
    : loop_{loop},
      zone_{shanghai()},
      footfall_{{.doors = {{.id = DoorId{"main"}},
                           {.id = DoorId{"side"}, .counts_for_conversion = false}}},
                *zone_},
      taps_{{loop.clock(), footfall_, commissioning_, zones_now_, cameras_}},
      scenes_{{loop, cameras_,
               [&loop](runtime::Task task) {
                   loop.post(std::move(task));
                   return true;
               },
               [](const auto&, const std::function<void()>& then) { then(); }}},
      scene_{scene} {
    std::ofstream{scene_} << "uturn_s = 15\n\n[[line]]\nname = \"main\"\n"
                             "points = [[240, 180], [400, 180]]\n\n[[zone]]\nname = \"queue\"\n"
                             "kind = \"queue\"\npoints = [[40, 260], [240, 260], [240, 440], "
                             "[40, 440]]\n";
    preview_->paint(floor_picture());
    people();
    show_camera();
    playing_ = runtime::every(loop_, milliseconds{200}, [this] { play(); });
}

bool PlayedFloor::hang_into(runtime::HttpRoutes& routes) {
    const auto module = app::camera_module();
    if (!module) return false;
    cameras_.add({.name = "door-cam", .scene = scene_, .doors = {}, .preview = preview_}, **module);
    taps_.hang_into(routes);
    scenes_.hang_into(routes);
    routes.on("POST", "/test/cross",
              [this](const runtime::HttpRequest& request, const runtime::HttpReply& reply) {
                  const boost::json::value body = boost::json::parse(request.body);
                  const Crossing crossing{.door = DoorId{std::string{body.at("door").as_string()}},
                                          .direction = body.at("direction").as_string() == "in"
                                                           ? Direction::In
                                                           : Direction::Out,
                                          .at = loop_.clock().now().wall};
                  footfall_.crossing(crossing);
                  commissioning_.crossing(crossing);
                  reply({.body = "{}"});
              });
    return true;
}

void PlayedFloor::play() {
    const Stamp now = loop_.clock().now();
    footfall_.tick(now);
    for (const auto& judged : commissioning_.tick(now.wall)) {
        commissioning_.committed(judged.session);
        if (judged.found.enough())
            footfall_.know_accuracy(judged.found.door, footfall::permille_of(judged.found.tries()));
    }
    if (preview_->scene_is_asked_for()) preview_->answer({});
    show_camera();
}

// What the last quarter of an hour brought.
void PlayedFloor::people() {
    const Stamp now = loop_.clock().now();
    footfall_.tick(now);
    const WallTime minute = std::chrono::floor<minutes>(now.wall) - minutes{1};
    for (int i = 0; i < 23; ++i) {
        footfall_.crossing({.door = DoorId{"main"},
                            .direction = i % 3 == 0 ? Direction::Out : Direction::In,
                            .at = minute});
    }
    footfall_.blind({.door = DoorId{"side"}, .from = minute - minutes{4}, .to = minute});
    for (const int length_s : {20, 45, 90, 200}) {
        footfall_.stay({.zone = ZoneId{"queue"},
                        .use = ZoneUse::Queue,
                        .entered = minute - seconds{length_s},
                        .left = minute,
                        .served = length_s < 100});
    }
    SceneMinute scene{.camera = "door-cam",
                      .from = minute,
                      .to = minute + minutes{1},
                      .frames = 600,
                      .loads = {{.zone = ZoneId{"queue"},
                                 .use = ZoneUse::Queue,
                                 .person_ms = 108'000,
                                 .peak = 4}},
                      .steps = {{.from = ZoneId{"entrance"}, .to = ZoneId{"queue"}, .n = 9}}};
    for (int cell = 0; cell < kHeatColumns * kHeatRows; ++cell) {
        const int x = cell % kHeatColumns - kHeatColumns / 2;
        const int y = cell / kHeatColumns - kHeatRows / 2;
        const int near = 120 - x * x - 2 * y * y;
        if (near > 0) scene.heat.push_back({.cell = cell, .person_ms = near * 100});
    }
    footfall_.scene(scene);
    zones_now_.heard(scene);
}

void PlayedFloor::show_camera() {
    preview_->show({.width = kWidth,
                    .height = kHeight,
                    .at = loop_.clock().now().wall,
                    .boxes = {{.x = 300, .y = 150, .w = 50, .h = 120, .sure = true},
                              {.x = 90, .y = 290, .w = 48, .h = 118, .sure = true},
                              {.x = 500, .y = 60, .w = 40, .h = 100}}});
}

}  // namespace aisle
