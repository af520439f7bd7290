#pragma once

#include <array>
#include <string>
#include <vector>

#include "agent/offers/answers.hpp"
#include "agent/offers/pricing.hpp"

// One decision from the first gate to the last. Inside this room only: gates and prompts are
// decide.cpp, what a basket gets of those who passed is basket_choice.cpp.
namespace aisle::offers {

// The wall clock of each zone that is asked for; nearly always there is one.
class LocalTimes {
public:
    explicit LocalTimes(WallTime now) : now_{now} {}
    const LocalTime& in(const TimeZone& zone) {
        if (&zone != zone_) local_ = zone.local(now_), zone_ = &zone;
        return local_;
    }

private:
    WallTime now_;
    const TimeZone* zone_ = nullptr;
    LocalTime local_;
};

// One decision: each candidate passes the gates in the order of the reasons and stops at the first
// that is shut.
class Deciding {
public:
    Deciding(const CampaignSet& set, const Ask& ask, const Ledger& ledger);
    Decided run();

private:
    [[nodiscard]] const Campaign& campaign(std::uint32_t i) const { return set_.all()[i]; }
    Reason gate(const CampaignSet::Candidate& one);
    Reason moment(std::uint32_t number);
    Reason people(std::uint32_t number);
    Reason gate_moment(const Campaign& campaign);
    Reason gate_person(const Campaign& campaign) const;
    Reason gate_basket(const Campaign& campaign) const;
    using Words = std::vector<conditions::Scalar>;
    [[nodiscard]] const Words* words_of(std::string_view key) const;
    [[nodiscard]] bool tagged(const std::vector<std::string>& words) const;
    [[nodiscard]] Price prompt_price(const Action& action) const;
    [[nodiscard]] Drawn drawn(const Campaign& campaign, Unit* told = nullptr) const;
    [[nodiscard]] const Action& action_of(const Campaign& campaign) const;
    void assign(const Campaign& campaign, Win& win) const;
    bool affordable(const Campaign& campaign, const Price& price) const;
    void choose_prompt();

    // basket_choice.cpp
    using Room = std::array<std::int32_t, kStackGroups>;
    void choose_for_basket();
    Reason add_to_basket(std::uint32_t index, Room& room);
    [[nodiscard]] bool shut_out(const Campaign& candidate) const;
    [[nodiscard]] bool asked_for(const Campaign& candidate) const;
    [[nodiscard]] std::int64_t stock_of(const std::string& sku) const;
    bool in_stock(const Campaign& candidate, Price& price) const;
    Reason covered(const Campaign& candidate, Price& price) const;

    void summarise(Decision& decision) const;

    const CampaignSet& set_;
    const Ask& ask_;
    const Witness ledger_;  // the context tells what it was answered
    conditions::Facts own_;
    const ShopContext* ready_;  // null: the shop's facts are looked at one by one
    conditions::Bound facts_;
    // Of the customer; looked up once, because each candidate asks. Null: unknown.
    const Words* tags_ = nullptr;
    const Words* segments_ = nullptr;
    const Words* consents_ = nullptr;
    LocalTimes local_;
    std::vector<std::optional<Reason>> moments_;  // by number; nothing: not judged yet
    std::vector<std::optional<Reason>> people_;
    Bill bill_;
    Decided decided_;
};

}  // namespace aisle::offers
