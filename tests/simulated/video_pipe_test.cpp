#include "drivers/simulated/video_pipe.hpp"

#include <gtest/gtest.h>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>

#include "drivers/simulated/door_camera.hpp"
#include "stage.hpp"

namespace aisle::simulated {
namespace {

constexpr std::size_t kFrameBytes = 6 + std::size_t{kSceneWidth} * kSceneHeight * 3 / 2;

class Reader {
public:
    explicit Reader(const std::string& path) : fd_{::open(path.c_str(), O_RDONLY | O_NONBLOCK)} {}
    ~Reader() { ::close(fd_); }
    Reader(const Reader&) = delete;
    Reader& operator=(const Reader&) = delete;
    // All that is there, at most so much.
    [[nodiscard]] std::string take(std::size_t most = 1 << 20) const {
        std::string bytes(most, '\0');
        std::size_t had = 0;
        while (had < most) {
            const ssize_t got = ::read(fd_, bytes.data() + had, most - had);
            if (got <= 0) break;
            had += static_cast<std::size_t>(got);
        }
        bytes.resize(had);
        return bytes;
    }

private:
    int fd_;
};

struct PipeOut : testing::Test {
    PipeOut() { ::signal(SIGPIPE, SIG_IGN); }
    Folder folder;
    std::string path = (folder / "door.y4m").string();
    VideoPipe pipe{path, 12};
    Picture picture;
};

TEST_F(PipeOut, WaitsForNobody) {
    ASSERT_TRUE(pipe.make());
    EXPECT_FALSE(pipe.ready());
    EXPECT_EQ(pipe.readers(), 0U);
}

TEST_F(PipeOut, GivesAReaderHeaderAndPictures) {
    ASSERT_TRUE(pipe.make());
    const Reader reader{path};
    ASSERT_TRUE(pipe.ready());
    pipe.offer(picture);
    ASSERT_TRUE(pipe.ready());
    const std::string bytes = reader.take();
    const std::string header = y4m_header(12);
    EXPECT_EQ(bytes.size(), header.size() + kFrameBytes);
    EXPECT_TRUE(bytes.starts_with(header + "FRAME\n"));
}

TEST_F(PipeOut, TakesNoFurtherPictureWhileOneIsOnItsWay) {
    ASSERT_TRUE(pipe.make());
    const Reader reader{path};
    ASSERT_TRUE(pipe.ready());
    int taken = 0;
    for (; taken < 100 && pipe.ready(); ++taken) pipe.offer(picture);
    EXPECT_LT(taken, 5) << "a quarter of a megabyte holds two";
    std::string all = reader.take();
    EXPECT_TRUE(pipe.ready()) << "the rest went out";
    all += reader.take();
    EXPECT_EQ(all.size(), y4m_header(12).size() + static_cast<std::size_t>(taken) * kFrameBytes);
}

TEST_F(PipeOut, BeginsAgainWithAHeaderForTheNextReader) {
    ASSERT_TRUE(pipe.make());
    {
        const Reader gone{path};
        ASSERT_TRUE(pipe.ready());
    }
    pipe.offer(picture);
    EXPECT_FALSE(pipe.ready());
    const Reader next{path};
    ASSERT_TRUE(pipe.ready());
    EXPECT_EQ(pipe.readers(), 2U);
    EXPECT_EQ(next.take(), y4m_header(12));
}

TEST_F(PipeOut, UsesAPipeThatIsThereAndRefusesAnythingElse) {
    ASSERT_EQ(::mkfifo(path.c_str(), 0600), 0);
    EXPECT_TRUE(pipe.make());
    fs::remove(path);
    std::ofstream{path} << "a file";
    EXPECT_EQ(pipe.make().error().fault, Fault::Malformed);
    EXPECT_EQ((VideoPipe{"/nowhere/at/all", 12}.make().error().fault), Fault::Unavailable);
}

// Black, white, and the primaries by BT.601.
TEST(Y4m, HasTheColoursOfTheStandard) {
    const auto painted = [](Colour colour) {
        Picture picture;
        for (std::size_t i = 0; i < picture.bgr.size(); i += 3) {
            picture.bgr[i] = colour.blue;
            picture.bgr[i + 1] = colour.green;
            picture.bgr[i + 2] = colour.red;
        }
        std::vector<std::uint8_t> bytes;
        append_y4m(picture, bytes);
        constexpr std::size_t kLuma = std::size_t{kSceneWidth} * kSceneHeight;
        return std::array<int, 3>{bytes[6], bytes[6 + kLuma], bytes[6 + kLuma * 5 / 4]};
    };
    EXPECT_EQ(painted({0, 0, 0}), (std::array{16, 128, 128}));
    EXPECT_EQ(painted({255, 255, 255}), (std::array{235, 128, 128}));
    EXPECT_EQ(painted({0, 0, 255}), (std::array{82, 90, 240}));
    EXPECT_EQ(painted({0, 255, 0}), (std::array{144, 54, 34}));
    EXPECT_EQ(painted({255, 0, 0}), (std::array{41, 240, 110}));
}

TEST(DoorCamera, ShowsTwelvePicturesASecondToWhoeverLooks) {
    ::signal(SIGPIPE, SIG_IGN);
    Stage stage;
    const Plan plan = make_plan(two_minutes());
    const std::string path = (stage.folder / "door.y4m").string();
    DoorCamera camera{plan, path, stage.loop};
    ASSERT_TRUE(camera.start());
    stage.loop.advance(seconds{5});  // nobody looks
    const Reader reader{path};
    std::size_t bytes = 0;
    for (int i = 0; i < 100; ++i) {
        stage.loop.advance(milliseconds{20});
        bytes += reader.take().size();
    }
    EXPECT_NEAR(static_cast<double>(bytes) / kFrameBytes, 24, 1.5);
}

TEST(DoorCamera, SaysThatItCannotMakeItsPipe) {
    Stage stage;
    const Plan plan = make_plan(two_minutes());
    DoorCamera camera{plan, "/nowhere/at/all", stage.loop};
    EXPECT_FALSE(camera.start());
}

}  // namespace
}  // namespace aisle::simulated
