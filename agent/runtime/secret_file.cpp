#include "agent/runtime/secret_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>

namespace aisle::runtime {

namespace {

constexpr std::size_t kSecretBytesMax = 64 * 1024;

class Descriptor {
public:
    explicit Descriptor(int fd) : fd_{fd} {}
    ~Descriptor() {
        if (fd_ >= 0) close(fd_);
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    [[nodiscard]] int get() const { return fd_; }

private:
    int fd_;
};

Error failed_at(const std::string& path) { return unavailable(path + ": " + std::strerror(errno)); }

bool is_systemd_credential(const std::string& path) {
    const char* const folder = std::getenv("CREDENTIALS_DIRECTORY");
    return folder != nullptr && *folder != '\0' && path.starts_with(std::string{folder} + '/');
}

Status check_rights(const std::string& path, const struct stat& file) {
    if (!S_ISREG(file.st_mode)) return malformed(path + ": not a regular file");
    if (is_systemd_credential(path)) {
        // The service's right to root's file is an ACL, whose mask shows in the group's bits.
        if ((file.st_mode & 07U) != 0 || (file.st_uid != 0 && file.st_uid != geteuid())) {
            return denied(path + ": this credential is open to others");
        }
        return {};
    }
    if (file.st_uid != geteuid()) return denied(path + ": belongs to another user");
    if ((file.st_mode & 077U) != 0) {
        return denied(path + ": others may read it; run: chmod 600 " + path);
    }
    return {};
}

Result<std::string> read_all(const std::string& path, int fd) {
    std::string content;
    std::array<char, 4096> part{};
    while (true) {
        const ssize_t got = read(fd, part.data(), part.size());
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return failed_at(path);
        if (got == 0) return content;
        content.append(part.data(), static_cast<std::size_t>(got));
        if (content.size() > kSecretBytesMax) return malformed(path + ": longer than 64 KB");
    }
}

Status write_all(const std::string& path, int fd, std::string_view rest) {
    while (!rest.empty()) {
        const ssize_t wrote = write(fd, rest.data(), rest.size());
        if (wrote < 0 && errno == EINTR) continue;
        if (wrote < 0) return failed_at(path);
        rest.remove_prefix(static_cast<std::size_t>(wrote));
    }
    return {};
}

}  // namespace

Result<std::string> read_secret_file(const std::string& path) {
    // Not blocking: a named pipe in its place must not stop the start of the agent.
    const Descriptor file{open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)};
    if (file.get() < 0) return failed_at(path);
    struct stat state {};
    if (fstat(file.get(), &state) != 0) return failed_at(path);
    if (const Status rights = check_rights(path, state); !rights) return rights.error();

    auto content = read_all(path, file.get());
    if (content && content->ends_with('\n')) content->pop_back();
    if (content && content->ends_with('\r')) content->pop_back();
    return content;
}

Status create_secret_file(const std::string& path, std::string_view secret) {
    const Descriptor file{open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600)};
    if (file.get() < 0 && errno == EEXIST) return denied(path + ": exists already");
    if (file.get() < 0) return failed_at(path);
    Status wrote = write_all(path, file.get(), secret);
    if (wrote && fsync(file.get()) != 0) wrote = failed_at(path);
    if (!wrote) unlink(path.c_str());  // half a secret is worse than none
    return wrote;
}

}  // namespace aisle::runtime
