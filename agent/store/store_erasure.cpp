#include <algorithm>
#include <map>

#include "agent/store/rows.hpp"
#include "agent/store/store_inside.hpp"

// Forgetting a person: in the journal, in what waits for HQ, in what engines remember, and on the
// disk below all of them.
namespace aisle::store {
namespace {

constexpr std::string_view kErasedReason = "erased";

std::int64_t subject_of(std::string_view member) { return key_of("member", member); }

struct Hit {
    std::int64_t id = 0;
    Stream stream = Stream::Local;
    std::string kind;
    std::string event_id;
};

// Whether a record is about whom the order names.
bool is_about(const ErasureOrder& order, std::string_view event_id, std::string_view body) {
    if (!order.member.empty()) {
        if (event_id == order.member || body.find(order.member) != std::string_view::npos)
            return true;
    }
    return !event_id.empty() &&
           std::ranges::find(order.event_ids, event_id) != order.event_ids.end();
}

}  // namespace

// One call's work, within the caller's transaction.
class Erasure {
public:
    Erasure(sqlite::Database& database, KeyIndex& keys, const ErasureOrder& order)
        : database_{database}, keys_{keys}, order_{order} {}

    // Rows behind `after_id` that have to go; fewer than rows_max were looked at: the end.
    Result<std::vector<Hit>> search(std::int64_t after_id);
    [[nodiscard]] std::int64_t last_seen() const { return last_seen_; }
    [[nodiscard]] bool at_end() const { return at_end_; }
    // Empties the body, or deletes the row where the pseudonym is its identity.
    Status forget(const Hit& hit);
    Result<std::int64_t> forget_state();
    Result<std::int64_t> forget_payloads();
    Status remember_subject();

private:
    sqlite::Database& database_;
    KeyIndex& keys_;
    const ErasureOrder& order_;
    std::int64_t last_seen_ = 0;
    bool at_end_ = false;
};

Result<std::vector<Hit>> Erasure::search(std::int64_t after_id) {
    auto select = database_.prepare(
        "SELECT id, stream, kind, event_id, body FROM journal WHERE id > ?1 ORDER BY id LIMIT ?2");
    if (!select) return select.error();
    select->bind(1, after_id).bind(2, order_.rows_max);
    std::vector<Hit> hits;
    last_seen_ = after_id;
    for (std::size_t seen = 0;; ++seen) {
        auto row = select->step();
        if (!row) return row.error();
        at_end_ = !*row && seen < order_.rows_max;
        if (!*row) return hits;
        last_seen_ = select->integer(0);
        if (!is_about(order_, select->view(3), select->view(4))) continue;
        if (select->view(4) == kErasedBody) continue;
        hits.push_back({last_seen_, static_cast<Stream>(select->integer(1)), select->text(2),
                        select->text(3)});
    }
}

Status Erasure::forget(const Hit& hit) {
    const bool named = !order_.member.empty() && hit.event_id == order_.member;
    auto change = database_.prepare(named ? "DELETE FROM journal WHERE id = ?1"
                                          : "UPDATE journal SET body = ?2 WHERE id = ?1");
    if (!change) return change.error();
    change->bind(1, hit.id);
    if (!named) change->bind(2, kErasedBody);
    if (auto done = change->run(); !done) return done;
    if (!named) return {};
    const std::int64_t key = key_of(hit.kind, hit.event_id);
    keys_.take_back(key, hit.id);
    return keys_.erase(key, hit.id);
}

Result<std::int64_t> Erasure::forget_state() {
    if (order_.member.empty()) return 0;
    auto erase = database_.prepare(
        "DELETE FROM state WHERE instr(key, ?1) > 0 OR instr(bytes, CAST(?1 AS BLOB)) > 0");
    if (!erase) return erase.error();
    if (auto done = erase->bind(1, order_.member).run(); !done) return done.error();
    return database_.changes();
}

// What was put aside is as a till or a reader sent it: with the raw member code and not the
// pseudonym, so that nobody can look for one person's. All payloads go, and what names the person
// in words; that something was put aside, when and why, stays.
Result<std::int64_t> Erasure::forget_payloads() {
    if (order_.member.empty()) return 0;
    auto empty = database_.prepare(
        "UPDATE quarantine SET payload = x'', payload_bytes = 0, "
        "detail = CASE WHEN instr(detail, ?1) > 0 THEN '' ELSE detail END "
        "WHERE payload_bytes > 0 OR instr(detail, ?1) > 0");
    if (!empty) return empty.error();
    if (auto done = empty->bind(1, order_.member).run(); !done) return done.error();
    return database_.changes();
}

Status Erasure::remember_subject() {
    if (order_.member.empty()) return {};
    auto insert = database_.prepare("INSERT OR IGNORE INTO erasures(subject) VALUES (?1)");
    if (!insert) return insert.error();
    return insert->bind(1, subject_of(order_.member)).run();
}

// The outbox rows that refer to these journal ids become gaps, sent or not.
Result<std::int64_t> Store::Inside::gap_erased(Stream stream, std::span<const std::int64_t> ids) {
    const SeqRange all{1, outbox.next(stream) - 1};
    const auto runs = outbox.runs_over(stream, all, static_cast<std::size_t>(all.to) + 1);
    if (!runs) return runs.error();
    std::vector<std::int64_t> seqs;
    for (const Run& run : *runs) {
        const auto from = std::ranges::lower_bound(ids, run.id_from);
        if (run.is_gap() || from == ids.end() || *from > run.id_to) continue;
        const auto rows = outbox.content(stream, {run.first, run.last()});
        if (!rows) return rows.error();
        for (const Held& row : *rows) {
            if (std::ranges::binary_search(ids, row.id)) seqs.push_back(row.seq);
        }
    }
    for (const std::int64_t seq : seqs) {
        const auto depth = depth_of(stream);
        if (!depth) return depth.error();
        const auto plan = plan_gap(*depth, {seq, seq}, kErasedReason);
        if (!plan) return plan.error();
        if (auto done = put_gap(stream, *plan); !done) return done.error();
    }
    return std::ssize(seqs);
}

Status Store::Inside::erase_rows(Erasure& erasure, std::int64_t after_id, ErasureWork& work) {
    const auto hits = erasure.search(after_id);
    if (!hits) return hits.error();
    std::map<Stream, std::vector<std::int64_t>> queued;
    for (const Hit& hit : *hits) {
        if (hit.stream != Stream::Local) queued[hit.stream].push_back(hit.id);
    }
    for (const auto& [stream, ids] : queued) {
        const auto gone = gap_erased(stream, ids);
        if (!gone) return gone.error();
        work.outbox_rows += *gone;
    }
    for (const Hit& hit : *hits) {
        if (auto done = erasure.forget(hit); !done) return done;
    }
    work.journal_rows = std::ssize(*hits);
    work.next_id = erasure.last_seen();
    const auto state = erasure.forget_state();
    if (!state) return state.error();
    work.state_rows = *state;
    const auto payloads = erasure.forget_payloads();
    if (!payloads) return payloads.error();
    work.payloads = *payloads;
    return erasure.remember_subject();
}

// Deleted content is zeroed in its pages, but the log still has the pages as they were; and
// databases that were set aside hold all of it.
Result<bool> Store::Inside::overwrite_the_rest() {
    if (auto done = remove_set_aside(*settings.disk, dir, 0); !done) return done.error();
    const auto busy = database.integer("PRAGMA wal_checkpoint(TRUNCATE)");
    if (!busy) return busy.error();
    return *busy == 0;
}

Result<ErasureWork> Store::erase(const ErasureOrder& order, std::int64_t after_id) {
    if (in_->rest) {
        // What is still to come out of a damaged database is about people as well.
        const auto salvaged = salvage_more();
        if (!salvaged) return salvaged.error();
        return ErasureWork{.next_id = after_id, .more = true};
    }
    ErasureWork work;
    Erasure erasure{database_, keys_, order};
    const auto done = in_->transact([&] { return in_->erase_rows(erasure, after_id, work); });
    if (!done) return done.error();
    work.more = !erasure.at_end();
    if (work.more) return work;
    const auto overwritten = in_->overwrite_the_rest();
    if (!overwritten) return overwritten.error();
    work.more = !*overwritten;
    return work;
}

Result<bool> Store::was_erased(std::string_view member) {
    auto select = database_.prepare("SELECT 1 FROM erasures WHERE subject = ?1");
    if (!select) return select.error();
    return select->bind(1, subject_of(member)).step();
}

}  // namespace aisle::store
