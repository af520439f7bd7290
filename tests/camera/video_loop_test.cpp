#include "drivers/camera/video_loop.hpp"

#include <gtest/gtest.h>

#include "agent/runtime/inline_executor.hpp"
#include "drivers/camera/motion.hpp"
#include "scripted_source.hpp"
#include "synthetic.hpp"

namespace aisle::camera {
namespace {

// Walks a loop through its life on a clock that it moves by what the loop wants to wait.
struct Walk {
    explicit Walk(VideoSource source, tracking::Scene scene = middle_line(),
                  std::map<std::string, DoorId> doors = {})
        : loop{{.settings = {.name = "cam", .source = source, .doors = std::move(doors)},
                .video = {.scene = std::move(scene),
                          .detector = std::make_unique<MotionDetector>(),
                          .source = std::make_unique<ScriptedSource>(script)},
                .random = [] { return std::uint64_t{1} << 63; },
                .report = [this](ReadingBody body) { reported.push_back(std::move(body)); }},
               clock.now()} {}

    // Steps until the loop has ended; at most `steps_max`. Returns how often it stepped.
    int run(int steps_max) {
        for (int i = 1; i <= steps_max; ++i) {
            const auto wait = loop.step(clock);
            if (!wait) return i;
            clock.advance(std::max(*wait, least));
        }
        return steps_max;
    }

    [[nodiscard]] std::vector<Blindness> blind() const { return of<Blindness>(); }
    [[nodiscard]] std::vector<Crossing> crossings() const { return of<Crossing>(); }

    template <typename Body>
    [[nodiscard]] std::vector<Body> of() const {
        std::vector<Body> all;
        for (const ReadingBody& body : reported) {
            if (const auto* wanted = std::get_if<Body>(&body)) all.push_back(*wanted);
        }
        return all;
    }

