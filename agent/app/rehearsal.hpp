#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "agent/app/campaigns.hpp"
#include "agent/app/floor.hpp"
#include "agent/store/store.hpp"
#include "drivers/simulated/noise.hpp"
#include "drivers/simulated/plan.hpp"

namespace aisle::app {

struct RehearsalSettings {
    std::uint64_t seed = 1;
    int days = 7;
    std::string data_dir;                                // where its database is made
    WallTime from{std::chrono::seconds{1'780'880'400}};  // 2026-06-08 09:00 in Shanghai
    milliseconds open{12LL * 60 * 60 * 1000};            // a day
    milliseconds between_shoppers{90'000};               // mean
    Segments segments = nullptr;  // that stand beside the campaigns; null: none
    int restarts_per_day = 0;     // of the agent, from its database
};

// Campaigns on the shop that does not exist: days of shoppers, tills and staff under one seed go
// through the real engines into a real database, as they would in a shop. Nothing is read but the
// settings, so that the same settings give the same records. What is simplified: one thread, no
// network, tags are known to be in their zone, staff are punctual. One thread.
class Rehearsal {
public:
    // The zone outlives it. Another set may come at the start of any day (days count from 0).
    using SetOfDay = std::function<std::shared_ptr<const offers::CampaignSet>(int day)>;
    static Result<std::unique_ptr<Rehearsal>> make(RehearsalSettings settings, const TimeZone& zone,
                                                   SetOfDay set_of_day);
    ~Rehearsal();

    // All days. Whatever stops it is an error of the database.
    Status run();

    struct Played {
        std::int64_t shoppers = 0;
        std::int64_t sales = 0;
        std::int64_t baskets = 0;
        std::int64_t restarts = 0;
    };
    [[nodiscard]] const Played& played() const { return played_; }
    [[nodiscard]] store::Store& store() { return *store_; }

private:
    Rehearsal(RehearsalSettings settings, const TimeZone& zone, SetOfDay set_of_day);
    Status open();
    void tell_reference();
    void tell_weather(int number);  // and how much of everything is left

    Status play(int day);
    void plan_day(int day);
    void plan_shopper(const simulated::Shopper& shopper);
    void plan_receipt(const simulated::Receipt& receipt, int day, int number);
    void plan_ticks();
    void at(milliseconds when, std::function<void()> what);
    Status live_until(milliseconds end);
    Status commit();
    Status commit_when_full();

    void cross(Direction direction);
    void visit(const simulated::Shopper& shopper, const simulated::Stay& stay, bool opened);
    void ask(const simulated::Receipt& receipt, const std::string& key);
    void sell(Sale draft);
    void meet(const Offer& offer);
    void act(const OfferId& offer, OfferAction action, const std::string& reason = {});

    RehearsalSettings settings_;
    const TimeZone& zone_;
    SetOfDay set_of_day_;
    simulated::Noise noise_;
    simulated::Plan plan_;
    std::unique_ptr<store::Store> store_;
    std::unique_ptr<Engines> engines_;
    std::unique_ptr<Floor> floor_;
    Turn turn_;
    MonoTime began_{};
    milliseconds now_{};  // since the beginning of the day
    int day_ = 0;
    int weather_ = 0;                                            // the one that holds now
    std::multimap<milliseconds, std::function<void()>> agenda_;  // ties in the order of planning
    Played played_;
};

}  // namespace aisle::app
