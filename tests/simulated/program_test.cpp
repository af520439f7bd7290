// aisle-sim as it is called: its options, what it writes, and what it says when it cannot.
#include <gtest/gtest.h>

#include <unistd.h>
#include <csignal>
#include <thread>

#include <algorithm>

#include "stage.hpp"
#include "tests/kit/program.hpp"

namespace aisle::simulated {
namespace {

const std::string kProgram = AISLE_BIN_DIR "/aisle-sim";

#define NEEDS_THE_PROGRAM() \
    if (::access(kProgram.c_str(), X_OK) != 0) GTEST_SKIP() << "aisle-sim is not built"

using Words = std::vector<std::string>;

struct Simulation {
    // All that must be given, into this folder, and whatever a test adds.
    [[nodiscard]] Words command(const Words& more) const {
        Words all{kProgram,
                  "--tills",
                  (folder / "tills").string(),
                  "--reference",
                  (folder / "reference").string(),
                  "--truth",
                  (folder / "truth.jsonl").string()};
        all.insert(all.end(), more.begin(), more.end());
        return all;
    }
    [[nodiscard]] int run(const Words& more) const {
        return kit::Program{command(more), log_path()}.wait();
    }
    [[nodiscard]] std::string log_path() const { return (folder / "log").string(); }
    [[nodiscard]] std::string log() const { return text("log"); }
    [[nodiscard]] std::string text(const char* name) const {
        std::ostringstream all;
        all << std::ifstream{folder / name, std::ios::binary}.rdbuf();
        return all.str();
    }
    [[nodiscard]] auto tills() const { return files_in(folder / "tills"); }