    runtime::ManualClock clock;
    milliseconds least{0};  // what a step takes at least
    std::shared_ptr<Script> script = std::make_shared<Script>();
    std::vector<ReadingBody> reported;
    VideoLoop loop;
};

const VideoSource kFastFile{.kind = SourceKind::File, .paced = false};
const VideoSource kPacedFile{.kind = SourceKind::File, .paced = true};
const VideoSource kCamera{.kind = SourceKind::Rtsp};

void script_frames(Walk& walk, std::size_t n, Grab what = Grab::Frame) {
    walk.script->grabs.insert(walk.script->grabs.end(), n, what);
}

TEST(VideoLoop, EndsWithItsFile) {
    Walk walk{kFastFile};
    script_frames(walk, 5);
    EXPECT_EQ(walk.run(100), 7);  // opening, five pictures, the end
    EXPECT_EQ(walk.loop.totals().frames, 5U);
    EXPECT_TRUE(walk.reported.empty());
}

TEST(VideoLoop, PacesAFileAtItsRate) {
    Walk walk{kPacedFile};
    script_frames(walk, 11);
    const MonoTime begin = walk.clock.now().mono;
    walk.run(100);
    EXPECT_EQ(walk.clock.now().mono - begin, milliseconds{1100});
    EXPECT_EQ(walk.loop.totals().late_frames, 0U);
}

TEST(VideoLoop, CountsLatePicturesOfAPacedFile) {
    Walk walk{kPacedFile};
    walk.least = milliseconds{250};  // a machine that is too slow for ten pictures a second
    script_frames(walk, 10);
    walk.run(100);
    EXPECT_GE(walk.loop.totals().late_frames, 8U);
    EXPECT_EQ(walk.loop.totals().frames, 10U);
}

TEST(VideoLoop, OpensACameraThatDoesNotAnswerAgainAndAgain) {
    Walk walk{kCamera};
    walk.script->openings = {false, false, false, false};
    script_frames(walk, 1);
    walk.run(6);
    EXPECT_EQ(walk.script->opened, 5);
    EXPECT_EQ(walk.loop.totals().frames, 1U);
    EXPECT_EQ(walk.loop.totals().reopened, 0U);
}

TEST(VideoLoop, WaitsBetweenOpeningsUpToACap) {
    Walk walk{kCamera};
    walk.script->openings = std::deque<bool>(12, false);
    milliseconds longest{0};
    for (int i = 0; i < 12; ++i) {
        const milliseconds wait = *walk.loop.step(walk.clock);
        longest = std::max(longest, wait);
    }
    EXPECT_GT(longest, milliseconds{2000});
    EXPECT_LE(longest, milliseconds{15'000});
}

TEST(VideoLoop, ReopensACameraThatIsSilentForTenSeconds) {
    Walk walk{kCamera};
    walk.least = milliseconds{100};
    script_frames(walk, 3);
    script_frames(walk, 120, Grab::Nothing);
    script_frames(walk, 3);
    walk.run(400);
    EXPECT_GE(walk.script->closed, 1);
    EXPECT_EQ(walk.script->opened, 2);
    EXPECT_EQ(walk.loop.totals().reopened, 1U);
    EXPECT_EQ(walk.loop.totals().frames, 6U);
}

TEST(VideoLoop, TellsTheBlindTimeOfALostCamera) {
    Walk walk{kCamera};
    walk.least = milliseconds{100};
    script_frames(walk, 3);
    script_frames(walk, 90, Grab::Nothing);  // nine seconds: no reason to open it again
    script_frames(walk, 3);
    walk.run(400);
    ASSERT_EQ(walk.blind().size(), 1U);
    const Blindness blind = walk.blind()[0];
    EXPECT_EQ(blind.door, DoorId{"middle"});
    EXPECT_EQ(blind.reason, "camera cam");
    EXPECT_GE(blind.to - blind.from, milliseconds{9000});
    EXPECT_LE(blind.to - blind.from, milliseconds{9300});
    EXPECT_GE(walk.loop.totals().blind_ms, 9000U);
}

TEST(VideoLoop, TellsBlindTimeWhileItLasts) {
    Walk walk{kCamera};
    walk.script->openings = std::deque<bool>(100, false);
    walk.run(40);
    EXPECT_GE(walk.blind().size(), 3U);
}

TEST(VideoLoop, TellsBlindTimeOncePerDoor) {
    tracking::Scene scene = middle_line();
    scene.lines.push_back({.name = "other", .from = {10, 0}, .to = {10, 90}});
    scene.lines.push_back({.name = "third", .from = {20, 0}, .to = {20, 90}});
    Walk walk{kCamera, scene, {{"middle", DoorId{"main"}}, {"other", DoorId{"main"}}}};
    walk.clock.advance(seconds{5});
    script_frames(walk, 1);
    walk.run(2);
    ASSERT_EQ(walk.blind().size(), 2U);
    EXPECT_EQ(walk.blind()[0].door, DoorId{"main"});
    EXPECT_EQ(walk.blind()[1].door, DoorId{"third"});
}

// Plays a floor with walkers into the loop: the script's picture is changed before each step.
void play(Walk& walk, const Shopfloor& floor, int frames) {
    walk.loop.step(walk.clock);
    for (int i = 0; i < frames; ++i) {
        walk.script->picture = floor.frame(i);
        walk.script->grabs = {Grab::Frame};
        walk.clock.advance(std::max(milliseconds{100}, *walk.loop.step(walk.clock)));
    }
}

TEST(VideoLoop, ReportsCrossingsAtTheirDoor) {
    Walk walk{kCamera, middle_line(), {{"middle", DoorId{"main"}}}};
    play(walk, Shopfloor{{{.begins = 12}}}, 90);
    ASSERT_EQ(walk.crossings().size(), 1U);
    const Crossing crossing = walk.crossings()[0];
    EXPECT_EQ(crossing.door, DoorId{"main"});
    EXPECT_EQ(crossing.direction, Direction::Out);
    EXPECT_EQ(crossing.n, 1);
    EXPECT_LT(crossing.at, walk.clock.now().wall);
}

TEST(VideoLoop, ForgetsPeopleAndBackgroundAtASeam) {
    // Half a walk before the seam and half after it is no walk.
    const Shopfloor floor{{{.begins = 12}}};
    Walk walk{kFastFile};
    walk.loop.step(walk.clock);
    for (int i = 0; i < 90; ++i) {
        walk.script->picture = floor.frame(i);
        if (i == 42) {
            walk.script->grabs = {Grab::Seam};
            walk.loop.step(walk.clock);
        }
        walk.script->grabs = {Grab::Frame};
        walk.loop.step(walk.clock);
    }
    EXPECT_TRUE(walk.crossings().empty());
}

}  // namespace
}  // namespace aisle::camera
