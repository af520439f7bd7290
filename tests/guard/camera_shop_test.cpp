// A camera on a whole shop with its real store: what of the camera's life reaches the records, and
// that no picture does.
#include <gtest/gtest.h>

#include "agent/records/floor_records.hpp"
#include "drivers/camera/motion.hpp"
#include "drivers/camera/video_loop.hpp"
#include "shop_world.hpp"
#include "tests/kit/picture_traces.hpp"
#include "timed_camera.hpp"

namespace aisle::camera {
namespace {

constexpr Frame::Size kSize{.width = 192, .height = 144};

// A floor of many colours, so that any part of a picture is known again, with a person who walks
// from left to right, again and again.
Frame lively_picture(std::int64_t number) {
    Frame frame;
    frame.shape(kSize);
    std::uint32_t texture = 77;
    std::uint32_t grain = 12345 + static_cast<std::uint32_t>(number) * 7919U;
    for (std::uint8_t& byte : frame.bgr) {
        texture = texture * 1664525U + 1013904223U;
        grain = grain * 1664525U + 1013904223U;
        byte = static_cast<std::uint8_t>(120 + (texture >> 26) + (grain >> 31));
    }
    const int left = static_cast<int>(number % 100) * 4 - 20;
    for (int y = 40; y < 76; ++y)
        for (int x = std::max(0, left); x < std::min(kSize.width, left + 14); ++x)
            std::fill_n(frame.bgr.data() + 3 * (y * kSize.width + x), 3, std::uint8_t{40});
    return frame;
}

struct CameraShop {
    explicit CameraShop(std::string remembered = {})
        : loop{{.settings = {.name = "cam",
                             .source = {.kind = SourceKind::Rtsp},
                             .doors = {{"middle", DoorId{"main"}}},
                             .remembered = std::move(remembered)},
                .video = {.scene = {{{.name = "middle", .from = {96, 0}, .to = {96, 143}}}},
                          .detector = std::make_unique<MotionDetector>(),
                          .source = std::make_unique<TimedSource>(camera)},
                .random = [] { return std::uint64_t{1} << 63U; },
                .report =
                    [this](ReadingBody body) {
                        EXPECT_TRUE(shop.readings.accept(
                            {.body = std::move(body), .position = std::nullopt}, {}));
                    }},
               shop.clock.now()} {
        camera->picture = lively_picture;
        shop.heartbeat.start();
    }

    // The shop's timers run between the camera's steps, as the loop does beside the thread.
    void run(milliseconds until) {
        while (camera->age() < until) {
            const auto wait = loop.step(shop.clock);
            ASSERT_TRUE(wait);
            shop.loop.advance(*wait);
            shop.loop.run_ready();
        }
        shop.settle();
    }

    // Each minute of the door by its highest revision.
    std::map<WallTime, FootfallMinute> minutes_of_door() {
        std::map<WallTime, FootfallMinute> all;
        for (const std::string& body : shop.journal("footfall_minute")) {
            const auto minute = records::footfall_minute_from_json(body);
            EXPECT_TRUE(minute) << body;
            if (!minute || minute->door != DoorId{"main"}) continue;
            FootfallMinute& kept = all[minute->start];
            if (minute->revision >= kept.revision) kept = *minute;
        }
        return all;
    }

    app::ShopWorld shop;
    std::shared_ptr<TimedCamera> camera = std::make_shared<TimedCamera>(shop.clock);
    VideoLoop loop;
};

TEST(CameraShop, KeepsTheBlindTimeOfALostCameraInItsMinutes) {
    CameraShop world;
    const auto from = minutes{1} + seconds{20};
    const auto until = minutes{2} + seconds{50};
    world.camera->shows = [=](milliseconds at) {
        return at >= from && at < until ? Shows::Nothing : Shows::People;
    };
    world.run(minutes{5});
    std::int64_t blind_s = 0;
    std::int64_t in_and_out = 0;
    std::int32_t least_sure = 1000;
    for (const auto& [start, minute] : world.minutes_of_door()) {
        blind_s += minute.blind_s;
        in_and_out += minute.in + minute.out;
        least_sure = std::min(least_sure, minute.confidence_permille);
    }
    const auto lost_s = std::chrono::duration_cast<seconds>(until - from).count();
    EXPECT_GE(blind_s, lost_s);
    EXPECT_LE(blind_s, lost_s + 15);  // it is open again within so many seconds
    EXPECT_LE(least_sure, 200);       // of the minute in which it saw next to nothing
    EXPECT_GT(in_and_out, 10);
}

TEST(CameraShop, TellsNoBlindTimeOfACameraThatIsWell) {
    CameraShop world;
    world.run(minutes{3});
    ASSERT_GE(world.minutes_of_door().size(), 1U);
    for (const auto& [start, minute] : world.minutes_of_door()) {
        EXPECT_EQ(minute.blind_s, 0);
        EXPECT_EQ(minute.late_frames, 0);
    }
}

// Of pictures over the whole run; those in between are no different.
std::vector<std::string> samples() {
    std::vector<std::string> all;
    for (const std::int64_t number : {20, 300, 700, 1'100}) {
        const auto some = kit::raw_samples(lively_picture(number).bgr);
        all.insert(all.end(), some.begin(), some.end());
    }
    return all;
}

TEST(CameraShop, LeavesNoPictureInItsFolder) {
    CameraShop world;
    world.run(minutes{2});
    ASSERT_GT(world.loop.totals().frames, 1'000U);
    ASSERT_FALSE(world.minutes_of_door().empty());  // it has written something
    ASSERT_GE(samples().size(), 32U);
    EXPECT_EQ(to_text(kit::picture_traces(world.shop.path, samples())), "");
}

TEST(CameraShop, WouldBeFoundOutByAPictureInItsStore) {
    CameraShop world;
    world.run(minutes{1});
    const Frame picture = lively_picture(300);
    // The way by which a camera keeps what it has learnt.
    Reading reading{.body = PositionReading{}, .position = SourcePosition{}};
    reading.position->source = "cam";
    reading.position->item = "still";
    reading.position->position.assign(picture.bgr.begin(), picture.bgr.end());
    EXPECT_TRUE(world.shop.take(std::move(reading)));
    EXPECT_NE(to_text(kit::picture_traces(world.shop.path, samples())), "");
}

}  // namespace
}  // namespace aisle::camera
