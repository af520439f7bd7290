#pragma once

#include <string>
#include <utility>

#include "agent/core/error.hpp"

namespace aisle::hq {

// One collector a database: an advisory lock on FILE.lock, which the system takes back when the
// process ends, however it ends.
class FileLock {
public:
    static Result<FileLock> take(const std::string& path);
    FileLock(FileLock&& other) noexcept : descriptor_{std::exchange(other.descriptor_, -1)} {}
    FileLock& operator=(FileLock&&) = delete;
    ~FileLock();

private:
    explicit FileLock(int descriptor) : descriptor_{descriptor} {}
    int descriptor_ = -1;
};

}  // namespace aisle::hq
