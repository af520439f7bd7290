#pragma once

#include <array>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "agent/core/offer.hpp"
#include "agent/core/sale.hpp"
#include "agent/offers/abuse_flag.hpp"

namespace aisle::offers {

// A redemption, as far as it is known what was bought.
struct Redeemed {
    OfferId offer;
    std::string code;
    CampaignId campaign;
    MemberKey member;
    TillId till;
    std::string by;
    SaleId sale;  // empty: by staff or by a code without a receipt
    std::string gift_sku;
    Money spend;                    // what counted towards the thresholds, before this offer
    std::vector<Money> thresholds;  // of the campaign's action; empty: it has none
};

// Watches sales, returns and redemptions as they come. Pure: times are arguments, and what is
// unusual is judged against the shop's own history. One thread: the loop's.
//
// Memory is bounded: beyond kTills tills, kCards cards of a day and kUsed redemptions of
// kReturnDays the oldest are forgotten. What days must remember is in rows, a till's hour once it
// is over and a card's day once it stands out, so that a flag costs no write a sale; what happens
// within minutes (split baskets, a rush of two) begins anew after a restart.
class AbuseWatch {
public:
    static constexpr std::size_t kTills = 64;
    static constexpr std::size_t kCards = 10'000;
    static constexpr std::size_t kUsed = 10'000;
    static constexpr std::int64_t kReturnDays = 30;
    static constexpr std::int64_t kHistoryDays = 28;

    explicit AbuseWatch(AbuseSettings settings) : settings_{settings} {}

    // Before the sale that it came with.
    void redeemed(const Redeemed& what, const Stamp& now);
    // Before the return in which its goods come back, where that is known.
    void knows_return_of(const OfferId& offer) { known_back_.insert(offer); }
    // A finished sale or return, once (not its revisions). `staff_card`: its member is staff.
    void sold(const Sale& sale, bool staff_card, const Stamp& now);
    // About once a second: hours that have ended, gifts that have not come back.
    void tick(const Stamp& now);
    // Other campaigns run from now on: what tills redeemed before says little about them.
    void campaigns_changed(const Stamp& now);

    void relink(const MemberKey& from, const MemberKey& to);
    void erase(const MemberKey& member);

    [[nodiscard]] std::vector<AbuseFlag> take_flags() { return std::exchange(flags_, {}); }

    // Rows, by keys without the room: "used/OFFER", "till/TILL", "card/MEMBER", "began".
    [[nodiscard]] std::set<std::string> take_marks() { return std::exchange(marks_, {}); }
    [[nodiscard]] std::string row(const std::string& key) const;  // empty: it is gone
    [[nodiscard]] std::vector<std::string> keys() const;
    // Throws std::exception on what row() did not write.
    void restore_row(const std::string& key, std::string_view bytes);
    void clear();

private:
    struct CardUse {
        WallTime at{};
        TillId till;
    };
    struct Split {
        WallTime at{};
        CampaignId campaign;
        Money threshold;
    };
    // One hour of a till.
    struct Hour {
        std::int32_t sales = 0;
        std::int32_t redeemed = 0;
        friend bool operator==(const Hour&, const Hour&) = default;
    };
    struct TillDay {
        std::array<Hour, 24> hours{};
        std::int32_t just_over = 0;  // receipts that were just over a threshold
        std::int32_t kept = 0;       // redemptions with a receipt,
        std::int32_t undone = 0;     // and of these so many came back (by the day of the return)
    };
    struct TillPast {
        std::map<std::int64_t, TillDay> days;  // by days since 1970, UTC
        std::int64_t hour = -1;                // that is running, in hours since 1970
        std::vector<Split> run;                // of receipts just over a threshold without a card
    };
    // A redemption whose goods may come back.
    struct Used {
        CampaignId campaign;
        std::string code;
        MemberKey member;
        TillId till;
        std::string by;
        SaleId sale;
        Stamp at;
        Money spend;
        Money threshold;                      // that the receipt reached; zero: none
        Money total;                          // of the receipt
        std::uint32_t gift = 0;               // hash of its SKU; 0: none
        std::vector<std::uint32_t> articles;  // hashes of SKU and price, of the first lines
        Money refunded;
        bool gift_back = false;
        bool undone = false;
        std::optional<Stamp> undone_at;  // while its gift may still come back
    };

    // abuse.cpp: cards and baskets
    void use_card(const Sale& sale, bool staff_card, const Stamp& now);
    void look_for_split(const Redeemed& what, Money threshold, const Sale& sale, const Stamp& now);
    void end_run(const Sale& sale);
    bool flag(AbuseFlag flag, const std::string& subject);
    // abuse_returns.cpp
    void keep(const Redeemed& what, Money threshold, const Sale& sale, const Stamp& now);
    void returned(const Sale& sale, const std::set<OfferId>& known, const Stamp& now);
    bool gift_follows(const Sale& sale);
    [[nodiscard]] std::vector<OfferId> given_back(const Sale& sale, const Stamp& now) const;
    void take_back(const OfferId& offer, Used& used, const Sale& sale, const Stamp& now);
    void judge_refunds(const Used& used, const Stamp& now);
    void look_for_gifts(const Stamp& now);
    void forget_used(const Stamp& now);
    // abuse_tills.cpp
    TillPast* till_of(const TillId& till, const Stamp& now);
    void judge_hour(const std::string& till, TillPast& past, const Stamp& now);
    void close_hours(const Stamp& now);
    [[nodiscard]] std::optional<double> own_share(const TillPast& past, std::int64_t hour) const;
    [[nodiscard]] std::optional<double> others_share(const std::string& till,
                                                     std::int64_t hour) const;
    [[nodiscard]] double just_over_share() const;

    AbuseSettings settings_;
    std::vector<Redeemed> waiting_;  // for the sale that they came with
    std::set<OfferId> known_back_;   // by the return that follows
    std::unordered_map<std::string, std::vector<CardUse>> cards_;  // by member
    std::unordered_map<std::string, std::vector<Split>> splits_;   // by member
    std::map<OfferId, Used> used_;
    std::set<OfferId> gifts_out_;  // undone, and the gift may still come back
    std::map<std::string, TillPast> tills_;
    std::map<std::string, Stamp> told_;  // not again within a day
    std::int64_t began_day_ = 0;         // of the campaigns that run
    std::vector<AbuseFlag> flags_;
    std::set<std::string> marks_;
    std::int64_t forgot_day_ = 0;
};

}  // namespace aisle::offers
