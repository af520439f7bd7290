#include <array>
#include <map>
#include <optional>
#include <set>
#include <vector>

#include "shopping.hpp"

// Every way from one stage to another, and no other: histories of up to four purchases with gaps
// on either side of each threshold (30, 60 and 180 days) are looked at, and then one thing
// happens. What is found must be the table, cell by cell.
namespace aisle::customers {
namespace {

using LS = LifecycleStage;

enum class Cause {
    Purchase,      // on the day of the last look
    LatePurchase,  // after a silence at which nobody looked
    Time,          // goes by
    ClockBack,     // put right, by more than the hysteresis
    Void,          // the newest purchase is taken back; without any the customer is as new
};

struct Row {
    LS from;
    std::map<LS, std::set<Cause>> to;  // a stage that is not named cannot come next
};

using enum Cause;
const std::vector<Row> kTable{
    {LS::New,
     {{LS::Active, {Purchase, LatePurchase}},
      {LS::AtRisk, {Time}},
      {LS::Dormant, {Time}},
      {LS::Lost, {Time}},
      {LS::WonBack, {LatePurchase}}}},
    {LS::Active,
     {{LS::New, {Void}},
      {LS::AtRisk, {Time, Void}},
      {LS::Dormant, {Time, Void}},
      {LS::Lost, {Time}},
      {LS::WonBack, {LatePurchase, Void}}}},
    {LS::AtRisk,
     {{LS::New, {ClockBack, Void}},
      {LS::Active, {Purchase, LatePurchase, ClockBack}},
      {LS::Dormant, {Time, Void}},
      {LS::Lost, {Time, Void}},
      {LS::WonBack, {Purchase, LatePurchase, ClockBack}}}},
    {LS::Dormant,
     {{LS::New, {ClockBack, Void}},
      {LS::Active, {ClockBack}},
      {LS::AtRisk, {ClockBack}},
      {LS::Lost, {Time, Void}},
      {LS::WonBack, {Purchase, LatePurchase, ClockBack}}}},
    {LS::Lost,
     {{LS::New, {ClockBack, Void}},
      {LS::Active, {ClockBack}},
      {LS::AtRisk, {ClockBack}},
      {LS::Dormant, {ClockBack}},
      {LS::WonBack, {Purchase, LatePurchase, ClockBack}}}},
    {LS::WonBack,
     {{LS::Active, {Purchase, LatePurchase}},
      {LS::AtRisk, {Time, Void}},
      {LS::Dormant, {Time, Void}},
      {LS::Lost, {Time, Void}}}},
};

std::string text_of(const std::set<Cause>& causes) {
    constexpr std::array kWords{"purchase ", "late-purchase ", "time ", "clock-back ", "void "};
    std::string text;
    for (const Cause cause : causes) text += kWords.at(static_cast<std::size_t>(cause));
    return text.empty() ? "never" : text;
}

// Somebody who bought on these days, last looked at some days after the last of them.
class Walker {
public:
    Walker(const std::vector<int>& gaps, int waited) {
        for (const int gap : gaps) buy(today_ += gap);
        today_ += waited;
        (void)customers_.tick(day(today_));
        from_ = customers_.card(kAda, day(today_)).stage;
    }
    // The stages that follow, if any.
    std::optional<LS> after(Cause cause, int days) {
        const int then = cause == ClockBack ? today_ - days : today_ + days;
        if (cause == Time || cause == ClockBack) return told(customers_.tick(day(then)));
        if (cause != Void) return told(buy(then));
        Sale gone = last_;
        gone.status = SaleStatus::PostVoided;
        return told(customers_.sale(&last_, gone, day(today_)));
    }
    [[nodiscard]] LS from() const { return from_; }

private:
    Effects buy(int on_day) {
        last_ = bought(100'00, ++seq_, on_day);
        return customers_.sale(nullptr, last_, day(on_day));
    }
    std::optional<LS> told(const Effects& effects) {
        if (effects.transitions.empty()) return std::nullopt;
        EXPECT_EQ(effects.transitions.size(), 1U);
        EXPECT_EQ(effects.transitions.front().from, from_);
        return effects.transitions.front().to;
    }

    Customers customers_ = fresh();
    std::int64_t seq_ = 0;
    int today_ = 0;
    Sale last_;
    LS from_ = LS::New;
};

using Found = std::map<std::pair<LS, LS>, std::set<Cause>>;

void look(const std::vector<int>& gaps, int waited, Found& found) {
    struct Event {
        Cause cause;
        int days;
    };
    std::vector<Event> events{{Purchase, 0}, {Void, 0}};
    for (const int days : {1, 31, 61, 181}) {
        events.push_back({Time, days});
        events.push_back({LatePurchase, days});
    }
    for (const int days : {5, 35, 45, 70, 130, 145, 165}) events.push_back({ClockBack, days});
    for (const Event& event : events) {
        if (event.cause == ClockBack && event.days > waited) continue;  // not before the purchase
        Walker walker{gaps, waited};
        if (const auto to = walker.after(event.cause, event.days))
            found[{walker.from(), *to}].insert(event.cause);
    }
}

void look_at_all(std::vector<int>& gaps, Found& found) {
    for (const int waited : {0, 28, 31, 65, 190}) look(gaps, waited, found);
    if (gaps.size() == 4) return;
    for (const int gap : {1, 35, 70, 190}) {
        gaps.push_back(gap);
        look_at_all(gaps, found);
        gaps.pop_back();
    }
}

TEST(StageTable, HasEveryWayFromStageToStageAndNoOther) {
    Found found;
    std::vector<int> gaps{0};
    look_at_all(gaps, found);
    for (const Row& row : kTable) {
        for (const LS to : {LS::New, LS::Active, LS::AtRisk, LS::Dormant, LS::Lost, LS::WonBack}) {
            const auto cell = row.to.find(to);
            const std::set<Cause> wanted = cell == row.to.end() ? std::set<Cause>{} : cell->second;
            const std::set<Cause>& there = found[{row.from, to}];
            EXPECT_EQ(text_of(there), text_of(wanted))
                << to_text(row.from) << " to " << to_text(to);
        }
    }
}

// A clock that is put back by no more than the hysteresis moves nobody, however exactly they stand
// on a threshold; one day more does.
TEST(StageTable, IsStillWithinTheHysteresis) {
    const int hysteresis = Settings{}.lifecycle.hysteresis_days;
    for (const int edge : {30, 60, 180}) {
        for (int back = 1; back <= hysteresis; ++back)
            EXPECT_FALSE(Walker({0}, edge).after(ClockBack, back)) << edge << " less " << back;
        EXPECT_TRUE(Walker({0}, edge).after(ClockBack, hysteresis + 1)) << edge;
    }
}

}  // namespace
}  // namespace aisle::customers
