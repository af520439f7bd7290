#include <algorithm>
#include <map>

#include "agent/store/gap_kinds.hpp"
#include "agent/store/rollup.hpp"
#include "agent/store/store_inside.hpp"

// Degrade before drop, oldest first, in bounded steps: health goes, footfall is rolled up, footfall
// goes, offers go. The ledger and what may have been sent stay.
namespace aisle::store {

namespace {

constexpr std::string_view kQuotaReason = "quota";
constexpr std::string_view kRolledUp = "rolled_up";

// Goes through runs from the oldest on and finds those that can become one gap.
class DropRange {
public:
    DropRange(std::int64_t from, std::int64_t rows_max) : from_{from}, rows_left_{rows_max} {}

    // Sums that are dropped take the gaps of what they summed with them; a gap that says something
    // else ends the range, and one that may have been sent cannot be a part of it. True: go on.
    bool take_gap(const Gap& gap) {
        if (gap.seqs.from < from_) return true;
        if (gap.reason == kRolledUp) {
            if (start_ == 0) start_ = gap.seqs.from;
            return true;
        }
        if (gap.reason != kQuotaReason && range_) return false;
        if (!range_) start_ = 0;
        return true;
    }
    void forget_start() { start_ = 0; }
    bool take_rows(const Run& run) {
        const std::int64_t first = std::max(run.first, from_);
        if (start_ == 0) start_ = first;
        range_ = SeqRange{start_, run.last()};
        bytes_ += run.bytes;
        rows_left_ -= run.last() - first + 1;
        return rows_left_ > 0;
    }
    [[nodiscard]] const std::optional<SeqRange>& range() const { return range_; }
    [[nodiscard]] std::int64_t start() const { return start_; }
    [[nodiscard]] bool has_start() const { return start_ != 0; }
    [[nodiscard]] std::int64_t bytes() const { return bytes_; }

private:
    std::int64_t from_;
    std::int64_t rows_left_;
    std::int64_t bytes_ = 0;
    std::int64_t start_ = 0;  // seq; 0: none yet
    std::optional<SeqRange> range_;
};

// Neighbouring rows that were summed up become one gap.
class GapInTheMaking {
public:
    void take(const Held& row) {
        if (kinds_.empty())
            gap_ = {.gap = {.seqs = {row.seq, 0}, .reason = std::string{kRolledUp}}};
        ++kinds_[row.kind];
        gap_.seq = gap_.gap.seqs.to = row.seq;
        gap_.at = gap_.gap.at = row.at;
    }
    void end(std::vector<Held>& into) {
        if (kinds_.empty()) return;
        gap_.gap.kinds = to_text(kinds_);
        into.push_back(std::move(gap_));
        kinds_.clear();
    }

private:
    KindCounts kinds_;
    Held gap_;
};

}  // namespace

struct Store::Inside::QuotaStep {
    Inside& in;
    const OutboxQuota& quota;
    const Stamp& now;
    std::int64_t target = 0;  // bytes
    std::size_t rows_left = 0;
    QuotaWork work = {};

