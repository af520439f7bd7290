#include "drivers/pos/drop_files.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace aisle::pos {
namespace {

namespace fs = std::filesystem;

class Folder {
public:
    Folder() {
        std::string pattern = (fs::temp_directory_path() / "aisle-files-XXXXXX").string();
        path = ::mkdtemp(pattern.data());
    }
    ~Folder() { fs::remove_all(path); }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    [[nodiscard]] std::string put(const std::string& name, const std::string& bytes = {}) const {
        std::ofstream{path / name} << bytes;
        return (path / name).string();
    }
    fs::path path;
};

TEST(DropFiles, ListsFilesByNameAndTellsTheOthersApart) {
    const Folder folder;
    for (const char* name : {"b.xml", "a.xml", "c.xml.tmp", "d.part", "a.xml.done", ".hidden"}) {
        EXPECT_FALSE(folder.put(name).empty());
    }
    fs::create_directory(folder.path / "sub");
    const auto listing = list_drop_files(folder.path.string(), 10);
    ASSERT_TRUE(listing);
    ASSERT_EQ(listing->files.size(), 2U);
    EXPECT_EQ(listing->files[0].name, "a.xml");
    EXPECT_TRUE(listing->files[0].marked_done);
    EXPECT_FALSE(listing->files[1].marked_done);
    EXPECT_EQ(listing->partial.size(), 2U);
}

TEST(DropFiles, CountsWhatIsBeyondTheBound) {
    const Folder folder;
    for (const char* name : {"1", "2", "3"}) EXPECT_FALSE(folder.put(name).empty());
    const auto listing = list_drop_files(folder.path.string(), 2);
    EXPECT_EQ(listing->files.size(), 2U);
    EXPECT_EQ(listing->left_out, 1U);
}

TEST(DropFiles, ReadsOneByteMoreThanAllowedAtMost) {
    const Folder folder;
    const auto path = folder.put("a", std::string(100'000, 'x'));
    EXPECT_EQ(read_file(path, 70'000)->size(), 70'001U);
    EXPECT_EQ(read_file(path, 200'000)->size(), 100'000U);
    EXPECT_FALSE(read_file(path + "-", 10));
}

TEST(DropFiles, TellsPositionsApartByTheFirstKilobyteOnly) {
    const FileStat stat{.device = 1, .inode = 2, .size = 3, .modified_ns = 4};
    const std::string head(1024, 'a');
    EXPECT_EQ(position_of(stat, head + "x"), position_of(stat, head + "y"));
    EXPECT_NE(position_of(stat, "x"), position_of(stat, "y"));
    FileStat other = stat;
    other.inode = 9;
    EXPECT_NE(position_of(stat, "x"), position_of(other, "x"));
}

TEST(DropFiles, MovesAFileNeverOverAnother) {
    const Folder from;
    const Folder to;
    EXPECT_FALSE(to.put("a.xml", "old").empty());
    EXPECT_TRUE(move_file(from.put("a.xml", "new"), to.path.string()));
    EXPECT_FALSE(fs::exists(from.path / "a.xml"));
    EXPECT_EQ(*read_file((to.path / "a.xml").string(), 10), "old");
    EXPECT_EQ(*read_file((to.path / "a.xml.1").string(), 10), "new");
}

}  // namespace
}  // namespace aisle::pos
