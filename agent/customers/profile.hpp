#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "agent/core/error.hpp"
#include "agent/customers/customers.hpp"
#include "agent/customers/words.hpp"

// What is known under one name (a member's pseudonym, a card's), as it is worked with. At rest it
// is packed (packed.hpp) and on disk it is JSON (profile_bytes.cpp). Inside this room only.
namespace aisle::customers {

struct KeptPurchase {
    WallTime at{};
    // The last 4 of the id's first 16 digits: tells two sales of one instant apart.
    std::uint16_t sale = 0;
    Money total;
    std::int32_t lines = 0;
    bool purchase = true;  // false: a return
    bool detailed = true;  // categories and brands are known: of the latest kPurchasesDetailed
    // Each once, ascending.
    std::vector<Word> categories;
    std::vector<Word> brands;

    friend bool operator==(const KeptPurchase&, const KeptPurchase&) = default;
};

// Where the walk over the purchases stands: the stage just after a purchase.
struct Walk {
    LifecycleStage stage = LifecycleStage::New;
    std::int32_t purchases = 0;
    std::int32_t since_return = 0;  // purchases since the customer was won back
    WallTime last{};

    friend bool operator==(const Walk&, const Walk&) = default;
};

struct KeptConsent {
    Word purpose = kNoWord;
    WallTime at{};
    Word version = kNoWord;
    bool granted = false;
    bool by_file = false;

    friend bool operator==(const KeptConsent&, const KeptConsent&) = default;
};

struct KeptTag {
    Word tag = kNoWord;
    std::int32_t confidence_permille = kCertain;
    Word source = kNoWord;  // none: the file of members
    std::optional<WallTime> until;

    [[nodiscard]] bool holds(WallTime now, std::int32_t confidence_min) const {
        return confidence_permille >= confidence_min && (!until || now < *until);
    }
    friend bool operator==(const KeptTag&, const KeptTag&) = default;
};

struct Counted {
    Word what = kNoWord;
    std::int64_t n = 0;

    friend bool operator==(const Counted&, const Counted&) = default;
};
using Counts = std::vector<Counted>;  // in order of `what`, none of them 0

void count(Counts& counts, Word what, std::int64_t by);
[[nodiscard]] std::int64_t counted(const Counts& counts, Word what);

struct ZoneSum {
    Word zone = kNoWord;
    std::int64_t visits = 0;
    std::int64_t dwell_s = 0;

    friend bool operator==(const ZoneSum&, const ZoneSum&) = default;
};

// How much of what was bought went at its full price. Sums over purchases and returns, so a return
// takes back its own part.
struct Prices {
    Money gross;  // before any discount
    Money off;    // taken off by discounts, the till's and ours
    Money full;   // net of the lines that had no discount
    Money net;    // of all lines

    Prices& add(const Prices& other, int sign);
    friend bool operator==(const Prices&, const Prices&) = default;
};

struct Profile {
    Word tier = kNoWord;
    std::uint16_t birthday = 0;        // month * 100 + day; 0: nobody has said
    std::vector<KeptTag> tags;         // as the file lists them
    std::vector<KeptConsent> consent;  // in order of purpose
    std::vector<Counted> scores;       // as HQ's studies give them, 0 too, in order of name
    Counts categories;                 // purchases by category, by brand,
    Counts brands;
    Counts
        hours;  // and by hour of the week in the store's zone: 1 is Monday 0:00, 168 Sunday 23:00
    std::vector<ZoneSum> zones;  // in order of zone; only while the way may be tied to the member
    Money spent;
    Prices prices;
    std::int32_t purchases = 0;
    std::vector<KeptPurchase> kept;  // oldest first, by (at, sale); at most kPurchasesKept
    Walk folded;                     // over the purchases that are no longer kept
    LifecycleStage stage = LifecycleStage::New;  // as last told

    friend bool operator==(const Profile&, const Profile&) = default;
};

// A sale as its effect on a profile.
struct Bought {
    KeptPurchase purchase;
    Prices prices;
    Word hour = kNoWord;  // of the week; none where no zone is set
};

void add_purchase(Profile& profile, const Bought& bought, const LifecycleThresholds& thresholds);
// A purchase that is kept no more is only taken out of the sums.
void remove_purchase(Profile& profile, const Bought& bought);

// Both profiles' purchases in one. Of those that neither keeps one by one only the sums are known:
// the walk over them is that of the profile which reaches further.
void join_purchases(Profile& profile, const Profile& other, const LifecycleThresholds& thresholds);

// Of two statements the later counts; of two at the same instant the withdrawal. False: nothing
// new.
bool take_consent(Profile& profile, const KeptConsent& fresh);
// All that `other` adds: one person under two names.
void join(Profile& profile, const Profile& other, const LifecycleThresholds& thresholds);

// A profile as one row: compact JSON. Malformed if it is not one that to_bytes() wrote.
std::string to_bytes(const Profile& profile, const Words& words);
Result<Profile> profile_from(std::string_view bytes, Words& words);

}  // namespace aisle::customers
