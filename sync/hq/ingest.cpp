#include "sync/hq/ingest.hpp"

#include <algorithm>
#include <map>
#include <utility>
#include <vector>

#include "sync/hq/several_epochs.hpp"
#include "sync/hq/side_effects.hpp"
#include "sync/wire/line.hpp"
#include "sync/wire/topics.hpp"

namespace aisle::hq {
namespace {

// A batch that cannot be read is sent again and again; after so many times it is set aside for
// people, so that it does not block its stream for ever.
constexpr std::int64_t kUnreadableTimes = 3;

struct Touched {
    StreamState state;
    wire::AckKind kind = wire::AckKind::Ack;
    bool asked = false;  // a batch of it came; else it was only looked at for another's sake
};
using TouchedStreams = std::map<StreamName, Touched>;

// One batch on its way through.
struct Arrival {
    const Inbound& inbound;
    wire::OpenBatch batch;
    StreamName name;
};

// Lines that follow on the mark of their stream.
struct Fresh {
    const StreamName& name;
    WallTime received;
    std::span<const EventLine> lines;
    std::string check;  // of the last
};

struct Counted {
    Tally tally;
    std::vector<Place> notices;
    std::map<std::string, GapCount> gaps;
    std::vector<BootClock> clocks;
};

// What a store says of its own chain (agent/app/store_care.cpp); a reader of the whole entry would
// cost each audit record a parse.
constexpr std::string_view kChainBroken = R"("action":"audit.broken")";

void alarm(Applied& applied, Alarm alarm) {
    if (applied.alarms.size() < kAlarmsMax) applied.alarms.push_back(std::move(alarm));
}

std::string span_text(const StreamName& name, std::int64_t from, std::int64_t to) {
    return name.epoch + "/" + std::string{to_text(name.stream)} + " " + std::to_string(from) +
           ".." + std::to_string(to);
}

}  // namespace

struct Ingest::Core {
    Core(EventTable& into, ApplyLimits within) : table{into}, limits{within}, epochs{into} {}

    Status apply_all(std::span<const Inbound> batches, const Clock& clock);
    Status apply_one(const Inbound& inbound);
    Status judge_batch(Arrival& arrival);
    Status take(Touched& one, Arrival& arrival);
    Status insert(Touched& one, const Fresh& fresh, Tally tally);
    Status count(const Fresh& fresh, std::span<const EventLine> shown, const StreamState& state,
                 Counted& counted);
    Status write(Touched& one, const Fresh& fresh, const Counted& counted);
    Status hear_of_ended(const Touched& one, const Arrival& arrival);
    Status declare(const StreamName& name, const wire::EndedMark& ended, WallTime received);
    Status poisoned(Touched& one, const Arrival& arrival, const std::string& why);
    Result<Touched*> touch(const StreamName& name, WallTime received);
    void share(const StreamName& name, const StreamState& state);
    Result<std::int64_t> quarantine(const Inbound& inbound, const std::string& reason);

