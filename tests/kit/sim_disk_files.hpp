#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "tests/kit/sim_disk_locks.hpp"

// The simulated disk's model of a file system: what programs see, and what of it would still be
// there if the power went now. Pure; knows neither SQLite nor faults.
namespace aisle::kit {

// The bytes as programs see them, with a log of unsynced changes that can be undone and, in part,
// done again: so that a sync costs nothing and a power cut only what was unsynced.
class SimFile {
public:
    [[nodiscard]] const std::string& bytes() const { return bytes_; }
    [[nodiscard]] std::int64_t size() const { return static_cast<std::int64_t>(bytes_.size()); }

    void write(std::int64_t at, std::string_view bytes);
    void truncate(std::int64_t size);
    void synced();  // all that was written is durable

    // What stays of the unsynced changes, durable from now on.
    void lose_all();
    void keep_prefix(std::mt19937_64& random);
    void keep_subset(std::mt19937_64& random);
    void tear(std::mt19937_64& random);

    // Those of SQLite, by the connections that are open; they go with the power.
    FileLocks locks;
    std::weak_ptr<SharedMemory> shared_memory;

private:
    struct Change {
        std::int64_t at = 0;
        std::size_t size_before = 0;   // of the file
        std::size_t log_from = 0;      // in log_: the bytes that were there, then the new ones
        std::size_t before_bytes = 0;  // how many of each
        std::size_t after_bytes = 0;
        bool truncation = false;  // to the length `at`
    };
    void undo(const Change& change);
    void redo(const Change& change, std::size_t bytes);
    std::vector<Change> undo_all();
    [[nodiscard]] std::string_view after(const Change& change) const;

    std::string bytes_;
    std::string log_;
    std::vector<Change> changes_;
};

// Names of files. Changes are unsynced until any sync, as in one journal that is committed in
// order.
class SimDirectory {
public:
    using File = std::shared_ptr<SimFile>;

    [[nodiscard]] File find(const std::string& path) const;  // null if absent
    File create(const std::string& path);
    void remove(const std::string& path);
    void rename(const std::string& from, const std::string& to);
    void synced() { changes_.clear(); }
    // Past the log.
    void put(const std::string& path, File file) { entries_[path] = std::move(file); }
    void erase(const std::string& path) { entries_.erase(path); }
    void clear();

    void lose_all() { undo_from(0); }
    void keep_prefix(std::mt19937_64& random);

    [[nodiscard]] const std::map<std::string, File>& entries() const { return entries_; }

private:
    struct Entry {
        std::string path;
        File file;  // null: absent
    };
    using Change = std::vector<Entry>;  // how the entries were before
    void note(std::initializer_list<std::string> paths);
    void undo_from(std::size_t first);

    std::map<std::string, File> entries_;
    std::vector<Change> changes_;
};

}  // namespace aisle::kit
