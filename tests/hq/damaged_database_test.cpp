#include <gtest/gtest.h>

#include "batches.hpp"
#include "hq_world.hpp"
#include "tests/kit/sim_disk.hpp"

// What HQ says of a database that is no longer what it was: it starts with nothing that it would
// have to fill anew, and names the way out.
namespace aisle::hq {
namespace {

const std::string kFile = "/hq/hq.db";

Result<std::unique_ptr<EventStore>> open_on(kit::SimDisk& disk, bool accept_new = false) {
    return open_event_store("sqlite:" + kFile, {.accept_new = accept_new, .disk = &disk});
}

void fill(kit::SimDisk& disk) {
    const runtime::ManualClock clock;
    auto store = open_on(disk);
    ASSERT_TRUE(store);
    for (std::int64_t first = 1; first < 2'000; first += 100)
        ASSERT_TRUE((*store)->apply(std::vector{inbound(first, first + 99)}, clock));
}

void expect_refused(kit::SimDisk& disk, Fault fault, const std::string& words) {
    const auto refused = open_on(disk);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().fault, fault);
    EXPECT_NE(refused.error().detail.find(words), std::string::npos) << refused.error().detail;
}

TEST(DamagedDatabase, WithoutItsHeaderIsNamedAndNotOpened) {
    kit::SimDisk disk;
    fill(disk);
    disk.damage(kFile, 0, std::string(100, '\0'));
    expect_refused(disk, Fault::Malformed, "put a backup in its place");
}

TEST(DamagedDatabase, WithADamagedPageIsNamedAndNotOpened) {
    kit::SimDisk disk;
    fill(disk);
    const auto size = static_cast<std::int64_t>(disk.bytes_of(kFile).size());
    disk.damage(kFile, size / 2 / 4096 * 4096, std::string(4096, 'x'));
    expect_refused(disk, Fault::Malformed, "put a backup in its place");
}

TEST(DamagedDatabase, ThatHasGoneIsNamedTogetherWithTheWayOut) {
    kit::SimDisk disk;
    fill(disk);
    for (const char* end : {"", "-wal", "-shm"}) disk.erase(kFile + end);
    expect_refused(disk, Fault::Denied, "--accept-new-database");
    EXPECT_TRUE(open_on(disk, true));
    EXPECT_TRUE(open_on(disk)) << "once accepted it is the one that was here last";
}

TEST(DamagedDatabase, GivesWayToABackupOfItself) {
    kit::SimDisk disk;
    fill(disk);
    const std::string backup = disk.bytes_of(kFile);
    disk.put(kFile, std::string(8192, 'x'));
    expect_refused(disk, Fault::Malformed, "is damaged");
    disk.put(kFile, backup);
    EXPECT_TRUE(open_on(disk));
}

}  // namespace
}  // namespace aisle::hq
