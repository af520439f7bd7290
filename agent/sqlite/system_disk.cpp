#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <optional>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "agent/sqlite/disk.hpp"

namespace aisle::sqlite {
namespace {

Error failure(const std::string& path, int code) {
    std::string detail = path + ": " + std::strerror(code);
    switch (code) {
        case ENOSPC:
        case EDQUOT:
        case EFBIG:
        case EIO:
            return full(std::move(detail));
        case EACCES:
        case EPERM:
        case EROFS:
            return denied(std::move(detail));
        default:
            return unavailable(std::move(detail));
    }
}

class Descriptor {
public:
    explicit Descriptor(int number) : number_{number} {}
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    ~Descriptor() {
        if (number_ >= 0) ::close(number_);
    }
    [[nodiscard]] int get() const { return number_; }
    [[nodiscard]] bool is_open() const { return number_ >= 0; }

private:
    int number_;
};

Status sync_directory_of(const std::string& path) {
    const std::string parent = std::filesystem::path{path}.parent_path().string();
    const std::string dir = parent.empty() ? "." : parent;
    const Descriptor opened{::open(dir.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
    if (!opened.is_open() || ::fsync(opened.get()) != 0) return failure(dir, errno);
    return {};
}

Status write_all(int descriptor, const std::string& path, std::string_view bytes) {
    while (!bytes.empty()) {
        const auto written = ::write(descriptor, bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) return failure(path, errno);
        bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    return {};
}

Status write_synced(const std::string& path, std::string_view bytes) {
    const Descriptor file{::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0640)};
    if (!file.is_open()) return failure(path, errno);
    if (auto done = write_all(file.get(), path, bytes); !done) return done;
    if (::fsync(file.get()) != 0) return failure(path, errno);
    return {};
}

Result<std::string> read_all(int descriptor, const std::string& path) {
    std::string bytes;
    std::array<char, 64 * 1024> block;
    for (;;) {
        const auto size = ::read(descriptor, block.data(), block.size());
        if (size < 0 && errno == EINTR) continue;
        if (size < 0) return failure(path, errno);
        if (size == 0) return bytes;
        bytes.append(block.data(), static_cast<std::size_t>(size));
        if (static_cast<std::int64_t>(bytes.size()) > kDiskFileBytesMax)
            return malformed(path + ": longer than is read whole");
    }
}

// Real blocks, not a hole: where the file system cannot reserve them, zeros are written.
int reserve(int descriptor, std::int64_t bytes) {
    const int code = bytes > 0 ? ::posix_fallocate(descriptor, 0, bytes) : 0;
    if (code != 0) return code;
    return ::fsync(descriptor) == 0 ? 0 : errno;
}

class SystemDisk final : public Disk {
public:
    Result<std::string> read(const std::string& path) override {
        const Descriptor file{::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
        if (!file.is_open()) return failure(path, errno);
        return read_all(file.get(), path);
    }

    Result<std::string> head(const std::string& path, std::size_t bytes) override {
        const Descriptor file{::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
        if (!file.is_open()) return failure(path, errno);
        std::string first(bytes, '\0');
        const auto size = ::pread(file.get(), first.data(), first.size(), 0);
        if (size < 0) return failure(path, errno);
        first.resize(static_cast<std::size_t>(size));
        return first;
    }

    Status replace(const std::string& path, std::string_view bytes) override {
        const std::string fresh = path + ".new";
        auto done = write_synced(fresh, bytes);
        if (done) done = rename(fresh, path);
        if (!done) (void)::unlink(fresh.c_str());  // absent if only the directory's sync failed
        return done;
    }

    Status patch(const std::string& path, std::int64_t at, std::string_view bytes) override {
        const Descriptor file{::open(path.c_str(), O_WRONLY | O_CLOEXEC)};
        if (!file.is_open()) return failure(path, errno);
        if (::lseek(file.get(), at, SEEK_SET) != at) return failure(path, errno);
        if (auto done = write_all(file.get(), path, bytes); !done) return done;
        return ::fsync(file.get()) == 0 ? Status{} : failure(path, errno);
    }

    Status remove(const std::string& path) override {
        if (::unlink(path.c_str()) != 0) {
            if (errno == ENOENT) return {};
            return failure(path, errno);
        }
        return sync_directory_of(path);
    }

    Status rename(const std::string& from, const std::string& to) override {
        if (::rename(from.c_str(), to.c_str()) != 0) return failure(from, errno);
        return sync_directory_of(to);
    }

    bool exists(const std::string& path) override { return ::access(path.c_str(), F_OK) == 0; }

    Result<std::int64_t> size(const std::string& path) override {
        struct stat found {};
        if (::stat(path.c_str(), &found) != 0) return failure(path, errno);
        return static_cast<std::int64_t>(found.st_size);
    }

    Result<std::vector<std::string>> list(const std::string& dir) override;
    Result<std::int64_t> free_bytes(const std::string& dir) override;
    Status allocate(const std::string& path, std::int64_t bytes) override;
    [[nodiscard]] std::string vfs() const override { return {}; }
};

Result<std::vector<std::string>> SystemDisk::list(const std::string& dir) {
    std::vector<std::string> paths;
    std::error_code code;
    std::filesystem::directory_iterator entry{dir, code};
    for (; !code && entry != std::filesystem::directory_iterator{}; entry.increment(code)) {
        std::error_code vanished;
        if (entry->is_regular_file(vanished)) paths.push_back(entry->path().string());
    }
    if (code && code.value() != ENOENT) return failure(dir, code.value());
    std::ranges::sort(paths);
    return paths;
}

Result<std::int64_t> SystemDisk::free_bytes(const std::string& dir) {
    struct statvfs found {};
    if (::statvfs(dir.c_str(), &found) != 0) return failure(dir, errno);
    return static_cast<std::int64_t>(found.f_bavail) * static_cast<std::int64_t>(found.f_frsize);
}

Status SystemDisk::allocate(const std::string& path, std::int64_t bytes) {
    const bool was_there = exists(path);
    const Descriptor file{::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0640)};
    if (!file.is_open()) return failure(path, errno);
    struct stat before {};
    if (::fstat(file.get(), &before) != 0) return failure(path, errno);
    int code = bytes < before.st_size && ::ftruncate(file.get(), bytes) != 0 ? errno : 0;
    if (code == 0) code = reserve(file.get(), bytes);
    if (code == 0) return was_there ? Status{} : sync_directory_of(path);
    if (was_there) {
        (void)::ftruncate(file.get(), std::min<off_t>(before.st_size, bytes));
    } else {
        (void)::unlink(path.c_str());
    }
    return failure(path, code);
}

}  // namespace

Disk& system_disk() {
    static SystemDisk disk;
    return disk;
}

}  // namespace aisle::sqlite
