#include "agent/app/scene_desk.hpp"

#include <gtest/gtest.h>

#include "agent/app/camera_module.hpp"
#include "agent/app/grey_bmp.hpp"
#include "http_desk.hpp"
#include "shop_world.hpp"

// The scene editor's other end, with the reader that cameras use.
namespace aisle::app {
namespace {

namespace json = boost::json;

const std::string kScene =
    "# drawn by hand\n[[line]]\nname = \"door\"\n"
    "points = [[320, 100], [320, 400]]\n";
const DeskRoutes::Wild kCam{{"camera", "cam"}};

// Its camera answers when the test says so.
struct Drawn {
    explicit Drawn(const camera::ModuleApi& module) : path{folder.write("s.toml", kScene)} {
        cameras.add(
            {.name = "cam", .scene = path, .doors = {{"door", DoorId{"main"}}}, .preview = preview},
            module);
        preview->show({.width = 640,
                       .height = 480,
                       .boxes = {{.x = 10, .y = 20, .w = 40, .h = 100, .sure = true}}});
        desk.hang_into(routes);
    }

    json::object read() {
        routes.call("GET /api/v1/cameras/{camera}/scene", kCam);
        loop.run_ready();
        return object_of(routes.later.value());
    }
    static json::object line(double x) {
        return {{"name", "door"},
                {"points", json::array{json::array{x, 100}, json::array{x, 400}}}};
    }
    static json::object scene_with(json::object line) {
        json::array lines;
        lines.emplace_back(std::move(line));
        json::object scene;
        scene["lines"] = std::move(lines);
        return scene;
    }
    // What was answered, if anything was, once all that could be done was done.
    std::optional<runtime::HttpResponse> save(const json::object& scene,
                                              const std::string& digest) {
        json::object body;
        body["scene"] = scene;
        body["digest"] = digest;
        body["by"] = "A3";
        routes.call("PUT /api/v1/cameras/{camera}/scene", kCam, json::serialize(body));
        loop.run_ready();
        return routes.later;
    }
    [[nodiscard]] std::string digest() { return std::string{read().at("digest").as_string()}; }

    Folder folder;
    std::string path;
    runtime::ManualClock clock{kit::at()};
    runtime::InlineExecutor loop{clock};
    std::shared_ptr<camera::Preview> preview = std::make_shared<camera::Preview>();
    Cameras cameras;
    std::vector<SceneDesk::Parts::Written> written;
    DeskRoutes routes;
    SceneDesk desk{{loop, cameras,
                    [this](runtime::Task task) {
                        loop.post(std::move(task));
                        return true;
                    },
                    [this](SceneDesk::Parts::Written what, const std::function<void()>& then) {
                        written.push_back(std::move(what));
                        then();
                    }}};
};

class SceneDeskTest : public testing::Test {
protected:
    void SetUp() override {
        const auto module = camera_module();
        if (!module) GTEST_SKIP() << module.error().detail;
        world = std::make_unique<Drawn>(**module);
    }
    std::unique_ptr<Drawn> world;
};

TEST_F(SceneDeskTest, ShowsBoxesAndNoPicture) {
    const auto camera =
        object_of(world->routes.call("GET /api/v1/cameras")).at("cameras").at(0).as_object();
    EXPECT_EQ(camera.at("width").as_int64(), 640);
    EXPECT_EQ(camera.at("boxes").at(0).at("h").as_int64(), 100);
    EXPECT_FALSE(camera.at("background").as_bool());
    EXPECT_EQ(world->routes.call("GET /api/v1/cameras/{camera}/background.bmp", kCam).status, 404);
}

TEST_F(SceneDeskTest, ShowsTheFloorOnceItIsKnown) {
    world->preview->paint({.width = 2, .height = 1, .grey = {7, 200}});
    const auto answer = world->routes.call("GET /api/v1/cameras/{camera}/background.bmp", kCam);
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.type, "image/bmp");
    EXPECT_EQ(answer.headers.at("Cache-Control"), "no-store");
}

TEST_F(SceneDeskTest, ReadsTheFileAsTheCameraDoes) {
    const auto found = world->read();
    EXPECT_EQ(found.at("scene").at("lines").at(0).at("name").as_string(), "door");
    EXPECT_EQ(found.at("digest").as_string().size(), 64U);
    EXPECT_TRUE(found.at("warnings").as_array().empty());
}

TEST_F(SceneDeskTest, WarnsOfALineTooNearTheEdge) {
    json::object body;
    body["scene"] = Drawn::scene_with(Drawn::line(20));
    const auto answer = world->routes.call("POST /api/v1/cameras/{camera}/scene:check", kCam,
                                           json::serialize(body));
    ASSERT_EQ(answer.status, 200) << answer.body;
    EXPECT_EQ(object_of(answer).at("warnings").at(0).at("flaw").as_string(), "line_at_edge");
}

TEST_F(SceneDeskTest, WritesASceneThatTheCameraTakes) {
    EXPECT_FALSE(world->save(Drawn::scene_with(Drawn::line(300)), world->digest()))
        << "the camera has not looked yet";
    EXPECT_TRUE(world->preview->scene_is_asked_for());
    world->preview->answer({});
    world->loop.advance(kAnswerLook);
    ASSERT_TRUE(world->routes.later);
    EXPECT_EQ(object_of(*world->routes.later).at("state").as_string(), "taken");
    EXPECT_NE(bytes_of(world->path).find("points = [[300, 100], [300, 400]]"), std::string::npos);
    EXPECT_EQ(bytes_of(world->path + ".old.1"), kScene);
    const auto told = object_of(*world->routes.later).at("digest");
    EXPECT_EQ(world->read().at("digest"), told);
}

TEST_F(SceneDeskTest, SaysForWhatSizeOfPictureItWasDrawn) {
    world->save(Drawn::scene_with(Drawn::line(300)), world->digest());
    EXPECT_NE(bytes_of(world->path).find("picture = [640, 480]"), std::string::npos);
}

TEST_F(SceneDeskTest, SaysThatACameraHasNotLookedYet) {
    world->save(Drawn::scene_with(Drawn::line(300)), world->digest());
    for (int i = 0; i < 31; ++i) world->loop.advance(kAnswerLook);
    ASSERT_TRUE(world->routes.later);
    EXPECT_EQ(object_of(*world->routes.later).at("state").as_string(), "pending");
}

TEST_F(SceneDeskTest, SaysWhyACameraCannotUseIt) {
    world->save(Drawn::scene_with(Drawn::line(300)), world->digest());
    world->preview->answer("no detector");
    world->loop.advance(kAnswerLook);
    ASSERT_TRUE(world->routes.later);
    EXPECT_EQ(object_of(*world->routes.later).at("state").as_string(), "refused");
    EXPECT_EQ(object_of(*world->routes.later).at("detail").as_string(), "no detector");
}

TEST_F(SceneDeskTest, TellsWhichDoorsLinesHaveMoved) {
    world->save(Drawn::scene_with(Drawn::line(300)), world->digest());
    ASSERT_EQ(world->written.size(), 1U);
    EXPECT_EQ(world->written[0].by, "A3");
    EXPECT_EQ(world->written[0].moved, std::vector<DoorId>{DoorId{"main"}});
    world->preview->answer({});
    world->save(Drawn::scene_with(Drawn::line(300)), world->digest());
    ASSERT_EQ(world->written.size(), 2U);
    EXPECT_TRUE(world->written[1].moved.empty()) << "the same line again";
}

TEST_F(SceneDeskTest, WritesNothingOverAnotherFile) {
    const std::string digest = world->digest();
    world->folder.write("s.toml", kScene + "swap = true\n");
    const auto answer = world->save(Drawn::scene_with(Drawn::line(300)), digest);
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->status, 409);
    EXPECT_TRUE(world->written.empty());
}

