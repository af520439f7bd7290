#include <utility>

#include "agent/runtime/log.hpp"
#include "sync/uplink/store_uplink.hpp"

// What follows on a contradiction: a new epoch for all streams.
namespace aisle::uplink {
namespace {

constexpr milliseconds kTryAgain{1'000};

}  // namespace

// All lanes stand still at once: nothing must be deleted under numbers that are given out anew.
void StoreUplink::contradicted(Stream, const std::string& why) {
    if (std::exchange(epoch_ending_, true)) return;
    ++epoch_turn_;
    for (auto& lane : lanes_) lane->halt();
    epoch_why_ = why;
    const milliseconds wait = epoch_limit_.wait(now().mono);
    if (wait.count() > 0)
        log::error("uplink.epoch_waits", {{"why", why}, {"wait_ms", wait.count()}});
    // Posted even where it need not wait: a lane is still in the middle of an answer.
    epoch_wait_ = parts_.executor.after(wait, [this] { begin_epoch(); });
    finish_flush();
}

void StoreUplink::begin_epoch() {
    parts_.outbox.begin_epoch(
        epoch_why_, [self = std::weak_ptr{self_}](const Result<std::string>& epoch) {
            const auto uplink = self.lock();
            if (!uplink) return;
            StoreUplink& me = **uplink;
            if (epoch) return me.epoch_begun(*epoch);
            log::error("uplink.epoch_failed", {{"why", epoch.error().detail}});
            me.epoch_wait_ = me.parts_.executor.after(kTryAgain, [&me] { me.begin_epoch(); });
        });
}

// As the outbox keeps them too, for the next start.
void StoreUplink::keep_marks() {
    wire::EndedEpoch ended{.epoch = settings_.epoch, .marks = {}};
    for (const auto& lane : lanes_)
        if (wire::EndedMark mark = lane->mark(); mark.next > 1)
            ended.marks.push_back(std::move(mark));
    if (ended.marks.empty()) return;
    settings_.ended.insert(settings_.ended.begin(), std::move(ended));
    if (settings_.ended.size() > wire::kEndedEpochsMax) settings_.ended.pop_back();
}

void StoreUplink::epoch_begun(const std::string& epoch) {
    log::error("uplink.new_epoch",
               {{"epoch", epoch}, {"before", settings_.epoch}, {"why", epoch_why_}});
    epochs_.add();
    epoch_limit_.begun(now().mono);
    keep_marks();
    settings_.epoch = epoch;
    epoch_ending_ = false;
    for (auto& lane : lanes_) lane->renew();
    parts_.transport.set_will(state_message(false));
    if (epoch_begun_) epoch_begun_(epoch, epoch_why_);
    known_ = false;  // the birth follows when the outbox has told where it stands now
    look();
}

}  // namespace aisle::uplink
