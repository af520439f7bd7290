#include "sync/hq/stream_rule.hpp"

#include <algorithm>

#include "sync/wire/line.hpp"

namespace aisle::hq {

Judgement judge(const StreamMark& mark, const wire::BatchHeader& header,
                std::span<const EventLine> lines) {
    if (header.last < mark.next) return {Verdict::AckAgain};
    if (header.first > mark.next) return {Verdict::Nack};
    if (header.first == mark.next) {
        const bool known = !header.prev.empty() || mark.next == 1;
        return {known && header.prev != mark.check ? Verdict::Fork : Verdict::Insert, 0};
    }
    const auto ours = std::ranges::find(lines, mark.next - 1, &EventLine::seq);
    if (ours == lines.end() || wire::check_of(ours->text) != mark.check) return {Verdict::Fork};
    return {Verdict::Insert, static_cast<std::size_t>(ours - lines.begin()) + 1};
}

}  // namespace aisle::hq
