#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "agent/offers/ask.hpp"
#include "agent/offers/campaign_set.hpp"
#include "tests/kit/builders.hpp"

// Random campaigns of every action and random baskets: what tills may come with, and worse.
namespace aisle::offers {

using Random = std::mt19937_64;

inline std::int64_t pick(Random& random, std::int64_t from, std::int64_t to) {
    return from + static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(to - from + 1));
}
inline bool one_in(Random& random, std::int64_t n) { return pick(random, 1, n) == 1; }

inline constexpr int kSkus = 8;
inline std::string sku(std::int64_t i) { return "S" + std::to_string(i); }
inline std::string category_of(std::int64_t i) { return "C" + std::to_string(i % 3); }

inline std::string random_scope(Random& random) {
    switch (pick(random, 0, 3)) {
        case 0:
            return R"({"cat": ["C)" + std::to_string(pick(random, 0, 2)) + R"("]})";
        case 1:
            return R"({"sku": ["S)" + std::to_string(pick(random, 0, 3)) + R"(", "S)" +
                   std::to_string(pick(random, 4, kSkus - 1)) + R"("]})";
        case 2:
            return R"({"cat": ["C0"], "sku": ["S1", "S2"]})";
        default:
            return "{}";
    }
}

inline std::string field(const std::string& name, std::int64_t value) {
    return R"(, ")" + name + R"(": )" + std::to_string(value);
}
inline std::string maybe(Random& random, const std::string& name, std::int64_t from,
                         std::int64_t to) {
    return one_in(random, 3) ? field(name, pick(random, from, to)) : "";
}

inline std::string random_parts(Random& random) {
    std::string parts = R"(, "parts": [)";
    const std::int64_t n = pick(random, 1, 3);
    for (std::int64_t i = 0; i < n; ++i)
        parts += (i ? ", " : "") + std::string{R"({"scope": )"} + random_scope(random) +
                 field("n", pick(random, 1, 3)) + "}";
    return parts + "]";
}

