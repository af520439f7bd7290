#pragma once

#include <optional>

#include "agent/sqlite/database.hpp"
#include "agent/store/manifest.hpp"
#include "agent/store/settings.hpp"
#include "agent/store/space.hpp"

namespace aisle::store {

// The files' side of a start: which database is opened, and what is set aside. Each step can be cut
// off by a lost power and is then taken up by the next start: what is to be set aside is written to
// the manifest before the first file is renamed, and stays there until what could be salvaged has
// been committed.
class Start {
public:
    struct Around {
        const StoreSettings& settings;
        Space& space;
        ManifestFile& manifest;
    };
    Start(std::string data_dir, const Around& around, WallTime now)
        : dir_{std::move(data_dir)},
          settings_{around.settings},
          space_{around.space},
          manifest_{around.manifest},
          now_{now} {}

    // Once, first of all.
    void read_manifest() { known_ = manifest_.read(); }
    // The database to go on with: the one that is there, or an empty one in its place. Denied and
    // Malformed: refused, see Store::open().
    Result<sqlite::Database> open_database();
    // The one that open_database() gave is damaged after all: the next call gives an empty one. It
    // must be closed.
    Status condemn(std::string_view why);
    // What was salvaged is committed: the manifest tells of the new database, and old files go.
    // Without a new epoch only what is worth a write.
    Status finish(const Manifest& manifest, bool new_epoch);

    [[nodiscard]] const std::optional<Manifest>& known() const { return known_; }
    [[nodiscard]] std::string known_store() const { return known_ ? known_->store : std::string{}; }
    // How often open_database() was called: less is salvaged where there is no room for all.
    [[nodiscard]] int tries() const { return tries_; }
    // Not empty: the file that stands aside and has not been salvaged from.
    [[nodiscard]] std::string bad_file() const;
    [[nodiscard]] const std::string& why() const { return why_; }
    [[nodiscard]] WallTime now() const { return now_; }

private:
    [[nodiscard]] std::string database() const { return dir_ + "/aisle.db"; }
    [[nodiscard]] bool has_bytes(const std::string& path) const;
    Status set_aside(std::string_view why);
    Status take_up_what_was_cut_off();
    Status remove_half_made();
    [[nodiscard]] std::string salvaged_from() const;
    Result<sqlite::Database> open_judged();
    Status judge(sqlite::Database& database);
    Result<sqlite::Database> open_fresh();

    std::string dir_;
    const StoreSettings& settings_;
    Space& space_;
    ManifestFile& manifest_;
    WallTime now_;
    std::optional<Manifest> known_;
    std::string pending_;  // name within the directory
    std::string why_ = "as_left";
    int tries_ = 0;
};

// Databases that were set aside: DIR/aisle.db.bad-<utc>, each with its log. Ascending in time.
std::vector<std::string> set_aside_files(sqlite::Disk& disk, const std::string& data_dir);
Status set_aside_database(sqlite::Disk& disk, const std::string& data_dir, WallTime now);
// Deletes all but the newest `keep`.
Status remove_set_aside(sqlite::Disk& disk, const std::string& data_dir, std::size_t keep);
inline constexpr std::size_t kSetAsideMax = 3;

// Reads every page up to this size, beyond it only what a start needs anyway.
inline constexpr std::int64_t kCheckedBytesMax = 32LL * 1024 * 1024;

}  // namespace aisle::store
