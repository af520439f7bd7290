#include "agent/offers/pieces.hpp"

#include <algorithm>
#include <array>
#include <cassert>

namespace aisle::offers {
namespace {

__extension__ using Wide = __int128;  // an amount by a number of pieces needs 128 bits

// A line as so many equal pieces.
struct Heap {
    std::size_t line = 0;
    std::int64_t pieces = 0;
    Money left;

    [[nodiscard]] Money worth_of(std::int64_t taken) const {
        const Wide product = static_cast<Wide>(left.minor()) * taken;
        return Money::minor(static_cast<std::int64_t>(product / pieces));
    }
};

bool dearer(const Heap& a, const Heap& b) {
    return static_cast<Wide>(a.left.minor()) * b.pieces >
           static_cast<Wide>(b.left.minor()) * a.pieces;
}

// Stable, so that equal pieces stay in the order of their lines' content.
std::vector<Heap> heaps_of(const Bill& bill, std::span<const std::size_t> lines) {
    std::vector<Heap> heaps;
    for (const std::size_t i : lines)
        if (const std::int64_t pieces = pieces_of(bill.lines[i]); pieces > 0)
            heaps.push_back({.line = i, .pieces = pieces, .left = bill.left[i]});
    return heaps;
}

std::int64_t count(std::span<const Heap> heaps) {
    std::int64_t pieces = 0;
    for (const Heap& heap : heaps) pieces += heap.pieces;
    return pieces;
}

Money sum(std::span<const Part> parts) {
    Money all;
    for (const Part& part : parts) all += part.worth;
    return all;
}

void capped(Cut& cut, const std::optional<Money>& max) {
    if (max) cut.off = std::min(cut.off, *max);
}

// Adds the pieces of one counting (all lines, or those of one SKU) that are reduced.
void reduce(const NthItem& action, std::vector<Heap> heaps, std::vector<Part>& parts) {
    std::int64_t rest = count(heaps) / action.n;
    if (action.times) rest = std::min(rest, *action.times);
    const bool ranked = action.pick == NthItem::Pick::Ranked;
    std::ranges::stable_sort(
        heaps, [&](const Heap& a, const Heap& b) { return ranked ? dearer(a, b) : dearer(b, a); });
    std::int64_t before = 0;
    for (const Heap& heap : heaps) {
        const std::int64_t after = before + heap.pieces;
        const std::int64_t due = ranked ? after / action.n - before / action.n : heap.pieces;
        const std::int64_t taken = std::min(due, rest);
        before = after;
        rest -= taken;
        if (taken > 0) parts.push_back({.line = heap.line, .worth = heap.worth_of(taken)});
    }
}

// The pieces of so many bundles, the dearest that can be used together. Which parts a line can
// fill is a set of bits; pieces fit together while, for every set of parts, those that fit nowhere
// else are no more than its places (Hall's theorem), so that nothing has to be matched one by one.
class Bundles {
public:
    Bundles(const BundlePrice& action, const Bill& bill, std::vector<Heap> heaps);

    [[nodiscard]] std::int64_t most() const;
    [[nodiscard]] std::vector<Part> parts(std::int64_t bundles) const;

private:
    static constexpr std::size_t kSets = std::size_t{1} << kBundlePartsMax;

