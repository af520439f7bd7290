#include "drivers/reference/file_scan.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <fstream>
#include <string>

#include "tests/kit/temp_folder.hpp"

namespace aisle::reference {
namespace {

class OneFile {
public:
    [[nodiscard]] std::filesystem::path path() const { return dir_.file("products.jsonl"); }
    void write(const std::string& bytes) const { std::ofstream{path(), std::ios::binary} << bytes; }
    // Written anew and moved into place, as careful tools do.
    void replace(const std::string& bytes) const {
        std::ofstream{dir_.file("new"), std::ios::binary} << bytes;
        std::filesystem::rename(dir_.file("new"), path());
    }
    [[nodiscard]] FileLook look() const {
        return {.file = ReferenceFile::Products, .path = path(), .bytes_max = 1'000};
    }

private:
    kit::TempFolder dir_;
};

TEST(FileLook, ReadsAFileForTheFirstTime) {
    const OneFile file;
    file.write("{\"sku\":\"A\"}\n");
    const auto result = look_at(file.look());
    EXPECT_EQ(result.outcome, LookOutcome::Read);
    EXPECT_EQ(result.parsed.rows.size(), 1U);
    EXPECT_EQ(result.mark.size, 12);
    EXPECT_NE(result.mark.hash, 0U);
}

TEST(FileLook, DoesNotOpenWhatHasNotChanged) {
    const OneFile file;
    file.write("{\"sku\":\"A\"}\n");
    auto look = file.look();
    look.known = look_at(look).mark;
    EXPECT_EQ(look_at(look).outcome, LookOutcome::Untouched);
    look.look_inside = true;
    EXPECT_EQ(look_at(look).outcome, LookOutcome::Unchanged);
}

TEST(FileLook, TellsANewFileWithTheSameContent) {
    const OneFile file;
    file.write("{\"sku\":\"A\"}\n");
    auto look = file.look();
    look.known = look_at(look).mark;
    file.replace("{\"sku\":\"A\"}\n");
    const auto result = look_at(look);
    EXPECT_EQ(result.outcome, LookOutcome::Unchanged);
    EXPECT_NE(result.mark.inode, look.known->inode);
    EXPECT_TRUE(result.parsed.rows.empty());
}

TEST(FileLook, ReadsNewContentOfTheSameSize) {
    const OneFile file;
    file.write("{\"sku\":\"A\"}\n");
    auto look = file.look();
    look.known = look_at(look).mark;
    file.replace("{\"sku\":\"B\"}\n");
    EXPECT_EQ(look_at(look).outcome, LookOutcome::Read);
}

TEST(FileLook, TakesAnUnfinishedFileOnlyWhenToldThatItHasSettled) {
    const OneFile file;
    file.write("{\"sku\":\"A\"}");
    auto look = file.look();
    const auto first = look_at(look);
    EXPECT_EQ(first.outcome, LookOutcome::Unfinished);
    look.settled = first.mark;
    EXPECT_EQ(look_at(look).outcome, LookOutcome::Read);
    file.write("{\"sku\":\"AB\"}");
    EXPECT_EQ(look_at(look).outcome, LookOutcome::Unfinished);
}

TEST(FileLook, QuarantinesTheBrokenLastLineOfASettledFile) {
    const OneFile file;
    file.write("{\"sku\":\"A\"}\n{\"sk");
    auto look = file.look();
    look.settled = look_at(look).mark;
    const auto result = look_at(look);
    EXPECT_EQ(result.outcome, LookOutcome::Read);
    EXPECT_EQ(result.parsed.rows.size(), 1U);
    ASSERT_EQ(result.parsed.bad.size(), 1U);
    EXPECT_EQ(result.parsed.bad[0].line, 2U);
}

TEST(FileLook, RefusesAFileBeyondItsBound) {
    const OneFile file;
    file.write(std::string(1'001, '\n'));
    const auto result = look_at(file.look());
    EXPECT_EQ(result.outcome, LookOutcome::Refused);
    EXPECT_EQ(result.mark.size, 1'001);
}

TEST(FileLook, MissesAFileThatIsNotThere) {
    const OneFile file;
    EXPECT_EQ(look_at(file.look()).outcome, LookOutcome::Missing);
}

TEST(FileLook, DoesNotHangOnAPipe) {
    const OneFile file;
    ASSERT_EQ(::mkfifo(file.path().c_str(), 0600), 0);
    const auto result = look_at(file.look());
    EXPECT_EQ(result.outcome, LookOutcome::Unreadable);
    EXPECT_EQ(result.detail, "not a regular file");
}

TEST(FileLook, ReadsAnEmptyFileAsOneWithoutRows) {
    const OneFile file;
    file.write("");
    const auto result = look_at(file.look());
    EXPECT_EQ(result.outcome, LookOutcome::Read);
    EXPECT_TRUE(result.parsed.rows.empty());
}

}  // namespace
}  // namespace aisle::reference
