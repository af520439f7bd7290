#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <random>

#include "agent/core/customer.hpp"
#include "agent/offers/engine.hpp"
#include "tills_oracle.hpp"

// One store with four tills: its machine, its disk, its engine. What an operation brings about is
// seen by nobody before it has committed, and what has not committed is lost when it is killed.
namespace aisle::offers::tills {

using Dice = std::mt19937_64;
inline std::int64_t roll(Dice& dice, std::int64_t sides) {
    return static_cast<std::int64_t>(dice() % static_cast<std::uint64_t>(sides));
}

// The machine's clocks. The monotonic one is always right; the wall is right once a server has set
// it, and may be anything before.
struct Clocks {
    std::int64_t boot = 1;
    Millis boot_at = 0;
    Millis wall_error = 0;
    ClockQuality quality = ClockQuality::Ntp;

    [[nodiscard]] Stamp read(Millis now) const {
        return {.boot = boot,
                .mono = MonoTime{milliseconds{now - boot_at}},
                .wall = WallTime{milliseconds{now + wall_error}},
                .quality = quality};
    }
    void reboot(Millis now, Dice& dice) {
        ++boot;
        boot_at = now - roll(dice, 30'000);
        jump(dice);
    }
    // A wall that nobody vouches for goes wherever it likes.
    void jump(Dice& dice) {
        constexpr Millis kDays = 86'400'000;
        quality = roll(dice, 2) == 0 ? ClockQuality::None : ClockQuality::Rtc;
        wall_error = roll(dice, 400 * kDays) - 200 * kDays;
    }
    void learn(Dice& dice) {
        quality = roll(dice, 4) == 0 ? ClockQuality::Hq : ClockQuality::Ntp;
        wall_error = 0;
    }
};

inline MemberKey member_name(std::int64_t n) {
    const std::string digits = std::to_string(n);
    return MemberKey{std::string(32 - digits.size(), 'a') + digits};
}

class Town final : public Surroundings {
public:
    explicit Town(int members) : members_{members} {
        crowded_.set("ctx.queue", std::int64_t{9});
        calm_.set("ctx.queue", std::int64_t{1});
    }
    bool busy = false;  // a queue at the tills

    [[nodiscard]] conditions::Facts customer(const MemberKey& member, const Stamp&) const override {
        conditions::Facts facts;
        facts.set("cust.known", true);
        facts.set("cust.tags", conditions::to_list({"vip"}));
        facts.set("cust.consent", conditions::to_list({std::string{kConsentMarketing}}));
        facts.set("cust.tier", std::string{member.value.back() % 2 == 0 ? "gold" : "silver"});
        return facts;
    }
    [[nodiscard]] const conditions::Facts& context(const Stamp&) const override {
        return busy ? crowded_ : calm_;
    }
    [[nodiscard]] const ProductRow* product(std::string_view) const override { return nullptr; }
    [[nodiscard]] int members() const { return members_; }

private:
    int members_;
    conditions::Facts crowded_, calm_;
};

// How the test of the test breaks a shop.
enum class Broken {
    Nothing,
    ForgetsMoney,      // rows of accounts do not survive a kill
    ForgetsGrants,     // nor those of what was granted to whom
    RaisesTheDead,     // an offer that has ended is back after a kill
    WallAnHourLate,    // the wall is an hour behind and vouched for
    TakesLeasesTwice,  // a grant that comes again is taken again
    NoHoldout,         // the campaigns that run have no holdout
};

class Store {
public:
    struct Parts {
        int number = 0;
        std::shared_ptr<const CampaignSet> set;
        Broken broken = Broken::Nothing;
    };
    Store(const Parts& parts, Oracle& oracle, Millis start) : parts_{parts}, oracle_{oracle} {
        clocks.boot_at = start;
        start_engine();
    }

