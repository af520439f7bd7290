#include "agent/app/campaign_shelf.hpp"

#include <algorithm>
#include <vector>

#include "agent/runtime/log.hpp"

namespace aisle::app {
namespace {

constexpr std::chrono::hours kWritten{24};  // the last use is kept to the day: a row a day and set

}  // namespace

void CampaignShelf::used(Turn& turn, const offers::CampaignSet& set) {
    const WallTime now = turn.now.wall;
    const auto known = sets_.find(set.digest());
    if (known != sets_.end() && now < known->second + kWritten && now > known->second - kWritten)
        return;
    if (known == sets_.end())
        turn.batch.state.push_back({std::string{kShelfTextRoom}, set.digest(), set.text()});
    write(turn, set.digest(), now);
    make_room(turn);
}

void CampaignShelf::write(Turn& turn, const std::string& digest, WallTime last) {
    sets_[digest] = last;
    turn.batch.state.push_back({std::string{kShelfRoom}, digest, to_rfc3339(last)});
}

void CampaignShelf::drop(Turn& turn, const std::string& digest) {
    turn.batch.state.push_back({std::string{kShelfRoom}, digest, ""});
    turn.batch.state.push_back({std::string{kShelfTextRoom}, digest, ""});
    sets_.erase(digest);
}

// A day longer than the decisions: these go in slices, and their last use is known to the day.
void CampaignShelf::make_room(Turn& turn) {
    std::vector<std::string> over;
    for (const auto& [digest, last] : sets_)
        if (last + keep_ + 2 * kWritten < turn.now.wall) over.push_back(digest);
    for (const std::string& digest : over) drop(turn, digest);
    while (sets_.size() > kSetsKept) {
        const auto oldest = std::ranges::min_element(sets_, {}, [](const auto& set) {
            return std::pair{set.second, set.first};
        });
        log::warn("campaign_set_dropped", {{"set", oldest->first}});
        ++dropped_;
        drop(turn, std::string{oldest->first});
    }
}

void CampaignShelf::restore(std::span<const StateChange> rows) {
    for (const StateChange& row : rows)
        sets_[row.key] = parse_rfc3339(row.bytes).value_or(WallTime{});
}

}  // namespace aisle::app
