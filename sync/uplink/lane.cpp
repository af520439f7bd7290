#include "sync/uplink/lane.hpp"

#include <algorithm>
#include <utility>

#include "agent/runtime/log.hpp"
#include "sync/wire/batch.hpp"
#include "sync/wire/line.hpp"

namespace aisle::uplink {
namespace {

constexpr milliseconds kTryLater{1'000};
// NACKs of batches that were under way when we went back say the same again; they are not heard for
// so long.
constexpr milliseconds kNackEcho{1'000};
constexpr std::int64_t kFreezeStepsCatchingUp = 8;  // fewer transactions while a backlog drains
constexpr std::size_t kRawBytesMax = wire::kBatchRawBytesMax - 64 * 1024;

std::size_t index_of(Stream stream) { return static_cast<std::size_t>(stream); }

// A read may have ended for its bytes and not for want of rows.
constexpr std::size_t kRowsBytesMany = 64 * 1024;

std::size_t weigh(const std::vector<OutboxRow>& rows) {
    std::size_t bytes = 0;
    for (const auto& row : rows) bytes += row.record.body.size();
    return bytes;
}

std::int64_t first_of(const OutboxRow& row) {
    return row.from > 0 && row.from < row.seq ? row.from : row.seq;
}

}  // namespace

Lane::Lane(Stream stream, const UplinkParts& parts, const UplinkSettings& settings,
           std::function<void()> ready)
    : stream_{stream},
      outbox_{parts.outbox},
      executor_{parts.executor},
      settings_{settings},
      counts_{LaneCounts::in(parts.metrics, stream)},
      ready_{std::move(ready)},
      fitting_rows_{settings.batch_rows_max},
      halved_rows_{settings.batch_rows_max},
      silence_wait_{settings.repeat_first} {}

void Lane::know(const StreamDepth& depth) {
    tail_ = std::max(tail_, depth.next);
    first_ = depth.first;
    oldest_ = depth.oldest;
    const auto rows = std::max<std::int64_t>(0, depth.next - std::max(depth.first, acked_));
    counts_.rows.set(static_cast<double>(rows));
    const milliseconds age = rows > 0 && oldest_ != WallTime{}
                                 ? executor_.clock().now().wall - oldest_
                                 : milliseconds{0};
    counts_.oldest_age.set(static_cast<double>(std::max(age, milliseconds{0}).count()) / 1000.0);
    if (acked_ > deleted_) delete_acknowledged();  // an earlier try failed
    if (known_ && depth.next > cursor_ && !due_ && !linger_.armed()) flush();  // a missed wake
    if (std::exchange(known_, true)) return;
    acked_ = cursor_ = deleted_ = depth.first;
    acked_check_ = cursor_check_ = depth.acked_check;
    frozen_to_ = depth.frozen_to;
    due_ = due_ || depth.next > depth.first;
    produce();
}

void Lane::link_up(std::size_t batch_bytes_max) {
    connected_ = true;
    heard_ = false;
    batch_bytes_max_ = batch_bytes_max;
    due_ = true;
    produce();
}

// What the broker had accepted may be gone with it, so all of it is sent again.
void Lane::link_down() {
    connected_ = false;
    if (!in_flight_.empty()) {
        const bool same_batch = std::exchange(lost_at_, acked_) == acked_;
        if (same_batch) halved_rows_ = std::max<std::size_t>(1, halved_rows_ / 2);
    }
    probing_ = false;
    silence_wait_ = settings_.repeat_first;
    go_back();
}

void Lane::wake(std::size_t rows) {
    waiting_rows_ += rows;
    const milliseconds linger = settings_.linger.at(index_of(stream_));
    if (linger.count() > 0 && waiting_rows_ < settings_.batch_rows_max) {
        if (!linger_.armed()) linger_ = executor_.after(linger, [this] { flush(); });
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

bool Lane::idle() const {
    return stopped_ || (known_ && in_flight_.empty() && !packed_ && !busy_ && !due_);
}

std::size_t Lane::in_flight_max() const {
    if (probing_) return 1;
    return catching_up_ && heard_ ? settings_.in_flight_catching_up : settings_.in_flight_max;
}

std::size_t Lane::rows_to_read() const {
    return std::min({settings_.batch_rows_max, halved_rows_, fitting_rows_ + fitting_rows_ / 4 + 1,
                     wire::kBatchRowsMax});
}

void Lane::produce() {
    if (!known_ || !connected_ || stopped_ || busy_ || packed_ || !due_) return;
    if (in_flight_.size() >= in_flight_max()) return;
    busy_ = true;
    const auto last = cursor_ + static_cast<std::int64_t>(rows_to_read()) - 1;
    if (last > frozen_to_) return freeze();
    read();
}

// Before the rows are read: what is read may be sent, and must not change in between.
void Lane::freeze() {
    const auto steps = catching_up_ && heard_ ? kFreezeStepsCatchingUp : 1;
    const auto to =
        cursor_ + static_cast<std::int64_t>(rows_to_read()) + settings_.freeze_ahead * steps;
    outbox_.freeze(stream_, to, still([this, to](Status status) {
                       if (!status) return try_later();
                       frozen_to_ = to;
                       read();
                   }));
}

void Lane::read() {
    woken_ = false;
    const std::size_t rows_max = rows_to_read();
    outbox_.read({.stream = stream_, .from_seq = cursor_, .rows_max = rows_max},
                 still([this, rows_max](Result<std::vector<OutboxRow>> rows) {
                     if (!rows) return try_later();
                     pack(*rows, rows->size() >= rows_max || weigh(*rows) > kRowsBytesMany);
                 }));
}

void Lane::try_later() {
    later_ = executor_.after(kTryLater, [this, turn = turn_] {
        if (turn != turn_) return;
        busy_ = false;
        produce();
    });
}

void Lane::pack(const std::vector<OutboxRow>& rows, bool more) {
    busy_ = false;
    catching_up_ = more;
    if (rows.empty()) {
        due_ = woken_;
        if (due_) return produce();
        return ready_();
    }
    packed_ = cut(rows);
    if (!packed_) return dead_letter(rows.front());
    const bool all = packed_->cut.last == rows.back().seq;
    due_ = more || !all || woken_;
    tail_ = std::max(tail_, rows.back().seq + 1);
    ready_();
}

// As many of the rows as fit. Nothing if not even the first one does.
std::optional<PackedBatch> Lane::cut(const std::vector<OutboxRow>& rows) {
    std::vector<std::string> lines;
    std::size_t raw = 0;
    for (const auto& row : rows) {
        std::string line = wire::line_of(row);
        if (raw + line.size() > kRawBytesMax) break;
        raw += line.size() + 1;
        lines.push_back(std::move(line));
    }
    while (!lines.empty()) {
        const auto& last = rows.at(lines.size() - 1);
        PackedBatch batch{.cut = {first_of(rows.front()), last.seq, wire::check_of(lines.back())}};
        batch.payload = wire::pack_batch({.store = settings_.store,
                                          .epoch = settings_.epoch,
                                          .stream = stream_,
                                          .first = batch.cut.first,
                                          .last = batch.cut.last,
                                          .prev = cursor_check_,
                                          .sent_at = executor_.clock().now().wall},
                                         lines);
        fitting_rows_ = std::max(fitting_rows_, lines.size());
        if (batch.payload.size() <= batch_bytes_max_) return batch;
        // A tenth less than in proportion, as fewer lines compress less well.
        const std::size_t fewer = lines.size() * batch_bytes_max_ / batch.payload.size() * 9 / 10;
        if (lines.size() == 1) break;
        lines.resize(std::clamp<std::size_t>(fewer, 1, lines.size() - 1));
        fitting_rows_ = lines.size();
    }
    return std::nullopt;
}

void Lane::dead_letter(const OutboxRow& row) {
    counts_.dead_letters.add();
    log::error("uplink.dead_letter",
               {{"stream", to_text(stream_)}, {"seq", row.seq}, {"kind", row.record.kind}});
    busy_ = true;
    outbox_.replace_by_gap(stream_, row.seq, row.seq, "too_large", still([this](Status status) {
                               if (!status) return try_later();
                               busy_ = false;
                               produce();
                           }));
}

void Lane::sent() {
    counts_.batches.add();
    counts_.bytes.add(static_cast<double>(packed_->payload.size()));
    cursor_ = packed_->cut.last + 1;
    cursor_check_ = packed_->cut.check;
    in_flight_.push_back(std::move(packed_->cut));
    packed_.reset();
    if (!silence_.armed()) watch_for_silence();
    produce();
}

void Lane::watch_for_silence() {
    silence_.cancel();
    if (!in_flight_.empty()) silence_ = executor_.after(silence_wait_, [this] { silence(); });
}

// HQ says nothing: only the oldest batch is repeated, less and less often.
void Lane::silence() {
    silence_.cancel();
    probing_ = true;
    silence_wait_ = std::min(silence_wait_ * 2, settings_.repeat_last);
    go_back();
    produce();
}

void Lane::go_back() {
    if (!in_flight_.empty()) counts_.repeats.add();
    in_flight_.clear();
    silence_.cancel();
    forget_unsent();
    cursor_ = acked_;
    cursor_check_ = acked_check_;
    due_ = true;
}

void Lane::forget_unsent() {
    ++turn_;
    busy_ = false;
    verifying_ = false;
    unverified_.reset();
    packed_.reset();
    later_.cancel();
}

void Lane::take(const wire::Ack& ack) {
    if (stopped_ || !known_) return;
    heard_ = true;
    if (ack.kind == wire::AckKind::Fork) return fork("HQ says so");
    if (ack.kind == wire::AckKind::Nack) counts_.nacks.add();
    if (ack.next < acked_) return counts_.stale_acks.add();
    if (ack.next > acked_) return verify(ack);

    // Empty: the outbox did not keep it (an older one, or nothing was ever acknowledged).
    if (!acked_check_.empty() && ack.check != acked_check_)
        return fork("another check at our mark");
    if (ack.kind == wire::AckKind::Nack) accept(ack);
}

// HQ's check must be that of our own line. Where no cut in flight ends there (an ack from before a
// restart, or from before other cuts) the line is read again.
void Lane::verify(const wire::Ack& ack) {
    const auto found = std::ranges::find(in_flight_, ack.next - 1, &Cut::last);
    if (found != in_flight_.end())
        return found->check == ack.check ? accept(ack) : fork("HQ has another line");
    unverified_ = ack;
    if (std::exchange(verifying_, true)) return;
    outbox_.read({.stream = stream_, .from_seq = ack.next - 1, .rows_max = 1},
                 still([this, ack](Result<std::vector<OutboxRow>> rows) {
                     verifying_ = false;
                     const auto latest = std::exchange(unverified_, std::nullopt);
                     if (!rows || ack.next <= acked_) return;  // HQ will say it again
                     if (rows->empty() || rows->front().seq != ack.next - 1)
                         return fork("HQ has lines that we do not know");
                     if (wire::check_of(wire::line_of(rows->front())) != ack.check)
                         return fork("HQ has another line");
                     accept(ack);
                     if (latest && latest->next > acked_) verify(*latest);
                 }));
}

void Lane::accept(const wire::Ack& ack) {
    const bool moved = ack.next > acked_;
    if (moved) {
        counts_.acks.add();
        silence_wait_ = settings_.repeat_first;
        halved_rows_ = std::min(halved_rows_ * 2, settings_.batch_rows_max);
        probing_ = false;
        acked_ = ack.next;
        acked_check_ = ack.check;
    }
    while (!in_flight_.empty() && in_flight_.front().last < acked_) in_flight_.pop_front();
    if (cursor_ < acked_) {
        in_flight_.clear();
        forget_unsent();
        cursor_ = acked_;
        cursor_check_ = acked_check_;
        due_ = true;
    }
    const MonoTime now = executor_.clock().now().mono;
    if (ack.kind == wire::AckKind::Nack &&
        (went_back_to_ != ack.next || now - went_back_ > kNackEcho)) {
        went_back_ = now;
        went_back_to_ = ack.next;
        go_back();
    }
    watch_for_silence();
    delete_acknowledged();
    produce();
    ready_();
}

void Lane::delete_acknowledged() {
    if (deleting_ || acked_ <= deleted_) return;
    deleting_ = true;
    const std::int64_t next = acked_;
    const auto deleted = [this, next](const Status& status) {
        deleting_ = false;
        if (!status) return;
        deleted_ = next;
        delete_acknowledged();
    };
    outbox_.acknowledged(stream_, next, deleted, acked_check_);
}

// A clone or an old image is at work. Nothing is deleted and nothing more is sent under these
// numbers.
void Lane::fork(const char* why) {
    stopped_ = true;
    counts_.forks.add();
    log::error("uplink.fork", {{"stream", to_text(stream_)}, {"why", why}, {"next", acked_}});
    in_flight_.clear();
    silence_.cancel();
    linger_.cancel();
    forget_unsent();
    ready_();
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
