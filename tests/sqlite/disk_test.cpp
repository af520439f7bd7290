// What sqlite::Disk promises, on the machine's own disk and on the simulated one.
#include "agent/sqlite/disk.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "tests/kit/sim_disk.hpp"
#include "tests/kit/temp_folder.hpp"

namespace aisle::sqlite {
namespace {

class AnyDisk : public testing::TestWithParam<bool> {
protected:
    [[nodiscard]] std::string path(const std::string& name) const { return dir + "/" + name; }

    kit::SimDisk simulated;
    Disk& disk = GetParam() ? static_cast<Disk&>(simulated) : system_disk();
    kit::TempFolder folder;
    const std::string dir = folder.path();
};

TEST_P(AnyDisk, ReadsWhatWasReplaced) {
    ASSERT_TRUE(disk.replace(path("manifest"), "one"));
    ASSERT_TRUE(disk.replace(path("manifest"), std::string{"two\0two", 7}));
    EXPECT_EQ(disk.read(path("manifest")).value(), std::string("two\0two", 7));
    EXPECT_EQ(disk.size(path("manifest")).value(), 7);
}

TEST_P(AnyDisk, LeavesNothingBesideWhatWasReplaced) {
    ASSERT_TRUE(disk.replace(path("manifest"), "one"));
    EXPECT_EQ(disk.list(dir).value(), std::vector<std::string>{path("manifest")});
}

TEST_P(AnyDisk, ReadsNoMoreThanTheHeadThatIsAskedFor) {
    ASSERT_TRUE(disk.replace(path("old"), "0123456789"));
    EXPECT_EQ(disk.head(path("old"), 4).value(), "0123");
    EXPECT_EQ(disk.head(path("old"), 40).value(), "0123456789");
    EXPECT_EQ(disk.head(path("nothing"), 4).error().fault, Fault::Unavailable);
}

TEST_P(AnyDisk, PatchesInPlaceAndOnlyWhatIsThere) {
    ASSERT_TRUE(disk.replace(path("old"), "0123456789"));
    ASSERT_TRUE(disk.patch(path("old"), 3, "abc"));
    EXPECT_EQ(disk.read(path("old")).value(), "012abc6789");
    EXPECT_EQ(disk.patch(path("nothing"), 0, "x").error().fault, Fault::Unavailable);
    EXPECT_FALSE(disk.exists(path("nothing")));
}

TEST_P(AnyDisk, CannotReadWhatIsNotThere) {
    const auto bytes = disk.read(path("nothing"));
    ASSERT_FALSE(bytes);
    EXPECT_EQ(bytes.error().fault, Fault::Unavailable);
    EXPECT_FALSE(disk.size(path("nothing")));
    EXPECT_FALSE(disk.exists(path("nothing")));
}

TEST_P(AnyDisk, RefusesToReadWhatIsTooLongToBeRight) {
    ASSERT_TRUE(disk.allocate(path("long"), kDiskFileBytesMax + 1));
    const auto bytes = disk.read(path("long"));
    ASSERT_FALSE(bytes);
    EXPECT_EQ(bytes.error().fault, Fault::Malformed);
}

TEST_P(AnyDisk, RemovesAFileOnceAndAgain) {
    ASSERT_TRUE(disk.replace(path("a"), "a"));
    EXPECT_TRUE(disk.remove(path("a")));
    EXPECT_FALSE(disk.exists(path("a")));
    EXPECT_TRUE(disk.remove(path("a")));
}

TEST_P(AnyDisk, RenamesOverAnother) {
    ASSERT_TRUE(disk.replace(path("a"), "a"));
    ASSERT_TRUE(disk.replace(path("b"), "b"));
    ASSERT_TRUE(disk.rename(path("a"), path("b")));
    EXPECT_EQ(disk.read(path("b")).value(), "a");
    EXPECT_FALSE(disk.exists(path("a")));
}

TEST_P(AnyDisk, CannotRenameWhatIsNotThere) {
    EXPECT_EQ(disk.rename(path("a"), path("b")).error().fault, Fault::Unavailable);
}

TEST_P(AnyDisk, ListsTheFilesOfAFolderAlone) {
    ASSERT_TRUE(disk.replace(path("b"), ""));
    ASSERT_TRUE(disk.replace(path("a"), ""));
    EXPECT_EQ(disk.list(dir).value(), (std::vector{path("a"), path("b")}));
    EXPECT_TRUE(disk.list(dir + "/nowhere").value().empty());
}

TEST_P(AnyDisk, AllocatesGrowsAndShrinks) {
    for (const std::int64_t bytes : {100'000, 300'000, 5, 0}) {
        ASSERT_TRUE(disk.allocate(path("ballast"), bytes));
        EXPECT_EQ(disk.size(path("ballast")).value(), bytes);
    }
}

TEST_P(AnyDisk, TellsHowMuchIsFree) { EXPECT_GT(disk.free_bytes(dir).value(), 0); }

INSTANTIATE_TEST_SUITE_P(Disks, AnyDisk, testing::Bool(), [](const auto& param) {
    return std::string{param.param ? "Simulated" : "System"};
});

TEST(SystemDisk, OccupiesTheBallastsBlocksReally) {
    const kit::TempFolder folder;
    const std::string ballast = folder.file("ballast");
    ASSERT_TRUE(system_disk().allocate(ballast, 1 << 20));
    const std::string du = "test $(du -k " + ballast + " | cut -f1) -ge 1024";
    EXPECT_EQ(std::system(du.c_str()), 0);
}

TEST(SystemDisk, IsDeniedWhereItIsNoFolder) {
    EXPECT_FALSE(system_disk().replace("/proc/self/nothing/here", "x"));
    EXPECT_FALSE(system_disk().free_bytes("/nowhere"));
}

}  // namespace
}  // namespace aisle::sqlite
