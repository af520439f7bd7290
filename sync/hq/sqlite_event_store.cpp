#include <map>
#include <optional>
#include <utility>

#include "agent/sqlite/database.hpp"
#include "sync/hq/day_query.hpp"
#include "sync/hq/event_store.hpp"
#include "sync/hq/file_lock.hpp"
#include "sync/hq/sqlite_schema.hpp"
#include "sync/hq/stream_rule.hpp"
#include "sync/wire/line.hpp"
#include "sync/wire/topics.hpp"

namespace aisle::hq {
namespace {

constexpr std::string_view kSqlite = "sqlite:";
constexpr std::size_t kQuarantinePayloadMax = 64 * 1024;
constexpr std::int64_t kQuarantineRowsMax = 10'000;
constexpr std::int64_t kMillisADay = 86'400'000;

std::int64_t millis(WallTime time) { return time.time_since_epoch().count(); }

struct StreamName {
    std::string store;
    std::string epoch;
    Stream stream = Stream::Ledger;

    friend auto operator<=>(const StreamName&, const StreamName&) = default;
};

struct KnownStream {
    std::int64_t key = 0;
    StreamMark mark;
};

struct Touched {
    KnownStream state;
    wire::AckKind kind = wire::AckKind::Ack;
};
using TouchedStreams = std::map<StreamName, Touched>;

class SqliteEventStore final : public EventStore {
public:
    SqliteEventStore(FileLock lock, sqlite::Database database, const ApplyLimits& limits)
        : lock_{std::move(lock)}, database_{std::move(database)}, limits_{limits} {}

    [[nodiscard]] Status prepare();
    [[nodiscard]] Result<Applied> apply(std::span<const Inbound> batches,
                                        const Clock& clock) override;
    [[nodiscard]] Result<std::vector<StreamView>> streams() override;
    [[nodiscard]] Result<std::vector<StoreDay>> day(const Today& today) override {
        return read_day(database_, today);
    }

private:
    [[nodiscard]] Status load();
    [[nodiscard]] Status apply_one(const Inbound& inbound, TouchedStreams& touched,
                                   Applied& applied);
    [[nodiscard]] Status judge_batch(const Inbound& inbound, const wire::OpenBatch& batch,
                                     std::span<const EventLine> lines, TouchedStreams& touched,
                                     Applied& applied);
    [[nodiscard]] Result<Touched*> touch(const StreamName& name, WallTime received,
                                         TouchedStreams& touched);
    [[nodiscard]] Status insert(std::span<const EventLine> lines, KnownStream& stream,
                                WallTime received);
    [[nodiscard]] Status insert_line(const EventLine& line, std::int64_t stream_key,
                                     WallTime received);
    [[nodiscard]] Status quarantine(const Inbound& inbound, const std::string& reason,
                                    Applied& applied);

