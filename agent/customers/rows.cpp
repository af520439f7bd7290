// The room's rows in the store, and back.
#include <algorithm>
#include <boost/json.hpp>

#include "agent/customers/state.hpp"

namespace aisle::customers {
namespace {

namespace json = boost::json;

constexpr std::string_view kLink = "link/";
constexpr std::string_view kQuantilesKey = "~quantiles";

std::int64_t ms(WallTime time) { return time.time_since_epoch().count(); }

// {"n":receipts,"at":ms}
std::string link_bytes(const Link& link) {
    json::object row;
    row["n"] = link.n;
    row["at"] = ms(link.at);
    return json::serialize(row);
}

// {"d":"YYYY-MM-DD","r":[4],"m":[4]}
std::string quantile_bytes(const Quantiles& quantiles) {
    json::object row;
    row["d"] = aisle::to_text(quantiles.day);
    row["r"] = json::array(quantiles.cuts.recency_days.begin(), quantiles.cuts.recency_days.end());
    row["m"] =
        json::array(quantiles.cuts.monetary_minor.begin(), quantiles.cuts.monetary_minor.end());
    return json::serialize(row);
}

json::object parsed(std::string_view bytes) {
    return json::parse(json::string_view{bytes.data(), bytes.size()}).as_object();
}

}  // namespace

// One row a name and call: a later state of it takes the place of an earlier one.
void put_row(Effects& effects, StateChange row) {
    const auto same = std::ranges::find(effects.state, row.key, &StateChange::key);
    if (same == effects.state.end())
        effects.state.push_back(std::move(row));
    else
        *same = std::move(row);
}

void Customers::State::keep(Index name, Effects& effects) const {
    put_row(effects, {std::string{kRoom}, table.name(name), to_bytes(table.profile(name), words)});
}

// Under both names in their order, so that each link has one row, and forgetting a person finds it.
std::string Customers::State::link_key(const Link& link) const {
    std::string a = table.name(link.a);
    std::string b = table.name(link.b);
    if (b < a) std::swap(a, b);
    return std::string{kLink} + a + "/" + b + "/" + std::string{to_text(link.source)};
}

void Customers::State::keep_link(const Link& link, Effects& effects) const {
    put_row(effects, {std::string{kRoom}, link_key(link), link.n > 0 ? link_bytes(link) : ""});
}

void Customers::State::restore_link(const StateChange& row) {
    const std::string_view key{row.key};
    const auto first = key.find('/', kLink.size());
    const auto second = first == std::string_view::npos ? first : key.find('/', first + 1);
    if (second == std::string_view::npos) throw std::out_of_range{"link"};
    const auto source = source_from(key.substr(second + 1));
    if (!source) throw std::out_of_range{"source"};
    const json::object bytes = parsed(row.bytes);
    const Link link{.a = find_or_add(key.substr(kLink.size(), first - kLink.size())),
                    .b = find_or_add(key.substr(first + 1, second - first - 1)),
                    .source = *source,
                    .n = bytes.at("n").to_number<std::int32_t>(),
                    .at = WallTime{milliseconds{bytes.at("at").to_number<std::int64_t>()}}};
    if (link.a != kNobody && link.b != kNobody) (void)identity.add(link);
}

void Customers::State::restore_quantiles(const StateChange& row) {
    const json::object bytes = parsed(row.bytes);
    const auto day = parse_date(bytes.at("d").as_string());
    if (!day) throw std::out_of_range{"day"};
    quantiles = Quantiles{.day = *day, .cuts = settings.rfm};
    for (std::size_t i = 0; i < 4; ++i) {
        quantiles->cuts.recency_days[i] = bytes.at("r").as_array().at(i).to_number<std::int32_t>();
        quantiles->cuts.monetary_minor[i] =
            bytes.at("m").as_array().at(i).to_number<std::int64_t>();
    }
}

// Boost.JSON throws: caught here, where it is used.
Status Customers::State::restore_row(const StateChange& row) try {
    if (row.key.starts_with(kLink)) return restore_link(row), Status{};
    if (row.key == kQuantilesKey) return restore_quantiles(row), Status{};
    const auto profile = profile_from(row.bytes, words);
    if (!profile) return profile.error();
    const Index name = find_or_add(row.key);
    if (name != kNobody) table.put(name, *profile, settings.lifecycle);
    return {};
} catch (const std::exception&) {
    return malformed("a customer's row cannot be read");
}

void Customers::State::clear() {
    table.clear();
    identity.clear();
    segments.load(segments.rules);
    quantiles.reset();
    scanned = 0;
}

Status Customers::restore(std::span<const StateChange> rows) {
    state_->clear();
    for (const StateChange& row : rows) {
        if (row.bytes.empty()) continue;
        if (const Status read = state_->restore_row(row); !read) {
            state_->clear();
            return malformed(read.error().detail + ": " + row.key.substr(0, 8));
        }
    }
    if (!state_->settings.quantiles) state_->quantiles.reset();
    return {};
}

std::vector<StateChange> Customers::rows() const {
    Effects effects;
    const State& state = *state_;
    const Profile nothing;
    for (Index name = 0; name < state.table.end(); ++name) {
        if (!state.table.used(name)) continue;
        const bool empty = !state.table.is_member(name) && state.table.profile(name) == nothing;
        if (!empty)
            effects.state.push_back({std::string{kRoom}, state.table.name(name),
                                     to_bytes(state.table.profile(name), state.words)});
    }
    for (const Link& link : state.identity.all())
        effects.state.push_back({std::string{kRoom}, state.link_key(link), link_bytes(link)});
    if (state.quantiles)
        effects.state.push_back(
            {std::string{kRoom}, std::string{kQuantilesKey}, quantile_bytes(*state.quantiles)});
    std::ranges::sort(effects.state, {}, &StateChange::key);
    return std::move(effects.state);
}

// Once on each of the store's days, and when there are none yet.
void Customers::State::find_quantiles(const Stamp& now, Effects& effects) {
    const Date today = settings.zone ? settings.zone->local(now.wall).date
                                     : Date{std::chrono::floor<std::chrono::days>(now.wall)};
    if (quantiles && quantiles->day == today) return;
    std::vector<Figures> all;
    all.reserve(table.size());
    for (Index name = 0; name < table.end(); ++name) {
        if (!table.used(name) || !table.is_member(name)) continue;
        const auto person = identity.person(name);
        if (person.front() != name) continue;
        Walk walk = table.hot(name).walk;
        Money spent = table.hot(name).spent;
        if (person.size() > 1) {
            const Profile profile = whole(person);
            walk = walk_to_last(profile, settings.lifecycle);
            spent = profile.spent;
        }
        if (walk.purchases > 0)
            all.push_back({.recency_days = whole_days(walk.last, now.wall),
                           .purchases = walk.purchases,
                           .spent = spent});
    }
    const auto cuts = fifths(settings.rfm, std::move(all));
    quantiles = Quantiles{.day = today, .cuts = cuts.value_or(settings.rfm)};
    put_row(effects, {std::string{kRoom}, std::string{kQuantilesKey}, quantile_bytes(*quantiles)});
}

}  // namespace aisle::customers