    [[nodiscard]] Stamp stamp(Millis now) const {
        Stamp at = clocks.read(now);
        if (parts_.broken == Broken::WallAnHourLate) at.wall -= std::chrono::hours{1};
        return at;
    }
    void load(std::shared_ptr<const CampaignSet> set) {
        parts_.set = std::move(set);
        engine->load(parts_.set);
    }

    // Hands a batch to the disk; at most two are on their way. `then` runs when it has committed.
    void commit(Millis now, bool asked, Effects effects, std::function<void()> then = {}) {
        pending_.push_back(
            {.said = {.store = parts_.number, .at = now, .asked = asked, .quality = clocks.quality},
             .effects = std::move(effects),
             .then = std::move(then)});
        while (pending_.size() > 2) land();
    }
    void land_all() {
        while (!pending_.empty()) land();
    }

    // The process dies in the middle of whatever it did; `power`: the machine as well.
    void kill(Millis now, bool power, Dice& dice) {
        for (auto landed = roll(dice, static_cast<std::int64_t>(pending_.size()) + 1); landed > 0;
             --landed)
            land();
        pending_.clear();
        if (power) clocks.reboot(now, dice);
        start_engine();
        ++kills;
    }

    // Rows of the lease desk share the engine's disk: a grant and that it has come are one commit.
    [[nodiscard]] bool holds_lease(const std::string& id) const {
        return parts_.broken != Broken::TakesLeasesTwice && disk_.contains("lease/" + id);
    }

    Town town{24};  // before the engine, which asks it
    std::unique_ptr<Engine> engine;
    Clocks clocks;
    std::int64_t kills = 0;
    std::deque<Offer> cards;        // that staff have been shown
    std::deque<std::string> codes;  // that were given out, used ones too

private:
    struct Pending {
        Said said;
        Effects effects;
        std::function<void()> then;
    };

    void start_engine() {
        Settings settings;
        settings.store = StoreId{"s-000" + std::to_string(parts_.number)};
        settings.codes.key = "secret of " + settings.store.value;
        settings.loads.queue = 5;
        engine = std::move(*Engine::make(settings, town));
        engine->load(parts_.set);
        std::vector<StateChange> rows;
        for (const auto& [key, bytes] : disk_) {
            if (key.starts_with("lease/") || forgets(key)) continue;
            rows.push_back({std::string{kRoom}, key, bytes});
        }
        if (parts_.broken == Broken::RaisesTheDead)
            for (const auto& [key, bytes] : dead_) rows.push_back({std::string{kRoom}, key, bytes});
        if (!engine->restore(rows)) std::abort();
    }
    [[nodiscard]] bool forgets(const std::string& key) const {
        return (parts_.broken == Broken::ForgetsMoney && key.starts_with("account/")) ||
               (parts_.broken == Broken::ForgetsGrants && key.starts_with("subject/"));
    }

    void land() {
        Pending batch = std::move(pending_.front());
        pending_.pop_front();
        for (const StateChange& row : batch.effects.state) {
            if (!row.bytes.empty()) {
                disk_[row.key] = row.bytes;
                continue;
            }
            if (row.key.starts_with("offer/") && dead_.size() < 100)
                if (const auto at = disk_.find(row.key); at != disk_.end()) dead_.insert(*at);
            disk_.erase(row.key);
        }
        oracle_.see(batch.said, batch.effects);
        for (const Offer& offer : batch.effects.offers) remember(offer);
        if (batch.then) batch.then();
    }
    void remember(const Offer& offer) {
        if (offer.ghost || offer.state != OfferState::Offered) return;
        if (!offer.code.empty()) codes.push_back(offer.code);
        if (codes.size() > 400) codes.pop_front();
        if (offer.basket.empty()) cards.push_back(offer);
        if (cards.size() > 60) cards.pop_front();
    }

    Parts parts_;
    Oracle& oracle_;
    std::map<std::string, std::string> disk_;
    std::map<std::string, std::string> dead_;
    std::deque<Pending> pending_;
};

}  // namespace aisle::offers::tills
