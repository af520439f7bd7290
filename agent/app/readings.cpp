#include "agent/app/readings.hpp"

#include <algorithm>
#include <set>

#include "agent/records/floor_records.hpp"
#include "agent/records/sale_json.hpp"
#include "agent/runtime/log.hpp"

namespace aisle::app {
namespace {

constexpr std::size_t kRowsPerWork = 100;

void place(Turn& turn, const std::optional<SourcePosition>& position) {
    if (position) turn.batch.positions.push_back(*position);
}

void answer_after(Turn& turn, const Answer& answer, Accepted accepted) {
    if (!answer) return;
    turn.after.push_back([answer, accepted = std::move(accepted)] { answer(accepted); });
}

std::function<void(const Error&)> fails(const Answer& answer) {
    return [answer](const Error& error) {
        if (answer) answer(error);
    };
}

// Readings of one thing may share a batch: then the store does not know the earlier ones yet.
Found known(const Turn& turn, const Found& found, const RecordKey& key) {
    Found latest = found;
    for (const Record& record : turn.batch.records) {
        if (record.kind != key.kind || record.event_id != key.event_id) continue;
        const bool same = latest.known == Known::Same || record.digest == key.digest;
        latest = {.known = same ? Known::Same : Known::Other, .earlier = record};
    }
    return latest;
}

// The same sale, journalled while an earlier key was the store's.
bool looked_so(const std::vector<intake::EarlierLook>& looks, const Found& before) {
    return before.known == Known::Other &&
           std::ranges::find(looks, before.earlier.digest, &intake::EarlierLook::digest) !=
               looks.end();
}

// An earlier revision names its member by an earlier key; the engines know the present one only.
void name_anew(const std::vector<intake::EarlierLook>& looks, const Sale& now, Sale& old) {
    for (const intake::EarlierLook& look : looks) {
        if (old.member == look.member.value) old.member = now.member;
    }
}

// "members.jsonl" -> "member|": how the keys of a file's rows begin.
std::string key_prefix(const std::string& file) {
    return file.substr(0, file.find("s.jsonl")) + "|";
}

}  // namespace

Status Readings::accept(Reading reading, Answer answer) {
    note(reading);
    return std::visit(
        [&](auto& body) {
            return take(std::move(body), std::move(reading.position), std::move(answer));
        },
        reading.body);
}

void Readings::note(const Reading& reading) {
    std::string source = reading.position ? reading.position->source : std::string{};
    if (const auto* sale = std::get_if<SaleReading>(&reading.body)) source = sale->draft.source;
    if (const auto* count = std::get_if<CountReading>(&reading.body)) source = count->source;
    if (const auto* crossing = std::get_if<Crossing>(&reading.body)) source = crossing->door.value;
    if (const auto* sighting = std::get_if<Sighting>(&reading.body)) source = sighting->scanner;
    if (source.empty()) return;
    auto found = activity_.find(source);
    if (found == activity_.end() && activity_.size() >= kSourcesMax) return;
    Activity& activity = activity_[source];
    ++activity.readings;
    activity.last = parts_.clock.now().wall;
}

Status Readings::take(SaleReading reading, Position position, Answer answer) {
    auto cleaned = parts_.engines.intake.sale(std::move(reading), parts_.clock.now());
    if (auto* item = std::get_if<Quarantined>(&cleaned)) {
        return quarantine(std::move(*item), std::move(position), std::move(answer));
    }
    auto& clean = std::get<intake::CleanSale>(cleaned);
    const RecordKey key{.kind = "sale", .event_id = clean.sale.sale.value, .digest = clean.digest};
    return parts_.pipeline.submit(
        {.keys = {key},
         .apply =
             [this, key, sale = std::move(clean.sale), looks = std::move(clean.earlier), position,
              answer](Turn& turn, std::span<const Found> found) mutable {
                 place(turn, position);
                 for (const intake::EarlierLook& look : looks)
                     parts_.floor.relink(turn, {look.member, MemberKey{sale.member}});
                 const Found before = known(turn, found.front(), key);
                 if (before.known == Known::Same || looked_so(looks, before)) {
                     return answer_after(turn, answer,
                                         {key.event_id, before.earlier.revision, true});
                 }
                 sale.revision = before.known == Known::Absent ? 1 : before.earlier.revision + 1;
                 auto old = before.known == Known::Other
                                ? records::sale_from_json(before.earlier.body)
                                : Result<Sale>{malformed("no earlier revision")};
                 if (old) name_anew(looks, sale, *old);
                 parts_.floor.sale(turn, old ? &*old : nullptr, sale, key.digest);
                 answer_after(turn, answer, {key.event_id, sale.revision, false});
             },
         .failed = fails(answer),
         .waits = true});
}

Status Readings::take(RejectedReading reading, Position position, Answer answer) {
    return quarantine(parts_.engines.intake.rejected(std::move(reading), parts_.clock.now()),
                      std::move(position), std::move(answer));
}

// Whoever sent it is told why it was refused, once it is safely put aside.
Status Readings::quarantine(Quarantined item, Position position, Answer answer) {
    return parts_.pipeline.submit(
        {.apply =
             [item = std::move(item), position, answer](Turn& turn, std::span<const Found>) {
                 place(turn, position);
                 turn.batch.quarantine.push_back(item);
                 if (!answer) return;
                 turn.after.push_back([answer, error = malformed(item.reason + ": " +
                                                                 item.detail)] { answer(error); });
             },
         .failed = fails(answer),
         .waits = true});
}

template <typename Body>
Status Readings::tell(void (Floor::*what)(Turn&, const Body&), const Body& reading,
                      Position position, Answer answer) {
    return parts_.pipeline.submit(
        {.apply = [this, what, reading, position, answer](Turn& turn, std::span<const Found>) {
            place(turn, position);
            (parts_.floor.*what)(turn, reading);
            answer_after(turn, answer, {});
        }});
}

Status Readings::take(const Crossing& reading, Position position, Answer answer) {
    return tell(&Floor::crossing, reading, std::move(position), std::move(answer));
}

Status Readings::take(const Blindness& reading, Position position, Answer answer) {
    return tell(&Floor::blind, reading, std::move(position), std::move(answer));
}

Status Readings::take(const UTurn& reading, Position position, Answer answer) {
    return tell(&Floor::u_turn, reading, std::move(position), std::move(answer));
}

Status Readings::take(const ZoneStay& reading, Position position, Answer answer) {
    return tell(&Floor::stay, reading, std::move(position), std::move(answer));
}

Status Readings::take(const SceneMinute& reading, Position position, Answer answer) {
    return tell(&Floor::scene, reading, std::move(position), std::move(answer));
}

Status Readings::take(const CountReading& reading, Position position, Answer answer) {
    const Record record = records::count_record(reading, parts_.clock.now());
    const RecordKey key{record.kind, record.event_id, record.digest};
    return parts_.pipeline.submit(
        {.keys = {key},
         .apply =
             [this, reading, key, position, answer](Turn& turn, std::span<const Found> found) {
                 place(turn, position);
                 const bool counted = !key.event_id.empty() &&
                                      known(turn, found.front(), key).known != Known::Absent;
                 if (!counted) parts_.floor.count(turn, reading);
                 answer_after(turn, answer, {key.event_id, 1, counted});
             },
         .failed = fails(answer),
         .waits = static_cast<bool>(answer)});
}

Status Readings::take(const Sighting& reading, Position, Answer) {
    visits(parts_.engines.presence.hear(reading, parts_.clock.now()));
    return {};
}

Status Readings::take(const PositionReading&, Position position, Answer answer) {
    return parts_.pipeline.submit({.apply = [position, answer](Turn& turn, std::span<const Found>) {
        place(turn, position);
        answer_after(turn, answer, {});
    }});
}

void Readings::tick() { visits(parts_.engines.presence.tick(parts_.clock.now())); }

void Readings::refresh_tags() {
    if (!tags_told_) return;
    visits(parts_.engines.presence.set_tags(parts_.engines.holders(), parts_.clock.now()));
}

void Readings::visits(presence::PresenceEffects effects) {
    if (effects.empty()) return;
    parts_.pipeline.submit_inner(
        {.apply = [this, effects = std::move(effects)](Turn& turn, std::span<const Found>) {
            parts_.floor.visits(turn, effects);
        }});
}

void Readings::restore(std::span<const StateChange> rows) {
    for (const StateChange& row : rows)
        reference_.set(row.key, uplink::RowDigests::number(row.bytes));
}

// Raw ids of tags are kept in memory for the beacon drivers; everything after this sees pseudonyms.
void Readings::enrol(const ReferenceReading& raw) {
    parts_.engines.enrolled.clear();
    for (const ReferenceRow& row : raw.rows) {
        if (const auto* tag = std::get_if<TagRow>(&row)) {
            parts_.engines.enrolled[tag->tag] = parts_.engines.intake.tag_pseudonym(tag->tag);
        }
    }
    parts_.enrolled();
}

Status Readings::take(ReferenceReading reading, Position position, Answer answer) {
    const std::string file = reading.file;
    if (left_to_hq_.contains(file)) return take(PositionReading{}, std::move(position), answer);
    if (file == "tags.jsonl") {
        tags_told_ = true;
        enrol(reading);
        parts_.engines.tags.clear();
    }
    if (file == "facts.jsonl") parts_.engines.facts.clear();
    auto clean = parts_.engines.intake.reference(std::move(reading));
    if (clean.left_out > 0) {
        log::warn("reference_rows_left_out", {{"file", file}, {"n", clean.left_out}});
    }
    std::vector<std::string> gone;
    relink(std::move(clean.relinks));
    auto rows =
        std::make_shared<std::vector<KnownRow>>(changed_rows(std::move(clean.reading), gone));
    if (file == "tags.jsonl") refresh_tags();
    if (file == "facts.jsonl") parts_.engines.context_changed();
    for (std::size_t from = 0; from < rows->size(); from += kRowsPerWork) {
        const std::size_t to = std::min(rows->size(), from + kRowsPerWork);
        parts_.pipeline.submit_inner(
            {.apply =
                 [this, rows, from, to](Turn& turn, std::span<const Found>) {
                     for (std::size_t i = from; i < to; ++i) {
                         learn(turn, rows->at(i));
                     }
                 },
             .records_max = to - from + 16});
    }
    parts_.pipeline.submit_inner({.apply =
                                      [this, file, gone = std::move(gone), position, answer](
                                          Turn& turn, std::span<const Found>) {
                                          place(turn, position);
                                          for (const std::string& key : gone) forget(turn, key);
                                          if (file == "tags.jsonl" || file == "members.jsonl")
                                              parts_.floor.enrolments(turn);
                                          turn.after.push_back([this] { refresh_tags(); });
                                          answer_after(turn, answer, {});
                                      },
                                  .waits = true});
    return {};
}

void Readings::relink(std::vector<intake::Relink> links) {
    const auto all = std::make_shared<std::vector<intake::Relink>>(std::move(links));
    for (std::size_t from = 0; from < all->size(); from += kRowsPerWork) {
        const std::size_t to = std::min(all->size(), from + kRowsPerWork);
        parts_.pipeline.submit_inner(
            {.apply = [this, all, from, to](Turn& turn, std::span<const Found>) {
                for (std::size_t i = from; i < to; ++i) parts_.floor.relink(turn, all->at(i));
            }});
    }
}

// Rows that are new or different, and the keys of those that the file no longer has. What lives in
// memory only is told to the engines for every row.
std::vector<Readings::KnownRow> Readings::changed_rows(ReferenceReading reading,
                                                       std::vector<std::string>& gone) {
    std::vector<KnownRow> changed;
    std::set<std::string> present;
    const Stamp now = parts_.clock.now();
    for (ReferenceRow& row : reading.rows) {
        Record record = records::reference_record(row, now);
        std::string key = record.kind + "|" + record.event_id;
        remember(row);
        present.insert(key);
        const std::uint64_t digest = uplink::RowDigests::number(record.digest);
        if (reference_.find(key) == digest) continue;
        reference_.set(key, digest);
        changed.push_back({std::move(key), std::move(record), std::move(row)});
    }
    for (const std::string& key : reference_.keys(key_prefix(reading.file))) {
        if (present.contains(key)) continue;
        gone.push_back(key);
        reference_.erase(key);  // at once: the file may bring it back before this has committed
    }
    return changed;
}

void Readings::remember(const ReferenceRow& row) {
    if (const auto* product = std::get_if<ProductRow>(&row))
        parts_.engines.customers.product(*product);
    if (const auto* fact = std::get_if<FactRow>(&row)) parts_.engines.facts.push_back(*fact);
    if (const auto* tag = std::get_if<TagRow>(&row)) parts_.engines.tags[TagKey{tag->tag}] = *tag;
}

void Readings::learn(Turn& turn, const KnownRow& row) {
    Record record = row.record;
    record.event_id.clear();  // the row's own history is kept by `reference_`, not by revisions
    record.digest.clear();
    record.revision = 0;
    turn.add(std::move(record));
    turn.batch.state.push_back({std::string{kReferenceRoom}, row.key, row.record.digest});
    if (const auto* member = std::get_if<MemberRow>(&row.row)) parts_.floor.member(turn, *member);
}

void Readings::forget(Turn& turn, const std::string& key) {
    turn.batch.state.push_back({std::string{kReferenceRoom}, key, ""});
    const std::string id = key.substr(key.find('|') + 1);
    if (key.starts_with("member|")) parts_.floor.member_gone(turn, MemberKey{id});
    if (key.starts_with("product|")) parts_.engines.customers.product_gone(id);
}

}  // namespace aisle::app
