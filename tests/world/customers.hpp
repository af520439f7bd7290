#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "tests/world/noise.hpp"
#include "tests/world/site.hpp"

namespace aisle::world {

// What one day brings to a shop. Counts are of a whole day; a shorter span has its share.
struct DayPlan {
    MonoTime from{};
    MonoTime to{};
    std::int64_t sales = 1'500;
    std::int64_t visits = 6'000;    // people through the door
    std::int64_t tag_visits = 300;  // trolleys that are heard in a zone
    std::int64_t taps = 300;        // staff look at the tablet
    std::int64_t oversized_permille = 0;
    std::string till_prefix;  // two devices with one identity have tills of their own
};

// Members who agree to be spoken to early in the day and take their leave later: by withdrawing
// that, or by being forgotten. They do nothing else, so that nothing of them may be left.
inline constexpr int kLeavers = 3;  // of each
std::string leaver(int number, bool forget);

// One sale as the till knows it.
struct Sold {
    std::string id;    // what the agent must call it
    std::string body;  // of the POST
    std::int64_t total_minor = 0;
    bool answered = false;  // 200: the till has forgotten it
    int answered_times = 0;
};

// Everything outside the box that the agent hears of: tills that ask again until they are answered,
// a door sensor and tags that do not, members and staff. They never die and have a right clock.
class Customers {
public:
    Customers(Timeline& timeline, Site& site, const DayPlan& plan, std::uint64_t seed);

    [[nodiscard]] const std::vector<Sold>& sold() const { return sold_; }
    // Every till has its answer.
    [[nodiscard]] bool all_answered() const { return waiting_ == 0 && next_ == sold_.size(); }
    // The tills forget that they were answered for the last so many sales, and ask again.
    void replay(std::size_t sales);
    // Instead of `site`: the box was changed.
    void stop() { doors_.cancel(), tags_.cancel(), staff_.cancel(); }

private:
    void make_sales(const DayPlan& plan);
    Sold make_sale(const DayPlan& plan, std::int64_t seq, MonoTime at);
    std::string letters(int n);
    void sell_next();
    void push(std::size_t number);
    void retry(std::size_t number);
    void count_doors();
    void hear_tags();
    void tap();
    void agree(const std::string& member, bool granted);

    Timeline& timeline_;
    Site& site_;
    DayPlan plan_;
    Noise noise_;
    DeviceClock true_clock_;
    Node node_;
    std::vector<Sold> sold_;
    std::vector<MonoTime> due_;
    std::vector<int> asks_;  // by sale: the number of the question whose answer counts
    std::size_t next_ = 0;
    std::size_t waiting_ = 0;
    std::vector<runtime::TimerHandle> retries_;
    runtime::TimerHandle selling_;
    runtime::TimerHandle doors_;
    runtime::TimerHandle tags_;
    runtime::TimerHandle staff_;
    struct Trolley {
        int number = 0;
        std::string scanner;
        MonoTime until{};
    };
    std::vector<Trolley> trolleys_;
};

}  // namespace aisle::world
