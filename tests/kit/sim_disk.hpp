#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "agent/core/time.hpp"
#include "agent/sqlite/disk.hpp"

// A disk in memory, as a sqlite3_vfs and as a sqlite::Disk: the seam by which tests cut the power,
// fill the disk and break single calls. One thread; nothing is global but the VFS's name, which
// goes with the object (close all databases first).
//
// The model is ext4 in its ordered mode. Writes and truncations of a file are unsynced until that
// file is synced; creates, deletes and renames are unsynced until any file or directory is synced,
// and a power cut keeps a beginning of them, in their order. Nothing torn reaches beyond the bytes
// of the write itself (powersafe overwrite, which SQLite assumes of its own system too).
// Directories are just the beginnings of paths. A WAL's shared memory is in memory and goes with
// the power.
namespace aisle::kit {

// What becomes of each file's unsynced writes when the power goes.
struct PowerLoss {
    enum class Mode {
        DropAll,
        KeepPrefix,  // a beginning of them, in their order
        KeepSubset,  // any of them: a drive writes in its own order
        Tear,        // a beginning; the last ends at a 512 byte sector, and the next is garbage
        KeepAll,     // the process died and the machine went on
        Drawn,       // one of the first four, drawn for each file
    };
    Mode mode = Mode::Drawn;
    std::uint64_t seed = 1;
};

enum class DiskCall { Write, Sync, Truncate, Delete, Rename, Open, Read, ShmGrow };
inline constexpr std::size_t kDiskCalls = 8;
enum class DiskFault {
    NoSpace,     // ENOSPC: SQLite sees FULL, or IOERR_SHMSIZE where its shared memory grows
    IoError,     // EIO; an open fails with CANTOPEN
    ShortWrite,  // half of the bytes are written, then ENOSPC; IoError for all but writes
};

// The n-th call from now of one kind fails, and for_ever: all later ones too.
struct FaultPlan {
    DiskCall call = DiskCall::Write;
    std::int64_t nth = 1;
    DiskFault fault = DiskFault::IoError;
    bool for_ever = false;
    std::string path_end = {};  // only files whose path ends so; empty: all
};

struct DiskCounters {
    std::int64_t writes = 0;
    std::int64_t bytes_written = 0;
    std::int64_t syncs = 0;
    std::int64_t reads = 0;
    std::int64_t truncates = 0;
    std::int64_t deletes = 0;
};

class SimDevice;
class SimVfs;

class SimDisk final : public sqlite::Disk {
public:
    // The seed is for randomness that SQLite asks for: its own generator (randomblob(), a WAL's
    // salts) is one for the process, and the first of the simulated disks alive seeds it. Power
    // cuts bring their own seeds.
    explicit SimDisk(std::uint64_t seed = 1);
    SimDisk(const SimDisk&) = delete;
    SimDisk& operator=(const SimDisk&) = delete;
    ~SimDisk() override;

    // For StoreSettings::vfs and OpenOptions::vfs; another for each SimDisk.
    [[nodiscard]] std::string vfs() const override;
    [[nodiscard]] std::string vfs_name() const { return vfs(); }

    // sqlite::Disk, with the same faults, cuts and counters. replace() is a write, a sync, a rename
    // and a sync.
    Result<std::string> read(const std::string& path) override;
    Result<std::string> head(const std::string& path, std::size_t bytes) override;
    Status replace(const std::string& path, std::string_view bytes) override;
    Status patch(const std::string& path, std::int64_t at, std::string_view bytes) override;
    Status remove(const std::string& path) override;
    Status rename(const std::string& from, const std::string& to) override;
    bool exists(const std::string& path) override;
    Result<std::int64_t> size(const std::string& path) override;
    Result<std::vector<std::string>> list(const std::string& dir) override;
    Result<std::int64_t> free_bytes(const std::string& dir) override;
    Status allocate(const std::string& path, std::int64_t bytes) override;

    // At the n-th write, sync, truncate, delete or rename from now (1: the next) the power goes:
    // that call may or may not have reached the disk, and it and all later ones fail with an I/O
    // error until restart(). 0: no cut.
    void cut_after(std::int64_t calls);
    [[nodiscard]] bool is_off() const;
    // The power comes back. What was open before stays unusable for ever; close it before or after.
    void restart(const PowerLoss& loss = {});
    // Calls that cut_after() counts, so far.
    [[nodiscard]] std::int64_t changes() const;
    // A lying disk answers a sync with success and does nothing.
    void set_lying(bool lying);

    // Any number of plans at a time; each counts for itself.
    void fail(const FaultPlan& plan);
    void heal();  // forgets all plans; the capacity stays
    // Calls that a plan (not the capacity, not a cut) made fail since heal().
    [[nodiscard]] std::int64_t failed_calls() const;

    // What fits in all files and shared memory together; beyond it is ENOSPC. May be below what is
    // used: then nothing grows. Nothing: no bound, free_bytes() tells 1 TiB.
    void set_capacity(std::optional<std::int64_t> bytes);
    [[nodiscard]] std::int64_t used_bytes() const;

    // Write amplification. For all files together, or by path; a deleted file's stay.
    [[nodiscard]] DiskCounters counters() const;
    [[nodiscard]] DiskCounters counters(const std::string& path) const;
    [[nodiscard]] std::map<std::string, DiskCounters> counters_by_path() const;
    void reset_counters();

    // xCurrentTime. Stands still until it is set; 2026-01-01 at first.
    void set_now(WallTime now);
    // xSleep waits for nobody: what was asked for is added up.
    [[nodiscard]] microseconds slept() const;

    // Past all faults and counters, durable at once: what a tool does to a disk in its hand.
    using Image = std::map<std::string, std::string>;  // path -> bytes
    [[nodiscard]] Image image() const;                 // as the programs see it now
    void load(const Image& image);  // instead of all that is there; nothing may be open
    [[nodiscard]] std::vector<std::string> paths() const;
    [[nodiscard]] std::string bytes_of(const std::string& path) const;  // empty if absent
    void put(const std::string& path, std::string bytes);
    void erase(const std::string& path);
    void damage(const std::string& path, std::int64_t at, std::string_view bytes);

private:
    std::unique_ptr<SimDevice> device_;  // outlives the VFS
    std::unique_ptr<SimVfs> vfs_;
};

}  // namespace aisle::kit
