#include "tests/kit/sim_disk_device.hpp"

#include <algorithm>

namespace aisle::kit {
namespace {

constexpr std::int64_t kUnboundedBytes = std::int64_t{1} << 40;

bool changes_the_disk(DiskCall call) {
    return call != DiskCall::Open && call != DiskCall::Read && call != DiskCall::ShmGrow;
}

void lose(SimFile& file, PowerLoss::Mode mode, std::mt19937_64& random) {
    if (mode == PowerLoss::Mode::Drawn) mode = static_cast<PowerLoss::Mode>(random() % 4);
    switch (mode) {
        case PowerLoss::Mode::DropAll:
            return file.lose_all();
        case PowerLoss::Mode::KeepPrefix:
            return file.keep_prefix(random);
        case PowerLoss::Mode::KeepSubset:
            return file.keep_subset(random);
        case PowerLoss::Mode::Tear:
            return file.tear(random);
        default:
            return file.synced();
    }
}

}  // namespace

SimDevice::Verdict SimDevice::judge_plans(DiskCall call, const std::string& path) {
    Verdict verdict = Verdict::Go;
    for (Plan& plan : plans_) {
        if (plan.what.call != call || !path.ends_with(plan.what.path_end)) continue;
        ++plan.seen;
        const bool hit =
            plan.what.for_ever ? plan.seen >= plan.what.nth : plan.seen == plan.what.nth;
        if (!hit || verdict != Verdict::Go) continue;
        const bool is_write = call == DiskCall::Write;
        verdict = plan.what.fault == DiskFault::NoSpace                  ? Verdict::NoSpace
                  : plan.what.fault == DiskFault::ShortWrite && is_write ? Verdict::Short
                                                                         : Verdict::IoError;
    }
    if (verdict != Verdict::Go) ++failed_calls;
    return verdict;
}

// Counts a call that changes the disk. True: the power goes during this very call.
bool SimDevice::dies() {
    ++changes_;
    if (cut_at_ == 0 || changes_ < cut_at_) return false;
    cut_at_ = 0;
    off = true;
    return true;
}

SimDevice::Verdict SimDevice::judge(DiskCall call, const std::string& path) {
    if (off) return Verdict::IoError;
    const Verdict planned = judge_plans(call, path);
    if (changes_the_disk(call) && dies()) return Verdict::GoAndDie;
    return planned;
}

Outcome SimDevice::outcome_of(Verdict verdict) {
    switch (verdict) {
        case Verdict::Go:
            return Outcome::Done;
        case Verdict::NoSpace:
        case Verdict::Short:
            return Outcome::NoSpace;
        default:
            return Outcome::IoError;
    }
}

bool SimDevice::fits(std::int64_t growth) const {
    return growth <= 0 || !capacity || used_bytes() + growth <= *capacity;
}

SimDevice::Opened SimDevice::open(const std::string& path, bool create) {
    if (judge(DiskCall::Open, path) != Verdict::Go) return {Outcome::IoError, nullptr};
    auto file = directory.find(path);
    if (file == nullptr && create) file = directory.create(path);
    return {Outcome::Done, file};
}

Outcome SimDevice::write(Named to, std::int64_t at, std::string_view bytes) {
    Verdict verdict = judge(DiskCall::Write, to.path);
    const auto end = at + static_cast<std::int64_t>(bytes.size());
    if (verdict == Verdict::Go && !fits(end - to.file.size())) verdict = Verdict::NoSpace;
    if (verdict == Verdict::Short) bytes = bytes.substr(0, bytes.size() / 2);
    if (verdict == Verdict::NoSpace || verdict == Verdict::IoError) return outcome_of(verdict);
    to.file.write(at, bytes);
    DiskCounters& counted = counters[to.path];
    ++counted.writes;
    counted.bytes_written += static_cast<std::int64_t>(bytes.size());
    return outcome_of(verdict);
}

Outcome SimDevice::truncate(Named what, std::int64_t size) {
    Verdict verdict = judge(DiskCall::Truncate, what.path);
    if (verdict == Verdict::Go && !fits(size - what.file.size())) verdict = Verdict::NoSpace;
    if (verdict == Verdict::Go || verdict == Verdict::GoAndDie) what.file.truncate(size);
    if (verdict == Verdict::Go) ++counters[what.path].truncates;
    return outcome_of(verdict);
}

// A sync that the power cut interrupts has promised nothing.
Outcome SimDevice::sync(Named what) {
    const Verdict verdict = judge(DiskCall::Sync, what.path);
    if (verdict != Verdict::Go) return outcome_of(verdict);
    ++counters[what.path].syncs;
    if (lying) return Outcome::Done;
    what.file.synced();
    directory.synced();
    return Outcome::Done;
}

Outcome SimDevice::sync_directory(const std::string& path) {
    const Verdict verdict = judge(DiskCall::Sync, path);
    if (verdict != Verdict::Go) return outcome_of(verdict);
    ++counters[path].syncs;
    if (!lying) directory.synced();
    return Outcome::Done;
}

Outcome SimDevice::read(const std::string& path) {
    const Verdict verdict = judge(DiskCall::Read, path);
    if (verdict != Verdict::Go) return Outcome::IoError;
    ++counters[path].reads;
    return Outcome::Done;
}

Outcome SimDevice::remove(const std::string& path) {
    const Verdict verdict = judge(DiskCall::Delete, path);
    if (verdict == Verdict::Go || verdict == Verdict::GoAndDie) directory.remove(path);
    if (verdict == Verdict::Go) ++counters[path].deletes;
    return outcome_of(verdict);
}

Outcome SimDevice::rename(const std::string& from, const std::string& to) {
    const Verdict verdict = judge(DiskCall::Rename, from);
    if (verdict == Verdict::Go || verdict == Verdict::GoAndDie) directory.rename(from, to);
    return outcome_of(verdict);
}

Outcome SimDevice::grow_shared_memory(const std::string& path) {
    const Verdict verdict = judge(DiskCall::ShmGrow, path);
    if (verdict != Verdict::Go) return outcome_of(verdict);
    return fits(static_cast<std::int64_t>(SharedMemory::kRegionBytes)) ? Outcome::Done
                                                                       : Outcome::NoSpace;
}

void SimDevice::restart(const PowerLoss& loss) {
    std::mt19937_64 random{loss.seed};
    if (loss.mode == PowerLoss::Mode::DropAll) directory.lose_all();
    if (loss.mode != PowerLoss::Mode::KeepAll) directory.keep_prefix(random);
    directory.synced();
    for (const auto& [path, file] : directory.entries()) {
        lose(*file, loss.mode, random);
        file->locks = {};
        file->shared_memory.reset();
    }
    off = false;
    cut_at_ = 0;
    ++generation;
}

void SimDevice::heal() {
    plans_.clear();
    failed_calls = 0;
}

std::int64_t SimDevice::used_bytes() const {
    std::int64_t used = 0;
    for (const auto& [path, file] : directory.entries()) {
        used += file->size();
        if (const auto shared = file->shared_memory.lock()) used += shared->bytes();
    }
    return used;
}

std::int64_t SimDevice::free_bytes() const {
    if (!capacity) return kUnboundedBytes;
    return std::max<std::int64_t>(0, *capacity - used_bytes());
}

}  // namespace aisle::kit
