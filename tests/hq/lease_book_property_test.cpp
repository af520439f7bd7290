#include <gtest/gtest.h>

#include <deque>
#include <map>
#include <optional>
#include <random>
#include <set>

#include "rollout_kit.hpp"
#include "sync/hq/lease_book.hpp"

// Shops that spend what they can, a network that loses, doubles and reorders what HQ says, devices
// that lose their database, HQ that is restarted: over all of it spend plus exposure stays within
// the budget, and no shop spends more while it is cut off than HQ showed before.
namespace aisle::hq {
namespace {

constexpr const char* kCampaign = "c";

// A shop's books as the agent keeps them (docs/downlink.md): what it tells goes into a ledger that
// comes exactly once and in order, or not at all while the shop is silent.
class ModelShop {
public:
    ModelShop(std::string name, std::mt19937_64& random) : name_{std::move(name)}, random_{random} {
        begin_epoch();
    }
    // A new device: it has forgotten its leases and which commands it has done.
    void begin_epoch() {
        char text[17];
        std::snprintf(text, sizeof text, "%016llx", static_cast<unsigned long long>(random_()));
        epoch_ = text;
        granted_ = returned_ = spent_ = Money{};
        done_.clear();
        // What was not told yet is lost with the database.
        if (random_() % 2 == 0) ledger_.clear();
    }
    void ask() { tell("lease_request", Money::minor(1 + std::int64_t(random_() % 300)), {}); }
    void spend() {
        const auto free = (granted_ - returned_ - spent_).minor();
        if (free <= 0) return;
        const auto amount = Money::minor(1 + std::int64_t(random_() % std::uint64_t(free)));
        spent_ += amount;
        spent_ever_ += amount;
    }
    void give_back() {
        const Money rest = granted_ - returned_ - spent_;
        if (rest <= Money{}) return;
        returned_ += rest;
        tell("lease_returned", rest, {});
    }
    void take(const LeaseOrder& order, bool expired) {
        if (!done_.insert(order.command).second) return answer(order.command);
        const bool taken = order.grant.epoch == epoch_ && !expired;
        results_[order.command] = taken;
        if (taken) {
            granted_ += order.grant.amount;
            tell("lease_granted", order.grant.amount, order.grant.lease);
        }
        answer(order.command);
    }
    // HQ reads the next record, if there is one.
    bool read_by(BudgetBook& book, Rows& rows, const Stamp& now, std::vector<LeaseOrder>& orders) {
        if (ledger_.empty()) return false;
        const Said said = ledger_.front();
        ledger_.pop_front();
        LeaseTurn turn = said.move ? book.moved({name_, said.epoch}, *said.move, now)
                                   : book.answered({said.command, said.epoch, said.taken});
        rows.take(turn.state);
        for (auto& order : turn.orders) orders.push_back(std::move(order));
        return true;
    }
    [[nodiscard]] Money spent_ever() const { return spent_ever_; }
    [[nodiscard]] const std::string& name() const { return name_; }

private:
    struct Said {
        std::string epoch;
        std::optional<records::LeaseMove> move;
        std::string command;
        bool taken = false;
    };
    void tell(const std::string& what, Money amount, const std::string& lease) {
        ledger_.push_back({epoch_,
                           records::LeaseMove{.what = what,
                                              .campaign = CampaignId{kCampaign},
                                              .lease = lease,
                                              .amount = amount,
                                              .granted = granted_,
                                              .returned = returned_,
                                              .spent = spent_},
                           {},
                           false});
    }
    void answer(const std::string& command) {
        ledger_.push_back({epoch_, std::nullopt, command, results_.at(command)});
    }

    std::string name_;
    std::mt19937_64& random_;
    std::string epoch_;
    Money granted_, returned_, spent_, spent_ever_;
    std::set<std::string> done_;
    std::map<std::string, bool> results_;
    std::deque<Said> ledger_;
};

struct Chain {
    explicit Chain(std::uint64_t seed) : random{seed} {
        rows.take(book.set(kCampaign, kTotal)->state);
        for (int i = 1; i <= 3; ++i) shops.emplace_back("s-" + std::to_string(i), random);
    }
    static constexpr Money kTotal = Money::minor(2'000);

    std::size_t draw(std::size_t n) { return static_cast<std::size_t>(random() % n); }
    [[nodiscard]] Money spent_ever() const {
        Money sum;
        for (const auto& shop : shops) sum += shop.spent_ever();
        return sum;
    }
    void restart_hq() {
        book = BudgetBook{LeaseLimits{.share_permille = 400}};
        ASSERT_TRUE(book.restore(rows.of(BudgetBook::kRoom)));
    }
    // One thing that can happen; with `cut` nothing gets through in either direction.
    void step(bool cut) {
        ModelShop& shop = shops.at(draw(shops.size()));
        switch (draw(cut ? 4 : 10)) {
            case 0:
                return shop.ask();
            case 1:
            case 2:
                return shop.spend();
            case 3:
                return draw(20) == 0 ? shop.begin_epoch() : shop.spend();
            case 4:
                return draw(4) == 0 ? shop.give_back() : shop.spend();
            case 5:
            case 6:
                shop.read_by(book, rows, now(), orders);
                return;
            case 7:
                return deliver();
            case 8:
                return deliver();
            default:
                if (draw(30) == 0) restart_hq();
                const auto served = book.serve(now());
                rows.take(served.state);
                orders.insert(orders.end(), served.orders.begin(), served.orders.end());
        }
    }
    // Any of what was ever said, again or for the first time: lost, doubled, out of order.
    void deliver() {
        if (orders.empty()) return;
        const LeaseOrder order = orders.at(draw(orders.size()));
        for (auto& shop : shops)
            if (shop.name() == order.store) shop.take(order, draw(10) == 0);
    }
    [[nodiscard]] Stamp now() const { return kit::at(); }
    [[nodiscard]] const Budget& budget() const { return book.budgets().at(kCampaign); }

    std::mt19937_64 random;
    BudgetBook book{LeaseLimits{.share_permille = 400}};
    Rows rows;
    std::deque<ModelShop> shops;
    std::vector<LeaseOrder> orders;
};

TEST(BudgetBookProperty, SpentPlusExposureNeverPassesTheBudget) {
    for (std::uint64_t seed = 1; seed <= 60; ++seed) {
        Chain chain{seed};
        for (int i = 0; i < 1'500; ++i) {
            chain.step(false);
            ASSERT_LE(chain.budget().spent() + chain.budget().exposure(), Chain::kTotal)
                << "seed " << seed << " step " << i;
            ASSERT_LE(chain.spent_ever(), Chain::kTotal) << "seed " << seed << " step " << i;
        }
    }
}

TEST(BudgetBookProperty, ShopsThatAreCutOffSpendNoMoreThanTheExposureThatWasShown) {
    for (std::uint64_t seed = 1; seed <= 60; ++seed) {
        Chain chain{seed};
        for (int i = 0; i < 400; ++i) chain.step(false);
        // What HQ knows of the past may be old: what was spent and not yet told is in the exposure.
        const Money shown = chain.budget().spent() + chain.budget().exposure();
        for (int i = 0; i < 2'000; ++i) chain.step(true);
        ASSERT_LE(chain.spent_ever(), shown) << "seed " << seed;
    }
}

TEST(BudgetBookProperty, SomethingIsSpentAtAll) {
    Chain chain{3};
    for (int i = 0; i < 1'500; ++i) chain.step(false);
    EXPECT_GT(chain.spent_ever(), Money::minor(500));
    EXPECT_GT(chain.orders.size(), 10U);
}

}  // namespace
}  // namespace aisle::hq
