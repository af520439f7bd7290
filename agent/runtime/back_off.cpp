#include "agent/runtime/back_off.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

namespace aisle::runtime {

namespace {
constexpr int kDoublingsMax = 30;  // any sane cap is reached long before
}

BackOff::BackOff(BackOffLimits limits, RandomSource random)
    : limits_{limits}, random_{std::move(random)} {
    assert(limits_.base.count() > 0 && limits_.cap >= limits_.base && random_);
}

milliseconds BackOff::failed(MonoTime now) {
    if (connected_ && now - *connected_ >= limits_.stable) failures_ = 0;
    connected_.reset();

    milliseconds ceiling = limits_.base;
    for (int i = 0; i < failures_ && ceiling < limits_.cap; ++i) ceiling *= 2;
    ceiling = std::min(ceiling, limits_.cap);
    failures_ = std::min(failures_ + 1, kDoublingsMax);

    const auto choices = static_cast<std::uint64_t>(ceiling.count()) + 1;
    return milliseconds{static_cast<std::int64_t>(random_() % choices)};
}

}  // namespace aisle::runtime
