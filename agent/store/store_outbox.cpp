#include <algorithm>
#include <cassert>

#include "agent/store/gap_kinds.hpp"
#include "agent/store/rows.hpp"
#include "agent/store/store_inside.hpp"

// The outbox's side of Store: what was sent, what HQ has, what was dropped, and the beginning of a
// new epoch.
namespace aisle::store {
namespace {

bool is_reason(std::string_view text) {
    constexpr std::string_view kAllowed = "abcdefghijklmnopqrstuvwxyz0123456789_";
    return !text.empty() && text.find_first_not_of(kAllowed) == std::string_view::npos;
}

Status set_acked(sqlite::Database& database, Stream stream, std::int64_t next,
                 std::string_view check) {
    auto update =
        database.prepare("UPDATE streams SET acked_next = ?2, acked_check = ?3 WHERE stream = ?1");
    if (!update) return update.error();
    return update->bind(1, static_cast<int>(stream)).bind(2, next).bind(3, check).run();
}

// Commits of its own may be lost in a power cut, and nothing is wrong then: HQ acknowledges what is
// sent again. So an acknowledgement does not wait for the disk.
class Unhurried {
public:
    explicit Unhurried(sqlite::Database& database) : database_{database} {
        (void)database_.exec("PRAGMA synchronous = NORMAL");
    }
    Unhurried(const Unhurried&) = delete;
    Unhurried& operator=(const Unhurried&) = delete;
    ~Unhurried() { (void)database_.exec("PRAGMA synchronous = FULL"); }

private:
    sqlite::Database& database_;
};

}  // namespace

Result<StreamDepth> Store::Inside::depth_of(Stream stream) {
    assert(stream != Stream::Local);
    StreamDepth depth{.stream = stream};
    if (auto filled = self.fill_ends(depth); !filled) return filled.error();
    return depth;
}

Status Store::freeze(Stream stream, std::int64_t to_seq) {
    auto update =
        database_.prepare("UPDATE streams SET frozen_to = ?2 WHERE stream = ?1 AND frozen_to < ?2");
    if (!update) return update.error();
    return update->bind(1, static_cast<int>(stream)).bind(2, to_seq).run();
}

Status Store::acknowledged(Stream stream, std::int64_t next, std::string_view check) {
    const auto depth = in_->depth_of(stream);
    if (!depth) return depth.error();
    if (next <= depth->first) return {};
    if (next > depth->next) {
        return malformed("HQ acknowledges " + std::to_string(next) + " of " +
                         std::string{to_text(stream)} + ", but the next is " +
                         std::to_string(depth->next));
    }
    const Unhurried unhurried{database_};
    return in_->transact([&]() -> Status {
        if (auto done = in_->outbox.remove_below(stream, next); !done) return done;
        if (auto done = in_->origins.forget_below(stream, next); !done) return done;
        return set_acked(database_, stream, next, check);
    });
}

// The range as it will be: checked, and widened by unsent gaps of the same reason and past on both
// sides. `frozen_to` may lie within a gap, as it is stored in steps: what begins at or below it is
// frozen as a whole.
Result<Store::Inside::GapPlan> Store::Inside::plan_gap(const StreamDepth& depth, SeqRange range,
                                                       std::string_view reason) {
    const auto ends = outbox.runs_over(depth.stream, {range.from, range.from}, 1);
    if (!ends) return ends.error();
    const auto last = outbox.runs_over(depth.stream, {range.to, range.to}, 1);
    if (!last) return last.error();
    const bool whole = !ends->empty() && !last->empty() &&
                       (!ends->front().is_gap() || ends->front().first == range.from) &&
                       (!last->front().is_gap() || last->front().last() == range.to);
    if (!whole) return malformed("the range is not there, or it cuts a gap in two");
    GapPlan plan{.range = range, .reason = std::string{reason}};
    if (range.from <= depth.frozen_to) {
        const bool one =
            range.from == range.to || (ends->front().is_gap() && ends->front().last() == range.to);
        if (one) return plan;  // a dead letter: one row, where it lies
        return denied("rows up to " + std::to_string(depth.frozen_to) + " may have been sent");
    }
    const auto joins = [&](const std::optional<Gap>& gap) -> Result<bool> {
        if (!gap || gap->seqs.from <= depth.frozen_to || gap->reason != reason) return false;
        return origins.same_past(depth.stream, gap->seqs.to, range.to);
    };
    const auto before = outbox.gap_ending_at(depth.stream, range.from - 1);
    if (!before) return before.error();
    const auto joins_before = joins(*before);
    if (!joins_before) return joins_before.error();
    if (*joins_before && range.from > depth.first) plan.range.from = (*before)->seqs.from;
    const auto after = outbox.runs_over(depth.stream, {range.to + 1, range.to + 1}, 1);
    if (!after) return after.error();
    if (after->empty() || !after->front().is_gap()) return plan;
    const auto behind = outbox.gap_ending_at(depth.stream, after->front().last());
    if (!behind) return behind.error();
    const auto joins_behind = joins(*behind);
    if (!joins_behind) return joins_behind.error();
    if (*joins_behind) plan.range.to = (*behind)->seqs.to;
    return plan;
}

// One gap in the place of all that lies in the range, gaps among them: what those stood for counts
// as well.
Status Store::Inside::put_gap(Stream stream, const GapPlan& plan) {
    const auto rows = outbox.content(stream, plan.range);
    if (!rows) return rows.error();
    if (rows->empty()) return malformed("the range is not in the outbox");
    KindCounts kinds;
    for (const Held& row : *rows) {
        if (row.id == 0) add_counts(kinds, row.gap.kinds);
        if (row.id != 0) ++kinds[row.kind];
    }
    const Held gap{.seq = plan.range.to,
                   .at = rows->back().at,
                   .gap = {.seqs = plan.range,
                           .reason = plan.reason,
                           .kinds = to_text(kinds),
                           .at = rows->back().at}};
    return outbox.replace(stream, *rows, std::span{&gap, 1});
}

Status Store::replace_by_gap(Stream stream, std::int64_t from, std::int64_t to,
                             std::string_view reason) {
    if (!is_reason(reason)) return malformed("a gap's reason is of [a-z0-9_]");
    const auto depth = in_->depth_of(stream);
    if (!depth) return depth.error();
    if (from < depth->first || to < from || to >= depth->next) {
        return malformed("the range is not in the outbox");
    }
    const auto plan = in_->plan_gap(*depth, {from, to}, reason);
    if (!plan) return plan.error();
    return in_->transact([&] { return in_->put_gap(stream, *plan); });
}

Status Store::gap_before(Stream stream, std::int64_t next, std::string_view check,
                         std::string_view reason) {
    if (!is_reason(reason)) return malformed("a gap's reason is of [a-z0-9_]");
    const auto depth = in_->depth_of(stream);
    if (!depth) return depth.error();
    if (next < 1 || next >= depth->first) return malformed("nothing is missing before the outbox");
    const Gap gap{.seqs = {next, depth->first - 1}, .reason = std::string{reason}, .kinds = {}};
    return in_->transact([&]() -> Status {
        if (auto done = in_->outbox.put_gap(stream, gap); !done) return done;
        return set_acked(database_, stream, next, check);
    });
}

Status Store::new_epoch(std::string_view epoch, std::string_view why) {
    const auto was = this->epoch();
    if (!was) return was.error();
    in_->new_epoch_name = epoch;
    const auto done = in_->transact([&] { return in_->begin_epoch(why, *was); });
    if (!done) return done;
    const auto told = in_->manifest_now(in_->last_wall);
    if (told) (void)in_->manifest_file.keep(*told);
    return {};
}

}  // namespace aisle::store
