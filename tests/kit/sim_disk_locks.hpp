#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

// What SQLite's connections share of one database file beside its bytes: file locks and the WAL's
// shared memory, with the rules of the POSIX VFS.
namespace aisle::kit {

// SQLITE_LOCK_NONE to EXCLUSIVE, as in sqlite3.h.
enum class LockLevel { None, Shared, Reserved, Pending, Exclusive };

class FileLocks {
public:
    // False: another has it. An exclusive lock that has to wait for readers leaves `has` at
    // Pending.
    bool lock(const void* who, LockLevel& has, LockLevel wanted);
    void unlock(const void* who, LockLevel& has, LockLevel wanted);
    [[nodiscard]] bool reserved() const { return writer_ != nullptr; }

private:
    int readers_ = 0;
    const void* writer_ = nullptr;  // has Reserved or more
    LockLevel level_ = LockLevel::None;
};

class SharedMemory {
public:
    static constexpr std::size_t kRegionBytes = 32 * 1024;
    static constexpr std::size_t kSlots = 8;
    struct Held {  // by one connection
        std::uint8_t shared = 0;
        std::uint8_t exclusive = 0;
    };
    struct Slots {
        std::size_t from = 0;
        std::size_t count = 0;
    };

    // Null where there is none and `grow` is false.
    volatile void* region(std::size_t index, bool grow);
    [[nodiscard]] bool has(std::size_t index) const { return index < regions_.size(); }
    [[nodiscard]] std::int64_t bytes() const {
        return static_cast<std::int64_t>(regions_.size() * kRegionBytes);
    }

    bool lock_shared(Held& held, Slots slots);
    bool lock_exclusive(Held& held, Slots slots);
    void unlock(Held& held, Slots slots);

private:
    using Region = std::array<char, kRegionBytes>;
    std::vector<std::unique_ptr<Region>> regions_;
    std::array<int, kSlots> holders_{};  // -1: exclusive
};

}  // namespace aisle::kit
