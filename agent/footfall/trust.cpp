#include "agent/footfall/trust.hpp"

#include "agent/footfall/books.hpp"
#include "agent/footfall/spread.hpp"

namespace aisle::footfall {
namespace {

std::int64_t whole_seconds_of(std::int64_t ms) { return (ms + 500) / 1000; }

}  // namespace

DoorTrust trust_of(const Books& books, const DoorId& door, WallTime now) {
    DoorTrust trust{.door = door, .accuracy_permille = books.accuracy_of(door)};
    const WallTime end = minute_of(now);
    std::int64_t blind_ms = 0;
    std::int64_t light_ms = 0;
    std::int64_t sum = 0;
    for (WallTime at = end - kTrustSpan; at < end; at += minutes{1}) {
        const auto found = books.cells().minutes.find({at, door});
        const bool known = found != books.cells().minutes.end();
        const MinuteCell cell = known ? found->second : MinuteCell{};
        blind_ms += cell.blind_ms;
        light_ms += cell.light_ms;
        trust.late_frames += cell.late_frames;
        sum += books.confidence_of(door, cell);
    }
    trust.blind_s = whole_seconds_of(blind_ms);
    trust.light_s = whole_seconds_of(light_ms);
    trust.confidence_permille = static_cast<std::int32_t>(sum / kTrustSpan.count());
    return trust;
}

}  // namespace aisle::footfall
