#include <gtest/gtest.h>

#include "agent/runtime/inline_executor.hpp"
#include "drivers/camera/motion.hpp"
#include "drivers/camera/preview.hpp"
#include "drivers/camera/video_loop.hpp"
#include "scripted_source.hpp"
#include "synthetic.hpp"

// A camera whose scene is drawn anew while it runs.
namespace aisle::camera {
namespace {

tracking::Scene one_line(const std::string& name, double x) {
    return {.lines = {{.name = name, .from = {x, 0}, .to = {x, kPicture.height}}}};
}

// A scripted camera before which people walk.
class WalkedBefore final : public FrameSource {
public:
    WalkedBefore(Shopfloor floor, std::shared_ptr<int> opened)
        : floor_{std::move(floor)}, opened_{std::move(opened)} {}
    Status open() override {
        ++*opened_;
        return {};
    }
    Grab read(Frame& into) override {
        into = floor_.frame(number_++);
        return Grab::Frame;
    }
    bool skip() override { return false; }
    void close() override {}
    [[nodiscard]] double fps() const override { return 10; }

private:
    Shopfloor floor_;
    std::shared_ptr<int> opened_;
    int number_ = 0;
};

struct Walk {
    explicit Walk(Shopfloor floor)
        : loop{{.settings = {.name = "cam",
                             .source = {.kind = SourceKind::File, .paced = false},
                             .preview = preview},
                .video = {.scene = one_line("old", 96),
                          .detector = std::make_unique<MotionDetector>(),
                          .source = std::make_unique<WalkedBefore>(std::move(floor), opened)},
                .random = [] { return std::uint64_t{1}; },
                .report = [this](ReadingBody body) { reported.push_back(std::move(body)); }},
               clock.now()} {}

    void pictures(int n) {
        for (int i = 0; i < n; ++i) {
            loop.step(clock);
            clock.advance(milliseconds{100});
        }
    }
    [[nodiscard]] std::vector<DoorId> crossed() const {
        std::vector<DoorId> doors;
        for (const ReadingBody& body : reported) {
            if (const auto* crossing = std::get_if<Crossing>(&body))
                doors.push_back(crossing->door);
        }
        return doors;
    }

    runtime::ManualClock clock;
    std::shared_ptr<Preview> preview = std::make_shared<Preview>();
    std::shared_ptr<int> opened = std::make_shared<int>(0);
    std::vector<ReadingBody> reported;
    VideoLoop loop;
};

Shopfloor people_in_a_row() {
    std::vector<Shopfloor::Walker> walkers;
    for (int i = 0; i < 4; ++i) walkers.push_back({.begins = 20 + 100 * i});
    return Shopfloor{walkers};
}

TEST(ASceneDrawnAnew, CountsOverItsNewLineFromThenOn) {
    Walk walk{people_in_a_row()};
    walk.pictures(201);
    EXPECT_EQ(walk.crossed(), (std::vector<DoorId>{DoorId{"old"}, DoorId{"old"}}));
    walk.loop.change_scene(one_line("new", 110), std::make_unique<MotionDetector>(),
                           walk.clock.now());
    walk.pictures(200);
    EXPECT_EQ(walk.crossed(),
              (std::vector<DoorId>{DoorId{"old"}, DoorId{"old"}, DoorId{"new"}, DoorId{"new"}}));
}

TEST(ASceneDrawnAnew, ClosesTheMinuteUnderWayAndLeavesTheCameraOpen) {
    Walk walk{people_in_a_row()};
    walk.pictures(31);
    walk.loop.change_scene(one_line("new", 110), std::make_unique<MotionDetector>(),
                           walk.clock.now());
    ASSERT_FALSE(walk.reported.empty());
    const auto* minute = std::get_if<SceneMinute>(&walk.reported.back());
    ASSERT_NE(minute, nullptr);
    EXPECT_EQ(minute->frames, 30);
    EXPECT_EQ(minute->doors, std::vector<DoorId>{DoorId{"old"}});
    walk.pictures(10);
    EXPECT_EQ(*walk.opened, 1);
    EXPECT_EQ(walk.loop.totals().frames, 40U);
}

TEST(ASceneDrawnAnew, ShowsWhoIsThereOnThePreview) {
    Walk walk{people_in_a_row()};
    walk.pictures(50);
    const PreviewView view = walk.preview->view();
    EXPECT_EQ(view.width, kPicture.width);
    ASSERT_FALSE(view.boxes.empty());
    EXPECT_TRUE(view.boxes.front().sure);
}

TEST(APreview, KnowsWhetherItsSceneWasRead) {
    Preview preview;
    EXPECT_FALSE(preview.scene_is_asked_for());
    preview.ask_for_scene();
    EXPECT_TRUE(preview.scene_is_asked_for());
    preview.answer("s.toml:3:1: no");
    EXPECT_FALSE(preview.scene_is_asked_for());
    EXPECT_EQ(preview.scene().fault, "s.toml:3:1: no");
}

}  // namespace
}  // namespace aisle::camera
