#include "drivers/camera/blind_spell.hpp"

#include <utility>

namespace aisle::camera {
namespace {

milliseconds between(MonoTime from, MonoTime to) {
    return std::chrono::duration_cast<milliseconds>(to - from);
}

}  // namespace

milliseconds BlindSpell::silence(const Stamp& now) const { return between(last_seen_, now.mono); }

std::optional<BlindSpell::Span> BlindSpell::seen(const Stamp& now) {
    last_seen_ = now.mono;
    const milliseconds gap = between(std::exchange(told_, now.mono), now.mono);
    const bool was_blind = std::exchange(blind_, false);
    if (gap < kShortest && !was_blind) return std::nullopt;
    return Span{now.wall - gap, now.wall};
}

std::optional<BlindSpell::Span> BlindSpell::nothing(const Stamp& now) {
    const milliseconds gap = between(told_, now.mono);
    if (gap < kPiece) return std::nullopt;
    told_ = now.mono;
    blind_ = true;
    return Span{now.wall - gap, now.wall};
}

}  // namespace aisle::camera
