#pragma once

#include <deque>
#include <map>
#include <string>
#include <vector>

#include "agent/core/error.hpp"
#include "agent/offers/stored_context.hpp"

// What another set of campaigns would have made of the decisions that were made: in offers and in
// money. Limits are run forward in the order of the decisions, as far as can be known:
// - A campaign that stands in both sets word for word is refused, and has money left, where and as
//   it was then.
// - A campaign that is new or changed has its own limits counted from nothing: re-arming, caps,
//   cool-down, one live offer at a time, redemptions, budget. Each of its offers costs all that it
//   can be worth, and a basket that was not asked about again has been paid.
// - People come, buy and answer as they did. Guardrails, bounds of the agent and leases of new
//   campaigns are left out.
namespace aisle::offers {

struct DraftSide {
    std::int64_t offers = 0;    // shown
    std::int64_t withheld = 0;  // ghosts
    Money value;                // of those shown: the most that they can be worth
};

struct DraftChange {
    enum class Kind { Same, Changed, New, Gone };
    Kind kind = Kind::Same;
    DraftSide before;
    DraftSide after;
    std::int64_t won = 0;       // decisions in which it is shown now and was not
    std::int64_t lost = 0;      // the other way round
    std::int64_t revalued = 0;  // shown in both, worth something else
};
std::string_view to_text(DraftChange::Kind kind);  // same, changed, new, gone

class DraftDiff {
public:
    // `draft` outlives it.
    explicit DraftDiff(const CampaignSet& draft);

    // Decisions in the order in which they were made, each once. `then` is the set that this one
    // was made with; it need not outlive the call. Malformed: its context cannot be read.
    Status take(const CampaignSet& then, const Decision& stored);

    // Every campaign that is in the draft or was shown; in order of id.
    [[nodiscard]] const std::map<CampaignId, DraftChange>& campaigns() const { return changes_; }
    [[nodiscard]] std::int64_t decisions() const { return decisions_; }
    [[nodiscard]] std::int64_t changed() const { return changed_; }  // some offer is another

private:
    struct Grant {
        CampaignId campaign;
        Stamp at;
        Money value;
        bool ghost = false;
        std::string basket;
    };
    struct Book {
        Money spent;
        std::int64_t offers = 0;
    };
    class DraftLedger;

    void know(const CampaignSet& then);
    void free_basket(const std::string& key);
    void compare(const CampaignSet& then, const Decided& before, const Decided& after);
    void book(const Ask& ask, const Decided& after);

    const CampaignSet& draft_;
    std::map<CampaignId, std::string> lines_;   // of the draft
    std::string then_;                          // digest of the set that `same_` was made for
    std::map<CampaignId, std::uint32_t> same_;  // in both, word for word: its place in that set
    std::map<std::string, std::deque<Grant>> grants_;  // by subject
    std::map<std::string, std::string> baskets_;       // who was asked about it
    std::map<CampaignId, Book> books_;
    std::map<CampaignId, DraftChange> changes_;
    std::int64_t decisions_ = 0;
    std::int64_t changed_ = 0;
};

}  // namespace aisle::offers
