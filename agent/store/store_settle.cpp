#include <algorithm>
#include <span>

#include "agent/store/ended_epochs.hpp"
#include "agent/store/migrations.hpp"
#include "agent/store/store_inside.hpp"

// What a start makes of the database that it opened: a name for a new one, what can be salvaged
// for one that stands in the place of a damaged one, a new epoch for one that is not what it was.
// All of it is one transaction; the manifest is written after it.
namespace aisle::store {
namespace {

std::size_t index_of(Stream stream) { return static_cast<std::size_t>(stream); }

Status put_meta(sqlite::Database& database, std::string_view key, std::string_view value) {
    auto insert = database.prepare("INSERT OR REPLACE INTO meta(key, value) VALUES (?1, ?2)");
    if (!insert) return insert.error();
    return insert->bind(1, key).bind(2, value).run();
}

Status note_epoch(sqlite::Database& database, std::string_view epoch, std::string_view why) {
    auto insert = database.prepare(
        "INSERT INTO epochs(epoch, why) SELECT ?1, ?2 "
        "WHERE NOT EXISTS (SELECT 1 FROM epochs WHERE epoch = ?1)");
    if (!insert) return insert.error();
    return insert->bind(1, epoch).bind(2, why).run();
}

Result<bool> had_epoch(sqlite::Database& database, std::string_view epoch) {
    auto select = database.prepare("SELECT 1 FROM epochs WHERE epoch = ?1");
    if (!select) return select.error();
    return select->bind(1, epoch).step();
}

// What a damaged database says of it, where the salvage has believed the same.
EndedEpoch acked_in(sqlite::Disk& disk, const std::string& file, const std::string& vfs,
                    const std::string& epoch, std::span<const StreamDepth> salvaged) {
    EndedEpoch ended{.epoch = epoch, .streams = {}};
    auto from = open_damaged(disk, file, vfs);
    if (!from || epoch.empty()) return ended;
    for (const StreamDepth& depth : salvaged) {
        const auto acked = from->integer("SELECT acked_next FROM streams WHERE stream = " +
                                         std::to_string(static_cast<int>(depth.stream)));
        if (acked && *acked == depth.first && *acked > 1)
            ended.streams.push_back({depth.stream, *acked, {}});
    }
    return ended;
}

// The manifest may be behind the database, and never ahead of what HQ has acknowledged.
EndedEpoch acked_by(const Manifest& manifest) {
    EndedEpoch ended{.epoch = manifest.epoch, .streams = {}};
    for (const Stream stream : kUpStreams) {
        const std::int64_t acked = manifest.marks.at(index_of(stream)).acked;
        if (acked > 1) ended.streams.push_back({stream, acked, {}});
    }
    return ended;
}

// The disk had no room for all of it: the next try takes less.
SalvageBounds bounds_of(int tries) {
    if (tries <= 1) return {};
    return {.state = true, .outbox = tries == 2, .journal_rows = 0, .quarantine_rows = 0};
}

}  // namespace

Result<Manifest> Store::Inside::manifest_now(WallTime now) {
    const auto facts = self.facts();
    if (!facts) return facts.error();
    Manifest manifest{.store = facts->store,
                      .epoch = facts->epoch,
                      .schema = facts->schema,
                      .wall = now,
                      .suspect = suspect};
    for (const Stream stream : kUpStreams) {
        const auto depth = depth_of(stream);
        if (!depth) return depth.error();
        manifest.marks.at(index_of(stream)) = {.acked = depth->first, .next = depth->next};
    }
    return manifest;
}

Status Store::Inside::settle(Start& start) {
    const auto facts = self.facts();
    if (!facts) return facts.error();
    const bool named = !facts->epoch.empty();
    const std::string theirs = named ? facts->store : start.known_store();
    if (!settings.store.empty() && !theirs.empty() && theirs != settings.store.value) {
        return denied("the database belongs to store " + theirs);
    }
    opening.last_wall = start.known() ? start.known()->wall : WallTime{};
    auto transaction = sqlite::Transaction::begin(database);
    if (!transaction) return transaction.error();
    if (auto done = named ? judge_old(start) : begin_new(start); !done) return done;
    if (opening.epoch_began && !opening.is_new) {
        auto done = tell(start.now(), opening.salvaged ? kSalvaged : kEpochBegan);
        if (!done) return done;
    }
    if (auto done = transaction->commit(); !done) return done;
    if (auto done = load(); !done) return done;
    if (auto done = load_rest(); !done) return done;
    last_wall = std::max(opening.last_wall, start.now());
    const auto told = manifest_now(last_wall);
    if (!told) return told.error();
    // A manifest that cannot be written is behind the database, which is allowed.
    (void)start.finish(*told, opening.epoch_began);
    manifest_file.note(*told);
    return {};
}

Status Store::Inside::name_it(WallTime now) {
    for (auto done :
         {put_meta(database, "store", settings.store.value),
          put_meta(database, "created", std::to_string(now.time_since_epoch().count()))}) {
        if (!done) return done;
    }
    return {};
}

Status Store::Inside::begin_new(Start& start) {
    opening.why = start.why();
    // A start that was cut off before its database had a name: it goes on with that one.
    if (opening.why == "as_left") {
        const bool known = start.known() && !start.known()->epoch.empty();
        opening.why = known ? "vanished" : "new";
    }
    opening.is_new = opening.why == "new";
    if (auto done = name_it(start.now()); !done) return done;
    new_epoch_name = settings.epoch;
    std::string was = start.known() ? start.known()->epoch : std::string{};
    std::optional<Nexts> certain;
    std::optional<SalvageRest> unfinished;
    if (!start.bad_file().empty()) {
        Salvaged report;
        if (auto done = take_over(start, report); !done) return done;
        if (!report.epoch.empty()) was = report.epoch;
        certain = report.certain_next;
        unfinished = std::move(report.unfinished);
        const auto here = self.depths();
        if (!here) return here.error();
        if (auto done = keep_ended(
                database, acked_in(*settings.disk, start.bad_file(), settings.vfs, was, *here));
            !done)
            return done;
    }
    opening.was_epoch = was;
    opening.salvaged = !opening.is_new;
    if (auto done = begin_epoch(opening.why, certain ? was : std::string{}, certain); !done)
        return done;
    auto told = tell_lost(start, certain ? was : std::string{}, certain.value_or(Nexts{}));
    return told && unfinished ? give_up(*unfinished) : told;
}

// Of a large one, before service: the rest is left to salvage_more().
Result<Salvaged> Store::Inside::take_what_engines_need(sqlite::Database& from, const Start& start) {
    Salvage::Marks marks{};
    std::string epoch;
    if (start.known()) {
        const auto theirs = from.text("SELECT value FROM meta WHERE key = 'epoch'");
        epoch = start.known()->epoch;
        if (!theirs || *theirs == epoch) marks = start.known()->marks;
    }
    SalvageRest made{.file = start.bad_file().substr(dir.size() + 1)};
    auto report = Salvage{from, database, start.now()}.begin(made, marks);
    if (!report) return report;
    if (made.epoch.empty()) made.epoch = epoch;
    if (auto done = keep_rest(made); !done) return done.error();
    appender.begin_after(made.last_id);
    opening.salvaging = true;
    return report;
}

// Errors of the damaged database end with what was read of it; those of the new one are ours.
Status Store::Inside::take_over(Start& start, Salvaged& report) {
    opening.set_aside = start.bad_file();
    auto from = open_damaged(*settings.disk, start.bad_file(), settings.vfs);
    if (from) {
        const auto bytes = settings.disk->size(start.bad_file());
        const auto runs = from->integer("SELECT count(*) FROM sqlite_master WHERE name = 'runs'");
        const bool large = bytes && *bytes > settings.salvaged_at_once_bytes && runs && *runs > 0;
        auto salvaged = large ? take_what_engines_need(*from, start)
                              : Salvage{*from, database, start.now()}.run(bounds_of(start.tries()));
        if (!salvaged) return salvaged.error();
        report = *salvaged;
    }
    opening.rows_saved = report.rows_saved;
    opening.rows_lost = report.rows_lost;
    opening.rows_left = report.rows_left;
    opening.lost = report.lost;
    const std::string name = start.bad_file().substr(dir.size() + 1);
    return put_meta(database, "salvaged_from", name);
}

// Of a database that is there and whole: is it the one that was here last?
Status Store::Inside::judge_old(const Start& start) {
    const auto epoch = self.epoch();
    if (!epoch) return epoch.error();
    const auto copy = self.meta("copy");
    if (!copy) return copy.error();
    const auto depths = self.depths();
    if (!depths) return depths.error();
    Nexts nexts{};
    bool older = false;
    for (const StreamDepth& depth : *depths) {
        nexts.at(index_of(depth.stream)) = depth.next;
        older |= start.known() && depth.next < start.known()->marks.at(index_of(depth.stream)).next;
    }
    if (!copy->empty()) {
        opening.why = "restored";
    } else if (start.known() && start.known()->epoch == *epoch) {
        if (older) opening.why = "older";
    } else if (start.known() && !start.known()->epoch.empty()) {
        const auto had = had_epoch(database, start.known()->epoch);
        if (!had) return had.error();
        if (!*had) opening.why = "foreign_epoch";
    }
    if (opening.why == "as_left") return {};
    opening.was_epoch = *epoch;
    if (auto done = begin_epoch(opening.why, *epoch); !done) return done;
    if (auto done = tell_lost(start, *epoch, nexts); !done) return done;
    return database.exec("DELETE FROM meta WHERE key = 'copy'");
}

// Rows that the manifest knows were given out and not acknowledged, and that are not here, become
// gaps. `had` is the epoch that the database was in, `next` how far it went there.
Status Store::Inside::tell_lost(const Start& start, const std::string& had, const Nexts& next) {
    if (!start.known() || start.known()->epoch.empty()) return {};
    const Manifest& known = *start.known();
    // Of its own epoch a database that is whole knows better: its rows from there on go up again.
    if (known.epoch != had || !start.bad_file().empty())
        if (auto done = keep_ended(database, acked_by(known)); !done) return done;
    if (known.epoch != had) {
        const auto ours = had_epoch(database, known.epoch);
        if (!ours) return ours.error();
        if (*ours) return {};
    }
    for (const Stream stream : kUpStreams) {
        const Manifest::Mark& mark = known.marks.at(index_of(stream));
        const std::int64_t from =
            known.epoch == had ? std::max(next.at(index_of(stream)), mark.acked) : mark.acked;
        const std::int64_t n = mark.next - from;
        if (n <= 0) continue;
        const std::int64_t first = outbox.next(stream);
        const Gap gap{.seqs = {first, first + n - 1},
                      .reason = start.bad_file().empty() ? "vanished" : "salvage",
                      .kinds = {},
                      .at = {.wall = start.now()}};
        if (auto done = outbox.put_gap(stream, gap); !done) return done;
        auto noted = origins.add({.stream = stream,
                                  .from_seq = first,
                                  .to_seq = gap.seqs.to,
                                  .shift = from - first,
                                  .epoch = known.epoch});
        if (!noted) return noted;
        opening.lost.at(index_of(stream)) += n;
        opening.rows_lost += n;
    }
    return note_epoch(database, known.epoch, "manifest");
}

Status Store::Inside::tell(WallTime now, std::string_view what) {
    const Record record{.stream = Stream::Ledger,
                        .kind = "audit",
                        .at = {.wall = now},
                        .body = to_json(opening, what)};
    if (auto done = appender.add(record, now, true); !done) return done.error();
    return outbox.flush();
}

Result<std::string> Store::Inside::epoch_or_random(std::string_view epoch) {
    const auto is_epoch = [](std::string_view text) {
        return text.size() == 16 &&
               text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
    };
    if (!epoch.empty()) {
        if (!is_epoch(epoch)) return malformed("an epoch is 16 hex digits");
        return std::string{epoch};
    }
    if (!settings.random) return database.text("SELECT lower(hex(randomblob(8)))");
    std::string text;
    const std::uint64_t bits = settings.random();
    for (int shift = 60; shift >= 0; shift -= 4) text += "0123456789abcdef"[(bits >> shift) & 15U];
    return text;
}

// Within the caller's transaction. `was` is the epoch that ends; empty: not known, and the rows
// have no past.
Status Store::Inside::begin_epoch(std::string_view why, const std::string& was,
                                  const std::optional<Nexts>& certain_next) {
    const auto name = epoch_or_random(new_epoch_name);
    if (!name) return name.error();
    const auto before = self.depths();
    if (!before) return before.error();
    EndedEpoch ended{.epoch = was, .streams = {}};
    for (const StreamDepth& depth : *before) {
        if (auto done = outbox.move(depth, depth.first - 1); !done) return done;
        if (was.empty()) continue;
        if (!certain_next && depth.first > 1)  // after a salvage: begin_new()
            ended.streams.push_back({depth.stream, depth.first, depth.acked_check});
        Origins::Move move{depth.stream, depth.first, depth.next, was};
        if (certain_next) {
            const std::int64_t certain = certain_next->at(index_of(depth.stream));
            move.next = std::clamp(certain, depth.first, depth.next);
        }
        if (auto done = origins.move(move); !done) return done;
    }
    if (auto done = outbox.settle_moves(); !done) return done;
    if (!was.empty()) {
        if (auto done = note_epoch(database, was, "before"); !done) return done;
        if (auto done = keep_ended(database, ended); !done) return done;
    }
    for (auto done : {database.exec("UPDATE streams SET acked_next = 1, frozen_to = 0, "
                                    "acked_check = ''"),
                      put_meta(database, "epoch", *name), note_epoch(database, *name, why)}) {
        if (!done) return done;
    }
    opening.epoch_began = true;
    return load();
}

}  // namespace aisle::store
