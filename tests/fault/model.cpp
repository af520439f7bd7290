#include "tests/fault/model.hpp"

#include <algorithm>
#include <chrono>
#include <iterator>

namespace aisle::fault {
namespace {

// Those of default_retention() that a test's few days can reach.
std::optional<std::chrono::days> keep_of(const std::string& kind) {
    if (kind == "crossing") return std::chrono::days{1};
    if (kind == "health") return std::chrono::days{7};
    return std::nullopt;
}

// Deleting a row that is not there leaves nothing to commit.
bool writes(const Batch& batch) {
    const auto puts_state = [](const StateChange& change) { return !change.bytes.empty(); };
    const auto puts_position = [](const SourcePosition& at) { return !at.position.empty(); };
    return !batch.records.empty() || !batch.quarantine.empty() ||
           std::ranges::any_of(batch.state, puts_state) ||
           std::ranges::any_of(batch.positions, puts_position);
}

}  // namespace

void Model::apply(const Step& step) {
    switch (step.kind) {
        case Step::Kind::Append:
            return append(step.batch, step.now.wall);
        case Step::Kind::Freeze:
            lane_of(step.stream).frozen_to = std::max(lane(step.stream).frozen_to, step.seq);
            return;
        case Step::Kind::Acknowledge:
            return acknowledge(step);
        case Step::Kind::DropRange:
            return drop(step);
        case Step::Kind::GapBefore:
            return gap_before(step);
        case Step::Kind::NewEpoch:
            return new_epoch(step);
        case Step::Kind::Boot:
            if (std::ranges::find(boots_, step.text) == boots_.end()) boots_.push_back(step.text);
            return;
        case Step::Kind::Prune:
            return allow_pruning(step.now);
        case Step::Kind::Tend:
            return;
    }
}

bool Model::surely_written_by(const Step& step) const {
    switch (step.kind) {
        case Step::Kind::Append:
            return writes(step.batch);
        case Step::Kind::Freeze:
            return step.seq > lane(step.stream).frozen_to;
        case Step::Kind::Boot:
            return std::ranges::find(boots_, step.text) == boots_.end();
        case Step::Kind::DropRange:
        case Step::Kind::GapBefore:
        case Step::Kind::NewEpoch:
            return true;
        default:
            return false;
    }
}

void Model::append(const Record& record, WallTime committed) {
    journal_[++last_id_] = {record, committed};
    if (!record.event_id.empty())
        latest_[{record.kind, record.event_id}] = {record.revision, record.digest};
    if (record.stream == Stream::Local) return;
    Lane& lane = lane_of(record.stream);
    lane.items.push_back({.from = lane.next, .seq = lane.next, .journal = last_id_});
    ++lane.next;
}

void Model::append(const Batch& batch, WallTime committed) {
    for (const Record& record : batch.records) append(record, committed);
    for (const Quarantined& item : batch.quarantine) quarantine_.push_back(item.detail);
    for (const StateChange& change : batch.state) {
        if (change.bytes.empty()) {
            state_.erase({change.room, change.key});
        } else {
            state_[{change.room, change.key}] = change.bytes;
        }
    }
    for (const SourcePosition& position : batch.positions) {
        if (position.position.empty()) {
            positions_.erase({position.source, position.item});
        } else {
            positions_[{position.source, position.item}] = position.position;
        }
    }
}

void Model::acknowledge(const Step& step) {
    Lane& lane = lane_of(step.stream);
    if (step.seq <= lane.first) return;
    while (!lane.items.empty() && lane.items.front().seq < step.seq) lane.items.pop_front();
    lane.first = step.seq;
    lane.check = step.text;
    std::erase_if(lane.epoch_ends, [&](std::int64_t end) { return end < step.seq; });
}

std::int64_t Model::Lane::pasts(std::int64_t row) const {
    return std::ranges::count_if(epoch_ends, [&](std::int64_t end) { return end >= row; });
}

// The range becomes one gap and merges with unsent neighbours of its reason; a dead letter stays
// alone. A gap is sent with one past, that of its last row: a neighbour with another past cannot
// be a part of it. Frozen is what begins at or below the mark, which may lie within a gap.
void Model::drop(const Step& step) {
    Lane& of = lane_of(step.stream);
    auto& items = of.items;
    const std::int64_t frozen_to = of.frozen_to;
    Item gap{.from = step.from, .seq = step.seq, .reason = step.text};
    auto at = std::ranges::find(items, step.from, &Item::from);
    const bool dead_letter = at->from <= frozen_to;
    const auto joins = [&](const Item& item) {
        return !dead_letter && item.journal == 0 && item.from > frozen_to &&
               item.reason == gap.reason && of.pasts(item.seq) == of.pasts(step.seq);
    };
    while (at != items.end() && at->from <= step.seq) at = items.erase(at);
    if (at != items.begin() && joins(*std::prev(at))) {
        gap.from = std::prev(at)->from;
        at = items.erase(std::prev(at));
    }
    if (at != items.end() && joins(*at)) {
        gap.seq = at->seq;
        at = items.erase(at);
    }
    items.insert(at, gap);
}

void Model::gap_before(const Step& step) {
    Lane& lane = lane_of(step.stream);
    lane.items.push_front({.from = step.seq, .seq = lane.first - 1, .reason = "hq_restored"});
    lane.first = step.seq;
    lane.check = step.text;
}

void Model::new_epoch(const Step& step) {
    for (Lane& lane : lanes_) {
        const std::int64_t shift = lane.first - 1;
        for (Item& item : lane.items) {
            item.from -= shift;
            item.seq -= shift;
        }
        lane.next -= shift;
        for (std::int64_t& end : lane.epoch_ends) end -= shift;
        std::erase_if(lane.epoch_ends, [](std::int64_t end) { return end < 1; });
        if (!lane.items.empty()) lane.epoch_ends.push_back(lane.next - 1);
        if (lane.epoch_ends.size() > kOriginsMax) lane.epoch_ends.pop_front();
        lane.first = 1;
        lane.frozen_to = 0;
        lane.check.clear();
    }
    epoch_ = step.text;
}

// What the outbox refers to stays, and so does the greatest id.
void Model::allow_pruning(const Stamp& now) {
    std::set<std::int64_t> held{last_id_};
    for (const Lane& lane : lanes_)
        for (const Item& item : lane.items) held.insert(item.journal);
    for (const auto& [id, kept] : journal_) {
        const auto keep = keep_of(kept.record.kind);
        if (keep && kept.committed < now.wall - *keep && !held.contains(id))
            may_be_gone_.insert(id);
    }
}

void Model::forget_pruned(store::Store& store) {
    if (may_be_gone_.empty()) return;
    const auto there = journal_of(store);
    std::erase_if(journal_, [&](const auto& row) {
        return may_be_gone_.contains(row.first) && !there.contains(row.first);
    });
}

}  // namespace aisle::fault
