#include "sync/hq/downlink_post.hpp"

#include <algorithm>
#include <utility>

#include "agent/runtime/log.hpp"

namespace aisle::hq {
namespace {

constexpr milliseconds kTryAgain{1'000};
constexpr std::size_t kTurnsAtOnce = 64;

const char* word_for(wire::Channel channel) {
    if (channel == wire::Channel::DownBundle) return "bundle";
    return channel == wire::Channel::DownData ? "data" : "command";
}

}  // namespace

DownlinkPost::DownlinkPost(Parts parts)
    : parts_{std::move(parts)},
      failures_{parts_.metrics.counter("aisle_hq_down_commit_failures_total",
                                       "Transactions of the downlink that failed")},
      dropped_{parts_.metrics.counter("aisle_hq_down_dropped_total",
                                      "Messages dropped before they were sent: said again later")} {
}

DownlinkPost::~DownlinkPost() = default;

void DownlinkPost::commit(DownEffects effects, std::function<void(Status)> then) {
    turns_.push_back({std::move(effects), std::move(then)});
    write();
}

void DownlinkPost::write() {
    if (writing_ > 0 || turns_.empty()) return;
    auto rows = std::make_shared<std::vector<StateChange>>();
    writing_ = std::min(turns_.size(), kTurnsAtOnce);
    for (std::size_t i = 0; i < writing_; ++i)
        rows->insert(rows->end(), turns_[i].effects.state.begin(), turns_[i].effects.state.end());
    // Nothing to store: only messages.
    if (rows->empty()) return written({}, writing_);
    const bool taken = parts_.storage([weak = std::weak_ptr{self_}, rows, turns = writing_,
                                       store = &parts_.store, loop = &parts_.loop] {
        auto done = store->write_state(*rows);
        loop->post([weak, turns, done = std::move(done)] {
            if (const auto self = weak.lock()) (*self)->written(done, turns);
        });
    });
    if (!taken) written(full("the storage thread is busy"), writing_);
}

void DownlinkPost::written(const Status& status, std::size_t turns) {
    if (!status) {
        failures_.add();
        log::error("hq.downlink_commit_failed", {{"why", status.error().detail}});
        again_ = parts_.loop.after(kTryAgain, [this] {
            writing_ = 0;
            write();
        });
        return;
    }
    std::vector<std::function<void(Status)>> told;
    for (std::size_t i = 0; i < turns; ++i) {
        Turn turn = std::move(turns_.front());
        turns_.pop_front();
        for (auto& message : turn.effects.send) send(std::move(message));
        if (turn.then) told.push_back(std::move(turn.then));
    }
    writing_ = 0;
    // They may ask for more.
    for (const auto& then : told) then({});
    write();
}

void DownlinkPost::send(Downward message) {
    if (messages_.size() >= kMessagesMax || bytes_ + message.payload.size() > kBytesMax)
        return dropped_.add();
    bytes_ += message.payload.size();
    messages_.push_back(std::move(message));
    flush();
}

void DownlinkPost::flush() {
    while (!messages_.empty()) {
        const Downward& first = messages_.front();
        const char* what = word_for(first.channel);
        Message message{.topic = wire::to_text({StoreId{first.store}, first.channel}),
                        .payload = first.payload};
        const auto said =
            parts_.publish(std::move(message), [weak = std::weak_ptr{self_}](const Status&) {
                if (const auto self = weak.lock()) (*self)->flush();
            });
        // The window may be full of others' messages, whose answers nobody tells us.
        if (!said && said.error().fault == Fault::Full) {
            flush_again_ = parts_.loop.after(kTryAgain, [this] { flush(); });
            return;
        }
        if (!said && said.error().fault == Fault::Unavailable) {
            dropped_.add(static_cast<double>(messages_.size()));
            messages_.clear();
            bytes_ = 0;
            return;
        }
        // Longer than the broker allows: it will never go; the store's progress shows it.
        if (!said)
            log::error("hq.downlink_too_long",
                       {{"store", first.store}, {"what", what}, {"bytes", first.payload.size()}});
        else
            parts_.metrics
                .counter("aisle_hq_down_sent_total", "Messages sent to stores", {{"what", what}})
                .add();
        bytes_ -= first.payload.size();
        messages_.pop_front();
    }
}

void DownlinkPost::forget() {
    self_ = std::make_shared<DownlinkPost*>(this);
    turns_.clear();
    messages_.clear();
    bytes_ = 0;
    writing_ = 0;
    again_.cancel();
    flush_again_.cancel();
}

}  // namespace aisle::hq
