#pragma once

#include <string>

#include "agent/core/error.hpp"

namespace aisle::store {

// One agent a data directory: flock on DIR/aisle.lock, held until destroyed. The kernel frees it
// when the process dies, however it dies, so a lock file that is left behind means nothing.
class DataLock {
public:
    // Unavailable if another process has it (the text names its pid if it is told), or the
    // directory is not there.
    static Result<DataLock> take(const std::string& data_dir);

    DataLock(DataLock&& other) noexcept;
    DataLock& operator=(DataLock&&) = delete;
    ~DataLock();

private:
    explicit DataLock(int descriptor) : descriptor_{descriptor} {}
    int descriptor_;  // -1: moved from
};

}  // namespace aisle::store
