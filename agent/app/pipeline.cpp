#include "agent/app/pipeline.hpp"

#include <algorithm>
#include <utility>

#include "agent/runtime/log.hpp"

namespace aisle::app {
namespace {

constexpr std::size_t kInFlightMax = 2;

// A transaction holds at most kBatchRecordsMax records. A turn that has brought more is cut; what
// the engines remember goes with the last part, so that a crash in between makes them bring the
// rest again.
std::vector<Batch> cut(Batch whole) {
    std::vector<Batch> parts;
    while (whole.records.size() > kBatchRecordsMax) {
        const auto end = whole.records.begin() + static_cast<std::ptrdiff_t>(kBatchRecordsMax);
        parts.emplace_back();
        parts.back().records.assign(std::make_move_iterator(whole.records.begin()),
                                    std::make_move_iterator(end));
        whole.records.erase(whole.records.begin(), end);
    }
    parts.push_back(std::move(whole));
    return parts;
}

}  // namespace

void Turn::add(Record record) {
    if (record.stream != Stream::Local) ++woken.at(static_cast<std::size_t>(record.stream));
    batch.records.push_back(std::move(record));
}

void Turn::add(std::vector<StateChange> changes) {
    batch.state.insert(batch.state.end(), std::make_move_iterator(changes.begin()),
                       std::make_move_iterator(changes.end()));
}

Pipeline::Pipeline(PipelineSettings settings, Parts parts)
    : settings_{settings},
      parts_{std::move(parts)},
      refused_{parts_.metrics.counter("aisle_readings_refused_total",
                                      "Readings that were told to come back later")},
      batches_{parts_.metrics.counter("aisle_batches_total", "Transactions committed")},
      records_{parts_.metrics.counter("aisle_records_total", "Records committed")},
      offers_{parts_.metrics.counter("aisle_offers_total", "Offers shown")},
      withheld_{parts_.metrics.counter("aisle_withheld_total", "Decisions without an offer")},
      failures_{parts_.metrics.counter("aisle_commit_failures_total", "Transactions that failed")},
      waiting_gauge_{parts_.metrics.gauge("aisle_readings_waiting", "Readings not yet applied")} {}

Status Pipeline::submit(Work work) {
    if (stalled() || waiting_.size() >= settings_.waiting_max) {
        refused_.add();
        return full(stalled() ? "the disk is full" : "too many readings wait");
    }
    queue(std::move(work));
    return {};
}

void Pipeline::submit_inner(Work work) { queue(std::move(work)); }

void Pipeline::queue(Work work) {
    if (work.waits) ++urgent_;
    waiting_.push_back(std::move(work));
    waiting_gauge_.set(static_cast<double>(waiting_.size()));
    pump();
}

bool Pipeline::idle() const { return waiting_.empty() && !finding_ && appending_ == 0; }

void Pipeline::when_idle(std::function<void()> done) {
    when_idle_ = std::move(done);
    ++urgent_;  // nothing gathers any longer
    pump();
    say_idle();
}

void Pipeline::say_idle() {
    if (idle() && when_idle_) std::exchange(when_idle_, nullptr)();
}

void Pipeline::pump() {
    if (finding_ || stalled() || appending_ >= kInFlightMax || waiting_.empty()) return;
    if (urgent_ == 0 && waiting_.size() < kBatchRecordsMax) {
        if (!gathering_.armed()) {
            gathering_ = parts_.loop.after(settings_.gather, [this] {
                gathering_.cancel();
                if (!finding_ && !stalled() && appending_ < kInFlightMax && !waiting_.empty()) {
                    look_up(take());
                }
            });
        }
        return;
    }
    gathering_.cancel();
    look_up(take());
}

std::vector<Work> Pipeline::take() {
    std::vector<Work> works;
    std::size_t records = 0;
    while (!waiting_.empty()) {
        records += waiting_.front().records_max;
        if (!works.empty() && records > kBatchRecordsMax) break;
        if (waiting_.front().waits && urgent_ > 0) --urgent_;
        works.push_back(std::move(waiting_.front()));
        waiting_.pop_front();
    }
    waiting_gauge_.set(static_cast<double>(waiting_.size()));
    return works;
}

void Pipeline::look_up(std::vector<Work> works) {
    finding_ = true;
    std::vector<RecordKey> keys;
    for (const Work& work : works) keys.insert(keys.end(), work.keys.begin(), work.keys.end());
    auto shared = std::make_shared<std::vector<Work>>(std::move(works));
    if (keys.empty()) return apply(*shared, {});
    parts_.journal.find(std::move(keys), [this, shared](Result<std::vector<Found>> found) {
        if (found && stalled()) return put_back(*shared);
        if (found) return apply(*shared, *found);
        finding_ = false;
        for (const Work& work : *shared) {
            if (work.failed) work.failed(found.error());
        }
        pump();
        say_idle();
    });
}

// What was found does not hold: the batch before, which it should have seen, found no room. Asked
// again once it has.
void Pipeline::put_back(std::vector<Work>& works) {
    finding_ = false;
    for (auto work = works.rbegin(); work != works.rend(); ++work) {
        if (work->waits) ++urgent_;
        waiting_.push_front(std::move(*work));
    }
    waiting_gauge_.set(static_cast<double>(waiting_.size()));
}

void Pipeline::apply(const std::vector<Work>& works, const std::vector<Found>& found) {
    Turn turn{.now = parts_.loop.clock().now()};
    std::size_t at = 0;
    for (const Work& work : works) {
        work.apply(turn, std::span{found}.subspan(at, work.keys.size()));
        at += work.keys.size();
    }
    commit(std::move(turn));
    finding_ = false;
    pump();
    say_idle();
}

void Pipeline::commit(Turn turn) {
    if (turn.batch.empty() && appending_ == 0) {  // nothing to make true first
        for (const auto& say : turn.after) say();
        return;
    }
    std::vector<Batch> parts = cut(std::move(turn.batch));
    for (std::size_t i = 0; i < parts.size(); ++i) {
        auto batch = std::make_shared<InFlight>();
        batch->batch = std::move(parts[i]);
        batch->batch.order = ++last_order_;
        if (i + 1 == parts.size()) batch->after = std::move(turn.after), batch->woken = turn.woken;
        ++appending_;
        append(std::move(batch));
    }
}

// A batch stays among those that wait for room until it has committed, also while it is tried
// again.
void Pipeline::append(std::shared_ptr<InFlight> batch) {
    parts_.journal.append(batch->batch, [this, batch](const Status& status) {
        const std::uint64_t order = batch->batch.order;
        if (status) {
            waiting_for_room_.erase(order);
            if (!stalled()) room_asked_.reset();
            return committed(*batch);
        }
        failures_.add();
        if (status.error().fault != Fault::Full) return parts_.broken(status.error());
        if (!stalled()) log::error("disk_full", {{"why", status.error().detail}});
        waiting_for_room_[order] =
            parts_.loop.after(settings_.room_retry, [this, batch] { append(batch); });
        ask_for_room();
    });
}

void Pipeline::ask_for_room() {
    const MonoTime now = parts_.loop.clock().now().mono;
    if (room_asked_ && now - *room_asked_ < settings_.room_again) return;
    room_asked_ = now;
    parts_.make_room();
}

void Pipeline::count(const std::vector<Record>& records) {
    records_.add(static_cast<double>(records.size()));
    for (const Record& record : records) {
        if (record.kind == "offer" && record.revision == 1) offers_.add();
        if (record.kind == "withheld") withheld_.add();
    }
}

Pipeline::Counts Pipeline::counts() const {
    return {.offers = offers_.value(),
            .withheld = withheld_.value(),
            .errors = refused_.value() + failures_.value()};
}

void Pipeline::committed(InFlight& batch) {
    --appending_;
    batches_.add();
    count(batch.batch.records);
    for (const auto& say : batch.after) say();
    for (const Stream stream : kUpStreams) {
        const std::size_t rows = batch.woken.at(static_cast<std::size_t>(stream));
        if (rows > 0) parts_.wake(stream, rows);
    }
    pump();
    say_idle();
}

}  // namespace aisle::app
