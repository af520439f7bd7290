#include "sync/uplink/fall_back.hpp"

#include <algorithm>

namespace aisle::uplink {
namespace {

constexpr int kAnswersOfAnEarlierClock = 5;
constexpr seconds kEarlierClockFor{60};

}  // namespace

FallBack::Verdict FallBack::refused(const wire::Ack& nack, MonoTime now) {
    const bool same =
        suspected_ && suspected_->next == nack.next && suspected_->check == nack.check;
    if (!same) {
        suspected_ = Suspicion{nack.next, nack.check, nack.now, now, 0};
        resent_ = false;
        return Verdict::Suspect;
    }
    const bool newer = nack.now > suspected_->told;
    suspected_->told = std::max(suspected_->told, nack.now);
    if (!resent_ || !newer) return Verdict::Stale;
    ++suspected_->answers;
    if (nack.now > acknowledged_) return Verdict::Confirmed;
    const bool lasting = suspected_->answers >= kAnswersOfAnEarlierClock &&
                         now - suspected_->since >= kEarlierClockFor;
    if (lasting) return Verdict::Confirmed;
    resent_ = false;
    return Verdict::Suspect;
}

void FallBack::acknowledged(const wire::Ack& ack) {
    if (suspected_ && ack.now > suspected_->told) suspected_.reset();
    acknowledged_ = std::max(acknowledged_, ack.now);
}

}  // namespace aisle::uplink