    Status run();
    Status drop(Stream stream);
    Result<std::optional<SeqRange>> oldest(Stream stream, std::int64_t from);
    Status roll_up_footfall();
    Status put_roll_ups(const std::vector<Held>& held, const std::vector<RollUp>& made);
    Result<Held> put_sum(const Held& place, const Record& record);
    [[nodiscard]] bool is_over() const { return in.outbox.bytes() > target; }
    [[nodiscard]] bool is_done() const { return rows_left == 0 || !is_over(); }
    Result<std::int64_t> first_unsent(Stream stream) {
        const auto depth = in.depth_of(stream);
        if (!depth) return depth.error();
        return std::max(depth->first, depth->frozen_to + 1);
    }
};

// No more than this call may look at, no more than is needed, and no row with another past.
Result<std::optional<SeqRange>> Store::Inside::QuotaStep::oldest(Stream stream, std::int64_t from) {
    const SeqRange all{from, in.outbox.next(stream) - 1};
    if (all.to < all.from) return std::optional<SeqRange>{};
    const auto runs = in.outbox.runs_over(stream, all, rows_left);
    if (!runs) return runs.error();
    DropRange found{from, static_cast<std::int64_t>(rows_left)};
    for (const Run& run : *runs) {
        if (run.is_gap()) {
            const auto gap = in.outbox.gap_ending_at(stream, run.last());
            if (!gap) return gap.error();
            if (*gap && !found.take_gap(**gap)) break;
            continue;
        }
        if (found.has_start()) {
            const auto same = in.origins.same_past(stream, found.start(), run.last());
            if (!same) return same.error();
            if (!*same && found.range()) break;
            if (!*same) found.forget_start();
        }
        const bool more = found.take_rows(run);
        if (!more || in.outbox.bytes() - found.bytes() <= target) break;
    }
    return found.range();
}

Status Store::Inside::QuotaStep::drop(Stream stream) {
    while (!is_done()) {
        const auto from = first_unsent(stream);
        if (!from) return from.error();
        const auto range = oldest(stream, *from);
        if (!range) return range.error();
        if (!*range) return {};
        const auto depth = in.depth_of(stream);
        if (!depth) return depth.error();
        const auto plan = in.plan_gap(*depth, **range, kQuotaReason);
        if (!plan) return plan.error();
        const auto held = in.outbox.content(stream, **range);
        if (!held) return held.error();
        for (const Held& row : *held) work.dropped += row.id != 0 ? 1 : 0;
        rows_left -= std::min(rows_left, held->size());
        if (auto done = in.put_gap(stream, *plan); !done) return done;
    }
    return {};
}

// Writes each sum to the journal and puts it in the place of the last row that it sums; the others
// become gaps, and neighbours among these one gap.
Status Store::Inside::QuotaStep::put_roll_ups(const std::vector<Held>& held,
                                              const std::vector<RollUp>& made) {
    std::map<std::int64_t, const RollUp*> at;  // by seq; null: summed elsewhere
    for (const RollUp& sum : made) {
        for (const std::int64_t seq : sum.seqs) at[seq] = nullptr;
        at[sum.seqs.back()] = &sum;
    }
    std::vector<Held> others;
    GapInTheMaking gap;
    for (const Held& row : held) {
        const auto found = at.find(row.seq);
        if (row.id != 0 && found != at.end() && found->second == nullptr) {
            gap.take(row);
            ++work.rolled_up;
            continue;
        }
        gap.end(others);
        if (row.id == 0 || found == at.end()) {
            others.push_back(row);
            continue;
        }
        const auto sum = put_sum(row, found->second->record);
        if (!sum) return sum.error();
        others.push_back(*sum);
    }
    gap.end(others);
    return in.outbox.replace(Stream::Footfall, held, others);
}

Result<Held> Store::Inside::QuotaStep::put_sum(const Held& place, const Record& record) {
    const auto id = in.appender.add(record, now.wall, false);
    if (!id) return id.error();
    ++work.roll_ups;
    return Held{.seq = place.seq,
                .id = *id,
                .bytes = kOutboxRowBytes + static_cast<std::int64_t>(record.body.size()),
                .kind = record.kind,
                .at = record.at};
}

// Rows that HQ may have under an earlier epoch are not summed: it could not tell a sum from what
// it has. A quarter that goes on behind this call's rows is summed in two parts.
Status Store::Inside::QuotaStep::roll_up_footfall() {
    while (!is_done()) {
        const auto unsent = first_unsent(Stream::Footfall);
        if (!unsent) return unsent.error();
        const std::int64_t from = std::max(*unsent, in.rolled_to + 1);
        auto rows = in.self.read(
            OutboxRead{.stream = Stream::Footfall, .from_seq = from, .rows_max = rows_left});
        if (!rows) return rows.error();
        std::erase_if(*rows, [&](const OutboxRow& row) { return row.from < from; });
        if (rows->empty()) return {};
        rows_left -= std::min(rows_left, rows->size());
        const SeqRange window{rows->front().from, rows->back().seq};
        std::erase_if(*rows, [](const OutboxRow& row) { return !row.was.empty(); });
        const auto made = roll_up(*rows);
        if (!made.empty()) {
            const auto held = in.outbox.content(Stream::Footfall, window);
            if (!held) return held.error();
            if (auto done = put_roll_ups(*held, made); !done) return done;
        }
        in.rolled_to = window.to;
    }
    return {};
}

Status Store::Inside::QuotaStep::run() {
    if (auto done = drop(Stream::Health); !done) return done;
    if (auto done = roll_up_footfall(); !done) return done;
    if (auto done = drop(Stream::Footfall); !done) return done;
    return drop(Stream::Offers);
}

Result<QuotaWork> Store::enforce_quota(const OutboxQuota& quota, const Stamp& now) {
    const std::int64_t bytes = in_->outbox.bytes();
    const std::int64_t target = quota.bytes_max - quota.bytes_max / 100 * kQuotaFreePercent;
    in_->over_quota = bytes > (in_->over_quota ? target : quota.bytes_max);
    if (!in_->over_quota) return QuotaWork{.bytes = bytes};
    Inside::QuotaStep step{*in_, quota, now, target, quota.rows_max};
    const std::int64_t rolled_to = in_->rolled_to;
    if (const auto done = in_->transact([&] { return step.run(); }); !done) {
        in_->rolled_to = rolled_to;
        return done.error();
    }
    step.work.bytes = in_->outbox.bytes();
    step.work.more = step.is_over() && step.work.dropped + step.work.rolled_up > 0;
    return step.work;
}

}  // namespace aisle::store
