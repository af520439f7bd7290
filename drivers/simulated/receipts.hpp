#pragma once

#include <array>
#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "drivers/simulated/noise.hpp"
#include "drivers/simulated/plan.hpp"

namespace aisle::simulated {

// The tills: what they ring up, in their own numbering. Most receipts are plain sales; some are
// returns of earlier ones, cancelled, training or drawer openings, and some carry voided lines,
// weights, discounts or two tenders.
class Receipts {
public:
    Receipts(const PlanSettings& settings, Noise& noise) : settings_{settings}, noise_{noise} {}

    // All receipts that follow from one customer at a till; `seen` are the zones they have been to.
    // Called in the order of time. Numbers only tell a till's receipts apart: the plan gives the
    // final ones, and the ids, when it knows which are in it.
    std::vector<Receipt> ring_up(const Chain& chain, const std::set<std::string>& seen,
                                 milliseconds at, const std::string& member);

private:
    Sale blank(milliseconds at, std::size_t till);
    void fill(Sale& sale, const Chain& chain, const std::set<std::string>& seen);
    void add_line(Sale& sale, const Product& product);
    void add_void(Sale& sale);
    void take_money(Sale& sale);
    Sale give_back(const Sale& sold, milliseconds at, std::size_t till);
    Receipt receipt_of(Sale sale, milliseconds at);
    void dirty(std::vector<Receipt>& receipts);

    PlanSettings settings_;
    Noise& noise_;
    std::array<std::int64_t, 3> last_seq_{};
    std::vector<Sale> sold_;  // what may still be returned; at most 20
};

}  // namespace aisle::simulated
