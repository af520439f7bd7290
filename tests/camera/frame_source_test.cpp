// Real files under OpenCV's capture: what happens when they are swapped, cut off or gone.
#include "drivers/camera/frame_source.hpp"

#include <gtest/gtest.h>

#include "synthetic.hpp"

namespace aisle::camera {
namespace {

namespace fs = std::filesystem;

const Shopfloor kEmptyFloor{{}};

struct Film : testing::Test {
    Folder folder;
    std::string path = folder.video(kEmptyFloor, 20);
    Frame frame;

    std::unique_ptr<FrameSource> source(bool loop, bool paced = true) {
        auto made = make_frame_source(
            {.kind = SourceKind::File, .location = path, .loop = loop, .paced = paced});
        EXPECT_TRUE(made->open());
        return made;
    }
    // What came of so many reads.
    int count(FrameSource& of, int reads, Grab what) {
        int found = 0;
        for (int i = 0; i < reads; ++i) found += of.read(frame) == what ? 1 : 0;
        return found;
    }
};

TEST_F(Film, EndsOnce) {
    const auto film = source(false);
    EXPECT_EQ(count(*film, 20, Grab::Frame), 20);
    EXPECT_EQ(film->read(frame), Grab::End);
}

TEST_F(Film, LetsPicturesGoUnseen) {
    const auto film = source(false);
    ASSERT_EQ(film->read(frame), Grab::Frame);
    ASSERT_TRUE(film->skip());
    ASSERT_TRUE(film->skip());
    ASSERT_EQ(film->read(frame), Grab::Frame);
    EXPECT_EQ(frame.bgr, kEmptyFloor.frame(3).bgr);
    EXPECT_EQ(count(*film, 16, Grab::Frame), 16);
    EXPECT_FALSE(film->skip());
}

TEST_F(Film, BeginsAgainAtItsEnd) {
    const auto film = source(true);
    EXPECT_EQ(count(*film, 41, Grab::Frame), 40);  // and one seam
}

TEST_F(Film, IsLostWhenItIsTakenAway) {
    const auto film = source(true);
    ASSERT_EQ(film->read(frame), Grab::Frame);
    fs::rename(path, path + ".away");
    EXPECT_EQ(film->read(frame), Grab::Nothing);
    EXPECT_FALSE(film->open());
    fs::rename(path + ".away", path);
    EXPECT_EQ(film->read(frame), Grab::Nothing);  // not without an opening
    ASSERT_TRUE(film->open());
    EXPECT_EQ(film->read(frame), Grab::Frame);
}

TEST_F(Film, IsLostWhenAnotherTakesItsPlace) {
    const auto film = source(false);
    ASSERT_EQ(film->read(frame), Grab::Frame);
    RawAvi other;
    for (int i = 100; i < 105; ++i) other.add(kEmptyFloor.frame(i));
    fs::rename(folder.file("other.avi", other.bytes()), path);
    EXPECT_EQ(film->read(frame), Grab::Nothing);
    ASSERT_TRUE(film->open());
    ASSERT_EQ(film->read(frame), Grab::Frame);
    EXPECT_EQ(frame.bgr, kEmptyFloor.frame(100).bgr);
}

TEST_F(Film, ThatIsOnlyReadThroughIsReadToItsEnd) {
    const auto film = source(false, false);
    ASSERT_EQ(film->read(frame), Grab::Frame);
    fs::remove(path);
    EXPECT_EQ(count(*film, 19, Grab::Frame), 19);
}

TEST_F(Film, IsNothingWhenItIsRubbishAndAgainSomethingWhenItIsNot) {
    const auto film = source(true);
    (void)folder.file("floor.avi", "this is no film");  // over the same file
    for (int i = 0; i < 30; ++i) (void)film->read(frame);
    EXPECT_EQ(film->read(frame), Grab::Nothing);
    EXPECT_FALSE(film->open());
    (void)folder.video(kEmptyFloor, 5);
    ASSERT_TRUE(film->open());
    EXPECT_EQ(count(*film, 5, Grab::Frame), 5);
}

TEST_F(Film, ThatHoldsNoPictureIsNotOpenedWithoutAPause) {
    path = folder.file("empty.avi", RawAvi{}.bytes());
    const auto film = make_frame_source(
        {.kind = SourceKind::File, .location = path, .loop = true, .paced = true});
    if (film->open()) {
        EXPECT_EQ(film->read(frame), Grab::Nothing);
    }
}

}  // namespace
}  // namespace aisle::camera