inline std::string random_action(Random& random) {
    const std::int64_t save = pick(random, 1, 3'000), spend = save + pick(random, 0, 9'000);
    const std::string in = R"(, "scope": )" + random_scope(random);
    const std::string bp = field("bp", one_in(random, 5) ? 10'000 : pick(random, 1, 9'999));
    switch (pick(random, 0, 12)) {
        case 0:
            return R"("spend_tiers", "tiers": [[)" + std::to_string(spend) + ", " +
                   std::to_string(save) + "], [" + std::to_string(spend + 5'000) + ", " +
                   std::to_string(save + 700) + "]]" + in;
        case 1:
            return R"("every_x_save_y")" + field("every", spend) + field("save", save) + in +
                   maybe(random, "max", 1, 5'000);
        case 2:
        case 3:
            return R"("pct_off")" + bp + in + maybe(random, "max", 1, 5'000);
        case 4:
            return R"("fixed_off")" + field("off", save) + in +
                   maybe(random, "min_spend", 1, 9'000);
        case 5:
            return R"("fixed_price")" + field("price", pick(random, 0, 2'000)) + in +
                   maybe(random, "pieces", 1, 9) + maybe(random, "max", 1, 5'000);
        case 6:
        case 7:
            return R"("nth_item_pct")" + field("n", pick(random, 2, 4)) + bp + in +
                   (one_in(random, 2) ? R"(, "pick": "ranked")" : "") +
                   (one_in(random, 2) ? R"(, "each": "sku")" : "") + maybe(random, "times", 1, 4) +
                   maybe(random, "max", 1, 5'000);
        case 8:
            return R"("bundle_price")" + field("price", pick(random, 0, 4'000)) +
                   random_parts(random) + maybe(random, "times", 1, 4) +
                   maybe(random, "max", 1, 5'000);
        case 9:
            return R"("gift", "sku": "MUG")" + in + maybe(random, "min_spend", 1, 9'000);
        case 10:
            return R"("gift_choice", "skus": ["MUG", "CUP"])" + in;
        case 11:
            return R"("points_multiplier")" + field("bp", pick(random, 10'001, 50'000)) +
                   field("per", pick(random, 1, 200)) + in + maybe(random, "max_points", 1, 500);
        default:
            return R"("message")";
    }
}

// Names `with` and exclusive ones now and then; a coupon sometimes.
inline std::string random_stack(Random& random, const std::string& action) {
    std::string stack = field("priority", pick(random, -2, 5)).substr(2) +
                        field("max_per_order", pick(random, 1, 9));
    const bool settled = action.starts_with("\"points") || action.starts_with("\"message");
    if (!settled && one_in(random, 3)) stack += R"(, "group": "item")";
    if (!settled && one_in(random, 6)) stack += R"(, "group": "coupon")";
    if (one_in(random, 8))
        stack += R"(, "exclusive": true)";
    else if (one_in(random, 5))
        stack += R"(, "exclusive": "one")";
    if (one_in(random, 8)) stack += R"(, "with": ["points", "item"])";
    return stack;
}

inline std::string random_campaign(Random& random, int n) {
    const std::string action = random_action(random);
    std::string stack = random_stack(random, action);
    if (const auto twice = stack.find(R"(, "group": "item", "group")"); twice != std::string::npos)
        stack.erase(twice, std::string_view{R"(, "group": "item")"}.size());
    return R"({"schema": 1, "id": "c-)" + std::to_string(n) +
           R"(", "trigger": {"type": "basket"}, "experiment": {"holdout": 0}, "action": {"type": )" +
           action + R"(}, "stack": {)" + stack + "}" +
           (one_in(random, 2) ? R"(, "returns": "recheck")" : "") + "}";
}

// The same campaigns from files in two orders.
struct CampaignPair {
    std::shared_ptr<const CampaignSet> set;
    std::shared_ptr<const CampaignSet> shuffled;
};

inline std::shared_ptr<const CampaignSet> loaded(const std::vector<CampaignFile>& files) {
    static const kit::FixedZone kZone;
    auto made = CampaignSet::load(files, {.store = &kZone});
    if (made) return std::make_shared<const CampaignSet>(std::move(*made));
    std::fprintf(stderr, "%s\n", to_text(made.error().front()).c_str());
    return nullptr;
}

inline CampaignPair random_campaigns(Random& random) {
    std::vector<CampaignFile> files;
    for (int n = static_cast<int>(pick(random, 1, 8)); n > 0; --n)
        files.push_back({.name = std::to_string(n), .text = random_campaign(random, n)});
    CampaignPair pair{.set = loaded(files), .shuffled = nullptr};
    std::ranges::shuffle(files, random);
    pair.shuffled = loaded(files);
    return pair;
}

inline std::int64_t random_quantity(Random& random) {
    if (one_in(random, 6)) return pick(random, 1, 5'000);  // weighed
    if (one_in(random, 40)) return pick(random, 1'000, 6'000) * 1'000;
    return pick(random, 1, 5) * 1'000;
}

inline BasketLine random_line(Random& random, int n) {
    const std::int64_t article = pick(random, 0, kSkus - 1);
    BasketLine line{.n = n,
                    .sku = sku(article),
                    .category = category_of(article),
                    .brand = {},
                    .qty_milli = random_quantity(random)};
    const std::int64_t unit = one_in(random, 12) ? 0 : pick(random, 1, 3'000);
    // A till that prices by the piece; now and then by the line.
    line.gross = Money::minor(line.qty_milli % 1'000 == 0 && !one_in(random, 5)
                                  ? unit * (line.qty_milli / 1'000)
                                  : unit * 3 + pick(random, 0, 9));
    if (one_in(random, 4)) line.discount = Money::minor(line.gross.minor() / pick(random, 1, 5));
    if (one_in(random, 25)) line.gross = -line.gross, line.discount = -line.discount;
    return line;
}

inline Basket random_basket(Random& random) {
    Basket basket{.key = "b", .till = TillId{"1"}, .member = MemberKey{"ada"}, .lines = {}};
    const int lines =
        static_cast<int>(one_in(random, 20) ? pick(random, 20, 60) : pick(random, 1, 9));
    for (int n = 1; n <= lines; ++n) {
        if (n > 1 && one_in(random, 6)) {  // the same once more, on a line of its own
            basket.lines.push_back(basket.lines.back());
            basket.lines.back().n = n;
        } else {
            basket.lines.push_back(random_line(random, n));
        }
    }
    return basket;
}

}  // namespace aisle::offers
