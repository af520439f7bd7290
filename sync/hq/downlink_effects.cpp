#include "sync/hq/downlink_effects.hpp"

#include <algorithm>
#include <iterator>

namespace aisle::hq {

void DownEffects::add(DownEffects more) {
    std::ranges::move(more.state, std::back_inserter(state));
    std::ranges::move(more.send, std::back_inserter(send));
}

bool Repeats::due(const std::string& key, MonoTime now) const {
    const auto found = items_.find(key);
    return found == items_.end() || found->second.next <= now;
}

void Repeats::said(const std::string& key, MonoTime now) {
    Item& item = items_[key];
    // 2^20 times any base is beyond any cap.
    const auto top = limits_.base * (std::int64_t{1} << std::min(item.times, 20));
    ++item.times;
    // Never sooner than half the base: a jitter of zero would double every message.
    item.next = now + std::max(limits_.base / 2, below(std::min<milliseconds>(top, limits_.cap)));
}

void Repeats::soon(const std::string& key, MonoTime now) {
    items_[key] = {.times = 0, .next = now + below(limits_.base)};
}

int Repeats::times(const std::string& key) const {
    const auto found = items_.find(key);
    return found == items_.end() ? 0 : found->second.times;
}

milliseconds Repeats::below(milliseconds top) {
    return milliseconds{
        static_cast<std::int64_t>(random_() % static_cast<std::uint64_t>(top.count() + 1))};
}

}  // namespace aisle::hq