TEST_F(SceneDeskTest, RefusesWhatTheReaderRefuses) {
    const std::string digest = world->digest();
    json::object nameless = Drawn::line(300);
    nameless["name"] = "";
    for (const auto& scene :
         {json::object{}, Drawn::scene_with(nameless), Drawn::scene_with({{"name", "door"}}),
          Drawn::scene_with({{"name", "door"}, {"points", 3}})}) {
        const auto answer = world->save(scene, digest);
        ASSERT_TRUE(answer);
        EXPECT_EQ(answer->status, 400) << answer->body;
    }
    EXPECT_EQ(bytes_of(world->path), kScene);
}

TEST_F(SceneDeskTest, KnowsItsCamerasOnly) {
    const DeskRoutes::Wild other{{"camera", "moon"}};
    EXPECT_EQ(world->routes.call("GET /api/v1/cameras/{camera}/scene", other).status, 404);
    EXPECT_EQ(world->routes.call("PUT /api/v1/cameras/{camera}/scene", other, "{}").status, 404);
    EXPECT_EQ(world->routes.call("POST /api/v1/cameras/{camera}/scene:check", other, "{}").status,
              404);
}

TEST(SceneJson, KeepsWhatTheEditorDoesNotShow) {
    tracking::Scene scene;
    scene.uturn = milliseconds{15'000};
    scene.metre_px = 80;
    scene.person_width = 40;
    scene.view = tracking::View::Above;
    scene.picture = {{640, 480}};
    scene.lines = {{.name = "a", .from = {1, 2}, .to = {5, 6}, .swap = true, .via = {{3, 4}}},
                   {.name = "b", .from = {9, 2}, .to = {9, 6}}};
    scene.gates = {{.name = "g", .outer = "a", .inner = "b", .within = milliseconds{7'000}}};
    scene.zones = {{.name = "z",
                    .polygon = {{0, 0}, {9, 0}, {9, 9}},
                    .queue = true,
                    .till = {{1, 1}},
                    .before = "g"}};
    const auto again = scene_from_json(scene_json(scene));
    ASSERT_TRUE(again);
    EXPECT_EQ(*again, scene);
}

TEST(SceneJson, NamesWhatIsWrong) {
    const auto fault = [](const char* text) {
        const auto scene = scene_from_json(json::parse(text).as_object());
        return scene ? std::string{} : scene.error().detail;
    };
    EXPECT_EQ(fault(R"({"lines":3})"), "lines: a list");
    EXPECT_EQ(fault(R"({"zones":[{"name":"z","points":[[0]]}]})"), "points: [x, y]");
    EXPECT_EQ(fault(R"({"zones":[{"name":"z","points":[["a",0]]}]})"), "points: a number");
    EXPECT_EQ(fault(R"({"view":"below"})"), "view: above, side or nothing");
}

TEST(GreyBmp, IsWhatBrowsersRead) {
    const std::string bmp = grey_bmp({.width = 3, .height = 2, .grey = {1, 2, 3, 4, 5, 6}});
    ASSERT_EQ(bmp.size(), 14U + 40 + 1024 + 2 * 4);
    EXPECT_TRUE(bmp.starts_with("BM"));
    EXPECT_EQ(bmp.substr(1078, 3), "\x04\x05\x06") << "the lowest row comes first";
    EXPECT_EQ(bmp.substr(1082, 3), "\x01\x02\x03");
    EXPECT_EQ(bmp.substr(54 + 4 * 200, 3), std::string(3, static_cast<char>(200)));
}

}  // namespace
}  // namespace aisle::app
