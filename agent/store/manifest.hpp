#pragma once

#include <array>
#include <optional>
#include <string>

#include "agent/core/record.hpp"
#include "agent/sqlite/disk.hpp"

// DIR/manifest: what is known of the database outside of it, so that one that vanished is told from
// one that never was, and an old image from the latest. Written seldom and atomically, always after
// the commit that it tells of: it may know less than the database, never more.
namespace aisle::store {

struct Manifest {
    struct Mark {
        std::int64_t acked = 1;  // below this HQ has everything
        std::int64_t next = 1;   // seqs up to this were given out
    };
    std::string store;
    std::string epoch;
    std::int64_t schema = 0;
    std::array<Mark, kUpStreams.size()> marks{};
    WallTime wall{};        // the latest that was told
    std::string set_aside;  // not empty: the file to salvage from, and the work is not done
    std::string suspect;    // not empty: why every page must be looked at
};

std::string to_json(const Manifest& manifest);
Result<Manifest> manifest_from_json(std::string_view text);

class ManifestFile {
public:
    ManifestFile(sqlite::Disk& disk, const std::string& data_dir)
        : disk_{disk}, path_{data_dir + "/manifest"} {}

    // Nothing where there is none, or none that can be read: a damaged manifest proves nothing.
    std::optional<Manifest> read();
    Status write(const Manifest& manifest);
    // Writes only what is worth a write: another epoch, kManifestSeqStep seqs more in a stream, or
    // kManifestEvery later.
    Status keep(const Manifest& manifest);
    // What another ManifestFile has written.
    void note(const Manifest& manifest) { written_ = manifest; }

private:
    sqlite::Disk& disk_;
    std::string path_;
    Manifest written_;
};
inline constexpr std::int64_t kManifestSeqStep = 1000;
inline constexpr minutes kManifestEvery{60};

}  // namespace aisle::store
