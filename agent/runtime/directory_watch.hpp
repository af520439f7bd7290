#pragma once

#include <functional>
#include <memory>
#include <string>

#include "agent/core/error.hpp"
#include "agent/runtime/io_loop.hpp"

namespace aisle::runtime {

// Hints on the loop that a directory has changed (inotify: created, written and closed, moved in).
// Only hints: network shares and full queues lose them, so callers keep scanning periodically.
class DirectoryWatch {
public:
    // The file's name in the directory; empty: hints were lost, scan all of it.
    using Changed = std::function<void(const std::string& name)>;

    // Unavailable where inotify or the directory is not: go on with scans alone.
    static Result<std::unique_ptr<DirectoryWatch>> open(IoLoop& loop, const std::string& directory,
                                                        Changed changed);
    ~DirectoryWatch();  // no hint comes afterwards
    DirectoryWatch(const DirectoryWatch&) = delete;
    DirectoryWatch& operator=(const DirectoryWatch&) = delete;

private:
    struct Core;
    explicit DirectoryWatch(std::shared_ptr<Core> core) : core_{std::move(core)} {}
    std::shared_ptr<Core> core_;
};

}  // namespace aisle::runtime
