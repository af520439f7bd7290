#include "agent/app/scene_store.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include "shop_world.hpp"

namespace aisle::app {
namespace {

Status write(const std::string& path, const std::string& text) {
    const auto now = read_scene_text(path);
    return write_scene_text({path, text, now ? now->digest : std::string{}});
}

TEST(SceneStore, WritesAFileThatWasNotThere) {
    const Folder folder;
    EXPECT_TRUE(write(folder.file("s.toml"), "a = 1\n"));
    EXPECT_EQ(bytes_of(folder.file("s.toml")), "a = 1\n");
    EXPECT_FALSE(std::filesystem::exists(folder.file("s.toml.old.1")));
}

TEST(SceneStore, KeepsWhatWasThere) {
    const Folder folder;
    const auto path = folder.write("s.toml", "# drawn by hand\n");
    EXPECT_TRUE(write(path, "two"));
    EXPECT_TRUE(write(path, "three"));
    EXPECT_EQ(bytes_of(path), "three");
    EXPECT_EQ(bytes_of(path + ".old.1"), "two");
    EXPECT_EQ(bytes_of(path + ".old.2"), "# drawn by hand\n");
}

TEST(SceneStore, KeepsOnlySoMany) {
    const Folder folder;
    const auto path = folder.write("s.toml", "0");
    for (int n = 1; n <= kOldScenesKept + 3; ++n) EXPECT_TRUE(write(path, std::to_string(n)));
    EXPECT_EQ(bytes_of(path + ".old.5"), "3");
    EXPECT_FALSE(std::filesystem::exists(path + ".old.6"));
}

TEST(SceneStore, WritesNothingOverWhatSomebodyElseHasWritten) {
    const Folder folder;
    const auto path = folder.write("s.toml", "mine");
    const auto read = read_scene_text(path);
    folder.write("s.toml", "somebody's");
    const Status wrote = write_scene_text({path, "new", read->digest});
    ASSERT_FALSE(wrote);
    EXPECT_EQ(wrote.error().fault, Fault::Full);
    EXPECT_EQ(bytes_of(path), "somebody's");
}

TEST(SceneStore, SaysWhereItMayNotWriteAndLeavesTheFile) {
    if (::geteuid() == 0) GTEST_SKIP() << "root may write everywhere";
    const Folder folder;
    const auto path = folder.write("s.toml", "mine");
    ::chmod(folder.path().c_str(), 0500);
    const Status wrote = write(path, "new");
    ::chmod(folder.path().c_str(), 0700);
    ASSERT_FALSE(wrote);
    EXPECT_EQ(wrote.error().fault, Fault::Denied);
    EXPECT_NE(wrote.error().detail.find("ReadWritePaths"), std::string::npos);
    EXPECT_EQ(bytes_of(path), "mine");
}

TEST(SceneStore, LeavesNothingHalfWrittenBehind) {
    const Folder folder;
    const std::string path = folder.file("absent/s.toml");
    EXPECT_FALSE(write(path, "new"));
    EXPECT_TRUE(write(folder.file("s.toml"), "new"));
    EXPECT_FALSE(std::filesystem::exists(folder.file("s.toml.new")));
}

TEST(SceneStore, ReadsNoFileThatIsTooLarge) {
    const Folder folder;
    const auto path = folder.write("s.toml", std::string(kSceneTextMax + 1, '#'));
    EXPECT_FALSE(read_scene_text(path));
}

}  // namespace
}  // namespace aisle::app
