#include "agent/store/retention.hpp"

#include <algorithm>
#include <optional>
#include <span>

#include "agent/store/rows.hpp"
#include "agent/store/store_inside.hpp"

namespace aisle::store {
namespace {

// Rows looked at a call and class: a scan of rows that stay must not hold the storage thread
// either.
constexpr std::int64_t kScannedMax = 20'000;
constexpr std::string_view kOthers = "*";

struct Candidate {
    std::int64_t id = 0;
    Stream stream = Stream::Local;
    bool of_class = false;
    std::optional<std::int64_t> key = {};  // where the row has an identity
};

bool names(const RetentionClass& group, std::string_view kind) {
    return std::ranges::find(group.kinds, kind) != group.kinds.end();
}

// The index of the class that `kind` belongs to; classes.size() for the others.
std::size_t class_of(const RetentionSettings& settings, std::string_view kind) {
    const auto found = std::ranges::find_if(
        settings.classes, [&](const RetentionClass& group) { return names(group, kind); });
    return static_cast<std::size_t>(found - settings.classes.begin());
}

// Told apart, so that a change of the settings starts every class from the beginning again.
std::string fingerprint(const RetentionSettings& settings) {
    std::string text;
    for (const RetentionClass& group : settings.classes) {
        text += group.name + ":";
        for (const std::string& kind : group.kinds) text += kind + ",";
    }
    return std::to_string(key_of("retention", text));
}

}  // namespace

// One call's work on the journal, within the caller's transaction.
class JournalPruning {
public:
    struct Around {
        sqlite::Database& database;
        KeyIndex& keys;
        std::span<const std::int64_t>
            held_from;  // by stream: the outbox refers to this id or later
    };
    JournalPruning(const Around& around, const Stamp& now, const RetentionSettings& settings)
        : database_{around.database},
          keys_{around.keys},
          held_from_{around.held_from},
          now_{now},
          settings_{settings} {}

    Status run(Pruned& pruned);

private:
    struct IdRange {  // (after, to]
        std::int64_t after = 0;
        std::int64_t to = 0;
    };

    Status forget_progress_of_other_settings();
    Status prune_class(std::size_t index, Pruned& pruned);
    Result<std::int64_t> last_old(std::size_t index, std::int64_t after);
    Result<std::vector<Candidate>> scan(std::size_t index, IdRange range);
    bool take(const Candidate& row, std::vector<Candidate>& taken, Pruned& pruned) const;
    Result<std::int64_t> progress(std::string_view name);
    Status set_progress(std::string_view name, std::int64_t done_to);
    Status erase(const std::vector<Candidate>& rows);
    [[nodiscard]] std::string_view name_of(std::size_t index) const;
    [[nodiscard]] WallTime cutoff(std::size_t index) const;

