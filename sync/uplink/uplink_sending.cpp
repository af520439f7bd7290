#include <algorithm>
#include <limits>
#include <utility>

#include "agent/runtime/log.hpp"
#include "sync/uplink/store_uplink.hpp"

// Whose batch goes next, and whether the link leads anywhere.
namespace aisle::uplink {
namespace {

// Shares of the bytes by stream while all have a backlog: 8 : 4 : 2 : 1.
constexpr std::array<std::uint64_t, 4> kStride{1, 2, 4, 8};
// What a stream that was idle may claim of the past, in bytes of the ledger.
constexpr std::uint64_t kClaimMax = 8 * 64 * 1024;
// Places in the connection's window that the backlog leaves to live records.
constexpr std::size_t kWindowForLive = 2;
constexpr std::size_t kWindowSmall = 8;

std::size_t index_of(Stream stream) { return static_cast<std::size_t>(stream); }

}  // namespace

// Sends what is packed until the window is full. Sending may pack the next batch at once, hence the
// guard.
void StoreUplink::pump() {
    if (std::exchange(pumping_, true)) return;
    while (Lane* lane = next_lane())
        if (!send(*lane)) break;
    pumping_ = false;
    finish_flush();
}

bool StoreUplink::backlog_may_go() const {
    std::size_t out = 0;
    for (const auto& lane : lanes_)
        if (!lane->live()) out += lane->in_flight();
    if (out >= pace_.window()) return false;
    const std::size_t window = parts_.transport.link().in_flight_max;
    return window < kWindowSmall || outstanding_ + kWindowForLive < window;
}

bool StoreUplink::affordable(const Lane& lane) {
    return pace_.may_send({lane.stream(), lane.packed()->payload.size(), lane.live()}, now().mono);
}

// Live records first, in the order of the streams; then the lane that has had the least of its
// share.
Lane* StoreUplink::next_lane() {
    Lane* chosen = nullptr;
    auto lowest = std::numeric_limits<std::uint64_t>::max();
    bool poor = false;
    const bool backlog = backlog_may_go();
    for (const auto& lane : lanes_) {
        if (lane->packed() == nullptr || (!lane->live() && !backlog)) continue;
        if (!affordable(*lane)) {
            poor = true;
            continue;
        }
        if (lane->live()) return lane.get();
        const std::uint64_t pass = pass_.at(index_of(lane->stream()));
        if (pass >= lowest) continue;
        chosen = lane.get();
        lowest = pass;
    }
    if (chosen == nullptr && poor)
        credit_wait_ = parts_.executor.after(pace_.until_credit(), [this] { pump(); });
    return chosen;
}

bool StoreUplink::send(Lane& lane) {
    const auto index = index_of(lane.stream());
    // Whoever was idle takes its place in the present, and has no claim on the past.
    const auto present = *std::ranges::max_element(pass_);
    pass_.at(index) = std::max(pass_.at(index), present > kClaimMax ? present - kClaimMax : 0);

    const std::size_t bytes = lane.packed()->payload.size();
    const std::int64_t last = lane.packed()->cut.last;
    const bool live = lane.live();
    Message message{.topic = topic(wire::Channel::Up, lane.stream()),
                    .payload = lane.packed()->payload};
    const auto published = publish(std::move(message), [this, &lane, last](const Status& status) {
        if (status) return lane.passed(last);
        if (parts_.transport.link().connected) lane.refused(last, status.error());
    });
    if (!published && published.error().fault != Fault::Malformed) return false;
    pass_.at(index) += bytes * kStride.at(index);
    pace_.sent({lane.stream(), bytes, live}, now().mono);
    lane.sent();
    if (!published) lane.refused(last, published.error());
    return true;
}

// The window has a place again with each answer, whatever it says.
Status StoreUplink::publish(Message message, std::function<void(const Status&)> answer) {
    const auto answered = [self = std::weak_ptr{self_}, turn = link_turn_,
                           answer = std::move(answer)](const Status& status) {
        const auto uplink = self.lock();
        if (!uplink || (*uplink)->link_turn_ != turn) return;
        StoreUplink& me = **uplink;
        if (me.outstanding_ > 0) --me.outstanding_;
        me.watch_.answered(me.now().mono);
        if (answer) answer(status);
        me.pump();
    };
    const auto published = parts_.transport.publish(std::move(message), answered);
    if (published) {
        ++outstanding_;
        watch_.published(now().mono);
    }
    return published;
}

void StoreUplink::answered(const Answered& what) {
    const Stamp stamp = now();
    pace_.answered(what.batches, what.latency, stamp.mono);
    window_gauge_.set(static_cast<double>(pace_.window()));
    if (!what.sent_once || !hq_time_) return;
    if (const auto time = hq_clock_.heard(what.hq_now, stamp, what.latency)) hq_time_(*time);
}

void StoreUplink::hear() {
    heard_ = now().wall;
    watch_.heard();
    if (!std::exchange(heard_on_link_, true)) release();
}

void StoreUplink::release() {
    releasing_.cancel();
    for (auto& lane : lanes_) lane->release();
}

void StoreUplink::check_link() {
    const bool waits =
        std::ranges::any_of(lanes_, [](const auto& lane) { return lane->in_flight() > 0; });
    const MonoTime time = now().mono;
    const std::string fault =
        watch_.fault(time, {.waits = waits, .listened = parts_.transport.link().listened});
    if (fault.empty()) return;
    reconnects_.add();
    if (reconnect_log_.due(time)) log::warn("uplink.reconnect", {{"why", fault}});
    parts_.transport.reconnect(fault);
}

}  // namespace aisle::uplink
