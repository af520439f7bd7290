#pragma once

#include <map>
#include <string>
#include <vector>

#include "agent/offers/ask.hpp"

// That a shop which knows its customers does not treat them unfairly: what is personal and what
// stands beside it, and who got what (docs/offers.md, Fairness).
namespace aisle::offers {

// Trigger, audience or condition single people out.
inline bool is_personal(const Campaign& campaign) { return campaign.personal; }

// What could be offered, in the same context, to somebody of whom nothing is known: the first of
// the campaigns that passed all gates and single nobody out. Empty: there is none.
CampaignId alternative_to(const CampaignSet& set, const Decided& decided, const Win& win,
                          const Ledger& ledger);
// The chip that every personal offer carries: a campaign's id, or kNoAlternative.
inline constexpr std::string_view kAlternativeChip = "alternative";
inline constexpr std::string_view kNoAlternative = "none";

// What somebody should think about before a set runs: personal campaigns beside which there can
// never be an offer for everybody.
std::vector<CampaignFault> fairness_warnings(const CampaignSet& set);

// Who got what: offers by campaign, version and segment. A segment is what the offer itself says of
// its member (tier and life-cycle), so that no person can be told from it.
struct ShareKey {
    CampaignId campaign;
    std::int32_t version = 0;
    std::string segment;  // "gold/active", "-/-" for anonymous offers
    std::string lot;      // the arm whose price was drawn openly; else empty
    friend auto operator<=>(const ShareKey&, const ShareKey&) = default;
};
struct ShareFigures {
    std::int64_t offers = 0;
    Money value;  // of all of them
    Money least;
    Money most;
};

class Shares {
public:
    static constexpr std::size_t kMax = 10'000;  // rows; what comes beyond is only counted

    void add(const Offer& offer);
    [[nodiscard]] const std::map<ShareKey, ShareFigures>& all() const { return all_; }
    [[nodiscard]] std::int64_t left_out() const { return left_out_; }
    // Prompts of one campaign and version that promised one segment more than another, without a
    // lot that says so. Baskets are worth what is in them and are not compared.
    [[nodiscard]] std::vector<ShareKey> unequal() const;

private:
    std::map<ShareKey, ShareFigures> all_;
    std::map<ShareKey, ShareFigures> prompts_;
    std::int64_t left_out_ = 0;
};

}  // namespace aisle::offers