    Folder folder;
};

const Words kNoonAtOnce{"--at-once", "--start", "2026-06-12T04:00:00Z"};

Words with(Words words, const Words& more) {
    words.insert(words.end(), more.begin(), more.end());
    return words;
}

TEST(AisleSim, WritesAllAtOnceAndEnds) {
    NEEDS_THE_PROGRAM();
    const Simulation simulation;
    EXPECT_EQ(simulation.run(kNoonAtOnce), 0) << simulation.log();
    EXPECT_GT(simulation.tills().size(), 5U);
    EXPECT_EQ(files_in(simulation.folder / "reference").size(), 4U);
    EXPECT_TRUE(simulation.text("truth.jsonl").starts_with("{\"kind\":\"entry\""));
}

TEST(AisleSim, WritesTheSameBytesForTheSameSeed) {
    NEEDS_THE_PROGRAM();
    const Simulation one;
    const Simulation same;
    const Simulation other;
    const Words dirty = with(kNoonAtOnce, {"--dirt", "--seconds", "300"});
    ASSERT_EQ(one.run(with(dirty, {"--seed", "9"})), 0);
    ASSERT_EQ(same.run(with(dirty, {"--seed", "9"})), 0);
    ASSERT_EQ(other.run(with(dirty, {"--seed", "10"})), 0);
    EXPECT_EQ(one.tills(), same.tills());
    EXPECT_EQ(one.text("truth.jsonl"), same.text("truth.jsonl"));
    EXPECT_NE(one.tills(), other.tills());
}

TEST(AisleSim, PutsDirtInOnlyWhenItIsToldTo) {
    NEEDS_THE_PROGRAM();
    const auto doubled = [](const Simulation& simulation) {
        return std::ranges::count_if(simulation.tills(), [](const auto& file) {
            return file.first.ends_with(".again.xml");
        });
    };
    const Simulation clean;
    const Simulation dirty;
    ASSERT_EQ(clean.run(with(kNoonAtOnce, {"--seconds", "600"})), 0);
    ASSERT_EQ(dirty.run(with(kNoonAtOnce, {"--seconds", "600", "--dirt"})), 0);
    EXPECT_EQ(doubled(clean), 0);
    EXPECT_GT(doubled(dirty), 0);
}

TEST(AisleSim, HasMoreShoppersWhenTheyComeFaster) {
    NEEDS_THE_PROGRAM();
    const Simulation slow;
    const Simulation fast;
    ASSERT_EQ(slow.run(with(kNoonAtOnce, {"--between-ms", "30000"})), 0);
    ASSERT_EQ(fast.run(with(kNoonAtOnce, {"--between-ms", "500"})), 0);
    EXPECT_GT(fast.text("truth.jsonl").size(), 10 * slow.text("truth.jsonl").size());
}

TEST(AisleSim, WritesStoreAndDayIntoItsReceipts) {
    NEEDS_THE_PROGRAM();
    // The business day of a shop in Shanghai begins at four in the morning.
    for (const auto& [start, day] : {std::pair{"2026-06-11T19:59:59Z", "2026-06-11"},
                                     {"2026-06-11T20:00:00Z", "2026-06-12"},
                                     {"2026-06-12T03:59:59+08:00", "2026-06-11"},
                                     {"2026-06-12T23:59:00+08:00", "2026-06-12"}}) {
        const Simulation simulation;
        ASSERT_EQ(simulation.run({"--at-once", "--start", start, "--store", "shop-9"}), 0);
        const std::string receipt = simulation.tills().begin()->second;
        EXPECT_NE(receipt.find(std::string{"<BusinessDayDate>"} + day), std::string::npos) << start;
        EXPECT_NE(receipt.find("<RetailStoreID>shop-9<"), std::string::npos);
    }
}

TEST(AisleSim, RefusesOptionsBeyondTheirRange) {
    NEEDS_THE_PROGRAM();
    for (const auto& [option, value] : {std::pair{"--seconds", "0"},
                                        {"--seconds", "86401"},
                                        {"--seconds", "ten"},
                                        {"--between-ms", "49"},
                                        {"--between-ms", "600001"},
                                        {"--seed", "-x"},
                                        {"--broker-port", "65536"}}) {
        const Simulation simulation;
        EXPECT_EQ(simulation.run({"--at-once", option, value}), 64) << option << " " << value;
        EXPECT_FALSE(fs::exists(simulation.folder / "tills"));
    }
}

TEST(AisleSim, TakesTheEndsOfItsRanges) {
    NEEDS_THE_PROGRAM();
    const Simulation shortest;
    EXPECT_EQ(shortest.run({"--at-once", "--seconds", "1", "--between-ms", "600000"}), 0);
    EXPECT_TRUE(shortest.tills().empty());
}

TEST(AisleSim, WantsToKnowWhereToWrite) {
    NEEDS_THE_PROGRAM();
    const Simulation simulation;
    for (const char* const left_out : {"--tills", "--reference", "--truth"}) {
        Words command = simulation.command(kNoonAtOnce);
        const auto at = std::ranges::find(command, left_out);
        command.erase(at, at + 2);
        EXPECT_EQ((kit::Program{command, simulation.log_path()}.wait()), 64) << left_out;
        EXPECT_NE(simulation.log().find(left_out), std::string::npos);
    }
}

TEST(AisleSim, SaysThatItsStartIsNoTime) {
    NEEDS_THE_PROGRAM();
    const Simulation simulation;
    EXPECT_EQ(simulation.run({"--at-once", "--start", "yesterday"}), 64);
    EXPECT_NE(simulation.log().find("--start is not an RFC 3339 time: yesterday"),
              std::string::npos)
        << simulation.log();
}

TEST(AisleSim, SaysWhatItCannotWrite) {
    NEEDS_THE_PROGRAM();
    const Simulation simulation;
    std::ofstream{simulation.folder / "tills"} << "a file where a directory should be";
    EXPECT_EQ(simulation.run(kNoonAtOnce), 74);
    EXPECT_NE(simulation.log().find("aisle-sim: cannot write "), std::string::npos)
        << simulation.log();
}

int scene(const Simulation& simulation, const Words& more) {
    return kit::Program{with({kProgram, "scene"}, more), simulation.log_path()}.wait();
}

TEST(AisleSim, WritesAScenesVideoTruthLinesAndCrossings) {
    NEEDS_THE_PROGRAM();
    const Simulation files;
    const auto path = [&](const char* name) { return (files.folder / name).string(); };
    ASSERT_EQ(
        scene(files, {"--kind", "camera_gap", "--seed", "3", "--video", path("v.y4m"), "--truth",
                      path("t.txt"), "--lines", path("l.toml"), "--crossings", path("c.jsonl")}),
        0)
        << files.log();
    constexpr std::uintmax_t kFrame = 6 + 320 * 240 * 3 / 2;
    const auto video = fs::file_size(path("v.y4m"));
    EXPECT_EQ(video / kFrame, 900U - 3 * 36);
    EXPECT_TRUE(files.text("v.y4m").starts_with("YUV4MPEG2 W320 H240 F12:1 "));
    EXPECT_TRUE(files.text("l.toml").starts_with("view = \"above\"\n\n[[line]]\nname = \"door\"\n"));
    EXPECT_GT(files.text("t.txt").size(), 10'000U);
    const std::string crossings = files.text("c.jsonl");
    EXPECT_TRUE(crossings.starts_with("{\"frame\":"));
    EXPECT_GT(std::ranges::count(crossings, '\n'), 30);
    EXPECT_NE(crossings.find("\"blind\":true}"), std::string::npos);
}

TEST(AisleSim, KnowsItsScenes) {
    NEEDS_THE_PROGRAM();
    const Simulation simulation;
    EXPECT_EQ(scene(simulation, {"--kind", "rain"}), 64);
    EXPECT_NE(simulation.log().find("no such kind of scene: rain"), std::string::npos);
    EXPECT_EQ(scene(simulation, {"--help"}), 0);
    EXPECT_EQ(scene(simulation, {"--what"}), 64);
    EXPECT_EQ(scene(simulation, {"--video", "/nowhere/v.y4m"}), 74);
}

TEST(AisleSim, RefusesACameraThatIsNoPipe) {
    NEEDS_THE_PROGRAM();
    const Simulation simulation;
    const std::string file = (simulation.folder / "door.y4m").string();
    std::ofstream{file} << "a file";
    EXPECT_EQ(simulation.run({"--camera", file}), 64);
    EXPECT_NE(simulation.log().find("not a pipe"), std::string::npos);
}

TEST(AisleSim, EndsWhenItIsToldToBeforeItsTime) {
    NEEDS_THE_PROGRAM();
    const Simulation simulation;
    kit::Program program{simulation.command({"--seconds", "3600"}), simulation.log_path()};
    // Its truth is the last thing that it writes at its start, when signals come to its loop
    // already. The test's time-out is the bound.
    while (!fs::exists(simulation.folder / "truth.jsonl")) std::this_thread::yield();
    program.signal(SIGTERM);
    EXPECT_EQ(program.wait(), 0);
}

}  // namespace
}  // namespace aisle::simulated
