#include "drivers/reference/reference_dir.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <deque>
#include <fstream>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "agent/runtime/inline_executor.hpp"
#include "drivers/reference/file_scan.hpp"
#include "tests/kit/recording_sink.hpp"
#include "tests/kit/temp_folder.hpp"

namespace aisle::reference {
namespace {

struct TempDir {
    // With a time of its own, as if written long ago: `age` tells one version from the next.
    void write(const std::string& name, const std::string& bytes, int age = 0) const {
        std::ofstream{path / name, std::ios::binary} << bytes;
        const auto long_ago =
            std::filesystem::file_time_type::clock::now() - std::chrono::hours{24 * 365 * 3};
        std::filesystem::last_write_time(path / name, long_ago + seconds{age});
    }

    kit::TempFolder folder;
    const std::filesystem::path path = folder.path();
};

constexpr seconds kScan{5};

struct Rig {
    explicit Rig(bool reread = true) : reread_at_start{reread} { restart(); }
    void restart(std::vector<SourcePosition> positions = {}) {
        driver = std::make_unique<ReferenceDir>(
            ReferenceDirSettings{.dir = dir.path, .reread_at_start = reread_at_start}, loop,
            elsewhere, sink, *metrics);
        driver->restore(positions);
    }
    void start() {
        driver->start();
        loop.run_ready();
    }
    void scan() { loop.advance(kScan); }
    [[nodiscard]] std::vector<ReferenceReading> files() const {
        return sink.all<ReferenceReading>();
    }
    [[nodiscard]] std::vector<SourcePosition> positions() const {
        std::vector<SourcePosition> positions;
        for (const auto& reading : sink.readings) {
            if (reading.position) positions.push_back(*reading.position);
        }
        return positions;
    }
    double looks(const std::string& outcome) {
        return metrics->counter("aisle_reference_files_total", "", {{"outcome", outcome}}).value();
    }