    EventTable& table;
    ApplyLimits limits;
    wire::Unpacker unpacker;
    LineReader reader;
    SeveralEpochs epochs;
    TouchedStreams touched;  // in this transaction
    Applied applied;
};

Status Ingest::Core::apply_all(std::span<const Inbound> batches, const Clock& clock) {
    const MonoTime start = clock.now().mono;
    for (const auto& inbound : batches) {
        if (auto done = apply_one(inbound); !done) return done;
        ++applied.consumed;
        applied.bytes += static_cast<std::int64_t>(inbound.payload.size());
        if (applied.consumed >= limits.batches_max) break;
        if (clock.now().mono - start >= limits.time_max) break;
    }
    return {};
}

Status Ingest::Core::apply_one(const Inbound& inbound) {
    const auto reject = [&](const std::string& why) -> Status {
        const auto kept = quarantine(inbound, why);
        return kept ? Status{} : Status{kept.error()};
    };
    const auto topic = wire::parse_topic(inbound.topic);
    if (!topic || topic->channel != wire::Channel::Up) return reject("topic");
    auto batch = unpacker.open(inbound.payload);
    if (!batch) return reject(batch.error().detail);
    const auto& header = batch->header;
    if (header.store != topic->store || header.stream != topic->stream)
        return reject("the header names another store or stream than the topic");
    if (header.last > kSeqMax) return reject("seq out of range");
    StreamName name{header.store.value, header.epoch, header.stream};
    Arrival arrival{inbound, std::move(*batch), std::move(name)};
    return judge_batch(arrival);
}

// What lies behind or beyond the mark is answered without reading it.
Status Ingest::Core::judge_batch(Arrival& arrival) {
    const auto found = touch(arrival.name, arrival.inbound.received);
    if (!found) return found.error();
    Touched& one = **found;
    one.asked = true;
    const auto& header = arrival.batch.header;
    if (header.last < one.state.mark.next) {
        ++applied.repeated;
        return {};
    }
    if (header.first > one.state.mark.next) {
        ++applied.refused;
        if (one.kind == wire::AckKind::Ack) one.kind = wire::AckKind::Nack;
        return {};
    }
    return take(one, arrival);
}

Status Ingest::Core::take(Touched& one, Arrival& arrival) {
    const auto read = reader.read(arrival.batch);
    if (!read) return poisoned(one, arrival, read.error().detail);
    const Judgement judgement = judge(one.state.mark, arrival.batch.header, read->lines);
    if (judgement.verdict == Verdict::Fork) {
        ++applied.refused;
        ++applied.forks;
        one.kind = wire::AckKind::Fork;
        const auto& header = arrival.batch.header;
        alarm(applied,
              {"fork", arrival.name.store, span_text(arrival.name, header.first, header.last)});
        return {};
    }
    Tally tally;
    if (read->unreadable > 0) {
        const auto times = quarantine(arrival.inbound, read->fault);
        if (!times) return times.error();
        if (*times == 0) return poisoned(one, arrival, read->fault);
        tally.quarantined = *times == 1 ? 1 : 0;
        alarm(applied, {"unreadable", arrival.name.store, read->fault});
    }
    if (one.kind == wire::AckKind::Nack)
        one.kind = wire::AckKind::Ack;  // what was missing has come
    if (auto done = hear_of_ended(one, arrival); !done) return done;
    const auto fresh = std::span{read->lines}.subspan(judgement.from_index);
    return insert(
        one, {arrival.name, arrival.inbound.received, fresh, wire::check_of(fresh.back().text)},
        tally);
}

// Nothing of it can be believed but its header. It stays where it is, and people look into the
// quarantine, until it has come often enough; then its numbers become a gap.
Status Ingest::Core::poisoned(Touched& one, const Arrival& arrival, const std::string& why) {
    const auto times = quarantine(arrival.inbound, why);
    if (!times) return times.error();
    const auto& header = arrival.batch.header;
    const auto& mark = one.state.mark;
    const bool next_in_line =
        header.first == mark.next && (header.prev.empty() || header.prev == mark.check);
    const bool whole = arrival.inbound.payload.size() <= kQuarantinePayloadMax;
    if (*times == 0)
        alarm(applied, {"quarantine_full", arrival.name.store,
                        span_text(arrival.name, header.first, header.last)});
    if (*times < kUnreadableTimes || !next_in_line || !whole) {
        if (one.kind == wire::AckKind::Ack) one.kind = wire::AckKind::Nack;
        return {};
    }
    alarm(applied,
          {"unreadable", arrival.name.store, span_text(arrival.name, header.first, header.last)});
    const std::string body = gap_body("unreadable", header.last - header.first + 1);
    const EventLine gap{.text = arrival.batch.lines.back(),
                        .seq = header.last,
                        .from = header.first,
                        .kind = "gap",
                        .body = body};
    if (one.kind == wire::AckKind::Nack) one.kind = wire::AckKind::Ack;
    return insert(
        one, {arrival.name, arrival.inbound.received, std::span{&gap, 1}, wire::check_of(gap.text)},
        {.quarantined = 1});
}

// A store that begins a stream says what we had acknowledged of its earlier epochs. All of that was
// committed before anything of this epoch was sent; where it is not here, we were set back, and
// nobody else will tell: those rows have left every outbox.
Status Ingest::Core::hear_of_ended(const Touched& one, const Arrival& arrival) {
    if (one.state.mark.next != 1) return {};
    for (const auto& epoch : arrival.batch.header.ended) {
        if (epoch.epoch == arrival.name.epoch) continue;
        for (const auto& mark : epoch.marks) {
            if (mark.next > kSeqMax) continue;
            const StreamName name{arrival.name.store, epoch.epoch, mark.stream};
            if (auto done = declare(name, mark, arrival.inbound.received); !done) return done;
        }
    }
    return {};
}

Status Ingest::Core::declare(const StreamName& name, const wire::EndedMark& ended,
                             WallTime received) {
    const auto found = touch(name, received);
    if (!found) return found.error();
    Touched& one = **found;
    const std::int64_t from = one.state.mark.next;
    if (ended.next <= from) return {};
    const std::string body = gap_body("acked_before", ended.next - from);
    const EventLine gap{
        .text = {}, .seq = ended.next - 1, .from = from, .kind = "gap", .body = body};
    return insert(one, {name, received, std::span{&gap, 1}, ended.check}, {});
}

Status Ingest::Core::insert(Touched& one, const Fresh& fresh, Tally tally) {
    Counted counted{.tally = tally, .notices = {}, .gaps = {}, .clocks = {}};
    const auto numbered_again = [](const EventLine& line) { return !line.was.empty(); };
    std::span<const EventLine> shown = fresh.lines;
    SeveralEpochs::Sorted sorted;
    if (one.state.epochs > 1 || std::ranges::any_of(fresh.lines, numbered_again)) {
        auto done = epochs.sort_out(fresh.name, one.state, fresh.lines, fresh.received);
        if (!done) return done.error();
        share(fresh.name, one.state);
        sorted = std::move(*done);
        shown = sorted.shown;
        counted.tally.again = sorted.again;
    }
    auto done = table.insert(one.state.key, shown, fresh.received);
    if (!done) return done;
    applied.rows += static_cast<std::int64_t>(shown.size());
    applied.again += sorted.again;
    if (done = count(fresh, shown, one.state, counted); !done) return done;
    return write(one, fresh, counted);
}

// What the rows mean beside being rows.
Status Ingest::Core::count(const Fresh& fresh, std::span<const EventLine> shown,
                           const StreamState& state, Counted& counted) {
    for (const auto& line : shown) {
        if (is_noticed(line.kind)) counted.notices.push_back({state.key, line.seq});
        if (line.kind == "audit" && line.body.find(kChainBroken) != std::string::npos)
            alarm(applied, {"audit_broken", fresh.name.store, fresh.name.epoch});
        // Where it is, and not what: alarms are kept where no erasure looks.
        if (line.kind == "abuse_flag")
            alarm(applied,
                  {"abuse_flag", fresh.name.store, span_text(fresh.name, line.from, line.seq)});
        if (line.kind != "gap") {
            ++counted.tally.rows;
            continue;
        }
        const std::string reason = gap_reason(line.body);
        auto& gap = counted.gaps[reason];
        gap.reason = reason;
        ++gap.records;
        gap.rows += line.seq - line.from + 1;
        if (reason == "acked_before")
            alarm(applied, {reason, fresh.name.store, span_text(fresh.name, line.from, line.seq)});
    }
    if (fresh.name.stream != Stream::Ledger) return {};
    for (const auto& line : fresh.lines) {
        if (line.kind != "clock") continue;
        const auto clock = boot_clock_of(fresh.name, line);
        if (!clock) continue;
        if (auto done = keep_clock(table, fresh.name.store, *clock); !done) return done;
    }
    return {};
}

Status Ingest::Core::write(Touched& one, const Fresh& fresh, const Counted& counted) {
    if (!counted.notices.empty()) {
        if (auto done = table.notice(counted.notices); !done) return done;
        applied.notices += static_cast<std::int64_t>(counted.notices.size());
    }
    for (const auto& [reason, gap] : counted.gaps)
        if (auto done = table.count_gap(one.state.key, gap); !done) return done;
    one.state.mark = {fresh.lines.back().seq + 1, fresh.check};
    return table.move_mark(one.state.key, one.state.mark, counted.tally, fresh.received);
}

Result<Touched*> Ingest::Core::touch(const StreamName& name, WallTime received) {
    if (const auto here = touched.find(name); here != touched.end()) return &here->second;
    auto state = table.stream(name, received);
    if (!state) return state.error();
    if (state->born && state->epochs > 1) alarm(applied, {"new_epoch", name.store, name.epoch});
    share(name, *state);
    return &touched.emplace(name, Touched{std::move(*state)}).first->second;
}

// The epochs of a stream that are held in this transaction know of each other.
void Ingest::Core::share(const StreamName& name, const StreamState& state) {
    for (auto& [other, one] : touched) {
        if (other.store != name.store || other.stream != name.stream) continue;
        one.state.epochs = state.epochs;
        one.state.listed = state.listed;
    }
}

Result<std::int64_t> Ingest::Core::quarantine(const Inbound& inbound, const std::string& reason) {
    ++applied.quarantined;
    return table.quarantine(
        {.digest = wire::check_of(inbound.payload),
         .received = inbound.received,
         .topic = inbound.topic,
         .reason = reason,
         .payload = std::string_view{inbound.payload}.substr(0, kQuarantinePayloadMax)});
}

Ingest::Ingest(EventTable& table, ApplyLimits limits)
    : core_{std::make_unique<Core>(table, limits)} {}
Ingest::~Ingest() = default;

Result<Applied> Ingest::apply(std::span<const Inbound> batches, const Clock& clock) {
    core_->touched.clear();
    core_->applied = {};
    if (auto begun = core_->table.begin(); !begun) return begun.error();
    if (auto done = core_->apply_all(batches, clock); !done) {
        core_->table.roll_back();
        return done.error();
    }
    if (auto done = core_->table.commit(); !done) return done.error();
    const WallTime now = clock.now().wall;
    for (const auto& [name, one] : core_->touched) {
        if (!one.asked) continue;
        const auto& mark = one.state.mark;
        core_->applied.answers.push_back({.store = StoreId{name.store},
                                          .ack = {.kind = one.kind,
                                                  .epoch = name.epoch,
                                                  .stream = name.stream,
                                                  .next = mark.next,
                                                  .check = mark.check,
                                                  .now = now}});
    }
    return std::move(core_->applied);
}

}  // namespace aisle::hq
