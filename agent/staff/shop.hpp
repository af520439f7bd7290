#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "agent/core/customer.hpp"
#include "agent/core/error.hpp"
#include "agent/core/offer.hpp"

// What the staff page needs from the agent. The composition root implements it. Everything is
// called on the loop thread, and every reply is called on the loop thread, at most once, after the
// commit of what it reports.
namespace aisle::staff {

enum class ActOutcome {
    Done,   // committed: `offer` is how it stands now
    Taken,  // somebody was first, or the step is not open in this state: `offer` says who and what
    Over,   // the offer has expired
    Unknown,  // no such offer (or a ghost: nobody may see those)
    NotNow,   // no space or a full queue: nothing has changed, try again
};

struct ActAnswer {
    ActOutcome outcome = ActOutcome::Unknown;
    std::optional<Offer> offer;  // set for Done, Taken and Over
};

// A card or QR code that staff scanned. `member` is raw: pseudonymise it at once, never log or keep
// it.
struct CheckIn {
    std::string member;
    std::string by;
};

struct CheckedIn {
    CustomerCard card;
    std::vector<Offer> offers;  // what is on for this customer now; ghosts are left out by the page
    std::vector<CampaignVerdict> why_not = {};  // what this check-in has considered and not offered
};

// The figures at the head of the page, for the business day that runs.
struct Today {
    Date business_date{};
    std::int64_t entries = 0;  // over the doors that count
    std::int64_t inside = 0;
    std::int64_t sales = 0;                           // completed sales
    Money takings;                                    // completed sales less returns
    std::optional<std::int64_t> conversion_permille;  // sales / entries; none while unknown
    std::int64_t blind_s = 0;                         // for so long some counting door saw nothing
    std::int64_t offers_made = 0;
    std::int64_t offers_redeemed = 0;
};

struct SourceStatus {
    std::string name;  // as configured
    std::string driver;
    bool up = false;
    std::string detail;  // why not, for people; no personal data
    std::int64_t readings = 0;
    std::optional<WallTime> last;
};

// What headquarters has sent of the chain's own data.
struct DatasetStatus {
    std::string name;
    std::int64_t version = 0;  // 0: left half loaded, a snapshot was asked for
    std::int64_t rows = 0;
    std::int64_t age_s = 0;  // since it was loaded here
    WallTime valid_until{};
    bool over = false;  // its rows are unknown now
};

// One side of a campaign's comparison: who was prompted, or who was left alone.
struct TrialSide {
    std::int64_t exposed = 0;   // units drawn
    std::int64_t observed = 0;  // whose time is over
    Money mean;                 // that these have spent
};

// A campaign as it stands in this shop now.
struct CampaignNow {
    CampaignId campaign;
    std::int32_t version = 0;
    std::map<std::string, std::string> title;  // by language
    std::string action;
    TriggerKind trigger = TriggerKind::Sale;
    std::string state;   // live, draft, paused, ended: as its file says
    std::string paused;  // by this guardrail, or `stopped_here`; empty: it runs
    bool leased = false;
    std::optional<Money> budget;
    Money spent;
    Money reserved;
    Money left;
    std::int64_t live = 0;
    TrialSide treated;
    TrialSide withheld;
    bool compared = false;    // somebody is left alone for the comparison
    bool mismatched = false;  // groups are not as large as they should be: no figure is to be used
    std::int64_t needed = 0;  // so many more have to be observed before a tenth more would show
};

// Of the business day that runs. `triggered` and `eligible` count decisions in which somebody was
// considered, or for whom something was right; per campaign they count the campaign.
struct FunnelNow {
    struct Steps {
        std::int64_t triggered = 0;
        std::int64_t eligible = 0;
        std::int64_t offered = 0;
        std::int64_t withheld = 0;
        std::int64_t accepted = 0;
        std::int64_t redeemed = 0;
    };
    Date business_date{};
    Steps all;
    std::map<CampaignId, Steps> campaigns;
};

// Staff stop a campaign in this shop, or somebody in charge lets it run again.
struct CampaignStop {
    CampaignId campaign;
    std::string by;
    bool stop = true;
};
enum class StopOutcome { Done, Same, Unknown, NotNow };

struct ShopStatus {
    bool ready = false;
    WallTime started{};
    bool uplink_connected = false;
    std::string uplink_detail;
    std::optional<WallTime> uplink_last_ack;
    std::int64_t outbox_rows = 0;
    std::int64_t quarantined = 0;
    std::int64_t journal_rows = 0;
    std::vector<SourceStatus> sources;
    std::int64_t bundle_version = 0;  // 0: the shop's own campaigns
    std::string bundle_state;         // active, healthy, expired; empty: the shop's own
    std::vector<DatasetStatus> datasets;
};

class Shop {
public:
    virtual ~Shop() = default;

    virtual void act(OfferAct act, std::function<void(ActAnswer)> reply) = 0;
    virtual void check_in(CheckIn scan, std::function<void(Result<CheckedIn>)> reply) = 0;
    virtual void set_consent(ConsentChange change, std::function<void(Status)> reply) = 0;
    virtual void stop_campaign(CampaignStop stop, std::function<void(StopOutcome)> reply) = 0;
    // Draft and ended ones are left out; in order of id.
    [[nodiscard]] virtual std::vector<CampaignNow> campaigns() const = 0;
    [[nodiscard]] virtual FunnelNow funnel() const = 0;
    // Cheap: called for each connecting page and every few seconds.
    [[nodiscard]] virtual Today today() const = 0;
    [[nodiscard]] virtual ShopStatus status() const = 0;
};

}  // namespace aisle::staff
