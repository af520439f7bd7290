// A camera that is lost, stands still, goes black, races or changes its size, on a clock that the
// test moves: what is counted, what is told as blind, and how soon it is open again.
#include <gtest/gtest.h>

#include <random>

#include "drivers/camera/motion.hpp"
#include "drivers/camera/video_loop.hpp"
#include "synthetic.hpp"
#include "timed_camera.hpp"

namespace aisle::camera {
namespace {

const VideoSource kLive{.kind = SourceKind::Rtsp};

struct Watched {
    explicit Watched(milliseconds takes = milliseconds{20}, std::uint64_t seed = 1)
        : takes_{takes}, random_{seed} {}

    VideoLoop& loop() {
        if (loop_) return *loop_;
        if (!detector) detector = std::make_unique<SlowDetector>(camera, shown, takes_);
        loop_ = std::make_unique<VideoLoop>(
            VideoLoop::Parts{
                .settings = {.name = "cam", .source = kLive, .remembered = remembered},
                .video = {.scene = scene,
                          .detector = std::move(detector),
                          .source = std::make_unique<TimedSource>(camera)},
                .random = [this] { return random_(); },
                .report = [this](ReadingBody body) { reported.push_back(std::move(body)); },
                .remember = [this](std::string text) { told.push_back(std::move(text)); }},
            clock.now());
        return *loop_;
    }

    void run(milliseconds until) {
        while (camera->age() < until) {
            const auto wait = loop().step(clock);
            ASSERT_TRUE(wait) << "a camera has no end";
            clock.advance(*wait);
        }
    }

    template <typename Body>
    [[nodiscard]] std::vector<Body> all() const {
        std::vector<Body> bodies;
        for (const ReadingBody& body : reported)
            if (const auto* wanted = std::get_if<Body>(&body)) bodies.push_back(*wanted);
        return bodies;
    }
    [[nodiscard]] milliseconds blind() const {
        milliseconds sum{0};
        for (const Blindness& blindness : all<Blindness>()) sum += blindness.to - blindness.from;
        return sum;
    }
    // When the first picture after this moment was looked at.
    [[nodiscard]] milliseconds seen_after(milliseconds moment) const {
        for (const auto& each : *shown)
            if (each.at >= moment) return each.at;
        return milliseconds::max();
    }

