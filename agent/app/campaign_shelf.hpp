#pragma once

#include <map>
#include <span>
#include <string>

#include "agent/app/pipeline.hpp"
#include "agent/offers/campaign_set.hpp"

namespace aisle::app {

// Keeps every set of campaigns that a kept decision refers to, by its digest, so that yesterday's
// decisions can be made again with yesterday's campaigns. A set is put on the shelf in the very
// transaction of its first decision, and taken off when its last decision is older than `keep`;
// beyond kSetsKept the one that was used longest ago goes, counted. Loop thread only.
class CampaignShelf {
public:
    // A decision with this set is in the turn's batch.
    void used(Turn& turn, const offers::CampaignSet& set);
    // The retention of class `offers`.
    void keep(std::chrono::days days) { keep_ = days; }
    // Rows of room kShelfRoom; one that cannot be read counts as used now.
    void restore(std::span<const StateChange> rows);

    [[nodiscard]] std::size_t size() const { return sets_.size(); }
    [[nodiscard]] std::int64_t dropped() const { return dropped_; }  // for want of room

private:
    void write(Turn& turn, const std::string& digest, WallTime last);
    void drop(Turn& turn, const std::string& digest);
    void make_room(Turn& turn);

    std::map<std::string, WallTime> sets_;  // when the last decision was made, to the day
    std::chrono::days keep_{400};
    std::int64_t dropped_ = 0;
};

inline constexpr std::size_t kSetsKept = 400;
inline constexpr std::string_view kShelfRoom = "campaign_sets";           // digest: last use
inline constexpr std::string_view kShelfTextRoom = "campaign_set_texts";  // digest: its text

}  // namespace aisle::app
