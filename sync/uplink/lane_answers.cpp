#include <algorithm>
#include <utility>

#include "agent/runtime/log.hpp"
#include "sync/uplink/lane.hpp"
#include "sync/wire/line.hpp"

// What HQ's answers do to a lane.
namespace aisle::uplink {
namespace {

constexpr milliseconds kTryLater{1'000};
// NACKs of batches that were under way when we went back say the same again; they are not heard for
// so long.
constexpr milliseconds kNackEcho{1'000};

bool is_gap_for(const OutboxRow& row, std::string_view reason) {
    return row.record.kind == "gap" &&
           row.record.body.find("\"" + std::string{reason} + "\"") != std::string::npos;
}

}  // namespace

void Lane::take(const wire::Ack& ack) {
    if (stopped_ || !known_ || mending_) return;
    heard_ = true;
    if (ack.kind == wire::AckKind::Fork) return contradict("HQ says so");
    if (ack.kind == wire::AckKind::Nack) counts_.nacks.add();
    if (ack.next < acked_) {
        if (ack.kind == wire::AckKind::Nack) return fall_back(ack);
        return counts_.stale_acks.add();
    }
    if (ack.next > acked_) return verify(ack);

    // Empty: the outbox did not keep it (an older one, or nothing was ever acknowledged).
    if (!acked_check_.empty() && ack.check != acked_check_)
        return contradict("another check at our mark");
    if (ack.kind == wire::AckKind::Nack) return accept(ack);
    fall_back_.acknowledged(ack);
    (void)drop_answered();
}

// HQ's check must be that of our own line. Where no cut in flight ends there (an ack from before a
// restart, or from before other cuts) the line is read again.
void Lane::verify(const wire::Ack& ack) {
    const auto found =
        std::ranges::find(in_flight_, ack.next - 1, [](const auto& one) { return one.cut.last; });
    if (found != in_flight_.end())
        return found->cut.check == ack.check ? accept(ack) : contradict("HQ has another line");
    unverified_ = ack;
    if (std::exchange(verifying_, true)) return;
    parts_.outbox.read({.stream = stream_, .from_seq = ack.next - 1, .rows_max = 1},
                       still([this, ack](Result<std::vector<OutboxRow>> rows) {
                           verifying_ = false;
                           const auto latest = std::exchange(unverified_, std::nullopt);
                           if (!rows || ack.next <= acked_) return;  // HQ will say it again
                           compare(ack, *rows);
                           if (latest && latest->next > acked_ && !stopped_) verify(*latest);
                       }));
}

void Lane::compare(const wire::Ack& ack, const std::vector<OutboxRow>& rows) {
    if (rows.empty() || rows.front().seq != ack.next - 1)
        return contradict("HQ has lines that we do not know");
    const auto& row = rows.front();
    if (wire::check_of(wire::line_of(row)) == ack.check) return accept(ack);
    // HQ has the record as it was before it was erased here.
    if (is_gap_for(row, "erased")) return accept(ack);
    // From before HQ lost it: what HQ has now, it will tell itself.
    if (is_gap_for(row, "acked_before")) return counts_.stale_acks.add();
    contradict("HQ has another line");
}

void Lane::accept(const wire::Ack& ack) {
    const MonoTime now = parts_.executor.clock().now().mono;
    if (ack.next > acked_) settle(ack);
    fall_back_.acknowledged(ack);
    if (read_cursor_ < acked_) read_again(acked_, acked_check_);
    if (!ready_.empty() && ready_.front().cut.first < acked_) {
        ready_.clear();
        read_again(acked_, acked_check_);
    }
    if (ack.kind == wire::AckKind::Nack &&
        (went_back_to_ != ack.next || now - went_back_ > kNackEcho)) {
        went_back_ = now;
        went_back_to_ = ack.next;
        go_back();
    }
    watch_for_silence();
    delete_acknowledged();
    produce();
    owner_.lane_ready();
}

// HQ has more than before.
void Lane::settle(const wire::Ack& ack) {
    counts_.acks.add();
    silence_wait_ = settings_.repeat_first;
    probing_ = false;
    grow();
    acked_ = ack.next;
    acked_check_ = ack.check;
    Answered answered = drop_answered();
    answered.hq_now = ack.now;
    if (answered.batches > 0) owner_.answered(answered);
}

// Forgets the batches below the mark.
Answered Lane::drop_answered() {
    Answered answered;
    const MonoTime now = parts_.executor.clock().now().mono;
    while (!in_flight_.empty() && in_flight_.front().cut.last < acked_) {
        const auto& oldest = in_flight_.front();
        ++answered.batches;
        answered.latency = now - oldest.sent;
        answered.sent_once = oldest.once && oldest.cut.last == acked_ - 1;
        in_flight_.pop_front();
    }
    return answered;
}

// HQ stands below what it has acknowledged, or somebody says so.
void Lane::fall_back(const wire::Ack& nack) {
    switch (fall_back_.refused(nack, parts_.executor.clock().now().mono)) {
        case FallBack::Verdict::Stale:
            return counts_.stale_acks.add();
        case FallBack::Verdict::Suspect:
            go_back();
            probing_ = true;
            return hold(kNackEcho);
        case FallBack::Verdict::Confirmed:
            // A deletion is under way: the next refusal finds it done.
            if (deleting_) return;
            return nack.next >= deleted_ ? go_back_to(nack) : fill_gap_before(nack);
    }
}

// All that HQ has lost is still in the outbox.
void Lane::go_back_to(const wire::Ack& nack) {
    log::warn("uplink.hq_went_back", {{"stream", to_text(stream_)}, {"next", nack.next}});
    acked_ = nack.next;
    acked_check_ = nack.check;
    fall_back_.forget();
    probing_ = false;
    go_back();
    produce();
}

void Lane::fill_gap_before(const wire::Ack& nack) {
    mending_ = true;
    go_back();
    const auto filled = [self = std::weak_ptr{self_}, epoch = epoch_turn_,
                         nack](const Status& status) {
        const auto lane = self.lock();
        if (!lane || (*lane)->epoch_turn_ != epoch) return;
        Lane& me = **lane;
        if (!status && status.error().fault != Fault::Malformed) {
            me.mend_again_ =
                me.parts_.executor.after(kTryLater, [&me, nack] { me.fill_gap_before(nack); });
            return;
        }
        me.mending_ = false;
        if (!status) return me.contradict("HQ lost what cannot be told: " + status.error().detail);
        me.counts_.acked_before.add();
        log::error("uplink.acked_before",
                   {{"stream", to_text(me.stream_)}, {"from", nack.next}, {"to", me.deleted_ - 1}});
        me.deleted_ = nack.next;
        me.held_.cancel();
        me.go_back_to(nack);
    };
    parts_.outbox.gap_before(stream_, nack.next, nack.check, "acked_before", filled);
}

// A clone or an old image is at work.
void Lane::contradict(const std::string& why) {
    counts_.forks.add();
    log::error("uplink.fork", {{"stream", to_text(stream_)}, {"why", why}, {"next", acked_}});
    owner_.contradicted(stream_, why);
}

void Lane::halt() {
    stopped_ = true;
    go_back();
    linger_.cancel();
    held_.cancel();
}

void Lane::renew() {
    ++epoch_turn_;
    go_back();
    mend_again_.cancel();
    known_ = stopped_ = deleting_ = mending_ = probing_ = catching_up_ = false;
    acked_ = read_cursor_ = tail_ = deleted_ = 1;
    sent_to_ = frozen_to_ = lost_at_ = alone_at_ = went_back_to_ = 0;
    acked_check_.clear();
    packed_check_.clear();
    fall_back_ = {};
    oldest_ = {};
    silence_wait_ = settings_.repeat_first;
}

void Lane::delete_acknowledged() {
    if (deleting_ || mending_ || acked_ <= deleted_) return;
    deleting_ = true;
    const auto deleted = [self = std::weak_ptr{self_}, epoch = epoch_turn_,
                          next = acked_](const Status& status) {
        const auto lane = self.lock();
        if (!lane || (*lane)->epoch_turn_ != epoch) return;
        (*lane)->deleting_ = false;
        if (!status) return;
        (*lane)->deleted_ = next;
        (*lane)->delete_acknowledged();
    };
    parts_.outbox.acknowledged(stream_, acked_, deleted, acked_check_);
}

void Lane::watch_for_silence() {
    silence_.cancel();
    if (!in_flight_.empty()) silence_ = parts_.executor.after(silence_wait_, [this] { silence(); });
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
    ready_.clear();
    silence_.cancel();
    read_again(acked_, acked_check_);
}

// What was read or is being read behind `prev` is forgotten. A packing under way is only dropped
// when it comes back.
void Lane::read_again(std::int64_t seq, std::string prev) {
    ++turn_;
    reading_ = false;
    verifying_ = false;
    unverified_.reset();
    unpacked_.clear();
    later_.cancel();
    read_cursor_ = seq;
    packed_check_ = std::move(prev);
    due_ = true;
}

}  // namespace aisle::uplink
