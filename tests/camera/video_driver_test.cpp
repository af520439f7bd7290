#include "drivers/camera/video_driver.hpp"

#include <gtest/gtest.h>

#include <thread>

#include "agent/runtime/io_loop.hpp"
#include "agent/runtime/metrics.hpp"
#include "agent/runtime/system_clock.hpp"
#include "synthetic.hpp"

namespace aisle::camera {
namespace {

// Keeps what it is given and stops the loop when it has enough.
class Basket final : public Sink {
public:
    explicit Basket(runtime::IoLoop& loop) : loop_{loop} {}
    Status accept(Reading reading, Answer) override {
        thread_ = std::this_thread::get_id();
        if (full) return aisle::full("scripted");
        readings.push_back(std::move(reading.body));
        if (readings.size() >= enough) loop_.stop();
        return {};
    }
    [[nodiscard]] std::thread::id thread() const { return thread_; }

    std::vector<ReadingBody> readings;
    std::size_t enough = 1;
    bool full = false;

private:
    runtime::IoLoop& loop_;
    std::thread::id thread_;
};

struct Agent {
    std::unique_ptr<runtime::Metrics> metrics = runtime::make_metrics();
    runtime::SystemClock clock{1};
    runtime::IoLoop loop{clock, *metrics};
    Basket basket{loop};

    // Runs until the basket has enough, at most ten seconds.
    void run() {
        const auto limit = loop.after(milliseconds{10'000}, [this] { loop.stop(); });
        loop.run();
    }
};

VideoSettings file_settings(const Folder& folder, const Shopfloor& floor, int frames) {
    return {.name = "cam",
            .source = {.kind = SourceKind::File,
                       .location = folder.video(floor, frames),
                       .paced = false},
            .scene = folder.file("s.toml", kMiddleScene),
            .doors = {{"middle", DoorId{"main"}}}};
}

TEST(VideoDriver, HandsCrossingsToTheSinkOnTheLoop) {
    const Folder folder;
    Agent agent;
    const auto settings = file_settings(folder, Shopfloor{{{.begins = 12}}}, 90);
    const auto driver = make_video_driver(settings, agent.basket, agent.loop, *agent.metrics);
    ASSERT_TRUE(driver);
    (*driver)->start();
    agent.run();
    ASSERT_EQ(agent.basket.readings.size(), 1U);
    EXPECT_EQ(std::get<Crossing>(agent.basket.readings[0]).door, DoorId{"main"});
    EXPECT_EQ(agent.basket.thread(), std::this_thread::get_id());
}

TEST(VideoDriver, PlaysALoopedFileAgain) {
    const Folder folder;
    Agent agent;
    agent.basket.enough = 3;
    auto settings = file_settings(folder, Shopfloor{{{.begins = 12}}}, 90);
    settings.source.loop = true;
    const auto driver = make_video_driver(settings, agent.basket, agent.loop, *agent.metrics);
    (*driver)->start();
    agent.run();
    EXPECT_EQ(agent.basket.readings.size(), 3U);
}

TEST(VideoDriver, HandsOverNothingAfterStop) {
    const Folder folder;
    Agent agent;
    auto settings = file_settings(folder, Shopfloor{{{.begins = 12}}}, 90);
    settings.source.loop = true;
    auto driver = make_video_driver(settings, agent.basket, agent.loop, *agent.metrics);
    (*driver)->start();
    agent.run();
    (*driver)->stop();
    agent.basket.readings.clear();
    driver->reset();
    agent.loop.run_ready();
    EXPECT_TRUE(agent.basket.readings.empty());
}

TEST(VideoDriver, StopsWithoutHavingBeenStarted) {
    const Folder folder;
    Agent agent;
    const auto settings = file_settings(folder, Shopfloor{{}}, 3);
    EXPECT_TRUE(make_video_driver(settings, agent.basket, agent.loop, *agent.metrics));
}

TEST(VideoDriver, GoesOnWithoutItsCamera) {
    const Folder folder;
    Agent agent;
    auto settings = file_settings(folder, Shopfloor{{}}, 3);
    settings.source = {.kind = SourceKind::V4l2, .location = "/dev/no-such-camera"};
    const auto driver = make_video_driver(settings, agent.basket, agent.loop, *agent.metrics);
    ASSERT_TRUE(driver);
    (*driver)->start();
    agent.loop.run_ready();
    EXPECT_TRUE(agent.basket.readings.empty());
}

TEST(VideoDriver, NamesThePlaceOfAFaultInTheScene) {
    const Folder folder;
    Agent agent;
    auto settings = file_settings(folder, Shopfloor{{}}, 3);
    settings.scene = folder.file("bad.toml", "[[line]]\nname = 3\n");
    const auto driver = make_video_driver(settings, agent.basket, agent.loop, *agent.metrics);
    ASSERT_FALSE(driver);
    EXPECT_TRUE(driver.error().detail.find("bad.toml:1:1: ") != std::string::npos)
        << driver.error().detail;
}

TEST(VideoDriver, RefusesADetectorThatIsNotBuiltIn) {
    Agent agent;
    const auto driver =
        make_video_driver({.detector = {.kind = "hog"}}, agent.basket, agent.loop, *agent.metrics);
    EXPECT_FALSE(driver);
}

}  // namespace
}  // namespace aisle::camera
