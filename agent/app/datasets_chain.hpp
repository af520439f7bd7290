#pragma once

#include <array>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "agent/conditions/facts.hpp"
#include "agent/offers/campaign_set.hpp"
#include "sync/wire/dataset.hpp"

namespace aisle::app {

// What the chain's datasets say besides members and products: stock, calendar, weather. Any number
// of rows; a decision pays only for those that its campaigns ask about. Loop thread only.
class ChainFacts {
public:
    void set(wire::Dataset name, const FactRow& row);
    // By the dataset's own key: a sku, or the fact's key and its start.
    void gone(wire::Dataset name, std::string_view key);
    // Rows of this dataset are unknown from `until` on, whatever they say themselves.
    void holds_until(wire::Dataset name, WallTime until);
    // About once a second: which datasets are over, and whether that is new. A clock known to be
    // wrong ends nothing.
    bool look(const Stamp& now);

    // Adds what holds at `now` of the keys that the campaigns ask about. Facts that are there
    // already are replaced: the chain knows better than a file in the shop.
    void add_to(conditions::Facts& facts, const offers::CampaignSet& set, WallTime now) const;

    // Every row, whether it holds or not, of the keys that the campaigns ask about.
    template <typename Each>
    void each_asked(const offers::CampaignSet& set, Each each) const {
        for (const Facts* const rows : asked(set))
            for (const auto& [name, fact] : *rows) each(fact.row);
    }

    [[nodiscard]] bool over(wire::Dataset name) const {
        return over_.at(static_cast<std::size_t>(name));
    }

private:
    struct Fact {
        wire::Dataset name = wire::Dataset::Stock;
        FactRow row;
    };
    using Facts = std::map<std::string, Fact>;  // by the dataset's key, so starts ascend

    std::unordered_map<std::string, Facts> by_key_;  // of the fact
    std::array<std::optional<WallTime>, wire::kDatasets> until_;
    std::array<bool, wire::kDatasets> over_{};
    [[nodiscard]] const std::vector<const Facts*>& asked(const offers::CampaignSet& set) const;

    // Which facts the campaigns of this digest ask about; found again when the keys change.
    mutable std::string asked_by_;
    mutable std::vector<const Facts*> asked_;
};

}  // namespace aisle::app
