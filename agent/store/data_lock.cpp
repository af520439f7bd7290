#include "agent/store/data_lock.hpp"

#include <cerrno>
#include <cstring>
#include <utility>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

namespace aisle::store {
namespace {

// The pid is for people only; the lock itself is the kernel's.
void write_pid(int descriptor) {
    const std::string pid = std::to_string(::getpid()) + "\n";
    if (::ftruncate(descriptor, 0) == 0) {
        [[maybe_unused]] const auto written = ::pwrite(descriptor, pid.data(), pid.size(), 0);
    }
}

std::string read_pid(int descriptor) {
    char pid[16] = {};
    const auto size = ::pread(descriptor, pid, sizeof pid - 1, 0);
    std::string text{pid, size > 0 ? static_cast<std::size_t>(size) : 0};
    while (!text.empty() && text.back() == '\n') text.pop_back();
    return text;
}

}  // namespace

Result<DataLock> DataLock::take(const std::string& data_dir) {
    const std::string path = data_dir + "/aisle.lock";
    const int descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0640);
    if (descriptor < 0) return unavailable(path + ": " + std::strerror(errno));
    DataLock lock{descriptor};
    if (::flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
        if (errno != EWOULDBLOCK) return unavailable(path + ": " + std::strerror(errno));
        return unavailable(data_dir + " is in use by another aisled (pid " + read_pid(descriptor) +
                           ")");
    }
    write_pid(descriptor);
    return lock;
}

DataLock::DataLock(DataLock&& other) noexcept : descriptor_{std::exchange(other.descriptor_, -1)} {}

DataLock::~DataLock() {
    if (descriptor_ >= 0) ::close(descriptor_);
}

}  // namespace aisle::store