    runtime::ManualClock clock;
    std::shared_ptr<TimedCamera> camera = std::make_shared<TimedCamera>(clock);
    std::shared_ptr<std::vector<SlowDetector::Shown>> shown =
        std::make_shared<std::vector<SlowDetector::Shown>>();
    std::unique_ptr<Detector> detector;  // another one than the slow one
    tracking::Scene scene = middle_line();
    std::string remembered;
    std::vector<ReadingBody> reported;
    std::vector<std::string> told;

private:
    milliseconds takes_;
    std::mt19937_64 random_;
    std::unique_ptr<VideoLoop> loop_;
};

// Shows something else than people from then on until then.
auto away(milliseconds from, milliseconds until, Shows what) {
    return [=](milliseconds at) { return at >= from && at < until ? what : Shows::People; };
}

constexpr milliseconds kLostAt{60'000};
constexpr milliseconds kOpenAgainWithin{15'000};

class LostCamera : public testing::TestWithParam<int> {};  // for so many milliseconds

TEST_P(LostCamera, IsOpenAgainWithinFifteenSecondsAndItsBlindTimeIsTold) {
    milliseconds worst{0};
    for (std::uint64_t seed = 1; seed <= 16; ++seed) {
        // Not in step with anything: the moment of the return moves through the pauses.
        const milliseconds back =
            kLostAt + milliseconds{GetParam()} + milliseconds{static_cast<int>(seed) * 347};
        Watched watched{milliseconds{20}, seed};
        watched.camera->shows = away(kLostAt, back, Shows::Nothing);
        watched.run(back + seconds{60});
        const milliseconds seen = watched.seen_after(back);
        worst = std::max(worst, seen - back);
        EXPECT_LE(seen - back, kOpenAgainWithin) << seed;
        // What is told as blind: from the last picture before to the first after.
        EXPECT_GE(watched.blind(), back - kLostAt) << seed;
        EXPECT_LE(watched.blind(), seen - kLostAt + milliseconds{400}) << seed;
        EXPECT_EQ(watched.loop().totals().reopened, 1U);
        EXPECT_TRUE(watched.all<Crossing>().empty());
    }
    RecordProperty("worst_ms", static_cast<int>(worst.count()));
    std::printf("lost for %d ms: open again within %lld ms\n", GetParam(),
                static_cast<long long>(worst.count()));
}

INSTANTIATE_TEST_SUITE_P(For, LostCamera, testing::Values(500, 12'000, 47'000, 600'000));

TEST(FrozenCamera, IsOpenedAgainAndCountsNothing) {
    const Shopfloor floor{{{.begins = 600}}};
    Watched watched;
    watched.detector = std::make_unique<MotionDetector>();
    watched.camera->picture = [&](std::int64_t n) { return floor.frame(static_cast<int>(n)); };
    // Stands still while somebody is over the line, and shows an empty floor afterwards.
    watched.camera->shows = away(milliseconds{63'000}, milliseconds{123'000}, Shows::TheSame);
    watched.run(milliseconds{150'000});
    EXPECT_GE(watched.camera->opened, 2);
    EXPECT_LE(watched.all<Crossing>().size(), 1U);  // he was over it, or not yet
    EXPECT_GT(watched.loop().totals().worthless, 300U);
    EXPECT_GE(watched.blind(), milliseconds{57'000});
    EXPECT_LE(watched.blind(), milliseconds{64'000});
}

TEST(FrozenCamera, ThatIsBackIsSeenWithinFifteenSeconds) {
    Watched watched;
    watched.camera->shows = away(kLostAt, kLostAt + minutes{2}, Shows::TheSame);
    watched.run(kLostAt + minutes{3});
    EXPECT_LE(watched.seen_after(kLostAt + minutes{2}) - kLostAt - minutes{2}, kOpenAgainWithin);
}

TEST(BlackCamera, IsBlindAndOpenedAgain) {
    Watched watched;
    watched.camera->shows = away(kLostAt, kLostAt + seconds{30}, Shows::Black);
    watched.run(kLostAt + minutes{1});
    EXPECT_GE(watched.camera->opened, 2);
    EXPECT_GE(watched.blind(), milliseconds{29'000});
    EXPECT_GT(watched.loop().totals().worthless, 100U);
}

TEST(FastCamera, IsOpenedAgainOnceAndThenThinnedOut) {
    Watched watched{milliseconds{1}};
    watched.camera->period = milliseconds{10};  // ten times what it says
    watched.run(minutes{3});
    EXPECT_EQ(watched.camera->opened, 2);
    const auto totals = watched.loop().totals();
    EXPECT_GT(totals.worthless, 10'000U);
    EXPECT_GE(totals.frames, 3 * 60 * 15U);
    EXPECT_LE(totals.frames, 3 * 60 * 22U);
    EXPECT_LE(watched.blind(), seconds{10});
}

TEST(FastCamera, ThatDoesNotSayHowFastItIsIsBelieved) {
    Watched watched{milliseconds{1}};
    watched.camera->period = milliseconds{20};
    watched.camera->fps_told = 0;
    watched.run(minutes{1});
    EXPECT_EQ(watched.loop().totals().worthless, 0U);
    EXPECT_GT(watched.loop().totals().frames, 2'800U);
}

// The oldest picture that was looked at, once the camera runs.
milliseconds oldest(const Watched& watched) {
    milliseconds old{0};
    for (const auto& each : *watched.shown) old = std::max(old, each.old);
    return old;
}

TEST(SlowDetection, SeesWhatIsNowAndCountsWhatItLetGo) {
    Watched watched{milliseconds{330}};  // of a camera with ten pictures a second
    watched.run(minutes{2});
    EXPECT_LE(oldest(watched), milliseconds{250});
    const auto totals = watched.loop().totals();
    EXPECT_NEAR(static_cast<double>(totals.frames + totals.late_frames), 1'200, 40);
    EXPECT_GT(totals.late_frames, 700U);
    EXPECT_EQ(static_cast<int>(totals.late_frames), watched.camera->let_go);
    const auto told = watched.all<SceneMinute>();
    ASSERT_FALSE(told.empty());
    EXPECT_GT(told.back().late_frames, told.back().frames / 2);
    EXPECT_NEAR(told.back().frames, 600, 15);  // all that came
}

TEST(SlowDetection, LetsNothingGoWhileItKeepsUp) {
    Watched watched{milliseconds{90}};
    watched.run(minutes{2});
    EXPECT_EQ(watched.loop().totals().late_frames, 0U);
    EXPECT_LE(oldest(watched), milliseconds{10});
}

TEST(SlowDetection, CatchesUpAfterAHitch) {
    Watched watched{milliseconds{20}};
    watched.run(minutes{1});
    watched.clock.advance(seconds{8});  // the machine stood still
    watched.shown->clear();
    watched.run(minutes{2});
    EXPECT_LE(watched.shown->at(2).old, milliseconds{250});
    EXPECT_GE(watched.loop().totals().late_frames, 70U);
}

TEST(SlowDetection, DoesNotStarveACameraThatIsSlowerThanItSays) {
    Watched watched{milliseconds{60}};
    watched.camera->fps_told = 25;  // and sends ten, as many do at night
    watched.run(minutes{5});
    EXPECT_GE(watched.loop().totals().frames, 2'700U);
    EXPECT_LE(oldest(watched), milliseconds{250});
}

TEST(SlowDetection, KeepsUpWithACameraThatDoesNotSayHowFastItIs) {
    Watched watched{milliseconds{130}};
    watched.camera->period = milliseconds{40};
    watched.camera->fps_told = 0;
    watched.run(minutes{1});
    EXPECT_LE(oldest(watched), milliseconds{250});
}

// Sees the same thing at the same place for ever, or nothing.
class StandingDetector final : public Detector {
public:
    explicit StandingDetector(std::vector<tracking::Box> boxes) : boxes_{std::move(boxes)} {}
    const std::vector<tracking::Box>& detect(const Frame&,
                                             std::span<const tracking::Track>) override {
        return boxes_;
    }
    void reset() override {}

private:
    std::vector<tracking::Box> boxes_;
};

// What a camera told to be remembered when it ran for some ten minutes.
std::vector<std::string> told_after(std::vector<tracking::Box> boxes, std::string remembered) {
    Watched watched;
    watched.remembered = std::move(remembered);
    watched.detector = std::make_unique<StandingDetector>(std::move(boxes));
    watched.run(minutes{11});
    return watched.told;
}

TEST(StillThings, AreRememberedOverARestart) {
    const tracking::Box mannequin{.x = 20, .y = 10, .w = 10, .h = 30, .score = 0.9};
    const auto learnt = told_after({mannequin}, {});
    ASSERT_EQ(learnt.size(), 1U);
    EXPECT_TRUE(learnt[0].starts_with("64x48;20,10,10,30,")) << learnt[0];
    // After a restart it is known from the first picture on, and not forgotten in ten minutes.
    const auto later = told_after({}, learnt[0]);
    ASSERT_EQ(later.size(), 1U);
    EXPECT_TRUE(later[0].starts_with("64x48;20,10,10,30,")) << later[0];
    EXPECT_EQ(told_after({}, "640x480;20,10,10,30,9"), std::vector<std::string>{"64x48"});
}

// A walk over the middle line, half of it in pictures of another size.
std::vector<Crossing> walked(Frame::Size later, std::vector<tracking::Point> drawn_for) {
    const Shopfloor floor{{{.begins = 60}, {.begins = 200, .y = 60}}};
    Watched watched;
    watched.scene.picture = std::move(drawn_for);
    watched.detector = std::make_unique<MotionDetector>();
    watched.camera->picture = [&](std::int64_t n) {
        Frame frame = floor.frame(static_cast<int>(n));
        if (n < 150) return frame;
        Frame other;
        other.shape(later);
        for (int y = 0; y < later.height; ++y)
            for (int x = 0; x < later.width; ++x)
                std::copy_n(
                    pixel(frame, {x * frame.width / later.width, y * frame.height / later.height}),
                    3, pixel(other, {x, y}));
        return other;
    };
    watched.run(milliseconds{30'000});
    return watched.all<Crossing>();
}

TEST(ResizedCamera, IsCountedOverTheSameLine) {
    EXPECT_EQ(walked(kPicture, {}).size(), 2U);
    EXPECT_EQ(walked({.width = 2 * kPicture.width, .height = 2 * kPicture.height}, {}).size(), 2U);
    EXPECT_EQ(walked({.width = kPicture.width / 2, .height = kPicture.height / 2}, {}).size(), 2U);
}

TEST(ResizedCamera, IsBroughtToThePictureThatItsSceneIsDrawnFor) {
    Watched watched;
    watched.scene.picture = {{128, 96}};
    watched.run(seconds{5});
    ASSERT_FALSE(watched.shown->empty());
    EXPECT_EQ(watched.shown->front().size.width, 128);
    EXPECT_EQ(watched.shown->front().size.height, 96);
}

}  // namespace
}  // namespace aisle::camera
