// A real file system loses what it had not written: ext4 on a loop device, shut down without a last
// flush of its journal (reliability of the kernel's side, which no simulated disk can show).
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <random>

#include <fcntl.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "agent/sqlite/database.hpp"
#include "agent/store/store.hpp"
#include "tests/kit/builders.hpp"

namespace aisle::fault {
namespace {

constexpr unsigned long kExt4Shutdown = 0x8004587d;  // EXT4_IOC_SHUTDOWN, fs/ext4/ext4.h
constexpr unsigned kNoLogFlush = 2;
constexpr int kCycles = 20;

bool runs(const std::string& command) {
    return std::system((command + " >/dev/null 2>&1").c_str()) == 0;
}

// An ext4 of its own in a file; unmounted and removed whatever happens.
class LoopMount {
public:
    LoopMount() {
        std::string name = std::filesystem::temp_directory_path() / "aisle-ext4-XXXXXX";
        if (::mkdtemp(name.data()) == nullptr) return;
        folder_ = name;
        std::filesystem::create_directory(dir());
        made_ = runs("truncate -s 24M " + image()) && runs("mkfs.ext4 -q -F " + image());
    }
    LoopMount(const LoopMount&) = delete;
    LoopMount& operator=(const LoopMount&) = delete;
    ~LoopMount() {
        unmount();
        std::error_code ignored;
        if (!folder_.empty()) std::filesystem::remove_all(folder_, ignored);
    }

    bool mount() { return made_ && (mounted_ = runs("mount -o loop " + image() + " " + dir())); }
    void unmount() {
        if (mounted_ && !runs("umount " + dir())) runs("umount -l " + dir());
        mounted_ = false;
    }
    // The power goes: nothing that is still in memory gets to the image any more.
    bool cut() {
        const int folder = ::open(dir().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        unsigned flag = kNoLogFlush;
        const bool done = folder >= 0 && ::ioctl(folder, kExt4Shutdown, &flag) == 0;
        if (folder >= 0) ::close(folder);
        return done;
    }
    [[nodiscard]] std::string dir() const { return folder_ + "/m"; }

private:
    [[nodiscard]] std::string image() const { return folder_ + "/image"; }
    std::string folder_;
    bool made_ = false;
    bool mounted_ = false;
};

store::StoreSettings settings() {
    store::StoreSettings made;
    made.checkpoint_pages = 20;
    made.ballast_bytes = 0;
    made.ledger_reserve_bytes = 0;
    return made;
}

std::string body_of(int n) { return "{\"n\":" + std::to_string(n) + "}"; }

// The child: appends until nothing works any more, and tells each number that is durable.
[[noreturn]] void append_until_cut(const std::string& dir, int pipe_end, unsigned seed) {
    std::mt19937 random{seed};
    auto opened = store::Store::open(dir, settings(), kit::kNoon);
    if (!opened) ::_exit(1);
    int next = static_cast<int>(opened.value()->depths()->at(0).next);
    for (;;) {
        Batch batch;
        const int count = 1 + static_cast<int>(random() % 4);
        for (int i = 0; i < count; ++i)
            batch.records.push_back({.kind = "budget", .at = kit::at(), .body = body_of(next + i)});
        for (Record& record : batch.records) record.stream = Stream::Ledger;
        if (!opened.value()->append(batch, kit::kNoon)) ::_exit(0);
        next += count;
        const int last = next - 1;
        if (::write(pipe_end, &last, sizeof last) != sizeof last) ::_exit(2);
    }
}

struct Child {
    pid_t pid = -1;
    int told = -1;  // the pipe's reading end
};

Child start_child(const std::string& dir, unsigned seed) {
    int ends[2];
    if (::pipe(ends) != 0) return {};
    const pid_t pid = ::fork();
    if (pid == 0) {
        ::close(ends[0]);
        append_until_cut(dir, ends[1], seed);
    }
    ::close(ends[1]);
    return {pid, ends[0]};
}

// All that the child has said so far.
void drain(int pipe_end, int& last) {
    ::fcntl(pipe_end, F_SETFL, O_NONBLOCK);
    while (::read(pipe_end, &last, sizeof last) == sizeof last) continue;
    ::fcntl(pipe_end, F_SETFL, 0);
}

// Lets the child answer so often, cuts, and returns the last number that it had called durable
// before. What it says later no longer counts: a machine without power says nothing, and an fsync
// that is under way while the kernel shuts the file system down may be answered either way.
int last_durable(LoopMount& disk, unsigned seed, int answers) {
    const Child child = start_child(disk.dir(), seed);
    int last = 0;
    for (int n = 0; n < answers && ::read(child.told, &last, sizeof last) == sizeof last; ++n)
        continue;
    drain(child.told, last);
    EXPECT_TRUE(disk.cut());
    int later = 0;
    while (::read(child.told, &later, sizeof later) == sizeof later) continue;
    int status = 0;
    ::waitpid(child.pid, &status, 0);
    ::close(child.told);
    EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0) << status;
    return last;
}

void expect_whole(const std::string& dir, int durable) {
    auto opened = store::Store::open(dir, settings(), kit::kNoon);
    ASSERT_TRUE(opened) << opened.error().detail;
    store::Store& store = **opened;
    EXPECT_FALSE(store.opening().salvaged);
    const auto rows = store.read(OutboxRead{.rows_max = 1'000'000, .bytes_max = 1'000'000'000});
    ASSERT_TRUE(rows);
    ASSERT_GE(static_cast<int>(rows->size()), durable);
    for (std::size_t i = 0; i < rows->size(); ++i) {
        ASSERT_EQ(rows->at(i).seq, static_cast<std::int64_t>(i) + 1);
        ASSERT_EQ(rows->at(i).record.body, body_of(static_cast<int>(i) + 1));
    }
    auto database = sqlite::Database::open(dir + "/aisle.db",
                                           {.read_only = true, .checkpoint_on_close = false});
    EXPECT_TRUE(database->integrity_check());
}

TEST(Ext4Cut, LosesNothingThatWasCalledDurable) {
    if (::geteuid() != 0) GTEST_SKIP() << "needs root for a loop mount";
    LoopMount disk;
    if (!disk.mount()) GTEST_SKIP() << "no loop mount of ext4 here";
    std::mt19937 random{20'261'122};
    for (unsigned cycle = 0; cycle < kCycles && !HasFatalFailure(); ++cycle) {
        const int durable = last_durable(disk, cycle, 1 + static_cast<int>(random() % 40));
        disk.unmount();
        ASSERT_TRUE(disk.mount());
        expect_whole(disk.dir(), durable);
    }
}

// The cut is one: a file that was written and not synced is not there afterwards.
TEST(Ext4Cut, TakesWhatWasNotSynced) {
    if (::geteuid() != 0) GTEST_SKIP() << "needs root for a loop mount";
    LoopMount disk;
    if (!disk.mount()) GTEST_SKIP() << "no loop mount of ext4 here";
    ASSERT_TRUE(sqlite::system_disk().replace(disk.dir() + "/synced", "x"));
    const std::string path = disk.dir() + "/unsynced";
    const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0640);
    ASSERT_EQ(::write(file, "x", 1), 1);
    ASSERT_TRUE(disk.cut());
    ::close(file);
    disk.unmount();
    ASSERT_TRUE(disk.mount());
    EXPECT_EQ(sqlite::system_disk().read(disk.dir() + "/synced").value(), "x");
    EXPECT_FALSE(sqlite::system_disk().exists(path));
}

}  // namespace
}  // namespace aisle::fault
