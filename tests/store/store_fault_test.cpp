// What happens to the store when the disk or the process does not go on.
#include <gtest/gtest.h>

#include <csignal>
#include <map>
#include <random>

#include <sqlite3.h>
#include <sys/wait.h>
#include <unistd.h>

#include "agent/store/store.hpp"
#include "store_kit.hpp"

namespace aisle::store {
namespace {

// A disk whose writes can be told to fail: the system's own VFS with xWrite in between.
class FailingDisk {
public:
    FailingDisk() {
        sqlite3_vfs* system = sqlite3_vfs_find(nullptr);
        vfs_ = *system;
        vfs_.zName = "failing";
        vfs_.pNext = nullptr;
        open_ = system->xOpen;
        vfs_.xOpen = [](sqlite3_vfs* vfs, sqlite3_filename name, sqlite3_file* file, int flags,
                        int* out) {
            const int code = open_(vfs, name, file, flags, out);
            if (code != SQLITE_OK || file->pMethods == nullptr) return code;
            // The main file and its log have methods of their own: one wrapped copy each.
            sqlite3_io_methods& wrapped = methods_[file->pMethods];
            wrapped = *file->pMethods;
            write_ = wrapped.xWrite;
            wrapped.xWrite = [](sqlite3_file* to, const void* bytes, int size, sqlite3_int64 at) {
                if (writes_left_ == 0) return code_;
                if (writes_left_ > 0) --writes_left_;
                return write_(to, bytes, size, at);
            };
            file->pMethods = &wrapped;
            return code;
        };
        heal();
        sqlite3_vfs_register(&vfs_, 0);
    }
    FailingDisk(const FailingDisk&) = delete;
    FailingDisk& operator=(const FailingDisk&) = delete;
    ~FailingDisk() { sqlite3_vfs_unregister(&vfs_); }

    static void fail_after(int writes, int code) { writes_left_ = writes, code_ = code; }
    static void heal() { writes_left_ = -1; }

private:
    sqlite3_vfs vfs_{};
    static inline decltype(sqlite3_vfs::xOpen) open_ = nullptr;
    static inline decltype(sqlite3_io_methods::xWrite) write_ = nullptr;
    static inline std::map<const sqlite3_io_methods*, sqlite3_io_methods> methods_;
    static inline int writes_left_ = -1;  // -1: no end
    static inline int code_ = SQLITE_OK;
};

class StoreOnAFailingDisk : public testing::TestWithParam<int> {};

// Fails the first, the second, ... write of the same commit in turn.
TEST_P(StoreOnAFailingDisk, IsFullAndLeavesNothingAndWorksLater) {
    const FailingDisk disk;
    TempDir dir;
    auto store = open_store(dir, {.vfs = "failing"});
    ASSERT_TRUE(store->append(minutes_of(1, 10), kit::kNoon));
    int failures = 0;
    for (int writes = 0;; ++writes) {
        FailingDisk::fail_after(writes, GetParam());
        const auto done = store->append(minutes_of(11, 200), kit::kNoon);
        FailingDisk::heal();
        if (done) break;
        ++failures;
        EXPECT_EQ(done.error().fault, Fault::Full);
        EXPECT_EQ(store->read(JournalQuery{})->size(), 10u);
        EXPECT_EQ(depth_of(*store, Stream::Footfall).next, 11);
    }
    EXPECT_GT(failures, 5);
    ASSERT_TRUE(store->append(batch_of({sale_record("a1", 1, "d1")}), kit::kNoon));
    store.reset();
    store = open_store(dir);
    EXPECT_EQ(rows_of(*store, Stream::Footfall).size(), 210u);
    EXPECT_EQ(rows_of(*store, Stream::Footfall).back().seq, 210);
    EXPECT_EQ(store->find(std::vector<RecordKey>{{"sale", "a1", "d1"}})->at(0).known, Known::Same);
}

INSTANTIATE_TEST_SUITE_P(Codes, StoreOnAFailingDisk,
                         testing::Values(SQLITE_FULL, SQLITE_IOERR_WRITE));

TEST(StoreWithAQuota, IsFullBeyondItsPagesAndTakesSmallBatchesAgainAfterPruning) {
    TempDir dir;
    auto store = open_store(dir, {.pages_max = 64});
    Batch big;
    for (int n = 0; n < 20; ++n) {
        big.records.push_back(record_of(Stream::Local, "crossing", n));
        big.records.back().body = "\"" + std::string(2000, 'x') + "\"";
    }
    int batches = 0;
    Status done;
    while (batches < 100 && (done = store->append(big, kit::kNoon))) ++batches;
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().fault, Fault::Full);
    EXPECT_EQ(store->read(JournalQuery{})->size(), static_cast<std::size_t>(batches) * 20);

