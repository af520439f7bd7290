#pragma once

#include "tests/kit/sim_disk.hpp"
#include "tests/kit/sim_disk_files.hpp"

// What stands between the programs and the files: power, faults, capacity and counters. Both ways
// in, the VFS and sqlite::Disk, do every single thing through here.
namespace aisle::kit {

enum class Outcome { Done, NoSpace, IoError };

class SimDevice {
public:
    explicit SimDevice(std::uint64_t seed) : random_{seed} {}

    // Opens for whoever reads or writes; creates if asked. Null with IoError: refused; null with
    // Done: absent.
    struct Opened {
        Outcome outcome = Outcome::Done;
        SimDirectory::File file;
    };
    Opened open(const std::string& path, bool create);
    // Where a SimFile has no name (SQLite's temporary files) its path is empty.
    struct Named {
        SimFile& file;
        const std::string& path;
    };
    Outcome write(Named to, std::int64_t at, std::string_view bytes);
    Outcome truncate(Named what, std::int64_t size);
    Outcome sync(Named what);
    Outcome sync_directory(const std::string& path);  // that of this file
    Outcome read(const std::string& path);            // may it be read? Nothing else changes
    Outcome remove(const std::string& path);
    Outcome rename(const std::string& from, const std::string& to);
    Outcome grow_shared_memory(const std::string& path);

    void cut_after(std::int64_t calls) { cut_at_ = calls == 0 ? 0 : changes_ + calls; }
    void restart(const PowerLoss& loss);
    void fail(const FaultPlan& plan) { plans_.push_back({plan}); }
    void heal();
    [[nodiscard]] std::int64_t used_bytes() const;
    [[nodiscard]] std::int64_t free_bytes() const;
    std::uint64_t random() { return random_(); }

    SimDirectory directory;
    std::map<std::string, DiskCounters> counters;
    std::optional<std::int64_t> capacity;
    bool lying = false;
    bool off = false;
    // Handles of an earlier one belong to a life before the last power cut.
    std::uint64_t generation = 1;
    std::int64_t failed_calls = 0;
    WallTime now = std::chrono::sys_days{std::chrono::year{2026} / 1 / 1};
    microseconds slept{0};
    [[nodiscard]] std::int64_t changes() const { return changes_; }

private:
    enum class Verdict { Go, GoAndDie, NoSpace, IoError, Short };
    struct Plan {
        FaultPlan what;
        std::int64_t seen = 0;
    };
    Verdict judge(DiskCall call, const std::string& path);
    Verdict judge_plans(DiskCall call, const std::string& path);
    bool dies();
    static Outcome outcome_of(Verdict verdict);
    [[nodiscard]] bool fits(std::int64_t growth) const;

    std::mt19937_64 random_;
    std::vector<Plan> plans_;
    std::int64_t changes_ = 0;
    std::int64_t cut_at_ = 0;  // 0: never
};

}  // namespace aisle::kit
