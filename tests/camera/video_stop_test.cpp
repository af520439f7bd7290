// The end of a camera whose source does not come back: the driver must not wait for it, and its
// thread must not touch what is gone. Run under the sanitizers these tests say more.
#include <gtest/gtest.h>

#include <optional>
#include <thread>

#include "agent/runtime/inline_executor.hpp"
#include "agent/runtime/metrics.hpp"
#include "drivers/camera/motion.hpp"
#include "drivers/camera/video_driver.hpp"
#include "hanging_source.hpp"
#include "scripted_source.hpp"
#include "synthetic.hpp"

namespace aisle::camera {
namespace {

class NoReadings final : public Sink {
public:
    Status accept(Reading, Answer) override {
        ++accepted;
        return {};
    }
    int accepted = 0;
};

// All that belongs to the agent: a test lets it go before the camera's thread.
struct Agent {
    std::unique_ptr<runtime::Metrics> metrics = runtime::make_metrics();
    runtime::ManualClock clock;
    runtime::InlineExecutor loop{clock};
    NoReadings sink;

    std::unique_ptr<VideoDriver> camera(std::unique_ptr<FrameSource> source) {
        return std::make_unique<VideoDriver>(
            VideoSettings{.name = "cam", .source = {.kind = SourceKind::Rtsp}},
            VideoParts{.scene = middle_line(),
                       .detector = std::make_unique<MotionDetector>(),
                       .source = std::move(source)},
            sink, loop, *metrics);
    }
    double total(std::string_view name) {
        return metrics->counter(name, "", {{"camera", "cam"}}).value();
    }
};

// Starts a camera that hangs, lets driver and agent go, and only then lets the source come back.
void outlive(const std::shared_ptr<Hang>& hang) {
    auto agent = std::make_optional<Agent>();
    auto driver = agent->camera(std::make_unique<HangingSource>(hang));
    driver->start();
    hang->entered.get_future().wait();
    driver->stop();
    driver.reset();
    EXPECT_EQ(agent->loop.run_ready(), 0U);
    agent.reset();
    hang->release.set_value();
    hang->source_gone.get_future().wait();
}

TEST(VideoDriverStop, LeavesAnOpeningThatHangsBehind) {
    outlive(std::make_shared<Hang>(Hang{.in = Hang::In::Opening}));
}

TEST(VideoDriverStop, LeavesAReadThatHangsBehind) {
    outlive(std::make_shared<Hang>(Hang{.in = Hang::In::Reading}));
}

TEST(VideoDriverStop, LooksAtNoPictureThatComesAfterIt) {
    outlive(std::make_shared<Hang>(Hang{.in = Hang::In::Reading, .then = Grab::Frame}));
}

TEST(VideoDriverStop, EndsAFileThatEndsAfterIt) {
    outlive(std::make_shared<Hang>(Hang{.in = Hang::In::Reading, .then = Grab::End}));
}

TEST(VideoDriverStop, LetsTheSourceGoWithTheDriverWhenItDoesNotHang) {
    Agent agent;
    const auto hang = std::make_shared<Hang>();
    auto gone = hang->source_gone.get_future();
    hang->release.set_value();
    auto driver = agent.camera(std::make_unique<HangingSource>(hang));
    driver->start();
    hang->entered.get_future().wait();
    driver.reset();
    EXPECT_EQ(gone.wait_for(std::chrono::seconds{0}), std::future_status::ready);
}

TEST(VideoDriverStop, LetsTheSourceGoWhenItWasNeverStarted) {
    Agent agent;
    const auto hang = std::make_shared<Hang>();
    auto gone = hang->source_gone.get_future();
    agent.camera(std::make_unique<HangingSource>(hang)).reset();
    EXPECT_EQ(gone.wait_for(std::chrono::seconds{0}), std::future_status::ready);
}

TEST(VideoDriverStop, HoldsAgainstASecondStop) {
    Agent agent;
    const auto hang = std::make_shared<Hang>();
    auto driver = agent.camera(std::make_unique<HangingSource>(hang));
    driver->start();
    hang->entered.get_future().wait();
    driver->stop();
    driver->stop();
    hang->release.set_value();
    driver.reset();
    EXPECT_EQ(agent.sink.accepted, 0);
}

TEST(VideoDriverStop, OpensNoSourceThatIsStartedAfterIt) {
    Agent agent;
    const auto script = std::make_shared<Script>();
    auto driver = agent.camera(std::make_unique<ScriptedSource>(script));
    driver->stop();
    driver->start();
    driver.reset();
    EXPECT_EQ(script->opened, 0);
}

TEST(VideoDriverStart, StartsOneThreadHoweverOftenItIsCalled) {
    Agent agent;
    const auto hang = std::make_shared<Hang>();
    auto driver = agent.camera(std::make_unique<HangingSource>(hang));
    driver->start();
    driver->start();  // a second thread would enter the same promise twice, and throw
    hang->entered.get_future().wait();
    driver->start();
    hang->release.set_value();
    driver.reset();
    EXPECT_EQ(agent.total("aisle_video_frames_total"), 0);
}

TEST(VideoDriver, CountsThePicturesOfItsCamera) {
    Agent agent;
    const auto script = std::make_shared<Script>();
    script->grabs.assign(7, Grab::Frame);
    auto driver = agent.camera(std::make_unique<ScriptedSource>(script));
    driver->start();
    while (script.use_count() > 1) std::this_thread::yield();  // until its end lets the source go
    driver.reset();
    EXPECT_EQ(agent.total("aisle_video_frames_total"), 7);
    EXPECT_EQ(script->closed, 1);
}

}  // namespace
}  // namespace aisle::camera
