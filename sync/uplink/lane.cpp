#include "sync/uplink/lane.hpp"

#include <algorithm>
#include <utility>

#include "agent/runtime/log.hpp"

namespace aisle::uplink {
namespace {

constexpr milliseconds kTryLater{1'000};
constexpr std::int64_t kFreezeStepsCatchingUp = 8;  // fewer transactions while a backlog drains
constexpr std::size_t kAheadCatchingUp = 4;
// A read holds this in memory, whatever the records weigh.
constexpr std::size_t kReadBytesMax = 512 * 1024;
// A read of so many bytes may have ended for them and not for want of rows.
constexpr std::size_t kRowsBytesMany = 64 * 1024;
// The way to the other thread and back costs more than to pack so little.
constexpr std::size_t kPackHereRows = 8;
constexpr std::size_t kPackHereBytes = 16 * 1024;
// After a halving batches stay small for so long, as the next large one may cost the link again.
constexpr seconds kShy{60};
constexpr int kAloneMax = 3;
// A record that is smaller than this, or than what has passed, is not why a link was lost.
constexpr std::size_t kSuspectBytes = 4 * 1024;

std::size_t index_of(Stream stream) { return static_cast<std::size_t>(stream); }

// HQ can read no batch whose `prev` is anything else, and would not answer it.
std::string check_or_none(const std::string& kept) {
    constexpr std::size_t kDigits = 16;
    const bool whole =
        kept.size() == kDigits && kept.find_first_not_of("0123456789abcdef") == std::string::npos;
    return whole ? kept : std::string{};
}

std::size_t weigh(const std::vector<OutboxRow>& rows) {
    std::size_t bytes = 0;
    for (const auto& row : rows) bytes += row.record.body.size();
    return bytes;
}

}  // namespace

// What the packing thread is given. It owns all that it touches, as the lane may be gone by then.
struct Lane::PackJob {
    std::vector<OutboxRow> rows;
    Cutting how;
    std::shared_ptr<wire::Packer> packer;
    Cuts cuts;

