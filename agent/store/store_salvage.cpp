#include "agent/store/store_inside.hpp"

// The rest of a damaged database that was too large to be read before service: slice by slice,
// behind what was recorded since. Its rows get the next seqs of the new epoch and say by `was`
// where they stood; HQ takes each once, whether it had come up before the damage or not.
namespace aisle::store {
namespace {

constexpr const char* kRestKey = "salvage_rest";
// With less room than this beside the ballast the rest of the journal stays where it is: what HQ
// does not have comes over all the same.
constexpr std::int64_t kRoomKept = 64LL * 1024 * 1024;

bool outbox_is_over(const SalvageRest& rest) {
    return std::ranges::all_of(rest.parts, &SalvageRest::Part::done);
}

bool is_over(const SalvageRest& rest) {
    return outbox_is_over(rest) && rest.quarantine_next >= rest.quarantine_end &&
           rest.journal_to < rest.first_id;
}

}  // namespace

Status Store::Inside::keep_rest(const SalvageRest& made) {
    auto insert = database.prepare("INSERT OR REPLACE INTO meta(key, value) VALUES (?1, ?2)");
    if (!insert) return insert.error();
    const std::string text = to_json(made);
    return insert->bind(1, std::string_view{kRestKey}).bind(2, text).run();
}

Status Store::Inside::load_rest() {
    const auto text = self.meta(kRestKey);
    if (!text) return text.error();
    rest.reset();
    if (auto known = salvage_rest_from_json(*text)) rest = std::move(*known);
    opening.salvaging = rest.has_value();
    if (rest && opening.set_aside.empty()) opening.set_aside = dir + "/" + rest->file;
    return {};
}

// Seqs that nobody will read any more, as when the file has gone or a second one is damaged before
// the first was read to its end.
Status Store::Inside::give_up(const SalvageRest& lost) {
    for (const Stream stream : kUpStreams) {
        const SalvageRest::Part& part = lost.parts.at(static_cast<std::size_t>(stream));
        const std::int64_t n = part.end - part.next;
        if (part.done || n <= 0) continue;
        const std::int64_t first = outbox.next(stream);
        const Gap gap{.seqs = {first, first + n - 1},
                      .reason = "salvage",
                      .kinds = {},
                      .at = {.wall = last_wall}};
        if (auto done = outbox.put_gap(stream, gap); !done) return done;
        opening.lost.at(static_cast<std::size_t>(stream)) += n;
        opening.rows_lost += n;
        if (lost.epoch.empty()) continue;
        auto noted = origins.add({.stream = stream,
                                  .from_seq = first,
                                  .to_seq = gap.seqs.to,
                                  .shift = part.next - first,
                                  .epoch = lost.epoch});
        if (!noted) return noted;
    }
    return {};
}

// Where the slice's rows stood in the old epoch, and before that.
Status Store::Inside::note_origins(Stream stream, SeqRange old, std::int64_t first) {
    const std::int64_t offset = first - old.from;
    OriginReader reader;
    std::vector<OriginRange> earlier;
    if (reader.prepare(*rest_from)) {
        if (auto known = reader.read(stream, old.from)) earlier = std::move(*known);
    }
    std::ranges::reverse(earlier);  // oldest first: add() gives each the next age
    if (!rest->epoch.empty())
        earlier.push_back({.stream = stream,
                           .from_seq = old.from,
                           .to_seq = old.to,
                           .shift = 0,
                           .epoch = rest->epoch});
    for (OriginRange range : earlier) {
        range.from_seq = std::max(range.from_seq, old.from) + offset;
        range.to_seq = std::min(range.to_seq, old.to) + offset;
        range.shift -= offset;
        if (range.from_seq > range.to_seq) continue;
        if (auto done = origins.add(range); !done) return done;
    }
    return {};
}

Status Store::Inside::salvage_outbox(Salvage& salvage, Stream stream) {
    const std::int64_t first = outbox.next(stream);
    SalvageRest::Part& part = rest->parts.at(static_cast<std::size_t>(stream));
    const std::int64_t from = part.next;
    if (auto done = salvage.outbox_slice(*rest, stream, first); !done) return done;
    if (part.next == from) return {};
    return note_origins(stream, {from, part.next - 1}, first);
}

// The next slice, in the order of worth.
Status Store::Inside::salvage_slice() {
    Salvage salvage{*rest_from, database, last_wall};
    salvage.pass_over([this](const sqlite::Statement& row) {
        return appender.has({row.view(Salvage::kKind), row.view(Salvage::kEventId),
                             row.integer(Salvage::kRevision)},
                            row.integer(Salvage::kId));
    });
    for (const Stream stream : kUpStreams) {
        if (!rest->parts.at(static_cast<std::size_t>(stream)).done)
            return salvage_outbox(salvage, stream);
    }
    if (rest->quarantine_next < rest->quarantine_end) return salvage.quarantine_slice(*rest);
    return salvage.journal_slice(*rest);
}

// Old rows came in below ids that pruning had passed already, so it begins anew.
Status Store::Inside::end_salvage() {
    opening.rows_saved += rest->rows_saved;
    opening.rows_lost += rest->rows_lost;
    opening.rows_left += std::max<std::int64_t>(0, rest->journal_to - rest->first_id + 1);
    for (std::size_t i = 0; i < rest->parts.size(); ++i)
        opening.lost.at(i) += rest->parts.at(i).lost;
    opening.salvaging = false;
    if (auto done = database.exec("DELETE FROM meta WHERE key = 'salvage_rest'; "
                                  "DELETE FROM retention");
        !done) {
        return done;
    }
    return tell(last_wall, kSalvageEnded);
}

Status Store::Inside::salvage_step() {
    const bool has_room = [this] {
        const auto free = settings.disk->free_bytes(dir);
        return !free || *free >= settings.ballast_bytes + kRoomKept;
    }();
    if (!rest_from) {
        auto opened = open_damaged(*settings.disk, dir + "/" + rest->file, settings.vfs);
        if (opened) rest_from = std::move(*opened);
    }
    if (!rest_from) {
        if (auto done = give_up(*rest); !done) return done;
        return end_salvage();
    }
    if (outbox_is_over(*rest) && !has_room) return end_salvage();
    if (auto done = salvage_slice(); !done) return done;
    return is_over(*rest) ? end_salvage() : keep_rest(*rest);
}

Result<SalvageWork> Store::salvage_more() {
    if (!in_->rest) return SalvageWork{};
    const SalvageRest before = *in_->rest;
    const Opening told = in_->opening;
    const auto done = in_->transact([this] { return in_->salvage_step(); });
    if (!done) {
        in_->rest = before;
        in_->opening = told;
        return done.error();
    }
    const SalvageWork work{.rows_saved = in_->rest->rows_saved - before.rows_saved,
                           .more = in_->opening.salvaging};
    if (!work.more) {
        in_->rest_from.reset();
        in_->rest.reset();
    }
    // Seqs, bytes and ids were written past what is kept of them in memory.
    if (auto loaded = in_->load(); !loaded) return loaded.error();
    return work;
}

}  // namespace aisle::store
