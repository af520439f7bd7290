#include "agent/store/start.hpp"

#include <algorithm>

#include "agent/store/migrations.hpp"

namespace aisle::store {
namespace {

constexpr std::string_view kBadPrefix = "/aisle.db.bad-";
constexpr std::array<const char*, 2> kLogSuffixes{"-wal", "-shm"};

// 20261122T003900Z: sorts by time, and needs no quoting in a shell.
std::string compact(WallTime time) {
    std::string text = to_rfc3339(time).substr(0, 19) + "Z";
    std::erase_if(text, [](char c) { return c == '-' || c == ':'; });
    return text;
}

// A log that is read into another database damages that one too: whatever lies there goes.
Status remove_with_log(sqlite::Disk& disk, const std::string& path) {
    for (const char* suffix : kLogSuffixes) {
        if (auto done = disk.remove(path + suffix); !done) return done;
    }
    return disk.remove(path);
}

std::string free_name(sqlite::Disk& disk, const std::string& data_dir, WallTime now) {
    const std::string name = std::string{kBadPrefix.substr(1)} + compact(now);
    for (int n = 1;; ++n) {
        std::string made = n == 1 ? name : name + "-" + std::to_string(n);
        if (!disk.exists(data_dir + "/" + made)) return made;
    }
}

// The log goes first: a database in its new place has all that belongs to it.
Status rename_with_log(sqlite::Disk& disk, const std::string& from, const std::string& to) {
    for (const char* suffix : {"-wal", "-shm", ""}) {
        if (!disk.exists(from + suffix)) continue;
        if (auto done = disk.rename(from + suffix, to + suffix); !done) return done;
    }
    return {};
}

}  // namespace

bool Start::has_bytes(const std::string& path) const {
    const auto size = settings_.disk->size(path);
    return size && *size > 0;
}

std::string Start::bad_file() const {
    return pending_.empty() ? std::string{} : dir_ + "/" + pending_;
}

Status Start::set_aside(std::string_view why) {
    why_ = why;
    Manifest manifest = known_.value_or(Manifest{});
    manifest.set_aside = pending_ = free_name(*settings_.disk, dir_, now_);
    manifest.suspect.clear();
    if (auto done = manifest_.write(manifest); !done) return done;
    known_ = manifest;
    return rename_with_log(*settings_.disk, database(), bad_file());
}

Status Start::condemn(std::string_view why) {
    if (!pending_.empty()) return malformed("the new database is damaged: " + std::string{why});
    return set_aside("damaged");
}

// An earlier start was cut off between setting aside and the commit of what it salvaged.
Status Start::take_up_what_was_cut_off() {
    if (!known_ || known_->set_aside.empty()) return {};
    pending_ = known_->set_aside;
    why_ = "damaged";
    if (!settings_.disk->exists(bad_file()))
        return rename_with_log(*settings_.disk, database(), bad_file());
    if (salvaged_from() != pending_) return remove_half_made();
    pending_.clear();
    why_ = "as_left";
    return {};
}

// What the database that stands in the place says of itself. Empty: half made.
std::string Start::salvaged_from() const {
    auto there = sqlite::Database::open(database(), {.vfs = settings_.vfs});
    if (!there) return {};
    const auto name = there->text("SELECT value FROM meta WHERE key = 'salvaged_from'");
    return name ? *name : std::string{};
}

Status Start::remove_half_made() { return remove_with_log(*settings_.disk, database()); }

Result<sqlite::Database> Start::open_fresh() {
    if (auto done = remove_half_made(); !done) return done.error();
    return sqlite::Database::open(database(), {.vfs = settings_.vfs});
}

// Ours, whole as far as a look can tell, and readable by this program.
Status Start::judge(sqlite::Database& database) {
    const auto identity = identify(database);
    if (!identity) return identity.error();
    if (*identity == Identity::Newer) {
        return denied("the database was written by a newer version of Aisle");
    }
    if (*identity == Identity::Foreign) return malformed("it is no database of Aisle");
    const bool suspect = known_ && !known_->suspect.empty();
    const auto size = settings_.disk->size(this->database());
    const auto log = settings_.disk->size(this->database() + "-wal");
    const std::int64_t bytes = (size ? *size : 0) + (log ? *log : 0);
    if (bytes > kCheckedBytesMax) {
        // To look at every page would hold up the service; what is suspected without reason loses
        // nothing by being taken over.
        return suspect ? malformed(known_->suspect) : Status{};
    }
    auto verdict = database.text("PRAGMA quick_check(1)");
    // It tells of an allocation or a read that failed once in the same words as of damage.
    if (verdict && *verdict != "ok") verdict = database.text("PRAGMA quick_check(1)");
    if (!verdict) return verdict.error();
    return *verdict == "ok" ? Status{} : malformed(*verdict);
}

Result<sqlite::Database> Start::open_database() {
    ++tries_;
    if (pending_.empty()) {
        if (auto done = take_up_what_was_cut_off(); !done) return done.error();
    }
    if (!pending_.empty()) return open_fresh();
    if (!has_bytes(database())) {
        const bool known = known_ && !known_->epoch.empty();
        why_ = !known ? "new" : settings_.disk->exists(database()) ? "empty" : "vanished";
        return open_fresh();
    }
    auto opened = open_judged();
    if (!opened && opened.error().fault == Fault::Full) {
        (void)space_.relieve();
        opened = open_judged();  // and one I/O error is none
    }
    if (opened) return opened;
    const Error why = opened.error();
    if (why.fault == Fault::Denied) return malformed(why.detail);
    if (why.fault == Fault::Unavailable) return why;
    if (why.fault == Fault::Full && space_.is_short()) return why;
    if (auto done = set_aside("damaged"); !done) return done.error();
    return open_fresh();
}

Result<sqlite::Database> Start::open_judged() {
    auto opened = sqlite::Database::open(database(), {.vfs = settings_.vfs});
    if (!opened) return opened.error();
    if (auto fit = judge(*opened); !fit) return fit.error();
    return opened;
}

Status Start::finish(const Manifest& manifest, bool new_epoch) {
    const bool anew = new_epoch || !known_;
    auto done = anew ? manifest_.write(manifest) : manifest_.keep(manifest);
    if (!done) return done;
    pending_.clear();
    return remove_set_aside(*settings_.disk, dir_, kSetAsideMax);
}

std::vector<std::string> set_aside_files(sqlite::Disk& disk, const std::string& data_dir) {
    auto files = disk.list(data_dir);
    if (!files) return {};
    std::erase_if(*files, [&](const std::string& path) {
        return !path.starts_with(data_dir + std::string{kBadPrefix}) || path.ends_with("-wal") ||
               path.ends_with("-shm");
    });
    return std::move(*files);
}

Status set_aside_database(sqlite::Disk& disk, const std::string& data_dir, WallTime now) {
    return rename_with_log(disk, data_dir + "/aisle.db",
                           data_dir + "/" + free_name(disk, data_dir, now));
}

Status remove_set_aside(sqlite::Disk& disk, const std::string& data_dir, std::size_t keep) {
    const auto files = set_aside_files(disk, data_dir);
    for (std::size_t i = 0; i + keep < files.size(); ++i) {
        if (auto done = remove_with_log(disk, files[i]); !done) return done;
    }
    return {};
}

}  // namespace aisle::store
