#include "sync/hq/credit.hpp"

#include <algorithm>

namespace aisle::hq {
namespace {

constexpr std::size_t kBehind = 128;  // batches that wait: an eighth of the queue
constexpr seconds kSenderFor{10};     // a store counts as sending for so long
constexpr std::size_t kSendersMax = 100'000;
constexpr milliseconds kMeasure{500};   // the rate is taken over at least so long
constexpr std::int64_t kLeast = 4'096;  // nobody starves

}  // namespace

void Credit::arrived(const std::string& store, MonoTime now) {
    if (senders_.size() < kSendersMax || senders_.contains(store)) senders_[store] = now;
}

void Credit::committed(std::int64_t bytes, MonoTime now) {
    bytes_ += bytes;
    if (measured_ == MonoTime{}) measured_ = now;
    const auto took = now - measured_;
    if (took < kMeasure) return;
    const std::int64_t rate = bytes_ * 1'000'000 / took.count();
    rate_ = rate_ == 0 ? rate : (3 * rate_ + rate) / 4;
    bytes_ = 0;
    measured_ = now;
}

// What HQ manages, a tenth less so that the queue gets shorter.
std::int64_t Credit::share(std::size_t waiting, MonoTime now) {
    if (ceiling_ == 0 || waiting < kBehind) return 0;
    forget(now);
    const std::int64_t total = rate_ == 0 ? ceiling_ : std::min(ceiling_, rate_ / 10 * 9);
    const auto stores = static_cast<std::int64_t>(std::max<std::size_t>(senders_.size(), 1));
    return std::max(total / stores, kLeast);
}

void Credit::forget(MonoTime now) {
    if (now - looked_ < seconds{1}) return;
    looked_ = now;
    std::erase_if(senders_, [&](const auto& sender) { return now - sender.second > kSenderFor; });
}

}  // namespace aisle::hq
