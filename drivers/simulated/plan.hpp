#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "agent/core/sale.hpp"
#include "drivers/simulated/chain.hpp"

// What happens in the shop that does not exist, worked out ahead: a pure function of its settings.
// A player that is killed and started again plays on, because nothing depends on what it did
// before.
namespace aisle::simulated {

struct PlanSettings {
    std::uint64_t seed = 1;
    std::string store = "s-0001";
    std::string source = "till";
    Date business_date{};
    WallTime start{};
    milliseconds length{120'000};
    milliseconds between_shoppers{3000};  // mean
    bool dirt = false;                    // half-written, doubled, late and corrected receipts
};

struct Stay {
    std::string zone;
    milliseconds from{};  // since the start
    milliseconds to{};
};

struct Shopper {
    int number = 0;
    milliseconds enters{};
    milliseconds leaves{};
    const Tag* tag = nullptr;  // what they push or carry, if it is heard
    int member = -1;
    std::vector<Stay> stays;
};

// How a receipt reaches the directory.
enum class Drop { Whole, HalfFirst, Twice };

struct Receipt {
    milliseconds rung{};     // when the till closed it
    milliseconds dropped{};  // when its file appears: later for a late one
    Sale sale;
    Drop drop = Drop::Whole;
};

// Shoppers point into the chain, so a plan is moved and never copied.
struct Plan {
    Plan() = default;
    Plan(Plan&&) = default;
    Plan& operator=(Plan&&) = default;

    PlanSettings settings;
    Chain chain;
    std::vector<Shopper> shoppers;
    std::vector<Receipt> receipts;  // by `dropped`

    struct Doors {
        int in = 0;
        int out = 0;
    };
    // Who has gone in and out up to and with this instant.
    [[nodiscard]] Doors doors_at(milliseconds at) const;
};

Plan make_plan(const PlanSettings& settings);

// The id that the agent must give to a sale of this source, store, till, day and number (DESIGN
// section 6).
SaleId expected_sale_id(const Sale& sale);

}  // namespace aisle::simulated
