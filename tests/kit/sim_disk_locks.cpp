#include "tests/kit/sim_disk_locks.hpp"

#include <cassert>

namespace aisle::kit {
namespace {

constexpr std::uint8_t bit(std::size_t slot) { return static_cast<std::uint8_t>(1U << slot); }

}  // namespace

bool FileLocks::lock(const void* who, LockLevel& has, LockLevel wanted) {
    if (wanted <= has) return true;
    const bool mine = writer_ == who;
    if (wanted == LockLevel::Shared) {
        if (writer_ != nullptr && level_ >= LockLevel::Pending) return false;
        ++readers_;
        has = LockLevel::Shared;
        return true;
    }
    if (writer_ != nullptr && !mine) return false;
    writer_ = who;
    // Readers that are still there keep an exclusive lock waiting, and new ones away.
    const bool waits = wanted == LockLevel::Exclusive && readers_ > 1;
    has = level_ = waits ? LockLevel::Pending : wanted;
    return !waits;
}

void FileLocks::unlock(const void* who, LockLevel& has, LockLevel wanted) {
    if (wanted >= has) return;
    if (writer_ == who) {
        writer_ = nullptr;
        level_ = LockLevel::None;
    }
    if (wanted == LockLevel::None) --readers_;
    has = wanted;
}

volatile void* SharedMemory::region(std::size_t index, bool grow) {
    while (grow && regions_.size() <= index) regions_.push_back(std::make_unique<Region>());
    return index < regions_.size() ? regions_[index]->data() : nullptr;
}

bool SharedMemory::lock_shared(Held& held, Slots slots) {
    for (std::size_t slot = slots.from; slot < slots.from + slots.count; ++slot) {
        if ((held.shared & bit(slot)) != 0) continue;
        if (holders_.at(slot) < 0) return false;
        ++holders_.at(slot);
        held.shared = static_cast<std::uint8_t>(held.shared | bit(slot));
    }
    return true;
}

bool SharedMemory::lock_exclusive(Held& held, Slots slots) {
    for (std::size_t slot = slots.from; slot < slots.from + slots.count; ++slot)
        if (holders_.at(slot) != 0 && (held.exclusive & bit(slot)) == 0) return false;
    for (std::size_t slot = slots.from; slot < slots.from + slots.count; ++slot) {
        holders_.at(slot) = -1;
        held.exclusive = static_cast<std::uint8_t>(held.exclusive | bit(slot));
    }
    return true;
}

void SharedMemory::unlock(Held& held, Slots slots) {
    for (std::size_t slot = slots.from; slot < slots.from + slots.count; ++slot) {
        const auto others = static_cast<std::uint8_t>(~bit(slot));
        if ((held.exclusive & bit(slot)) != 0) holders_.at(slot) = 0;
        if ((held.shared & bit(slot)) != 0) --holders_.at(slot);
        held.exclusive &= others;
        held.shared &= others;
    }
}

}  // namespace aisle::kit
