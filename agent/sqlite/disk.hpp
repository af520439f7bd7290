#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "agent/core/error.hpp"

// The seam for all that is kept beside a database and not in it: manifest, ballast, slots of
// bundles. The database's own files go through the sqlite3_vfs that vfs() names, so that one
// simulated disk loses both in one power cut.
//
// What an error means: Full = no space or quota, or an I/O error (look at free_bytes());
// Unavailable = not there, or cannot be opened; Denied = no rights, or a read-only file system.
namespace aisle::sqlite {

class Disk {
public:
    virtual ~Disk() = default;

    // The whole file, at most kDiskFileBytesMax (Malformed beyond). Unavailable if it is absent.
    virtual Result<std::string> read(const std::string& path) = 0;
    // Its first bytes, fewer where it is shorter. Unavailable if it is absent.
    virtual Result<std::string> head(const std::string& path, std::size_t bytes) = 0;
    // All or nothing, and durable when it succeeds: writes PATH.new, fsync, rename, fsync of the
    // directory. After a failure or a power cut `path` has its old or its new bytes.
    virtual Status replace(const std::string& path, std::string_view bytes) = 0;
    // Writes `bytes` over those at `at`, in place: for files that are too large to be replaced and
    // damaged anyway. Durable when it succeeds; a power cut may leave a part of it. Unavailable if
    // the file is absent.
    virtual Status patch(const std::string& path, std::int64_t at, std::string_view bytes) = 0;
    // Durable when it succeeds. A file that is absent is removed already.
    virtual Status remove(const std::string& path) = 0;
    // Replaces `to` if it is there; durable when it succeeds. Both in one file system.
    virtual Status rename(const std::string& from, const std::string& to) = 0;
    virtual bool exists(const std::string& path) = 0;
    virtual Result<std::int64_t> size(const std::string& path) = 0;
    // Paths of the files (not folders) in `dir`, sorted. A folder that is absent is empty.
    virtual Result<std::vector<std::string>> list(const std::string& dir) = 0;
    // What this user can still write in the file system that holds `dir`.
    virtual Result<std::int64_t> free_bytes(const std::string& dir) = 0;
    // A file of so many bytes that really occupy space (not sparse), fsynced: a ballast. Grows or
    // shrinks one that is there. Full leaves the file as it was, or absent.
    virtual Status allocate(const std::string& path, std::int64_t bytes) = 0;

    // For OpenOptions::vfs. Empty: the system's own.
    [[nodiscard]] virtual std::string vfs() const = 0;
};
// Whatever is read whole is small; a damaged length must not take the memory.
inline constexpr std::int64_t kDiskFileBytesMax = 16 * 1024 * 1024;

// The machine's own, by POSIX. One for the whole process; any thread may call it.
Disk& system_disk();

}  // namespace aisle::sqlite
