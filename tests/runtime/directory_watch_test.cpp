#include "agent/runtime/directory_watch.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <vector>

#include "loop_kit.hpp"

namespace aisle::runtime {
namespace {

struct Watched {
    Watched() {
        auto opened = DirectoryWatch::open(
            test.loop, folder.path(), [this](const std::string& name) { hints.push_back(name); });
        EXPECT_TRUE(opened) << opened.error().detail;
        watch = std::move(opened).value();
    }
    [[nodiscard]] bool hinted(const std::string& name) const {
        return std::ranges::count(hints, name) > 0;
    }

    TestLoop test;
    TestFolder folder;
    std::vector<std::string> hints;
    std::unique_ptr<DirectoryWatch> watch;
};

TEST(DirectoryWatch, TellsOfAFileThatWasWritten) {
    Watched watched;
    std::ofstream{watched.folder.path("sale.xml")} << "x";
    watched.test.run_until([&] { return watched.hinted("sale.xml"); });
    EXPECT_TRUE(watched.hinted("sale.xml"));
}

TEST(DirectoryWatch, TellsOfAFileThatWasMovedIn) {
    Watched watched;
    const TestFolder elsewhere;
    std::ofstream{elsewhere.path("tmp")} << "x";
    std::filesystem::rename(elsewhere.path("tmp"), watched.folder.path("moved.xml"));
    watched.test.run_until([&] { return watched.hinted("moved.xml"); });
    EXPECT_EQ(watched.hints, (std::vector<std::string>{"moved.xml"}));
}

TEST(DirectoryWatch, TellsOfEveryFileOfABurst) {
    Watched watched;
    for (int i = 0; i < 1'000; ++i) std::ofstream{watched.folder.path(std::to_string(i))} << i;
    watched.test.run_until([&] { return watched.hinted("999"); });
    for (int i = 0; i < 1'000; ++i) EXPECT_TRUE(watched.hinted(std::to_string(i))) << i;
}

TEST(DirectoryWatch, AsksForAScanWhenTheDirectoryGoes) {
    Watched watched;
    std::filesystem::remove_all(watched.folder.path());
    watched.test.run_until([&] { return watched.hinted(""); });
    EXPECT_TRUE(watched.hinted(""));
}

TEST(DirectoryWatch, IsSilentOnceItHasGone) {
    Watched watched;
    std::ofstream{watched.folder.path("a")} << "x";
    watched.watch.reset();
    for (int i = 0; i < 10; ++i) watched.test.loop.run_ready();
    EXPECT_TRUE(watched.hints.empty());
}

TEST(DirectoryWatch, MayGoInTheMiddleOfAHint) {
    TestLoop test;
    const TestFolder folder;
    int hints = 0;
    std::unique_ptr<DirectoryWatch> watch;
    watch = DirectoryWatch::open(test.loop, folder.path(), [&](const std::string&) {
                ++hints;
                watch.reset();
            }).value();
    std::ofstream{folder.path("a")} << "x";
    std::ofstream{folder.path("b")} << "x";
    test.run_until([&] { return hints > 0; });
    for (int i = 0; i < 10; ++i) test.loop.run_ready();
    EXPECT_EQ(hints, 1);
}

TEST(DirectoryWatch, SaysThatItCannotWatch) {
    TestLoop test;
    const auto watch =
        DirectoryWatch::open(test.loop, "/nonexistent/inbox", [](const std::string&) {});
    ASSERT_FALSE(watch);
    EXPECT_EQ(watch.error().fault, Fault::Unavailable);
}

}  // namespace
}  // namespace aisle::runtime
