#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <span>
#include <string>

#include "agent/core/sink.hpp"
#include "agent/runtime/executor.hpp"
#include "agent/runtime/metrics.hpp"

namespace aisle::reference {

struct ReferenceDirSettings {
    std::string source = "reference";
    std::filesystem::path dir;
    milliseconds scan_every{5'000};
    int settle_scans =
        3;  // an unfinished file that has not changed for so many scans is taken as it is
    // Files are handed over at each start even if nothing changed: raw tag ids live in RAM only, so
    // that the allow-list of beacons has to be told again. The journal knows the same content by
    // its digest.
    bool reread_at_start = true;
};

inline constexpr std::int64_t kFileBytesMax = 256LL * 1024 * 1024;

// Members, products, tags and facts from the files of one directory, read again when they change
// (mtime, size, inode, then the content's hash). Each changed file is handed over whole, as one
// ReferenceReading with its position; bad lines go to quarantine and the rest is used. A file that
// someone may still be writing waits for a later scan. A file that is missing changes nothing: to
// withdraw all rows, leave it there empty.
//
// On the loop thread; files are read and parsed elsewhere, so that a large one does not hold up the
// loop. Counts
// aisle_reference_files_total{outcome=read|unchanged|unfinished|refused|unreadable|full} and
// aisle_reference_lines_rejected_total.
class ReferenceDir final : public Driver {
public:
    // Runs a task on another thread, such as WorkerThread::submit; false: not now. Empty: on the
    // loop.
    using Elsewhere = std::function<bool(runtime::Task)>;

    // `loop`, `sink` and `metrics` must outlive the driver, and `loop` whatever runs elsewhere.
    ReferenceDir(ReferenceDirSettings settings, runtime::Executor& loop, Elsewhere elsewhere,
                 Sink& sink, runtime::Metrics& metrics);
    ~ReferenceDir() override;
    ReferenceDir(const ReferenceDir&) = delete;
    ReferenceDir& operator=(const ReferenceDir&) = delete;

    // Before start(): the stored positions of any sources.
    void restore(std::span<const SourcePosition> positions);

    void start() override;  // scans at once, and then every scan_every
    void stop() override;

    // Scan now: something in the directory has changed (runtime::DirectoryWatch). Cheap while a
    // scan is under way.
    void nudge();

private:
    struct State;
    std::shared_ptr<State> state_;
};

}  // namespace aisle::reference