    sqlite::Database& database_;
    KeyIndex& keys_;
    std::span<const std::int64_t> held_from_;
    const Stamp& now_;
    const RetentionSettings& settings_;
};

std::string_view JournalPruning::name_of(std::size_t index) const {
    return index < settings_.classes.size() ? settings_.classes[index].name : kOthers;
}

WallTime JournalPruning::cutoff(std::size_t index) const {
    const days keep =
        index < settings_.classes.size() ? settings_.classes[index].keep : settings_.keep_others;
    return now_.wall - keep;
}

// `classes` moved from one class to another would otherwise lie below the new one's mark for ever.
Status JournalPruning::forget_progress_of_other_settings() {
    const std::string mark = fingerprint(settings_);
    const auto same = database_.integer(
        "SELECT count(*) FROM meta WHERE key = 'retention' AND value = '" + mark + "'");
    if (!same) return same.error();
    if (*same == 1) return {};
    return database_.exec(
        "DELETE FROM retention; INSERT OR REPLACE INTO meta VALUES ('retention', '" + mark + "')");
}

Result<std::int64_t> JournalPruning::progress(std::string_view name) {
    auto select = database_.prepare("SELECT done_to FROM retention WHERE class = ?1");
    if (!select) return select.error();
    auto row = select->bind(1, name).step();
    if (!row) return row.error();
    return *row ? select->integer(0) : 0;
}

Status JournalPruning::set_progress(std::string_view name, std::int64_t done_to) {
    auto put =
        database_.prepare("INSERT OR REPLACE INTO retention(class, done_to) VALUES (?1, ?2)");
    if (!put) return put.error();
    return put->bind(1, name).bind(2, done_to).run();
}

// Ids ascend with time, whatever the wall showed: all up to the last row that is surely old is old.
// A time told by a clock of quality none proves nothing.
Result<std::int64_t> JournalPruning::last_old(std::size_t index, std::int64_t after) {
    auto select = database_.prepare(
        "SELECT coalesce(max(id), 0) FROM (SELECT id, committed FROM journal "
        "WHERE id > ?1 AND quality > 0 ORDER BY id LIMIT ?2) WHERE committed < ?3");
    if (!select) return select.error();
    auto row = select->bind(1, after).bind(2, kScannedMax).bind(3, ms_of(cutoff(index))).step();
    if (!row) return row.error();
    return select->integer(0);
}

Result<std::vector<Candidate>> JournalPruning::scan(std::size_t index, IdRange range) {
    auto select = database_.prepare(
        "SELECT id, stream, kind, event_id FROM journal WHERE id > ?1 AND id <= ?2 ORDER BY id "
        "LIMIT ?3");
    if (!select) return select.error();
    select->bind(1, range.after).bind(2, range.to).bind(3, kScannedMax);
    std::vector<Candidate> rows;
    for (;;) {
        auto row = select->step();
        if (!row) return row.error();
        if (!*row) return rows;
        Candidate made{.id = select->integer(0),
                       .stream = static_cast<Stream>(select->integer(1)),
                       .of_class = class_of(settings_, select->view(2)) == index};
        if (!select->is_null(3)) made.key = key_of(select->view(2), select->view(3));
        rows.push_back(made);
    }
}

// False: this row has to wait, and with it all later ones of the class.
bool JournalPruning::take(const Candidate& row, std::vector<Candidate>& taken,
                          Pruned& pruned) const {
    if (!row.of_class) return true;
    if (row.id >= held_from_[static_cast<std::size_t>(row.stream)]) return false;
    if (static_cast<std::size_t>(pruned.journal_rows) + taken.size() >= settings_.rows_max) {
        pruned.more = true;
        return false;
    }
    taken.push_back(row);
    return true;
}

Status JournalPruning::erase(const std::vector<Candidate>& rows) {
    auto erase_row = database_.prepare("DELETE FROM journal WHERE id = ?1");
    if (!erase_row) return erase_row.error();
    for (const Candidate& row : rows) {
        if (auto done = erase_row->bind(1, row.id).run(); !done) return done;
        if (!row.key) continue;
        if (auto done = keys_.erase(*row.key, row.id); !done) return done;
    }
    return {};
}

Status JournalPruning::prune_class(std::size_t index, Pruned& pruned) {
    const auto after = progress(name_of(index));
    if (!after) return after.error();
    const auto to = last_old(index, *after);
    if (!to) return to.error();
    const auto rows = scan(index, {*after, *to});
    if (!rows) return rows.error();

    std::vector<Candidate> taken;
    std::int64_t done_to = *after;
    bool went_through = true;
    for (const Candidate& row : *rows) {
        went_through = take(row, taken, pruned);
        if (!went_through) break;
        done_to = row.id;
    }
    if (went_through && !rows->empty())
        pruned.more = true;  // a window is done: the next may hold old rows
    if (done_to == *after) return {};
    if (auto done = erase(taken); !done) return done;
    pruned.journal_rows += static_cast<std::int64_t>(taken.size());
    return set_progress(name_of(index), done_to);
}

Status JournalPruning::run(Pruned& pruned) {
    if (auto done = forget_progress_of_other_settings(); !done) return done;
    for (std::size_t index = 0; index <= settings_.classes.size(); ++index) {
        if (auto done = prune_class(index, pruned); !done) return done;
    }
    return {};
}

RetentionSettings default_retention() {
    RetentionSettings settings;
    settings.classes = {{.name = "local",
                         .kinds = {"crossing", "sighting", "u_turn", "zone_stay", "scene_minute"},
                         .keep = days{1}},
                        {.name = "health", .kinds = {"health"}, .keep = days{7}},
                        {.name = "footfall",
                         .kinds = {"footfall_minute", "footfall_quarter", "blindness", "count",
                                   "zone_visit", "zone_quarter", "floor_hour", "footfall_day"},
                         .keep = days{90}}};
    return settings;
}

namespace {

Status prune_quarantine(sqlite::Database& database, const Stamp& now,
                        const RetentionSettings& settings, Pruned& pruned) {
    auto erase = database.prepare(
        "DELETE FROM quarantine WHERE id IN (SELECT id FROM quarantine "
        "WHERE committed < ?1 AND quality > 0 ORDER BY id LIMIT ?2)");
    if (!erase) return erase.error();
    const auto cutoff = ms_of(now.wall - settings.keep_quarantine);
    if (auto done = erase->bind(1, cutoff).bind(2, settings.rows_max).run(); !done) return done;
    pruned.quarantine_rows = database.changes();
    if (pruned.quarantine_rows == static_cast<std::int64_t>(settings.rows_max)) pruned.more = true;
    return {};
}

Status cap_quarantine(sqlite::Database& database, const RetentionSettings& settings,
                      Pruned& pruned) {
    // Newest first, payloads are kept as long as their running sum fits.
    auto empty = database.prepare(
        "UPDATE quarantine SET payload = x'', payload_bytes = 0 WHERE id IN (SELECT id FROM "
        "(SELECT id, payload_bytes, sum(payload_bytes) OVER (ORDER BY id DESC) AS held FROM "
        "quarantine) "
        "WHERE held > ?1 AND payload_bytes > 0 ORDER BY id LIMIT ?2)");
    if (!empty) return empty.error();
    empty->bind(1, settings.quarantine_bytes_max).bind(2, settings.rows_max);
    if (auto done = empty->run(); !done) return done;
    pruned.payloads_emptied = database.changes();
    if (pruned.payloads_emptied == static_cast<std::int64_t>(settings.rows_max)) pruned.more = true;
    return {};
}

}  // namespace

// Rows of a stream from the first one that its outbox refers to stay, and the newest of all, so
// that no id is used twice. Summed up again only when rows have left the outbox since: until then
// the answer is the same or too careful.
Result<std::span<const std::int64_t>> Store::Inside::held_from() {
    const auto last = database.integer("SELECT coalesce(max(id), 0) FROM journal");
    if (!last) return last.error();
    held_ids.back() = *last;
    if (held_at == outbox.memory().removals) return std::span<const std::int64_t>{held_ids};
    held_ids.fill(*last);
    auto select =
        database.prepare("SELECT slot >> 48, min(id_from) FROM runs WHERE id_from > 0 GROUP BY 1");
    if (!select) return select.error();
    for (;;) {
        auto row = select->step();
        if (!row) return row.error();
        if (!*row) break;
        held_ids.at(static_cast<std::size_t>(select->integer(0))) = select->integer(1);
    }
    held_at = outbox.memory().removals;
    return std::span<const std::int64_t>{held_ids};
}

// On a disk that is full: what was kept for convenience goes, whatever its age, a bounded part of
// it a call; then the log gives its room back.
Status Store::Inside::make_room(WallTime now) {
    RetentionSettings settings_now = default_retention();
    for (RetentionClass& group : settings_now.classes) group.keep = days{0};
    settings_now.quarantine_bytes_max = 0;
    const Stamp stamp{.wall = now + seconds{1}, .quality = ClockQuality::Rtc};
    const auto pruned = self.prune(stamp, settings_now);
    if (!pruned) return pruned.error();
    return database.exec("PRAGMA wal_checkpoint(TRUNCATE)");
}

Result<Pruned> Store::prune(const Stamp& now, const RetentionSettings& settings) {
    Pruned pruned;
    auto transaction = sqlite::Transaction::begin(database_);
    if (!transaction) return transaction.error();
    if (now.quality != ClockQuality::None) {
        const auto held = in_->held_from();
        if (!held) return held.error();
        const JournalPruning::Around around{database_, keys_, *held};
        if (auto done = JournalPruning{around, now, settings}.run(pruned); !done)
            return done.error();
        if (auto done = prune_quarantine(database_, now, settings, pruned); !done)
            return done.error();
    }
    if (auto done = cap_quarantine(database_, settings, pruned); !done) return done.error();
    if (auto done = transaction->commit(); !done) return done.error();
    if (auto done = database_.checkpoint(); !done) return done.error();
    return pruned;
}

}  // namespace aisle::store