    void run() {
        cuts = cut(rows, std::move(how), *packer);
        rows = {};
    }
};

Lane::Lane(Stream stream, const UplinkParts& parts, const UplinkSettings& settings,
           LaneOwner& owner)
    : stream_{stream},
      parts_{parts},
      settings_{settings},
      owner_{owner},
      counts_{LaneCounts::in(parts.metrics, stream)},
      refusals_{{}, parts.random},
      fitting_rows_{settings.batch_rows_max},
      halved_rows_{settings.batch_rows_max},
      silence_wait_{settings.repeat_first} {}

void Lane::know(const StreamDepth& depth) {
    tail_ = std::max(tail_, depth.next);
    oldest_ = depth.oldest;
    const auto rows = std::max<std::int64_t>(0, depth.next - std::max(depth.first, acked_));
    if (rows == 0) oldest_ = {};
    counts_.rows.set(static_cast<double>(rows));
    const auto age_ms = age(parts_.executor.clock().now().wall).count();
    counts_.oldest_age.set(static_cast<double>(age_ms) / 1000.0);
    if (stopped_) return;
    if (acked_ > deleted_) delete_acknowledged();  // an earlier try failed
    // A missed wake.
    if (known_ && depth.next > read_cursor_ && !due_ && !linger_.armed()) flush();
    if (std::exchange(known_, true)) return;
    acked_ = read_cursor_ = deleted_ = depth.first;
    acked_check_ = packed_check_ = check_or_none(depth.acked_check);
    frozen_to_ = depth.frozen_to;
    due_ = due_ || depth.next > depth.first;
    produce();
}

milliseconds Lane::age(WallTime now) const {
    return oldest_ == WallTime{} ? milliseconds{0} : std::max(now - oldest_, milliseconds{0});
}

void Lane::link_up(std::size_t batch_bytes_max) {
    connected_ = true;
    heard_ = released_ = false;
    batch_bytes_max_ = batch_bytes_max;
    due_ = true;
    produce();
}

// What the broker had accepted may be gone with it, so all of it is sent again.
void Lane::link_down() {
    connected_ = false;
    held_.cancel();
    const auto open = std::ranges::find(in_flight_, false, &Flight::passed);
    if (open != in_flight_.end()) lost_on(Cut{open->cut});
    probing_ = false;
    silence_wait_ = settings_.repeat_first;
    go_back();
}

// The first batch that the broker had not taken may be what it hung up on, if this happens again.
void Lane::lost_on(const Cut& batch) {
    if (std::exchange(lost_at_, batch.first) != batch.first) return;
    halve(batch.rows);
    const bool suspect = batch.bytes > std::max(passed_bytes_, kSuspectBytes);
    if (batch.rows == 1 && suspect) refused_alone(batch);
}

void Lane::release() {
    if (std::exchange(released_, true)) return;
    produce();
}

void Lane::wake(std::size_t rows) {
    waiting_rows_ += rows;
    const milliseconds linger = settings_.linger.at(index_of(stream_));
    if (linger.count() > 0 && waiting_rows_ < settings_.batch_rows_max) {
        if (!linger_.armed()) linger_ = parts_.executor.after(linger, [this] { flush(); });
        return;
    }
    flush();
}

void Lane::flush() {
    linger_.cancel();
    waiting_rows_ = 0;
    woken_ = true;
    due_ = true;
    produce();
}

void Lane::linger_changed() {
    if (linger_.armed()) flush();
}

bool Lane::idle() const {
    const bool nothing = in_flight_.empty() && ready_.empty() && unpacked_.empty();
    return stopped_ || (known_ && nothing && !reading_ && !packing_ && !mending_ && !due_);
}

std::size_t Lane::in_flight_max() const {
    if (held_.armed() || mending_) return 0;
    if (probing_ || !released_) return 1;
    return catching_up_ && heard_ ? settings_.in_flight_catching_up : settings_.in_flight_max;
}

std::size_t Lane::ahead_max() const {
    return catching_up_ && heard_ && !probing_ ? kAheadCatchingUp : 1;
}

std::size_t Lane::rows_to_read() const {
    return std::max<std::size_t>(
        1, std::min({settings_.batch_rows_max, halved_rows_, wire::kBatchRowsMax}));
}

const PackedBatch* Lane::packed() const {
    return ready_.empty() || in_flight_.size() >= in_flight_max() ? nullptr : &ready_.front();
}

void Lane::produce() {
    if (!known_ || !connected_ || stopped_) return;
    pack_next();
    read_next();
}

// One read is ahead of the packer, so that neither waits for the loop.
void Lane::read_next() {
    if (!due_ || reading_ || mending_ || !unpacked_.empty()) return;
    if (ready_.size() >= ahead_max()) return;
    if (in_flight_.size() + ready_.size() >= std::max<std::size_t>(1, in_flight_max())) return;
    reading_ = true;
    const auto rows = static_cast<std::int64_t>(rows_to_read());
    if (read_cursor_ + rows - 1 <= frozen_to_) return read();
    const auto steps = catching_up_ && heard_ ? kFreezeStepsCatchingUp : 1;
    freeze(read_cursor_ + rows + settings_.freeze_ahead * steps);
}

// Before the rows are read: what is read may be sent, and must not change in between.
void Lane::freeze(std::int64_t to) {
    parts_.outbox.freeze(stream_, to, still([this, to](Status status) {
                             if (!status) return try_later();
                             frozen_to_ = to;
                             read();
                         }));
}

// A gap takes many numbers in one row, so that a read may reach beyond the mark. What begins there
// may still change: it is frozen and read next. True: there was such.
bool Lane::keep_frozen(std::vector<OutboxRow>& rows) const {
    const auto beyond =
        std::ranges::find_if(rows, [this](const OutboxRow& row) { return row.from > frozen_to_; });
    const bool found = beyond != rows.end();
    rows.erase(beyond, rows.end());
    return found;
}

void Lane::read() {
    woken_ = false;
    const std::size_t rows_max = rows_to_read();
    parts_.outbox.read({.stream = stream_,
                        .from_seq = read_cursor_,
                        .rows_max = rows_max,
                        .bytes_max = kReadBytesMax},
                       still([this, rows_max](Result<std::vector<OutboxRow>> rows) {
                           if (!rows) return try_later();
                           const bool full = rows->size() >= rows_max;
                           const bool beyond = keep_frozen(*rows);
                           take_rows(std::move(*rows), full || beyond);
                       }));
}

void Lane::try_later() {
    later_ = parts_.executor.after(kTryLater, [this, turn = turn_] {
        if (turn != turn_) return;
        reading_ = false;
        produce();
    });
}

void Lane::take_rows(std::vector<OutboxRow> rows, bool full) {
    reading_ = false;
    catching_up_ = full;
    if (rows.empty()) {
        due_ = woken_;
        if (due_) return produce();
        return owner_.lane_ready();
    }
    due_ = full || weigh(rows) > kRowsBytesMany || woken_;
    read_cursor_ = rows.back().seq + 1;
    tail_ = std::max(tail_, read_cursor_);
    unpacked_ = std::move(rows);
    produce();
}

Cutting Lane::cutting() const {
    return {.header = {.store = settings_.store,
                       .epoch = settings_.epoch,
                       .stream = stream_,
                       .sent_at = parts_.executor.clock().now().wall,
                       .ended = acked_ == 1 ? settings_.ended : std::vector<wire::EndedEpoch>{}},
            .prev = packed_check_,
            .rows_max = rows_to_read(),
            .bytes_max = batch_bytes_max_,
            .fitting_rows = fitting_rows_};
}

void Lane::pack_next() {
    if (unpacked_.empty() || packing_) return;
    packing_ = true;
    const bool here =
        !parts_.pack || (unpacked_.size() <= kPackHereRows && weigh(unpacked_) <= kPackHereBytes);
    auto job =
        std::make_shared<PackJob>(PackJob{std::exchange(unpacked_, {}), cutting(), packer_, {}});
    if (here) {
        job->run();
        return take_cuts(std::move(job->cuts));
    }
    // The job comes back whatever has happened meanwhile: only then is the packer free again.
    const auto back = [self = std::weak_ptr{self_}, turn = turn_, job] {
        const auto lane = self.lock();
        if (!lane) return;
        if ((*lane)->turn_ == turn) return (*lane)->take_cuts(std::move(job->cuts));
        (*lane)->packing_ = false;
        (*lane)->produce();
    };
    const bool taken = parts_.pack([job, back, &executor = parts_.executor] {
        job->run();
        executor.post(back);
    });
    if (taken) return;
    packing_ = false;
    unpacked_ = std::move(job->rows);
    later_ = parts_.executor.after(kTryLater, [this] { produce(); });
}

void Lane::take_cuts(Cuts cuts) {
    packing_ = false;
    fitting_rows_ = cuts.fitting_rows;
    for (auto& batch : cuts.batches) {
        packed_check_ = batch.cut.check;
        ready_.push_back(std::move(batch));
    }
    if (cuts.too_large) {
        read_again(cuts.too_large->seq, packed_check_);
        bury(std::move(*cuts.too_large), "too_large");
    }
    owner_.lane_ready();
    produce();
}

// A dead letter: what cannot travel must not stop the rest. It stays in the journal.
void Lane::bury(DeadRow row, const char* reason) {
    counts_.dead_letters.add();
    log::error(
        "uplink.dead_letter",
        {{"stream", to_text(stream_)}, {"seq", row.seq}, {"kind", row.kind}, {"reason", reason}});
    mending_ = true;
    parts_.outbox.replace_by_gap(
        stream_, row.seq, row.seq, reason,
        [self = std::weak_ptr{self_}, epoch = epoch_turn_, row, reason](const Status& status) {
            const auto lane = self.lock();
            if (!lane || (*lane)->epoch_turn_ != epoch) return;
            Lane& me = **lane;
            if (!status) {
                me.mend_again_ = me.parts_.executor.after(
                    kTryLater, [&me, row, reason] { me.bury(row, reason); });
                return;
            }
            me.mending_ = false;
            me.produce();
            me.owner_.lane_ready();
        });
}

void Lane::sent() {
    PackedBatch batch = std::move(ready_.front());
    ready_.pop_front();
    counts_.batches.add();
    counts_.bytes.add(static_cast<double>(batch.cut.bytes));
    if (batch.cut.first == acked_) fall_back_.resent();
    const bool once = batch.cut.first > sent_to_;
    sent_to_ = std::max(sent_to_, batch.cut.last);
    in_flight_.push_back({std::move(batch.cut), parts_.executor.clock().now().mono, once, false});
    if (!silence_.armed()) watch_for_silence();
    produce();
}

void Lane::passed(std::int64_t last) {
    const auto found =
        std::ranges::find(in_flight_, last, [](const auto& one) { return one.cut.last; });
    if (found == in_flight_.end()) return;
    found->passed = true;
    passed_bytes_ = std::max(passed_bytes_, found->cut.bytes);
}

// The broker speaks about this batch and not about the link. What it can never use is cut smaller
// and in the end left out; what is not allowed, or not now, is tried again later.
void Lane::refused(std::int64_t last, const Error& why) {
    const auto found =
        std::ranges::find(in_flight_, last, [](const auto& one) { return one.cut.last; });
    if (found == in_flight_.end()) return;
    counts_.refused.add();
    const Cut batch = found->cut;
    const bool its_own_fault = why.fault == Fault::Malformed;
    if (!its_own_fault) hold(refusals_.failed(parts_.executor.clock().now().mono));
    go_back();
    if (its_own_fault && batch.rows > 1) halve(batch.rows);
    if (its_own_fault && batch.rows == 1) refused_alone(batch);
    produce();
}

void Lane::refused_alone(const Cut& one) {
    alone_ = std::exchange(alone_at_, one.last) == one.last ? alone_ + 1 : 1;
    if (alone_ < kAloneMax) return;
    alone_ = 0;
    bury({one.last, {}}, "refused");
}

void Lane::hold(milliseconds wait) {
    held_ = parts_.executor.after(wait, [this] {
        held_.cancel();
        produce();
        owner_.lane_ready();
    });
}

void Lane::halve(std::size_t rows) {
    halved_rows_ = std::max<std::size_t>(1, rows / 2);
    halved_at_ = parts_.executor.clock().now().mono;
}

void Lane::grow() {
    if (parts_.executor.clock().now().mono - halved_at_ < kShy) return;
    halved_rows_ = std::min(halved_rows_ * 2, settings_.batch_rows_max);
}

StreamStatus Lane::status() const {
    return {.stream = stream_,
            .rows = std::max<std::int64_t>(0, tail_ - acked_),
            .acknowledged = acked_ - 1,
            .in_flight = in_flight_.size(),
            .stopped = stopped_,
            .oldest = oldest_};
}

}  // namespace aisle::uplink
