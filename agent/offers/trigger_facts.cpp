#include "agent/offers/trigger_facts.hpp"

#include <algorithm>

namespace aisle::offers {
namespace {

// Keys are set in their order, which costs least.
class Telling {
public:
    Telling(const Ask& ask, const CampaignSet& set) : ask_{ask}, set_{set} {}

    conditions::Facts make() {
        if (ask_.basket) add_basket(*ask_.basket);
        if (set_.asks_the_clock()) add_clock(set_.store_zone()->local(ask_.at.wall));
        if (ask_.dwell_s) add("zone.dwell_s", *ask_.dwell_s);
        if (!ask_.zone.empty()) add("zone.id", ask_.zone.value);
        return std::move(facts_);
    }

private:
    [[nodiscard]] bool wanted(std::string_view key) const {
        return set_.slots().find(key).has_value();
    }
    void add(std::string_view key, conditions::Value value) {
        if (wanted(key)) facts_.set(std::string{key}, std::move(value));
    }
    void add_basket(const Basket& basket);
    void add_words(std::string_view key, const Basket& basket, std::string BasketLine::*word);
    void add_clock(const LocalTime& local);

    const Ask& ask_;
    const CampaignSet& set_;
    conditions::Facts facts_;
};

void Telling::add_words(std::string_view key, const Basket& basket, std::string BasketLine::*word) {
    if (!wanted(key)) return;
    std::vector<std::string> words;
    for (const BasketLine& line : basket.lines)
        if (!(line.*word).empty()) words.push_back(line.*word);
    std::ranges::sort(words);
    words.erase(std::ranges::unique(words).begin(), words.end());
    add(key, conditions::to_list(words));
}

void Telling::add_basket(const Basket& basket) {
    Money total;
    for (const BasketLine& line : basket.lines) total += line.net();
    add_words("basket.categories", basket, &BasketLine::category);
    add("basket.lines", static_cast<std::int64_t>(basket.lines.size()));
    add_words("basket.skus", basket, &BasketLine::sku);
    add("basket.total_minor", total.minor());
}

// Member days, birthdays and the like go by the shop's clock, whatever zone a campaign names for
// its window: the day is the day of the people in the shop.
void Telling::add_clock(const LocalTime& local) {
    const std::string date = aisle::to_text(local.date);
    add("ctx.date", date);
    add("ctx.day", std::int64_t{static_cast<unsigned>(local.date.day())});
    add("ctx.hour", std::int64_t{local.minute_of_day / 60});
    add("ctx.minute_of_day", std::int64_t{local.minute_of_day});
    add("ctx.month_day", date.substr(5));
    add("ctx.weekday", std::int64_t{local.weekday.iso_encoding()});
}

}  // namespace

conditions::Facts trigger_facts(const Ask& ask, const CampaignSet& set) {
    return Telling{ask, set}.make();
}

std::string_view index_key(const Ask& ask) {
    const bool in_zone =
        ask.trigger == TriggerKind::ZoneEnter || ask.trigger == TriggerKind::ZoneDwell;
    return in_zone ? std::string_view{ask.zone.value} : std::string_view{ask.edge};
}

}  // namespace aisle::offers
