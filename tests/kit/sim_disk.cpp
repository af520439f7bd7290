#include "tests/kit/sim_disk.hpp"

#include <algorithm>

#include "tests/kit/sim_disk_device.hpp"
#include "tests/kit/sim_disk_vfs.hpp"

namespace aisle::kit {
namespace {

Error absent(const std::string& path) { return unavailable(path + ": no such file"); }

Status told(Outcome outcome, const std::string& path) {
    if (outcome == Outcome::Done) return {};
    if (outcome == Outcome::NoSpace) return full(path + ": no space left on device");
    return full(path + ": input/output error");
}

DiskCounters& operator+=(DiskCounters& sum, const DiskCounters& more) {
    sum.writes += more.writes;
    sum.bytes_written += more.bytes_written;
    sum.syncs += more.syncs;
    sum.reads += more.reads;
    sum.truncates += more.truncates;
    sum.deletes += more.deletes;
    return sum;
}

}  // namespace

SimDisk::SimDisk(std::uint64_t seed)
    : device_{std::make_unique<SimDevice>(seed)}, vfs_{std::make_unique<SimVfs>(*device_)} {}
SimDisk::~SimDisk() = default;

std::string SimDisk::vfs() const { return vfs_->name(); }

Result<std::string> SimDisk::read(const std::string& path) {
    const auto opened = device_->open(path, false);
    if (auto done = told(opened.outcome, path); !done) return done.error();
    if (opened.file == nullptr) return absent(path);
    if (auto done = told(device_->read(path), path); !done) return done.error();
    if (opened.file->size() > sqlite::kDiskFileBytesMax)
        return malformed(path + ": longer than is read whole");
    return opened.file->bytes();
}

Result<std::string> SimDisk::head(const std::string& path, std::size_t bytes) {
    const auto opened = device_->open(path, false);
    if (auto done = told(opened.outcome, path); !done) return done.error();
    if (opened.file == nullptr) return absent(path);
    if (auto done = told(device_->read(path), path); !done) return done.error();
    return opened.file->bytes().substr(0, bytes);
}

Status SimDisk::replace(const std::string& path, std::string_view bytes) {
    const std::string fresh = path + ".new";
    const auto opened = device_->open(fresh, true);
    if (auto done = told(opened.outcome, fresh); !done) return done;
    const SimDevice::Named file{*opened.file, fresh};
    Outcome outcome = opened.file->size() > 0 ? device_->truncate(file, 0) : Outcome::Done;
    if (outcome == Outcome::Done) outcome = device_->write(file, 0, bytes);
    if (outcome == Outcome::Done) outcome = device_->sync(file);
    if (outcome == Outcome::Done) return rename(fresh, path);
    (void)device_->remove(fresh);
    return told(outcome, path);
}

Status SimDisk::patch(const std::string& path, std::int64_t at, std::string_view bytes) {
    const auto opened = device_->open(path, false);
    if (auto done = told(opened.outcome, path); !done) return done;
    if (opened.file == nullptr) return absent(path);
    const SimDevice::Named file{*opened.file, path};
    Outcome outcome = device_->write(file, at, bytes);
    if (outcome == Outcome::Done) outcome = device_->sync(file);
    return told(outcome, path);
}

Status SimDisk::remove(const std::string& path) {
    if (!exists(path) && !device_->off) return {};
    if (auto done = told(device_->remove(path), path); !done) return done;
    return told(device_->sync_directory(path), path);
}

Status SimDisk::rename(const std::string& from, const std::string& to) {
    if (!device_->off && !exists(from)) return absent(from);
    if (auto done = told(device_->rename(from, to), from); !done) return done;
    return told(device_->sync_directory(to), to);
}

bool SimDisk::exists(const std::string& path) {
    return !device_->off && device_->directory.find(path) != nullptr;
}

Result<std::int64_t> SimDisk::size(const std::string& path) {
    if (device_->off) return told(Outcome::IoError, path).error();
    const auto file = device_->directory.find(path);
    if (file == nullptr) return absent(path);
    return file->size();
}

Result<std::vector<std::string>> SimDisk::list(const std::string& dir) {
    if (device_->off) return told(Outcome::IoError, dir).error();
    const std::string start = dir.ends_with('/') ? dir : dir + "/";
    std::vector<std::string> found;
    for (const auto& [path, file] : device_->directory.entries())
        if (path.starts_with(start) && path.find('/', start.size()) == std::string::npos)
            found.push_back(path);
    return found;
}

Result<std::int64_t> SimDisk::free_bytes(const std::string& dir) {
    if (device_->off) return told(Outcome::IoError, dir).error();
    return device_->free_bytes();
}

Status SimDisk::allocate(const std::string& path, std::int64_t bytes) {
    const bool was_there = exists(path);
    const auto opened = device_->open(path, true);
    if (auto done = told(opened.outcome, path); !done) return done;
    const SimDevice::Named file{*opened.file, path};
    const std::int64_t before = opened.file->size();
    const std::string zeros(static_cast<std::size_t>(std::max<std::int64_t>(bytes - before, 0)), 0);
    Outcome outcome = bytes < before  ? device_->truncate(file, bytes)
                      : zeros.empty() ? Outcome::Done
                                      : device_->write(file, before, zeros);
    if (outcome == Outcome::Done) outcome = device_->sync(file);
    if (outcome == Outcome::Done && !was_there) outcome = device_->sync_directory(path);
    if (outcome == Outcome::Done) return {};
    if (was_there) {
        (void)device_->truncate(file, std::min(before, bytes));
    } else {
        (void)device_->remove(path);
    }
    return told(outcome, path);
}

void SimDisk::cut_after(std::int64_t calls) { device_->cut_after(calls); }
bool SimDisk::is_off() const { return device_->off; }
void SimDisk::restart(const PowerLoss& loss) { device_->restart(loss); }
std::int64_t SimDisk::changes() const { return device_->changes(); }
void SimDisk::set_lying(bool lying) { device_->lying = lying; }

void SimDisk::fail(const FaultPlan& plan) { device_->fail(plan); }
void SimDisk::heal() { device_->heal(); }
std::int64_t SimDisk::failed_calls() const { return device_->failed_calls; }

void SimDisk::set_capacity(std::optional<std::int64_t> bytes) { device_->capacity = bytes; }
std::int64_t SimDisk::used_bytes() const { return device_->used_bytes(); }

DiskCounters SimDisk::counters() const {
    DiskCounters sum;
    for (const auto& [path, counted] : device_->counters) sum += counted;
    return sum;
}

DiskCounters SimDisk::counters(const std::string& path) const {
    const auto place = device_->counters.find(path);
    return place == device_->counters.end() ? DiskCounters{} : place->second;
}

std::map<std::string, DiskCounters> SimDisk::counters_by_path() const { return device_->counters; }
void SimDisk::reset_counters() { device_->counters.clear(); }

void SimDisk::set_now(WallTime now) { device_->now = now; }
microseconds SimDisk::slept() const { return device_->slept; }

SimDisk::Image SimDisk::image() const {
    Image all;
    for (const auto& [path, file] : device_->directory.entries()) all[path] = file->bytes();
    return all;
}

void SimDisk::load(const Image& image) {
    device_->directory.clear();
    for (const auto& [path, bytes] : image) put(path, bytes);
}

std::vector<std::string> SimDisk::paths() const {
    std::vector<std::string> all;
    for (const auto& [path, file] : device_->directory.entries()) all.push_back(path);
    return all;
}

std::string SimDisk::bytes_of(const std::string& path) const {
    const auto file = device_->directory.find(path);
    return file == nullptr ? std::string{} : file->bytes();
}

// In place, so that who has the file open sees the new bytes.
void SimDisk::put(const std::string& path, std::string bytes) {
    auto file = device_->directory.find(path);
    if (file == nullptr) file = std::make_shared<SimFile>();
    file->truncate(0);
    file->write(0, bytes);
    file->synced();
    device_->directory.put(path, file);
}

void SimDisk::erase(const std::string& path) { device_->directory.erase(path); }

void SimDisk::damage(const std::string& path, std::int64_t at, std::string_view bytes) {
    const auto file = device_->directory.find(path);
    if (file == nullptr) return;
    file->synced();
    file->write(at, bytes);
    file->synced();
}

}  // namespace aisle::kit
