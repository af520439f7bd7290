#include <boost/json.hpp>

#include "agent/customers/profile.hpp"

// One row:
// {"v":1,"t":tier,"g":[tags],"o":{score:n},"c":{purpose:[at,version,granted,by_file]},"k":{category:n},"s":spent,"n":purchases,
// "p":[[at,sale,total,lines,purchase,[categories]]],"f":[stage,purchases,since_return,last],"l":stage};
// times are milliseconds since 1970. Empty parts are left out.
namespace aisle::customers {
namespace {

namespace json = boost::json;

std::int64_t ms(WallTime time) { return time.time_since_epoch().count(); }
WallTime wall(const json::value& value) {
    return WallTime{milliseconds{value.to_number<std::int64_t>()}};
}

json::array words(const std::vector<std::string>& all) {
    json::array array;
    for (const std::string& word : all) array.emplace_back(word);
    return array;
}

std::string text(const json::value& value) { return std::string{value.as_string()}; }

std::vector<std::string> words_from(const json::value& value) {
    std::vector<std::string> all;
    for (const json::value& word : value.as_array()) all.push_back(text(word));
    return all;
}

LifecycleStage stage_from(const json::value& value) {
    const auto number = value.to_number<int>();
    if (number < 0 || number > static_cast<int>(LifecycleStage::WonBack))
        throw std::out_of_range{"stage"};
    return static_cast<LifecycleStage>(number);
}

json::array to_json(const KeptPurchase& purchase) {
    json::array row;
    row.emplace_back(ms(purchase.at));
    row.emplace_back(purchase.sale);
    row.emplace_back(purchase.total.minor());
    row.emplace_back(purchase.lines);
    row.emplace_back(purchase.purchase);
    if (!purchase.categories.empty()) row.emplace_back(words(purchase.categories));
    return row;
}

KeptPurchase purchase_from(const json::array& row) {
    KeptPurchase purchase{.at = wall(row.at(0)),
                          .sale = text(row.at(1)),
                          .total = Money::minor(row.at(2).to_number<std::int64_t>()),
                          .lines = row.at(3).to_number<std::int32_t>(),
                          .purchase = row.at(4).as_bool()};
    if (row.size() > 5) purchase.categories = words_from(row.at(5));
    return purchase;
}

json::object consent_json(const Profile& profile) {
    json::object all;
    for (const auto& [purpose, kept] : profile.consent) {
        json::array row;
        row.emplace_back(ms(kept.consent.at));
        row.emplace_back(kept.consent.version);
        row.emplace_back(kept.consent.granted);
        row.emplace_back(kept.by_file);
        all.emplace(purpose, std::move(row));
    }
    return all;
}

void read_consent(const json::object& all, Profile& profile) {
    for (const auto& [purpose, value] : all) {
        const json::array& row = value.as_array();
        profile.consent[std::string{purpose}] = {.consent = {.at = wall(row.at(0)),
                                                             .version = text(row.at(1)),
                                                             .granted = row.at(2).as_bool()},
                                                 .by_file = row.at(3).as_bool()};
    }
}

void read_purchases(const json::object& row, Profile& profile) {
    profile.spent = Money::minor(row.at("s").to_number<std::int64_t>());
    profile.purchases = row.at("n").to_number<std::int32_t>();
    profile.stage = stage_from(row.at("l"));
    if (const auto* const kept = row.if_contains("p"))
        for (const json::value& purchase : kept->as_array())
            profile.kept.push_back(purchase_from(purchase.as_array()));
    if (const auto* const folded = row.if_contains("f")) {
        const json::array& walk = folded->as_array();
        profile.folded = {.stage = stage_from(walk.at(0)),
                          .purchases = walk.at(1).to_number<std::int32_t>(),
                          .since_return = walk.at(2).to_number<std::int32_t>(),
                          .last = wall(walk.at(3))};
    }
}

Profile read(const json::object& row) {
    Profile profile;
    if (row.at("v").to_number<int>() != 1) throw std::out_of_range{"version"};
    if (const auto* const tier = row.if_contains("t")) profile.tier = text(*tier);
    if (const auto* const tags = row.if_contains("g")) profile.tags = words_from(*tags);
    if (const auto* const consent = row.if_contains("c"))
        read_consent(consent->as_object(), profile);
    if (const auto* const categories = row.if_contains("k"))
        for (const auto& [category, n] : categories->as_object())
            profile.categories[std::string{category}] = n.to_number<std::int32_t>();
    if (const auto* const scores = row.if_contains("o"))
        for (const auto& [name, n] : scores->as_object())
            profile.scores[std::string{name}] = n.to_number<std::int64_t>();
    read_purchases(row, profile);
    return profile;
}

}  // namespace

std::string to_bytes(const Profile& profile) {
    json::object row;
    row["v"] = 1;
    if (!profile.tier.empty()) row["t"] = profile.tier;
    if (!profile.tags.empty()) row["g"] = words(profile.tags);
    json::object scores;
    for (const auto& [name, n] : profile.scores) scores[name] = n;
    if (!scores.empty()) row["o"] = std::move(scores);
    if (!profile.consent.empty()) row["c"] = consent_json(profile);
    json::object categories;
    for (const auto& [category, n] : profile.categories) categories.emplace(category, n);
    if (!categories.empty()) row["k"] = std::move(categories);
    row["s"] = profile.spent.minor();
    row["n"] = profile.purchases;
    row["l"] = static_cast<int>(profile.stage);
    json::array kept;
    for (const KeptPurchase& purchase : profile.kept) kept.push_back(to_json(purchase));
    if (!kept.empty()) row["p"] = std::move(kept);
    if (profile.folded != Walk{}) {
        json::array walk;
        walk.emplace_back(static_cast<int>(profile.folded.stage));
        walk.emplace_back(profile.folded.purchases);
        walk.emplace_back(profile.folded.since_return);
        walk.emplace_back(ms(profile.folded.last));
        row["f"] = std::move(walk);
    }
    return json::serialize(row);
}

Result<Profile> profile_from(std::string_view bytes) try {
    return read(json::parse(json::string_view{bytes.data(), bytes.size()}).as_object());
} catch (const std::exception&) {
    return malformed("a customer's row cannot be read");
}

}  // namespace aisle::customers
