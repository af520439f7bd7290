#include "agent/runtime/secret_file.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>

#include "loop_kit.hpp"

namespace aisle::runtime {
namespace {

std::string file_of(const TestFolder& folder, const std::string& content, mode_t mode) {
    const std::string path = folder.path("secret");
    std::ofstream{path, std::ios::binary} << content;
    chmod(path.c_str(), mode);
    return path;
}

TEST(SecretFile, ComesBackAsItWasMade) {
    const TestFolder folder;
    ASSERT_TRUE(create_secret_file(folder.path("key"), "s3cret"));
    EXPECT_EQ(read_secret_file(folder.path("key")).value(), "s3cret");
}

TEST(SecretFile, IsMadeForItsOwnerAlone) {
    const TestFolder folder;
    ASSERT_TRUE(create_secret_file(folder.path("key"), "s3cret"));
    struct stat file {};
    ASSERT_EQ(stat(folder.path("key").c_str(), &file), 0);
    EXPECT_EQ(file.st_mode & 0777U, 0600U);
}

TEST(SecretFile, IsNeverOverwritten) {
    const TestFolder folder;
    ASSERT_TRUE(create_secret_file(folder.path("key"), "first"));
    EXPECT_EQ(create_secret_file(folder.path("key"), "second").error().fault, Fault::Denied);
    EXPECT_EQ(read_secret_file(folder.path("key")).value(), "first");
}

TEST(SecretFile, IsRefusedIfOthersHaveAnyRight) {
    const TestFolder folder;
    for (const mode_t mode : {0640U, 0604U, 0620U, 0610U, 0601U, 0644U}) {
        const auto secret = read_secret_file(file_of(folder, "s3cret", mode));
        ASSERT_FALSE(secret) << mode;
        EXPECT_EQ(secret.error().fault, Fault::Denied);
        EXPECT_EQ(secret.error().detail.find("s3cret"), std::string::npos);
    }
    EXPECT_TRUE(read_secret_file(file_of(folder, "s3cret", 0400)));
}

TEST(SecretFile, IsRefusedIfItBelongsToAnother) {
    if (geteuid() != 0) GTEST_SKIP() << "only root can give a file away";
    const TestFolder folder;
    const std::string path = file_of(folder, "s3cret", 0600);
    ASSERT_EQ(chown(path.c_str(), 65534, 65534), 0);
    EXPECT_EQ(read_secret_file(path).error().fault, Fault::Denied);
}

TEST(SecretFile, MayBeReadByAnAclAsASystemdCredential) {
    const TestFolder folder;
    const TestVariable credentials{"CREDENTIALS_DIRECTORY", folder.path()};
    EXPECT_TRUE(read_secret_file(file_of(folder, "s3cret", 0440)));
    EXPECT_FALSE(read_secret_file(file_of(folder, "s3cret", 0444)));
}

TEST(SecretFile, EndsBeforeItsLastLineEnd) {
    const TestFolder folder;
    EXPECT_EQ(read_secret_file(file_of(folder, "a\nb\n", 0600)).value(), "a\nb");
    EXPECT_EQ(read_secret_file(file_of(folder, "a\r\n", 0600)).value(), "a");
    EXPECT_EQ(read_secret_file(file_of(folder, "", 0600)).value(), "");
}

TEST(SecretFile, IsASmallRegularFile) {
    const TestFolder folder;
    EXPECT_EQ(read_secret_file(folder.path()).error().fault, Fault::Malformed);
    EXPECT_EQ(read_secret_file(folder.path("missing")).error().fault, Fault::Unavailable);
    EXPECT_EQ(read_secret_file(file_of(folder, std::string(65 * 1024, 'x'), 0600)).error().fault,
              Fault::Malformed);
    ASSERT_EQ(mkfifo(folder.path("pipe").c_str(), 0600), 0);
    EXPECT_EQ(read_secret_file(folder.path("pipe")).error().fault, Fault::Malformed);
}

}  // namespace
}  // namespace aisle::runtime
