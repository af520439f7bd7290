#pragma once

#include <array>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "agent/core/sink.hpp"
#include "agent/intake/digest.hpp"

// Raw reading in, clean record or quarantine out. Pure: no I/O, no clock, no threads, no throwing.
// Nothing is lost: what cannot be used comes back as Quarantined, masked, with a reason of
// kReasons. Raw member and tag ids end here.
namespace aisle::intake {

// Why a reading was put aside: the closed list.
inline constexpr std::array<std::string_view, 13> kReasons{
    "incomplete",     // the document was never finished
    "encoding",       // not the encoding it says, or none that we read
    "schema",         // a required field is missing or is not of its type
    "limit",          // more lines, bytes or money than kSale...Max
    "doctype",        // a document type or an entity declaration
    "signature",      // the sender did not prove who it is
    "signs",          // gross, quantity, discount and net of a line contradict each other
    "currency",       // not the store's currency
    "unknown_store",  // a sale of another store
    "unknown_type",   // a document that is no till record
    "format",         // a format that this version does not read
    "conflict",       // one id, two contents, and no way to tell which came later
    "other",          // a driver's reason that is not of this list: it stands in `detail`
};

inline constexpr std::size_t kSaleLinesMax = 1000;
inline constexpr std::size_t kSalePartsMax = 1000;  // discounts, tenders, taxes: each
inline constexpr std::size_t kTextBytesMax = 512;   // any text; longer ones are cut at a character
inline constexpr std::size_t kIdBytesMax =
    128;  // source, till, sku, vendor id; longer ones are refused

struct IntakeSettings {
    StoreId store;
    StoreKey key;
    // Of rotations whose overlap has not ended, the latest first; at most kEarlierKeysMax. Nothing
    // is written under them any more, but what was written is still found.
    std::vector<StoreKey> earlier_keys = {};
    const TimeZone* zone = nullptr;  // outlives the intake
    minutes business_day_cut{0};     // for sales whose till tells no business date
    std::string currency;            // of the store; a sale without one gets it
    int minor_digits = 2;
    // Default deny: what a till tells of the card that paid is dropped unless the shop links cards.
    bool link_cards = false;
};

inline constexpr std::size_t kEarlierKeysMax = 3;

// How the same sale looked while an earlier key was the store's.
struct EarlierLook {
    MemberKey member;
    std::string digest;
};

struct CleanSale {
    Sale sale;           // complete but for `revision`, which `Journal::find` decides: 1 if absent
    std::string digest;  // of the content without lineage, revision and reconciled; 64 hex digits
    std::vector<EarlierLook> earlier = {};  // only with a member, one a key of the overlap
};

// One person under an earlier key of the store and under its present one.
struct Relink {
    MemberKey from;
    MemberKey to;

    friend bool operator==(const Relink&, const Relink&) = default;
};

using CleanedSale = std::variant<CleanSale, Quarantined>;

// Copies are cheap enough to pass settings on reload; every call is const and may run on any
// thread.
class Intake {
public:
    explicit Intake(IntakeSettings settings);

    [[nodiscard]] CleanedSale sale(SaleReading reading, const Stamp& now) const;
    // Payload masked and cut to kQuarantinePayloadMax, reason one of kReasons, `at` filled.
    [[nodiscard]] Quarantined rejected(RejectedReading reading, const Stamp& now) const;
    // Members and tags become pseudonyms, texts are cleaned; rows without a key are left out and
    // counted.
    struct CleanReference {
        ReferenceReading reading;
        std::size_t left_out = 0;
        std::vector<Relink> relinks = {};  // of the members in it, in the order of the rows
    };
    [[nodiscard]] CleanReference reference(ReferenceReading reading) const;

    // Of a member id as people and tills write it: trimmed, spaces and dashes out, upper case.
    [[nodiscard]] MemberKey pseudonym(std::string_view raw_member) const;
    // The same person under each key of the overlap, and now.
    [[nodiscard]] std::vector<Relink> relinks(std::string_view raw_member) const;
    // Of another name of a member, a card's hash or an app's id: never equal to a member's.
    [[nodiscard]] std::string other_pseudonym(std::string_view kind, std::string_view raw) const;
    // Of a raw beacon id as in TagRow::tag: lower case.
    [[nodiscard]] TagKey tag_pseudonym(std::string_view raw_tag) const;
    [[nodiscard]] const IntakeSettings& settings() const { return settings_; }

private:
    IntakeSettings settings_;
};

}  // namespace aisle::intake