    Stamp later = kit::at();
    later.wall += days{2};
    ASSERT_TRUE(store->prune(later, default_retention()));
    EXPECT_TRUE(store->append(big, later.wall));
}

// The child appends for ever and tells each number that is durable; it never returns.
[[noreturn]] void append_until_killed(const std::string& dir, int pipe_end, unsigned seed) {
    std::mt19937 random{seed};
    auto opened = Store::open(dir, {.checkpoint_pages = 20}, kit::kNoon);  // many checkpoints
    if (!opened) ::_exit(1);
    Store& store = **opened;
    int next = static_cast<int>(store.depths()->at(2).next);
    for (;;) {
        const int count = 1 + static_cast<int>(random() % 5);
        Batch batch = minutes_of(next, count);
        batch.state.push_back({"footfall", "last", std::to_string(next + count - 1)});
        if (!store.append(batch, kit::kNoon)) ::_exit(2);
        next += count;
        const int last = next - 1;
        if (::write(pipe_end, &last, sizeof last) != sizeof last) ::_exit(3);
    }
}

// Runs a child, kills it after `answers` answers, and returns the last number that it had called
// durable.
int last_durable_before_kill(const std::string& dir, int answers, unsigned seed) {
    int ends[2];
    if (::pipe(ends) != 0) return -1;
    const pid_t child = ::fork();
    if (child == 0) {
        ::close(ends[0]);
        append_until_killed(dir, ends[1], seed);
    }
    ::close(ends[1]);
    int last = 0;
    for (int n = 0; n < answers && ::read(ends[0], &last, sizeof last) == sizeof last; ++n)
        continue;
    ::kill(child, SIGKILL);
    while (::read(ends[0], &last, sizeof last) == sizeof last)
        continue;  // what it said before it died
    int status = 0;
    ::waitpid(child, &status, 0);
    ::close(ends[0]);
    EXPECT_TRUE(WIFSIGNALED(status)) << "the child gave up by itself: " << WEXITSTATUS(status);
    return last;
}

TEST(StoreKilled, HasEveryRecordThatWasCalledDurableExactlyOnce) {
    TempDir dir;
    std::mt19937 random{20'261'121};
    for (unsigned kill = 0; kill < 25; ++kill) {
        const int answers = 1 + static_cast<int>(random() % 40);
        const int durable = last_durable_before_kill(dir.path(), answers, kill);
        auto store = open_store(dir);
        ASSERT_NE(store, nullptr);
        std::vector<OutboxRow> rows = *store->read(OutboxRead{
            .stream = Stream::Footfall, .rows_max = 1'000'000, .bytes_max = 1'000'000'000});
        ASSERT_GE(static_cast<int>(rows.size()), durable);
        for (std::size_t i = 0; i < rows.size(); ++i) {
            const int n = static_cast<int>(i) + 1;
            ASSERT_EQ(rows[i].seq, n);
            ASSERT_EQ(rows[i].record.body, record_of(Stream::Footfall, "footfall_minute", n).body);
        }
        // State and records of one batch live and die together.
        EXPECT_EQ(store->read_state("footfall")->at(0).bytes, std::to_string(rows.size()));
    }
}

}  // namespace
}  // namespace aisle::store