    std::vector<Heap> heaps_;
    std::vector<std::size_t> fits_;             // by heap: the parts that it can fill, as bits
    std::array<std::int64_t, kSets> places_{};  // of one bundle, by set of parts
    std::size_t all_ = 0;
};

Bundles::Bundles(const BundlePrice& action, const Bill& bill, std::vector<Heap> heaps)
    : heaps_{std::move(heaps)}, all_{(std::size_t{1} << action.parts.size()) - 1} {
    assert(!action.parts.empty() && action.parts.size() <= kBundlePartsMax);
    std::ranges::stable_sort(heaps_, dearer);
    for (const Heap& heap : heaps_) {
        std::size_t fits = 0;
        for (std::size_t p = 0; p < action.parts.size(); ++p)
            if (in_scope(action.parts[p].scope, bill.lines[heap.line])) fits |= std::size_t{1} << p;
        fits_.push_back(fits);
    }
    for (std::size_t set = 1; set <= all_; ++set)
        for (std::size_t p = 0; p < action.parts.size(); ++p)
            if (set >> p & 1U) places_.at(set) += action.parts[p].n;
}

std::int64_t Bundles::most() const {
    std::int64_t most = INT64_MAX;
    for (std::size_t set = 1; set <= all_; ++set) {
        std::int64_t supply = 0;
        for (std::size_t i = 0; i < heaps_.size(); ++i)
            if (fits_[i] & set) supply += heaps_[i].pieces;
        most = std::min(most, supply / places_.at(set));
    }
    return most;
}

std::vector<Part> Bundles::parts(std::int64_t bundles) const {
    std::array<std::int64_t, kSets> room{};
    for (std::size_t set = 1; set <= all_; ++set) room.at(set) = places_.at(set) * bundles;
    std::vector<Part> parts;
    for (std::size_t i = 0; i < heaps_.size(); ++i) {
        std::int64_t taken = fits_[i] == 0 ? 0 : heaps_[i].pieces;
        for (std::size_t set = 1; set <= all_; ++set)
            if ((fits_[i] & ~set) == 0) taken = std::min(taken, room.at(set));
        if (taken == 0) continue;
        for (std::size_t set = 1; set <= all_; ++set)
            if ((fits_[i] & ~set) == 0) room.at(set) -= taken;
        parts.push_back({.line = heaps_[i].line, .worth = heaps_[i].worth_of(taken)});
    }
    return parts;
}

}  // namespace

std::int64_t pieces_of(const BasketLine& line) {
    return line.qty_milli > 0 && line.qty_milli % 1'000 == 0 ? line.qty_milli / 1'000 : 0;
}

std::optional<Cut> cut(const NthItem& action, const Bill& bill,
                       std::span<const std::size_t> lines) {
    const std::vector<Heap> heaps = heaps_of(bill, lines);
    Cut made;
    if (!action.each_sku) {
        reduce(action, heaps, made.parts);
    } else {
        // Lines of one SKU stand together in the order of their content.
        for (auto from = heaps.begin(); from != heaps.end();) {
            const std::string& sku = bill.lines[from->line].sku;
            const auto to = std::find_if(
                from, heaps.end(), [&](const Heap& h) { return bill.lines[h.line].sku != sku; });
            reduce(action, {from, to}, made.parts);
            from = to;
        }
    }
    if (made.parts.empty()) return std::nullopt;
    made.off = percent_of(sum(made.parts), action.share);
    capped(made, action.max);
    return made;
}

std::optional<Cut> cut(const BundlePrice& action, const Bill& bill,
                       std::span<const std::size_t> lines) {
    const Bundles bundles{action, bill, heaps_of(bill, lines)};
    std::int64_t most = bundles.most();
    if (most == 0) return std::nullopt;
    if (action.times) most = std::min(most, *action.times);
    // One bundle more is worth no more than the one before it: the last that still saves something
    // is found by halving.
    const auto worth = [&](std::int64_t n) { return sum(bundles.parts(n)); };
    std::int64_t good = 0, bad = most + 1;
    while (bad - good > 1) {
        const std::int64_t n = good + (bad - good) / 2;
        (worth(n) - worth(n - 1) > action.price ? good : bad) = n;
    }
    Cut made{.off = {}, .parts = bundles.parts(good)};
    made.off = std::max(sum(made.parts) - action.price * good, Money{});
    capped(made, action.max);
    return made;
}

std::optional<Cut> cut(const FixedPrice& action, const Bill& bill,
                       std::span<const std::size_t> lines) {
    Cut made;
    const auto add = [&](std::size_t line, Money saving) {
        made.parts.push_back({.line = line, .worth = saving});
        made.off += saving;
    };
    if (action.pieces) {
        std::vector<Heap> heaps = heaps_of(bill, lines);
        if (heaps.empty()) return std::nullopt;
        std::ranges::stable_sort(heaps, dearer);
        std::int64_t rest = *action.pieces;
        for (const Heap& heap : heaps) {
            const std::int64_t taken = std::min(heap.pieces, rest);
            if (taken == 0) break;
            rest -= taken;
            const Wide costs = static_cast<Wide>(action.price.minor()) * taken;
            if (const Money worth = heap.worth_of(taken); costs < worth.minor())
                add(heap.line, worth - Money::minor(static_cast<std::int64_t>(costs)));
        }
    } else {
        for (const std::size_t i : lines) {
            const Wide costs = static_cast<Wide>(action.price.minor()) * bill.lines[i].qty_milli;
            const Wide due = (costs + 500) / 1'000;
            if (due < bill.left[i].minor())
                add(i, bill.left[i] - Money::minor(static_cast<std::int64_t>(due)));
        }
    }
    capped(made, action.max);
    return made;
}

}  // namespace aisle::offers