    TempDir dir;
    std::unique_ptr<runtime::Metrics> metrics = runtime::make_metrics();
    runtime::ManualClock clock;
    runtime::InlineExecutor loop{clock};
    kit::RecordingSink sink;
    ReferenceDir::Elsewhere elsewhere;
    bool reread_at_start;
    std::unique_ptr<ReferenceDir> driver;
};

TEST(ReferenceDir, HandsEachFileOverWholeWithItsPosition) {
    Rig rig;
    rig.dir.write("products.jsonl", "{\"sku\":\"A\"}\n{\"sku\":\"B\"}\n");
    rig.dir.write("members.jsonl", "{\"member\":\"M1\"}\n");
    rig.start();
    const auto files = rig.files();
    ASSERT_EQ(files.size(), 2U);
    EXPECT_EQ(files[0].file, "members.jsonl");
    EXPECT_EQ(files[1].file, "products.jsonl");
    EXPECT_EQ(files[1].source, "reference");
    EXPECT_EQ(files[1].rows.size(), 2U);
    ASSERT_EQ(rig.positions().size(), 2U);
    EXPECT_EQ(rig.positions()[1].item, "products.jsonl");
}

TEST(ReferenceDir, ReadsAFileAgainWhenItChanges) {
    Rig rig;
    rig.dir.write("tags.jsonl", "{\"tag\":\"aa\",\"is\":\"staff\"}\n");
    rig.start();
    rig.scan();
    rig.scan();
    EXPECT_EQ(rig.files().size(), 1U);
    rig.dir.write("tags.jsonl", "{\"tag\":\"ab\",\"is\":\"staff\"}\n", 1);
    rig.scan();
    ASSERT_EQ(rig.files().size(), 2U);
    EXPECT_EQ(std::get<TagRow>(rig.files()[1].rows.at(0)).tag, "ab");
}

TEST(ReferenceDir, DoesNotHandOverTheSameContentAgain) {
    Rig rig;
    rig.dir.write("tags.jsonl", "{\"tag\":\"aa\",\"is\":\"staff\"}\n");
    rig.start();
    rig.dir.write("tags.jsonl", "{\"tag\":\"aa\",\"is\":\"staff\"}\n", 60);
    rig.scan();
    EXPECT_EQ(rig.files().size(), 1U);
    EXPECT_EQ(rig.looks("unchanged"), 1);
}

// A file written within its times' grain of being read: the times may not move with the next write.
TEST(ReferenceDir, LooksInsideAFileThatWasFreshWhenItWasRead) {
    Rig rig;
    rig.dir.write("facts.jsonl", "{\"key\":\"a\",\"value\":1}\n");
    const auto written = std::filesystem::last_write_time(rig.dir.path / "facts.jsonl");
    const auto unix_time = std::chrono::file_clock::to_sys(written);
    Stamp now = rig.clock.now();
    now.wall = std::chrono::time_point_cast<milliseconds>(unix_time);
    rig.clock.set(now);
    rig.start();
    std::ofstream{rig.dir.path / "facts.jsonl"} << "{\"key\":\"a\",\"value\":2}\n";
    std::filesystem::last_write_time(rig.dir.path / "facts.jsonl", written);
    rig.scan();
    EXPECT_EQ(rig.files().size(), 2U);
}

TEST(ReferenceDir, LetsAMissingFileChangeNothing) {
    Rig rig;
    rig.dir.write("tags.jsonl", "{\"tag\":\"aa\",\"is\":\"staff\"}\n");
    rig.start();
    std::filesystem::remove(rig.dir.path / "tags.jsonl");
    rig.scan();
    EXPECT_EQ(rig.files().size(), 1U);
}

TEST(ReferenceDir, WithdrawsAllRowsWithAnEmptyFile) {
    Rig rig;
    rig.dir.write("tags.jsonl", "{\"tag\":\"aa\",\"is\":\"staff\"}\n");
    rig.start();
    rig.dir.write("tags.jsonl", "", 1);
    rig.scan();
    ASSERT_EQ(rig.files().size(), 2U);
    EXPECT_TRUE(rig.files()[1].rows.empty());
}

TEST(ReferenceDir, WaitsForAFileThatIsHalfWritten) {
    Rig rig;
    rig.dir.write("products.jsonl", "{\"sku\":\"A\"}\n{\"sku\":\"B");
    rig.start();
    rig.scan();
    EXPECT_TRUE(rig.sink.readings.empty());
    EXPECT_EQ(rig.looks("unfinished"), 2);
    rig.dir.write("products.jsonl", "{\"sku\":\"A\"}\n{\"sku\":\"B\"}\n", 1);
    rig.scan();
    ASSERT_EQ(rig.files().size(), 1U);
    EXPECT_EQ(rig.files()[0].rows.size(), 2U);
    EXPECT_TRUE(rig.sink.all<RejectedReading>().empty());
}

TEST(ReferenceDir, TakesAFileWithoutALastLineEndOnceItHasSettled) {
    Rig rig;
    rig.dir.write("products.jsonl", "{\"sku\":\"A\"}\n{\"sku\":\"B\"}");
    rig.start();
    for (int i = 0; i < 2; ++i) rig.scan();
    EXPECT_TRUE(rig.files().empty());
    rig.scan();
    ASSERT_EQ(rig.files().size(), 1U);
    EXPECT_EQ(rig.files()[0].rows.size(), 2U);
}

TEST(ReferenceDir, WaitsAsLongAsAFileGrows) {
    Rig rig;
    std::string bytes = "{\"sku\":\"A";
    rig.start();
    for (int i = 0; i < 20; ++i) {
        rig.dir.write("products.jsonl", bytes += "x", i);
        rig.scan();
    }
    EXPECT_TRUE(rig.sink.readings.empty());
}

TEST(ReferenceDir, QuarantinesBadLinesWithoutTheirContentAndUsesTheRest) {
    Rig rig;
    rig.dir.write("members.jsonl", "{\"member\":\"M1\"}\n{\"member\":7}\n{\"member\":\"M2\"}\n");
    rig.start();
    ASSERT_EQ(rig.files().size(), 1U);
    EXPECT_EQ(rig.files()[0].rows.size(), 2U);
    const auto rejected = rig.sink.all<RejectedReading>();
    ASSERT_EQ(rejected.size(), 1U);
    const Quarantined& item = rejected[0].item;
    EXPECT_EQ(item.source, "reference");
    EXPECT_EQ(item.origin, "members.jsonl");
    EXPECT_EQ(item.detail, "line 2: member is not a short text");
    EXPECT_EQ(item.byte_from, 16);
    EXPECT_EQ(item.byte_to, 28);
    EXPECT_TRUE(item.payload.empty());
    EXPECT_EQ(rig.metrics->counter("aisle_reference_lines_rejected_total", "").value(), 1);
}

TEST(ReferenceDir, TellsBadLinesOnceOverRestarts) {
    Rig rig;
    rig.dir.write("members.jsonl", "{\"member\":7}\n{\"member\":\"M1\"}\n");
    rig.start();
    rig.restart(rig.positions());
    rig.start();
    EXPECT_EQ(rig.files().size(), 2U);
    EXPECT_EQ(rig.sink.all<RejectedReading>().size(), 1U);
}

TEST(ReferenceDir, ReadsNothingTwiceWhereThatIsNotWanted) {
    Rig rig{false};
    rig.dir.write("members.jsonl", "{\"member\":\"M1\"}\n");
    rig.start();
    rig.restart(rig.positions());
    rig.start();
    EXPECT_EQ(rig.files().size(), 1U);
}

TEST(ReferenceDir, ComesBackWhenTheSinkIsFull) {
    Rig rig;
    rig.sink.room = 0;
    rig.dir.write("tags.jsonl", "{\"tag\":\"aa\",\"is\":\"staff\"}\n");
    rig.start();
    EXPECT_EQ(rig.looks("full"), 1);
    rig.sink.room = 10;
    rig.scan();
    EXPECT_EQ(rig.files().size(), 1U);
}

TEST(ReferenceDir, ComesBackWhenTheCommitFails) {
    Rig rig;
    rig.dir.write("tags.jsonl", "{\"tag\":\"aa\",\"is\":\"staff\"}\n");
    rig.start();
    rig.sink.commit(unavailable("no disk"));
    rig.scan();
    EXPECT_EQ(rig.files().size(), 2U);
    rig.sink.commit();
    rig.scan();
    EXPECT_EQ(rig.files().size(), 2U);
}

TEST(ReferenceDir, RefusesWhatIsBeyondItsBoundsOnce) {
    Rig rig;
    std::ofstream{rig.dir.path / "products.jsonl"};
    std::filesystem::resize_file(rig.dir.path / "products.jsonl",
                                 kFileBytesMax + 1);  // a hole, not bytes
    rig.start();
    rig.scan();
    const auto rejected = rig.sink.all<RejectedReading>();
    ASSERT_EQ(rejected.size(), 1U);
    EXPECT_EQ(rejected[0].item.reason, "limit");
    EXPECT_TRUE(rig.files().empty());
}

TEST(ReferenceDir, TakesOnlyRegularFiles) {
    Rig rig;
    std::filesystem::create_directory(rig.dir.path / "tags.jsonl");
    rig.start();
    EXPECT_EQ(rig.looks("unreadable"), 1);
    EXPECT_TRUE(rig.sink.readings.empty());
}

TEST(ReferenceDir, ScansAtOnceWhenItIsNudged) {
    Rig rig;
    rig.start();
    rig.dir.write("tags.jsonl", "{\"tag\":\"aa\",\"is\":\"staff\"}\n");
    rig.driver->nudge();
    rig.loop.run_ready();
    EXPECT_EQ(rig.files().size(), 1U);
}

// Another thread, played by a queue that the test empties.
struct WorkerRig : Rig {
    WorkerRig() {
        elsewhere = [this](runtime::Task task) {
            if (!open) return false;
            tasks.push_back(std::move(task));
            return true;
        };
        restart();
    }
    void work() {
        while (!tasks.empty()) {
            auto task = std::move(tasks.front());
            tasks.pop_front();
            task();
        }
        loop.run_ready();
    }
    std::deque<runtime::Task> tasks;
    bool open = true;
};

TEST(ReferenceDir, ReadsFilesElsewhere) {
    WorkerRig rig;
    rig.dir.write("tags.jsonl", "{\"tag\":\"aa\",\"is\":\"staff\"}\n");
    rig.start();
    EXPECT_TRUE(rig.files().empty());
    rig.scan();
    EXPECT_EQ(rig.tasks.size(), 1U);  // one scan at a time
    rig.work();
    rig.work();
    EXPECT_EQ(rig.files().size(), 1U);
}

TEST(ReferenceDir, TriesAgainWhereTheOtherThreadIsBusy) {
    WorkerRig rig;
    rig.open = false;
    rig.dir.write("tags.jsonl", "{\"tag\":\"aa\",\"is\":\"staff\"}\n");
    rig.start();
    rig.open = true;
    rig.scan();
    rig.work();
    EXPECT_EQ(rig.files().size(), 1U);
}

TEST(ReferenceDir, HandsNothingOverOnceItIsStoppedOrGone) {
    WorkerRig rig;
    rig.dir.write("tags.jsonl", "{\"tag\":\"aa\",\"is\":\"staff\"}\n");
    rig.start();
    rig.driver->stop();
    rig.work();
    EXPECT_TRUE(rig.sink.readings.empty());
    rig.restart();
    rig.start();
    rig.driver.reset();
    rig.work();
    EXPECT_TRUE(rig.sink.readings.empty());
}

TEST(ReferenceDir, ReadsAHundredThousandMembers) {
    Rig rig;
    std::string bytes;
    for (int i = 0; i < 100'000; ++i) {
        bytes +=
            "{\"member\":\"M" + std::to_string(i) +
            R"(","tags":["vip","wine"],"tier":"gold","consent":{"marketing.personal":{"at":"2026-06-12T04:00:00Z","version":"3"}}})" +
            "\n";
    }
    rig.dir.write("members.jsonl", bytes);
    const auto before = std::chrono::steady_clock::now();
    rig.start();
    const auto took = std::chrono::steady_clock::now() - before;
    RecordProperty("ms", static_cast<int>(std::chrono::duration_cast<milliseconds>(took).count()));
    ASSERT_EQ(rig.files().size(), 1U);
    EXPECT_EQ(rig.files()[0].rows.size(), 100'000U);
}

TEST(FileMark, IsTheSameAfterBeingStored) {
    const FileMark mark{
        .mtime_ns = 1'781'236'800'123'456'789, .size = 42, .inode = 7, .hash = ~std::uint64_t{0}};
    EXPECT_EQ(mark_from(to_position(mark)), mark);
    for (const auto* text : {"", "1:2:3", "1:2:3:x", "1:2:3:4:5", "::::"})
        EXPECT_FALSE(mark_from(text)) << text;
}

}  // namespace
}  // namespace aisle::reference
