#pragma once

#include <memory>
#include <string>
#include <vector>

#include "agent/core/sink.hpp"
#include "agent/runtime/executor.hpp"
#include "agent/runtime/metrics.hpp"
#include "drivers/pos/till_file.hpp"

// Till files dropped into a directory. Notices changes by itself and scans every `scan` as well,
// since shares over a network tell nothing. Takes a file once it is complete: its document is
// finished and its size and time have stood still for `settle`, or it was renamed from *.tmp or
// *.part, or NAME.done lies beside it. What never becomes complete is read as far as it goes after
// `incomplete_after`, and its rest is quarantined. Never writes or deletes in the directory, unless
// `done_dir` is set: then a file moves there once all of it has committed. A file that was seen and
// then rewritten is read again: known sales are absorbed by their ids. Everything runs on the loop,
// in bites of at most kBiteRecordsMax records or kBiteBytesMax bytes.
namespace aisle::runtime {
class IoLoop;
}

namespace aisle::pos {

inline constexpr std::size_t kBiteRecordsMax = 32;
inline constexpr std::size_t kBiteBytesMax = 1024 * 1024;
inline constexpr std::size_t kDirFilesMax =
    10'000;  // per scan; the rest waits for the next and is counted

struct PoslogDirSettings {
    std::string name;  // the source's configured name: goes into sale ids
    std::string directory;
    std::string done_dir;  // empty: files stay
    std::string profile = "generic";
    TillFormat format = TillFormat::Auto;
    StoreId store;             // ours: a sale of another store is quarantined
    std::string vendor_store;  // what the tills call this shop, as "9" or "0417"; empty: as we do
    std::string currency;      // where a file tells none
    int minor_digits = 2;
    milliseconds scan{5'000};
    milliseconds settle{2'000};
    milliseconds incomplete_after{600'000};
};

// `positions`: those of this source as stored. The rest is borrowed and outlives the driver.
// Malformed: an unknown profile or no directory named. A directory that is missing is only waited
// for.
struct PoslogDirPorts {
    Sink& sink;
    runtime::Executor& executor;
    const TimeZone& zone;
    runtime::Metrics& metrics;
    runtime::IoLoop* loop = nullptr;  // for hints that the directory changed; nullptr: scans alone
};
Result<std::unique_ptr<Driver>> make_poslog_dir(PoslogDirSettings settings, PoslogDirPorts ports,
                                                const std::vector<SourcePosition>& positions);

}  // namespace aisle::pos