    FileLock lock_;
    sqlite::Database database_;
    ApplyLimits limits_;
    LineReader reader_;
    std::map<StreamName, KnownStream> known_;  // as committed
    sqlite::Statement insert_event_;
    sqlite::Statement insert_stream_;
    sqlite::Statement move_mark_;
    sqlite::Statement insert_day_;
    sqlite::Statement insert_quarantine_;
};

Status SqliteEventStore::prepare() {
    if (auto made = database_.exec("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"); !made)
        return made;
    if (auto made = set_up_schema(database_); !made) return made;
    struct Wanted {
        sqlite::Statement& into;
        const char* sql;
    };
    for (const auto& [into, sql] : {
             Wanted{insert_event_, "INSERT INTO event VALUES(?,?,?,?,?,?,?,?,?,?,?)"},
             Wanted{insert_stream_, "INSERT INTO streams VALUES(NULL,?,?,?,1,'',?)"},
             Wanted{move_mark_,
                    "UPDATE streams SET next=?2, \"check\"=?3, updated_at=?4 WHERE key=?1"},
             Wanted{insert_day_, "INSERT OR IGNORE INTO days VALUES(?,?,?)"},
             Wanted{
                 insert_quarantine_,
                 "INSERT INTO quarantine SELECT ?1,?2,?3,?4,1,?5 WHERE ?6 > (SELECT count(*) FROM "
                 "quarantine) OR EXISTS(SELECT 1 FROM quarantine WHERE digest = ?1) "
                 "ON CONFLICT(digest) DO UPDATE SET times = times + 1"},
         }) {
        auto prepared = database_.prepare(sql);
        if (!prepared) return prepared.error();
        into = std::move(*prepared);
    }
    return load();
}

Status SqliteEventStore::load() {
    known_.clear();
    auto rows = database_.prepare("SELECT key, store, epoch, stream, next, \"check\" FROM streams");
    if (!rows) return rows.error();
    for (;;) {
        const auto more = rows->step();
        if (!more) return more.error();
        if (!*more) return {};
        const auto stream = stream_from(rows->text(3));
        if (!stream) return malformed("the database names a stream that does not exist");
        known_[{rows->text(1), rows->text(2), *stream}] = {rows->integer(0),
                                                           {rows->integer(4), rows->text(5)}};
    }
}

Result<Applied> SqliteEventStore::apply(std::span<const Inbound> batches, const Clock& clock) {
    Applied applied;
    TouchedStreams touched;
    auto transaction = sqlite::Transaction::begin(database_);
    if (!transaction) return transaction.error();
    const MonoTime start = clock.now().mono;
    for (const auto& inbound : batches) {
        if (auto done = apply_one(inbound, touched, applied); !done) return done.error();
        ++applied.consumed;
        if (applied.consumed >= limits_.batches_max) break;
        if (clock.now().mono - start >= limits_.time_max) break;
    }
    if (auto done = transaction->commit(); !done) return done.error();
    const WallTime now = clock.now().wall;
    for (auto& [name, one] : touched) {
        applied.answers.push_back({StoreId{name.store},
                                   {.kind = one.kind,
                                    .epoch = name.epoch,
                                    .stream = name.stream,
                                    .next = one.state.mark.next,
                                    .check = one.state.mark.check,
                                    .now = now}});
        known_[name] = std::move(one.state);
    }
    return applied;
}

Status SqliteEventStore::apply_one(const Inbound& inbound, TouchedStreams& touched,
                                   Applied& applied) {
    const auto topic = wire::parse_topic(inbound.topic);
    if (!topic || topic->channel != wire::Channel::Up) return quarantine(inbound, "topic", applied);
    const auto batch = wire::open_batch(inbound.payload);
    if (!batch) return quarantine(inbound, batch.error().detail, applied);
    if (batch->header.store != topic->store || batch->header.stream != topic->stream)
        return quarantine(inbound, "the header names another store or stream than the topic",
                          applied);
    if (batch->header.last > kSeqMax) return quarantine(inbound, "seq out of range", applied);
    const auto lines = reader_.read(*batch);
    if (lines) return judge_batch(inbound, *batch, *lines, touched, applied);

    // It stays where it is: the sender is told what we wait for, and people look into the
    // quarantine.
    if (auto kept = quarantine(inbound, lines.error().detail, applied); !kept) return kept;
    const auto& header = batch->header;
    const auto one =
        touch({header.store.value, header.epoch, header.stream}, inbound.received, touched);
    if (!one) return one.error();
    (*one)->kind = wire::AckKind::Nack;
    return {};
}

Status SqliteEventStore::judge_batch(const Inbound& inbound, const wire::OpenBatch& batch,
                                     std::span<const EventLine> lines, TouchedStreams& touched,
                                     Applied& applied) {
    const auto& header = batch.header;
    const auto found =
        touch({header.store.value, header.epoch, header.stream}, inbound.received, touched);
    if (!found) return found.error();
    Touched& one = **found;
    const Judgement judgement = judge(one.state.mark, header, lines);
    switch (judgement.verdict) {
        case Verdict::AckAgain:
            ++applied.repeated;
            return {};
        case Verdict::Nack:
            ++applied.refused;
            if (one.kind == wire::AckKind::Ack) one.kind = wire::AckKind::Nack;
            return {};
        case Verdict::Fork:
            ++applied.refused;
            ++applied.forks;
            one.kind = wire::AckKind::Fork;
            return {};
        case Verdict::Insert:
            break;
    }
    const auto fresh = lines.subspan(judgement.from_index);
    if (one.kind == wire::AckKind::Nack)
        one.kind = wire::AckKind::Ack;  // what was missing has come
    applied.rows += static_cast<std::int64_t>(fresh.size());
    return insert(fresh, one.state, inbound.received);
}

// The stream's state inside this transaction; a new stream gets its row.
Result<Touched*> SqliteEventStore::touch(const StreamName& name, WallTime received,
                                         TouchedStreams& touched) {
    if (const auto here = touched.find(name); here != touched.end()) return &here->second;
    KnownStream state;
    if (const auto known = known_.find(name); known != known_.end()) {
        state = known->second;
    } else {
        const auto stream = to_text(name.stream);
        auto made = insert_stream_.bind(1, name.store)
                        .bind(2, name.epoch)
                        .bind(3, stream)
                        .bind(4, millis(received))
                        .run();
        if (!made) return made.error();
        state.key = database_.last_insert_id();
    }
    return &touched.emplace(name, Touched{std::move(state)}).first->second;
}

Status SqliteEventStore::insert(std::span<const EventLine> lines, KnownStream& stream,
                                WallTime received) {
    for (const auto& line : lines)
        if (auto done = insert_line(line, stream.key, received); !done) return done;
    auto day = insert_day_.bind(1, stream.key)
                   .bind(2, millis(received) / kMillisADay)
                   .bind(3, lines.front().seq)
                   .run();
    if (!day) return day;
    stream.mark = {lines.back().seq + 1, wire::check_of(lines.back().text)};
    return move_mark_.bind(1, stream.key)
        .bind(2, stream.mark.next)
        .bind(3, stream.mark.check)
        .bind(4, millis(received))
        .run();
}

Status SqliteEventStore::insert_line(const EventLine& line, std::int64_t stream_key,
                                     WallTime received) {
    const auto text = [](std::string_view word) {
        return word.empty() ? std::nullopt : std::optional{word};
    };
    insert_event_.bind(1, (stream_key << kSeqBits) | line.seq)
        .bind(2, line.from < line.seq ? std::optional{line.from} : std::nullopt)
        .bind(3, line.kind)
        .bind(4, text(line.event_id))
        .bind(5, line.revision)
        .bind(6, line.at ? std::optional{millis(*line.at)} : std::nullopt)
        .bind(7, line.boot)
        .bind(8, line.mono_us)
        .bind(9, text(line.clock))
        .bind(10, millis(received))
        .bind(11, line.body);
    return insert_event_.run();
}

Status SqliteEventStore::quarantine(const Inbound& inbound, const std::string& reason,
                                    Applied& applied) {
    ++applied.quarantined;
    const std::string digest = wire::check_of(inbound.payload);
    return insert_quarantine_.bind(1, digest)
        .bind(2, millis(inbound.received))
        .bind(3, inbound.topic)
        .bind(4, reason)
        .bind_blob(5, std::string_view{inbound.payload}.substr(0, kQuarantinePayloadMax))
        .bind(6, kQuarantineRowsMax)
        .run();
}

Result<std::vector<StreamView>> SqliteEventStore::streams() {
    auto rows = database_.prepare(
        "SELECT store, epoch, stream, next, updated_at FROM streams ORDER BY store, updated_at");
    if (!rows) return rows.error();
    std::vector<StreamView> all;
    for (;;) {
        const auto more = rows->step();
        if (!more) return more.error();
        if (!*more) return all;
        all.push_back({rows->text(0), rows->text(1), rows->text(2), rows->integer(3),
                       WallTime{milliseconds{rows->integer(4)}}});
    }
}

}  // namespace

Result<std::unique_ptr<EventStore>> open_event_store(const std::string& url,
                                                     const ApplyLimits& limits) {
    if (!url.starts_with(kSqlite)) return malformed("store.url must be sqlite:FILE");
    const std::string path = url.substr(kSqlite.size());
    if (path.empty()) return malformed("store.url names no file");
    auto lock = FileLock::take(path);
    if (!lock) return lock.error();
    auto database = sqlite::Database::open(path);
    if (!database) return database.error();
    auto store = std::make_unique<SqliteEventStore>(std::move(*lock), std::move(*database), limits);
    if (auto ready = store->prepare(); !ready) return ready.error();
    return std::unique_ptr<EventStore>{std::move(store)};
}

}  // namespace aisle::hq
