#include "agent/app/scene_store.hpp"

#include <fcntl.h>
#include <unistd.h>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>

#include "agent/intake/digest.hpp"

namespace aisle::app {
namespace {

namespace fs = std::filesystem;

Error failed_at(const std::string& path) {
    const int why = errno;
    const std::string what = path + ": " + std::strerror(why);
    if (why != EACCES && why != EROFS && why != EPERM) return unavailable(what);
    return denied(what +
                  "; let the service write there (systemd: ReadWritePaths=) or move the "
                  "scene below its data directory");
}

// Closes what it holds.
class Descriptor {
public:
    explicit Descriptor(int fd) : fd_{fd} {}
    ~Descriptor() {
        if (fd_ >= 0) ::close(fd_);
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    [[nodiscard]] int get() const { return fd_; }

private:
    int fd_;
};

Status write_synced(const std::string& path, std::string_view text) {
    const Descriptor file{::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0640)};
    if (file.get() < 0) return failed_at(path);
    while (!text.empty()) {
        const ssize_t wrote = ::write(file.get(), text.data(), text.size());
        if (wrote < 0 && errno == EINTR) continue;
        if (wrote < 0) return failed_at(path);
        text.remove_prefix(static_cast<std::size_t>(wrote));
    }
    if (::fsync(file.get()) != 0) return failed_at(path);
    return {};
}

Status sync_folder_of(const std::string& path) {
    const fs::path folder = fs::path{path}.parent_path();
    const std::string name = folder.empty() ? "." : folder.string();
    const Descriptor opened{::open(name.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
    if (opened.get() < 0 || ::fsync(opened.get()) != 0) return failed_at(name);
    return {};
}

std::string old_name(const std::string& path, int n) { return path + ".old." + std::to_string(n); }

// The oldest falls off. The present file stays in its place beside its copy, so that at no moment
// there is none.
Status keep_old(const std::string& path, std::string_view text) {
    std::error_code none;  // what is not there need not be moved
    for (int n = kOldScenesKept; n > 1; --n)
        fs::rename(old_name(path, n - 1), old_name(path, n), none);
    return write_synced(old_name(path, 1), text);
}

}  // namespace

Result<SceneText> read_scene_text(const std::string& path) {
    std::ifstream file{path, std::ios::binary};
    if (!file) return unavailable("cannot open the scene " + path);
    std::string text(kSceneTextMax + 1, '\0');
    file.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(file.gcount()));
    if (text.size() > kSceneTextMax) return malformed(path + ": larger than 64 KiB");
    std::string digest = intake::sha256_hex(text);
    return SceneText{std::move(text), std::move(digest)};
}

Status write_scene_text(const SceneWrite& write) {
    const auto before = read_scene_text(write.path);
    if (!before && before.error().fault != Fault::Unavailable) return before.error();
    const std::string digest = before ? before->digest : std::string{};
    if (digest != write.read) return full("the scene was changed by somebody else meanwhile");
    const std::string fresh = write.path + ".new";
    if (const Status wrote = write_synced(fresh, write.text); !wrote) {
        ::unlink(fresh.c_str());
        return wrote;
    }
    if (before) {
        if (const Status kept = keep_old(write.path, before->text); !kept) {
            ::unlink(fresh.c_str());
            return kept;
        }
    }
    if (::rename(fresh.c_str(), write.path.c_str()) != 0) return failed_at(write.path);
    return sync_folder_of(write.path);
}

}  // namespace aisle::app
