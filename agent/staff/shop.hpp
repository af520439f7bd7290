#pragma once

#include <cstdint>
#include <functional>
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
    // Cheap: called for each connecting page and every few seconds.
    [[nodiscard]] virtual Today today() const = 0;
    [[nodiscard]] virtual ShopStatus status() const = 0;
};

}  // namespace aisle::staff
