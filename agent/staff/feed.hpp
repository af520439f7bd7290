#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agent/core/offer.hpp"

// The live offers and the last changes, by revision, so that a page that was away is told what it
// missed. Pure: `now` is an argument. Of a decision it holds why not (at most eight); the rest no
// page is shown.
namespace aisle::staff {

// One step of the feed. `live` says what the page must do: show the card as it is now, or take it
// away.
struct FeedChange {
    std::int64_t rev = 0;
    OfferId offer;
    bool live = true;
    OfferState state = OfferState::Offered;  // for a card that went: what became of it
    std::string by;
    bool crowded = false;  // it went to make room, nothing became of it
};

class Feed {
public:
    struct Limits {
        std::size_t cards_max;
        std::size_t ring_max;
    };
    // `epoch` names this run of the program: revisions of another run mean nothing here.
    Feed(std::string epoch, Limits limits);

    // What the pages are to be told, in order: nothing for ghosts and for revisions that are older
    // than the known one, two changes where another card had to make room.
    std::vector<FeedChange> put(const Offer& offer, const Stamp& now);
    // Forgets all changes: every page needs a snapshot afterwards. Beyond the bound the first are
    // kept.
    void reset(const std::vector<Offer>& live, const Stamp& now);

    // Changes after `since` ("EPOCH.REV"), at most one an offer; nothing if only a snapshot can
    // help.
    [[nodiscard]] std::optional<std::vector<FeedChange>> changes_since(
        std::string_view since) const;
    // Cards whose time has not run out, by the time they were made.
    [[nodiscard]] std::vector<const Offer*> live(const Stamp& now) const;
    [[nodiscard]] const Offer* find(const OfferId& id) const;
    [[nodiscard]] std::size_t size() const { return live_.size(); }
    [[nodiscard]] std::int64_t rev() const { return rev_; }
    [[nodiscard]] const std::string& epoch() const { return epoch_; }

private:
    FeedChange note(FeedChange change);
    std::optional<FeedChange> make_room(const Stamp& now);

    std::string epoch_;
    Limits limits_;
    std::int64_t rev_ = 0;
    std::int64_t forgotten_ = 0;  // changes up to this revision are no longer in the ring
    std::deque<FeedChange> ring_;
    std::map<OfferId, Offer> live_;
};

}  // namespace aisle::staff
