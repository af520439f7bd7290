#include "sync/hq/several_epochs.hpp"

#include <algorithm>
#include <boost/json.hpp>

#include "sync/hq/content_digest.hpp"

namespace aisle::hq {
namespace {

// Epochs of one store and stream that HQ makes room for because a record names them; a store that
// has lived through more is heard all the same.
constexpr int kEpochsNamedMax = 4'096;

std::optional<Origin> origin_of(const boost::json::object& object) {
    const auto* epoch = object.if_contains("epoch");
    const auto* seq = object.if_contains("seq");
    if (epoch == nullptr || seq == nullptr || !epoch->is_string() || !seq->is_int64())
        return std::nullopt;
    Origin origin{std::string{epoch->get_string()}, seq->get_int64()};
    if (!wire::valid_epoch(origin.epoch) || origin.seq < 1 || origin.seq > kSeqMax)
        return std::nullopt;
    return origin;
}

bool same_record(const ShownRow& row, const EventLine& line) {
    return row.kind == line.kind && row.event_id == line.event_id && row.boot == line.boot &&
           row.mono_us == line.mono_us &&
           (row.body == line.body || content_digest(row.body) == content_digest(line.body));
}

std::int64_t sent_revision(const ShownRow& row) {
    boost::system::error_code error;
    const auto body = boost::json::parse(row.body, error);
    if (error || !body.is_object()) return 0;
    const auto* revision = body.get_object().if_contains("revision");
    return revision != nullptr && revision->is_int64() ? revision->get_int64() : 0;
}

}  // namespace

std::vector<Origin> origins_of(std::string_view was) {
    std::vector<Origin> origins;
    if (was.empty()) return origins;
    boost::system::error_code error;
    const auto value = boost::json::parse({was.data(), was.size()}, error);
    const boost::json::value* one = error ? nullptr : &value;
    while (one != nullptr && one->is_object() && origins.size() < kOriginsMax) {
        if (auto origin = origin_of(one->get_object())) origins.push_back(std::move(*origin));
        one = one->get_object().if_contains("was");
    }
    return origins;
}

IdJudgement judge_id(std::span<const ListedId> listed, const ListedId& fresh) {
    const auto own = fresh.sent > 0 ? std::optional{fresh.sent} : std::nullopt;
    const ListedId* highest = nullptr;
    bool foreign = false;
    for (const auto& id : listed) {
        const bool other = id.stream_key != fresh.stream_key;
        if (other && id.sent == fresh.sent && id.digest == fresh.digest)
            return {.same = Place{id.stream_key, id.seq}, .revision = own};
        foreign |= other;
        if (highest == nullptr || id.shown >= highest->shown) highest = &id;
    }
    if (!foreign) return {.same = std::nullopt, .revision = own};
    if (highest->stream_key != fresh.stream_key && highest->digest == fresh.digest)
        return {.same = Place{highest->stream_key, highest->seq}, .revision = own};
    return {.same = std::nullopt, .revision = std::max(fresh.sent, highest->shown + 1)};
}

struct SeveralEpochs::Batch {
    const StreamName& name;
    StreamState& state;
    WallTime received;
    Sorted sorted;
    ElsewhereRun run;  // not yet written; empty while `to` is 0
};

Result<SeveralEpochs::Sorted> SeveralEpochs::sort_out(const StreamName& name, StreamState& state,
                                                      std::span<const EventLine> lines,
                                                      WallTime received) {
    Batch batch{.name = name, .state = state, .received = received, .sorted = {}, .run = {}};
    for (const auto& line : lines)
        if (auto done = sort_one(batch, line); !done) return done.error();
    if (auto done = flush(batch); !done) return done.error();
    return std::move(batch.sorted);
}

Status SeveralEpochs::sort_one(Batch& batch, EventLine line) {
    const auto earlier = look_back(batch, line);
    if (!earlier) return earlier.error();
    if (earlier->shown) return again(batch, line, *earlier->shown);
    if (line.event_id.empty()) return show(batch, line, *earlier);

    if (auto done = list_all(batch); !done) return done;
    const IdName id{batch.name.store, batch.name.stream, line.kind, line.event_id};
    const auto listed = table_.listed(id);
    if (!listed) return listed.error();
    ListedId fresh{.stream_key = batch.state.key,
                   .sent = line.revision.value_or(0),
                   .digest = content_digest(line.body),
                   .seq = line.seq};
    const auto judgement = judge_id(*listed, fresh);
    if (judgement.same) return again(batch, line, *judgement.same);
    line.revision = judgement.revision;
    fresh.shown = line.revision.value_or(0);
    if (auto done = table_.list_id(id, fresh); !done) return done;
    return show(batch, line, *earlier);
}

// The line's own number may be shown elsewhere (a later epoch overtook it), and so may every place
// that it had before.
Result<SeveralEpochs::Earlier> SeveralEpochs::look_back(const Batch& batch, const EventLine& line) {
    Earlier earlier;
    const auto overtaken = same_at({batch.state.key, line.seq}, Standing::Fresh, line);
    if (!overtaken) return overtaken.error();
    earlier.shown = *overtaken;
    for (const auto& origin : origins_of(line.was)) {
        if (earlier.shown) return earlier;
        if (origin.epoch == batch.name.epoch) continue;
        if (batch.state.epochs >= kEpochsNamedMax) break;
        const auto old =
            table_.stream({batch.name.store, origin.epoch, batch.name.stream}, batch.received);
        if (!old) return old.error();
        if (old->born) batch.state.epochs = old->epochs;
        const Place place{old->key, origin.seq};
        const bool fresh = origin.seq >= old->mark.next;
        const auto same = same_at(place, fresh ? Standing::Fresh : Standing::Committed, line);
        if (!same) return same.error();
        if (*same)
            earlier.shown = *same;
        else
            (fresh ? earlier.to_come : earlier.taken).push_back(place);
    }
    return earlier;
}

// Where the record of this line is shown, if the place leads to it. A fresh place has rivals only
// beside a record that is shown elsewhere: the usual line is not searched for among them.
Result<std::optional<Place>> SeveralEpochs::same_at(const Place& place, Standing standing,
                                                    const EventLine& line) {
    const auto elsewhere = table_.elsewhere(place);
    if (!elsewhere) return elsewhere.error();
    auto same = same_as(elsewhere->value_or(place), line);
    if (!same || *same) return same;
    if (standing == Standing::Fresh && !*elsewhere) return same;
    const auto rivals = table_.rivals(place);
    if (!rivals) return rivals.error();
    for (const auto& rival : *rivals)
        if (same = same_as(rival, line); !same || *same) break;
    return same;
}

Result<std::optional<Place>> SeveralEpochs::same_as(const Place& shown, const EventLine& line) {
    const auto row = table_.row_at(shown);
    if (!row) return row.error();
    if (*row && same_record(**row, line)) return std::optional{(*row)->place};
    return std::optional<Place>{};
}

Status SeveralEpochs::list_all(const Batch& batch) {
    if (batch.state.listed) return {};
    const auto& name = batch.name;
    auto done = table_.each_with_id(name.store, name.stream, [&](const ShownRow& row) {
        return table_.list_id({name.store, name.stream, row.kind, row.event_id},
                              {.stream_key = row.place.stream_key,
                               .sent = sent_revision(row),
                               .shown = row.revision.value_or(0),
                               .digest = content_digest(row.body),
                               .seq = row.place.seq});
    });
    if (!done) return done;
    batch.state.listed = true;
    return table_.mark_listed(name.store, name.stream);
}

// From now on every place that it had leads to it: further copies may share only one of them.
Status SeveralEpochs::show(Batch& batch, const EventLine& line, const Earlier& earlier) {
    const Place here{batch.state.key, line.seq};
    // What is said to be shown elsewhere is another record, a clone's, or becomes part of a gap.
    const Numbers own{batch.state.key, line.from, line.seq};
    if (auto done = replace(own, nullptr); !done) return done;
    for (const auto& place : earlier.to_come)
        if (auto done = lead(place, here); !done) return done;
    for (const auto& place : earlier.taken) {
        auto done = table_.add_rivals({place.stream_key, place.seq, place.seq, here});
        if (!done) return done;
    }
    batch.sorted.shown.push_back(line);
    return {};
}

// A place that HQ has not reached. The first record that had it stands for its number.
Status SeveralEpochs::lead(const Place& from, const Place& shown) {
    const ElsewhereRun one{from.stream_key, from.seq, from.seq, shown};
    const auto taken = table_.elsewhere(from);
    if (!taken) return taken.error();
    return *taken ? table_.add_rivals(one) : table_.add_elsewhere(one);
}

// What these numbers led to, they lead to still, beside the row or the run that takes them. All of
// it is above the mark, where each number has been added for a record of its own: no more is
// written here than was then.
Status SeveralEpochs::replace(const Numbers& numbers, const ElsewhereRun* by) {
    const auto cut = table_.remove_elsewhere(numbers);
    if (!cut) return cut.error();
    for (const auto& run : *cut) {
        const bool same = by != nullptr && run.shown.stream_key == by->shown.stream_key &&
                          run.shown.seq - run.to == by->shown.seq - by->to;
        if (same) continue;
        if (auto done = table_.add_rivals(run); !done) return done;
    }
    return by != nullptr ? table_.add_elsewhere(*by) : Status{};
}

Status SeveralEpochs::again(Batch& batch, const EventLine& line, const Place& shown) {
    batch.sorted.again += line.seq - line.from + 1;
    const ElsewhereRun one{batch.state.key, line.from, line.seq, shown};
    auto& run = batch.run;
    const bool joins = run.to + 1 == one.from && one.from == one.to &&
                       run.shown == Place{shown.stream_key, shown.seq - 1};
    if (joins) {
        run.to = one.to;
        run.shown = shown;
        return {};
    }
    if (auto done = flush(batch); !done) return done;
    run = one;
    return {};
}

Status SeveralEpochs::flush(Batch& batch) {
    const auto run = std::exchange(batch.run, {});
    if (run.to == 0) return {};
    return replace({run.stream_key, run.from, run.to}, &run);
}

}  // namespace aisle::hq
