#pragma once

#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include <boost/json.hpp>

#include "tests/world/customers.hpp"
#include "tests/world/headquarters.hpp"

namespace aisle::world {

// What was done to the disks of the world: where a copy was put back, what was once true of a shop
// or of HQ need not be so any more.
struct SetBacks {
    int hq = 0;
    std::map<std::string, int> stores;  // restored, damaged or cloned
    [[nodiscard]] int of(const std::string& store) const {
        const auto found = stores.find(store);
        return found == stores.end() ? 0 : found->second;
    }
};

// The people at headquarters: what goes down in a day, over HQ's own HTTP. They ask again until
// they are answered, and remember on no disk what they have wished.
class HeadOffice {
public:
    struct Plan {
        MonoTime from{};
        MonoTime to{};
        std::vector<std::string> stores;
        std::string campaigns_dir;
        int commands = 12;  // of a whole day; a shorter one has its share
        int patches = 8;
        int bundles = 3;
        int farewells = 3;  // members who withdraw, and as many who are to be forgotten
    };
    struct Done {
        int commands = 0, patches = 0, bundles = 0, erasures = 0, withdrawals = 0;
        int budget_looks = 0;
        std::int64_t spent_minor = 0;
        int bundles_everywhere = 0;  // roll-outs that reached all
    };

    HeadOffice(Timeline& timeline, Headquarters& hq, Plan plan, std::uint64_t seed);

    // Nothing new is wished but a last version of the catalogue, which must reach every shop.
    void finish();
    // All wishes were taken, and what they ask of the shops is done.
    [[nodiscard]] bool at_rest(const std::vector<Site*>& sites);
    // The money that was spent never passes what HQ shows. Keeps what it finds for compare().
    void look_at_budget(const std::vector<Site*>& sites, const SetBacks& set_backs);
    [[nodiscard]] std::vector<std::string> compare(const std::vector<Site*>& sites,
                                                   const SetBacks& set_backs);
    [[nodiscard]] const Done& done() const { return done_; }

private:
    struct Wish {
        runtime::HttpRequest request;
        std::function<void(const boost::json::object&)> taken;
    };
    void wish(MonoTime at, std::function<Wish()> make);
    void make_day();
    void ask_next();
    void again(milliseconds wait);
    [[nodiscard]] Wish command();
    [[nodiscard]] Wish catalogue(bool whole);
    [[nodiscard]] Wish bundle();
    [[nodiscard]] Wish farewell(int number, bool forget);
    [[nodiscard]] std::optional<boost::json::object> hq_says(const std::string& path);
    void compare_datasets(const std::vector<Site*>& sites, std::vector<std::string>& faults);
    void compare_bundles(const std::vector<Site*>& sites, std::vector<std::string>& faults);
    void compare_commands(const SetBacks& set_backs, std::vector<std::string>& faults);
    void compare_farewells(const std::vector<Site*>& sites, std::vector<std::string>& faults);

    Timeline& timeline_;
    Headquarters& hq_;
    Plan plan_;
    Noise noise_;
    DeviceClock true_clock_;
    Node node_;
    Done done_;
    std::vector<runtime::TimerHandle> timers_;
    std::deque<std::function<Wish()>> wishes_;
    std::optional<Wish> asking_;
    int ask_ = 0;  // the question whose answer counts
    runtime::TimerHandle retry_;
    std::int64_t newest_bundle_ = 0;
    std::set<std::int64_t> bundles_;
    std::map<std::string, std::string> commands_;  // id -> store
    std::vector<std::string> forgotten_;           // raw ids
    std::vector<std::string> withdrawn_;
    std::map<std::string, std::int64_t> spent_;  // by device and epoch
    std::vector<std::string> overspent_;
};

// What the shop says of itself: GET /api/v1/bundles.
std::optional<boost::json::object> shop_says(Site& site);

}  // namespace aisle::world
