#pragma once

#include <map>
#include <optional>
#include <set>

#include "agent/offers/pricing.hpp"

// Pricing once more, slowly and otherwise: pieces are laid out one by one, tiers are walked,
// bundles are tried out. Nothing where the basket is too large for that.
namespace aisle::offers {

class Oracle {
public:
    Oracle(const Action& action, const Bill& bill) : action_{action}, bill_{bill} {}

    // What comes off; nothing: not to be worked out this way.
    [[nodiscard]] std::optional<std::int64_t> off() const {
        return std::visit([&](const auto& one) { return off(one); }, action_);
    }

private:
    static constexpr std::size_t kPiecesMax = 40;
    static constexpr std::size_t kBundlePiecesMax = 8;

    struct Piece {
        std::size_t line;
        std::int64_t left;   // of its line
        std::int64_t count;  // of its line
    };

    [[nodiscard]] bool in(const Scope& scope, std::size_t i) const {
        const BasketLine& line = bill_.lines[i];
        if (bill_.left[i].minor() <= 0) return false;
        if (scope.categories.empty() && scope.skus.empty()) return true;
        bool found = false;
        for (const auto& word : scope.categories) found = found || word == line.category;
        for (const auto& word : scope.skus) found = found || word == line.sku;
        return found;
    }
    [[nodiscard]] std::int64_t spend(const Scope& scope) const {
        std::int64_t sum = 0;
        for (std::size_t i = 0; i < bill_.lines.size(); ++i)
            if (in(scope, i)) sum += bill_.left[i].minor();
        return sum;
    }
    static std::int64_t capped(std::int64_t off, const std::optional<Money>& max) {
        return max ? std::min(off, max->minor()) : off;
    }
    static std::int64_t percent(std::int64_t amount, BasisPoints share) {
        return (amount * share.value + 5'000) / 10'000;
    }

    using Off = std::optional<std::int64_t>;
    [[nodiscard]] Off off(const SpendTiers& a) const {
        std::int64_t save = 0;
        const std::int64_t spent = spend(a.scope);
        for (const Tier& tier : a.tiers)
            if (spent >= tier.spend.minor()) save = tier.save.minor();
        return std::min({save, a.max.minor(), spent});
    }
    [[nodiscard]] Off off(const EverySave& a) const {
        std::int64_t rest = spend(a.scope), save = 0;
        if (rest / a.every.minor() > 100'000) return std::nullopt;
        for (; rest >= a.every.minor(); rest -= a.every.minor()) save += a.save.minor();
        return capped(save, a.max);
    }
    [[nodiscard]] Off off(const PercentOff& a) const {
        return capped(percent(spend(a.scope), a.share), a.max);
    }
    [[nodiscard]] Off off(const FixedOff& a) const {
        const std::int64_t spent = spend(a.scope);
        return spent < a.min_spend.minor() ? 0 : std::min(spent, a.amount.minor());
    }
    [[nodiscard]] std::optional<std::vector<Piece>> pieces(const Scope& scope,
                                                           std::size_t most) const {
        std::vector<Piece> all;
        for (std::size_t i = 0; i < bill_.lines.size(); ++i) {
            const std::int64_t milli = bill_.lines[i].qty_milli;
            if (!in(scope, i) || milli % 1'000 != 0) continue;
            if (milli / 1'000 + static_cast<std::int64_t>(all.size()) >
                static_cast<std::int64_t>(most))
                return std::nullopt;
            for (std::int64_t k = 0; k < milli / 1'000; ++k)
                all.push_back({i, bill_.left[i].minor(), milli / 1'000});
        }
        return all;
    }
    static bool cheaper(const Piece& a, const Piece& b) {
        return a.left * b.count < b.left * a.count;
    }
    // What so many pieces of each line are worth.
    static std::int64_t worth(const std::vector<Piece>& taken) {
        std::map<std::size_t, std::pair<std::int64_t, Piece>> lines;
        for (const Piece& one : taken) ++lines.try_emplace(one.line, 0, one).first->second.first;
        std::int64_t sum = 0;
        for (const auto& [line, of] : lines)
            sum += static_cast<std::int64_t>(static_cast<Wide>(of.second.left) * of.first /
                                             of.second.count);
        return sum;
    }
    [[nodiscard]] Off off(const NthItem& a) const {
        const auto all = pieces(a.scope, kPiecesMax);
        if (!all) return std::nullopt;
        std::map<std::string, std::vector<Piece>> heaps;
        for (const Piece& one : *all)
            heaps[a.each_sku ? bill_.lines[one.line].sku : std::string{}].push_back(one);
        std::vector<Piece> reduced;
        for (auto& [name, heap] : heaps) {
            // Pieces that are worth the same may lie on lines with other rounding: leave those out.
            if (ambiguous(heap)) return std::nullopt;
            std::ranges::stable_sort(heap, cheaper);
            std::size_t times = heap.size() / static_cast<std::size_t>(a.n);
            if (a.times) times = std::min(times, static_cast<std::size_t>(*a.times));
            for (std::size_t k = 0; k < times; ++k)
                reduced.push_back(
                    a.pick == NthItem::Pick::Cheapest
                        ? heap[k]
                        : heap[heap.size() - (k + 1) * static_cast<std::size_t>(a.n)]);
        }
        return capped(percent(worth(reduced), a.share), a.max);
    }
    static bool ambiguous(const std::vector<Piece>& heap) {
        for (const Piece& a : heap)
            for (const Piece& b : heap)
                if (a.line != b.line && !cheaper(a, b) && !cheaper(b, a) && a.left % a.count != 0)
                    return true;
        return false;
    }
    [[nodiscard]] Off off(const FixedPrice& a) const {
        std::int64_t saved = 0;
        if (!a.pieces) {
            for (std::size_t i = 0; i < bill_.lines.size(); ++i) {
                if (!in(a.scope, i)) continue;
                const std::int64_t due = (a.price.minor() * bill_.lines[i].qty_milli + 500) / 1'000;
                saved += std::max<std::int64_t>(0, bill_.left[i].minor() - due);
            }
            return capped(saved, a.max);
        }
        auto all = pieces(a.scope, kPiecesMax);
        if (!all || ambiguous(*all)) return std::nullopt;
        std::ranges::stable_sort(*all,
                                 [](const Piece& x, const Piece& y) { return cheaper(y, x); });
        all->resize(std::min(all->size(), static_cast<std::size_t>(*a.pieces)));
        std::map<std::size_t, std::vector<Piece>> lines;
        for (const Piece& one : *all) lines[one.line].push_back(one);
        for (const auto& [line, taken] : lines)
            saved += std::max<std::int64_t>(
                0, worth(taken) - a.price.minor() * static_cast<std::int64_t>(taken.size()));
        return capped(saved, a.max);
    }

    // Every way to lay pieces into the places of so many bundles.
    struct Search {
        std::vector<Piece> pieces;
        std::vector<const Scope*> places;
        std::set<std::size_t> used;
        std::int64_t best = -1;
    };
    void fill(Search& search, std::size_t place, std::int64_t sum) const {
        if (place == search.places.size()) {
            search.best = std::max(search.best, sum);
            return;
        }
        for (std::size_t k = 0; k < search.pieces.size(); ++k) {
            const Piece& one = search.pieces[k];
            if (!in(*search.places[place], one.line) || !search.used.insert(k).second) continue;
            fill(search, place + 1, sum + one.left / one.count);
            search.used.erase(k);
        }
    }
    [[nodiscard]] Off off(const BundlePrice& a) const {
        const auto all = pieces(a.scope, kBundlePiecesMax);
        if (!all) return std::nullopt;
        for (const Piece& one : *all)
            if (one.left % one.count != 0) return std::nullopt;
        std::int64_t best = 0;
        Search search{.pieces = *all, .places = {}, .used = {}};
        for (std::int64_t n = 1; !a.times || n <= *a.times; ++n) {
            for (const BundlePart& part : a.parts)
                for (std::int64_t k = 0; k < part.n; ++k) search.places.push_back(&part.scope);
            if (search.places.size() > 6 && search.places.size() <= all->size())
                return std::nullopt;
            if (search.places.size() > all->size()) break;
            search.best = -1;
            fill(search, 0, 0);
            if (search.best < 0) break;
            best = std::max(best, search.best - n * a.price.minor());
        }
        return capped(best, a.max);
    }
    [[nodiscard]] Off off(const auto&) const { return 0; }

    __extension__ using Wide = __int128;
    const Action& action_;
    const Bill& bill_;
};

}  // namespace aisle::offers
