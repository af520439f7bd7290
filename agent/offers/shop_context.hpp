#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "agent/conditions/facts.hpp"
#include "agent/offers/campaign_set.hpp"

namespace aisle::offers {

// The shop's facts made ready for decisions: laid out for a set's conditions and written as the
// stored context has them. They change once in a while and there are many decisions in between.
// Immutable; a decision with it and one without it are the same, byte for byte.
class ShopContext {
public:
    // Set and facts must outlive it and stay as they are.
    ShopContext(const CampaignSet& set, const conditions::Facts& facts, WallTime now);

    // Whether it is about these, and no fact has begun or ended since it was made.
    [[nodiscard]] bool holds(const CampaignSet& set, const conditions::Facts* facts,
                             WallTime now) const;
    [[nodiscard]] const conditions::Bound& bound() const { return bound_; }
    // "ctx.weather":"rain","stock.SKU9":4 and the bits of those numbers that their text would lose;
    // nothing for a decision whose customer tells some of these facts otherwise.
    struct Text {
        std::string_view facts;
        std::string_view bits;
    };
    [[nodiscard]] std::optional<Text> text_beside(const conditions::Facts* customer) const;

private:
    const CampaignSet* set_;
    const conditions::Facts* told_;
    conditions::Bound bound_;
    WallTime made_;
    WallTime until_ = WallTime::max();
    std::string facts_;
    std::string bits_;
};

}  // namespace aisle::offers
