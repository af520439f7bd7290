#include <algorithm>
#include <boost/json.hpp>

#include "agent/customers/profile.hpp"

// One row:
// {"v":1,"t":tier,"y":birthday,"g":[tag or [tag,confidence,source,until]],"o":{score:n},
// "c":{purpose:[at,version,granted,by_file]},"k":{category:n},"b":{brand:n},"h":{hour of the
// week:n}, "z":{zone:[visits,dwell_s]},"d":[gross,off,full,net],"s":spent,"n":purchases,
// "p":[[at,sale,total,lines,purchase,[categories],[brands]]],"f":[stage,purchases,since_return,last],"l":stage};
// times are milliseconds since 1970. Empty parts are left out; objects are in order of their keys.
namespace aisle::customers {
namespace {

namespace json = boost::json;

constexpr unsigned long kHoursOfWeek = 168;

std::int64_t ms(WallTime time) { return time.time_since_epoch().count(); }
WallTime wall(const json::value& value) {
    return WallTime{milliseconds{value.to_number<std::int64_t>()}};
}

std::string_view text(const json::value& value) { return value.as_string(); }

LifecycleStage stage_from(const json::value& value) {
    const auto number = value.to_number<int>();
    if (number < 0 || number > static_cast<int>(LifecycleStage::WonBack))
        throw std::out_of_range{"stage"};
    return static_cast<LifecycleStage>(number);
}

// Writes with texts for word numbers: those mean nothing outside this process.
class Writer {
public:
    Writer(const Profile& profile, const Words& words) : profile_{profile}, words_{words} {}
    json::object write();

private:
    [[nodiscard]] json::array list(const std::vector<Word>& all) const {
        std::vector<std::string_view> texts;
        for (const Word word : all) texts.push_back(words_.text(word));
        std::ranges::sort(texts);
        json::array array;
        for (const auto one : texts) array.emplace_back(one);
        return array;
    }
    // `name` and `value` of each item, in order of name.
    template <typename Items, typename Name, typename Value>
    void put(const char* key, const Items& items, Name name, Value value) {
        if (items.empty()) return;
        std::vector<std::pair<std::string, json::value>> all;
        for (const auto& item : items) all.emplace_back(name(item), value(item));
        std::ranges::sort(all, {}, [](const auto& one) -> const std::string& { return one.first; });
        json::object object;
        for (auto& [field, one] : all) object.emplace(field, std::move(one));
        row_[key] = std::move(object);
    }
    void put_counts(const char* key, const Counts& counts) {
        put(
            key, counts, [&](const Counted& one) { return words_.text(one.what); },
            [](const Counted& one) { return json::value(one.n); });
    }
    void tags();
    void consents();
    void sums();
    void purchases();

    const Profile& profile_;
    const Words& words_;
    json::object row_;
};

void Writer::tags() {
    json::array all;
    for (const KeptTag& tag : profile_.tags) {
        if (tag == KeptTag{.tag = tag.tag}) {
            all.emplace_back(words_.text(tag.tag));
            continue;
        }
        json::array one;
        one.emplace_back(words_.text(tag.tag));
        one.emplace_back(tag.confidence_permille);
        one.emplace_back(words_.text(tag.source));
        if (tag.until) one.emplace_back(ms(*tag.until));
        all.emplace_back(std::move(one));
    }
    if (!all.empty()) row_["g"] = std::move(all);
}

void Writer::consents() {
    put(
        "c", profile_.consent, [&](const KeptConsent& one) { return words_.text(one.purpose); },
        [&](const KeptConsent& one) {
            json::array row;
            row.emplace_back(ms(one.at));
            row.emplace_back(words_.text(one.version));
            row.emplace_back(one.granted);
            row.emplace_back(one.by_file);
            return json::value(std::move(row));
        });
}

void Writer::sums() {
    put_counts("k", profile_.categories);
    put_counts("b", profile_.brands);
    put(
        "h", profile_.hours, [](const Counted& one) { return std::to_string(one.what); },
        [](const Counted& one) { return json::value(one.n); });
    put(
        "z", profile_.zones, [&](const ZoneSum& one) { return words_.text(one.zone); },
        [](const ZoneSum& one) {
            json::array row;
            row.emplace_back(one.visits);
            row.emplace_back(one.dwell_s);
            return json::value(std::move(row));
        });
    const Prices& prices = profile_.prices;
    if (prices == Prices{}) return;
    json::array all;
    for (const Money amount : {prices.gross, prices.off, prices.full, prices.net})
        all.emplace_back(amount.minor());
    row_["d"] = std::move(all);
}

void Writer::purchases() {
    json::array all;
    for (const KeptPurchase& purchase : profile_.kept) {
        json::array row;
        row.emplace_back(ms(purchase.at));
        row.emplace_back(purchase.sale);
        row.emplace_back(purchase.total.minor());
        row.emplace_back(purchase.lines);
        row.emplace_back(purchase.purchase);
        const bool brands = !purchase.brands.empty();
        if (purchase.detailed) row.emplace_back(list(purchase.categories));
        if (brands) row.emplace_back(list(purchase.brands));
        all.emplace_back(std::move(row));
    }
    if (!all.empty()) row_["p"] = std::move(all);
    if (profile_.folded == Walk{}) return;
    json::array walk;
    walk.emplace_back(static_cast<int>(profile_.folded.stage));
    walk.emplace_back(profile_.folded.purchases);
    walk.emplace_back(profile_.folded.since_return);
    walk.emplace_back(ms(profile_.folded.last));
    row_["f"] = std::move(walk);
}

json::object Writer::write() {
    row_["v"] = 1;
    if (profile_.tier != kNoWord) row_["t"] = words_.text(profile_.tier);
    if (profile_.birthday != 0) row_["y"] = profile_.birthday;
    tags();
    put_counts("o", profile_.scores);
    consents();
    sums();
    row_["s"] = profile_.spent.minor();
    row_["n"] = profile_.purchases;
    row_["l"] = static_cast<int>(profile_.stage);
    purchases();
    return std::move(row_);
}

// What Writer wrote, and what was written before a sale had prices, brands and hours. Throws as
// Boost.JSON does.
class Reader {
public:
    Reader(const json::object& row, Words& words) : row_{row}, words_{words} {}
    Profile read();

private:
    Word word(const json::value& value) { return words_.intern(text(value)); }
    std::vector<Word> list(const json::value& value) {
        std::vector<Word> all;
        for (const json::value& one : value.as_array()) all.push_back(word(one));
        std::ranges::sort(all);
        return all;
    }
    template <typename Each>
    void each(const char* key, Each take) {
        if (const auto* const object = row_.if_contains(key))
            for (const auto& [name, value] : object->as_object())
                take(std::string_view{name.data(), name.size()}, value);
    }
    void counts(const char* key, Counts& counts) {
        each(key, [&](std::string_view name, const json::value& n) {
            count(counts, words_.intern(name), n.to_number<std::int64_t>());
        });
    }
    void tags();
    void consents();
    void sums();
    void purchases();
    KeptPurchase purchase(const json::array& row);

    const json::object& row_;
    Words& words_;
    Profile profile_;
};

void Reader::tags() {
    const auto* const tags = row_.if_contains("g");
    if (!tags) return;
    for (const json::value& value : tags->as_array()) {
        const auto* const more = value.if_array();
        KeptTag tag{.tag = word(more ? more->at(0) : value)};
        if (more) {
            tag.confidence_permille = more->at(1).to_number<std::int32_t>();
            tag.source = word(more->at(2));
            if (more->size() > 3) tag.until = wall(more->at(3));
        }
        if (tag.tag != kNoWord) profile_.tags.push_back(tag);
    }
}

void Reader::consents() {
    each("c", [&](std::string_view purpose, const json::value& value) {
        const json::array& row = value.as_array();
        take_consent(profile_, {.purpose = words_.intern(purpose),
                                .at = wall(row.at(0)),
                                .version = word(row.at(1)),
                                .granted = row.at(2).as_bool(),
                                .by_file = row.at(3).as_bool()});
    });
}

void Reader::sums() {
    counts("k", profile_.categories);
    counts("b", profile_.brands);
    each("h", [&](std::string_view hour, const json::value& n) {
        const auto of_week = std::stoul(std::string{hour});
        if (of_week < 1 || of_week > kHoursOfWeek) throw std::out_of_range{"hour"};
        count(profile_.hours, static_cast<Word>(of_week), n.to_number<std::int64_t>());
    });
    each("z", [&](std::string_view zone, const json::value& value) {
        profile_.zones.push_back({.zone = words_.intern(zone),
                                  .visits = value.as_array().at(0).to_number<std::int64_t>(),
                                  .dwell_s = value.as_array().at(1).to_number<std::int64_t>()});
    });
    std::ranges::sort(profile_.zones, {}, &ZoneSum::zone);
    each("o", [&](std::string_view name, const json::value& n) {
        profile_.scores.push_back({words_.intern(name), n.to_number<std::int64_t>()});
    });
    std::ranges::sort(profile_.scores, {}, &Counted::what);
    if (const auto* const prices = row_.if_contains("d")) {
        const json::array& all = prices->as_array();
        const auto money = [&](std::size_t i) {
            return Money::minor(all.at(i).to_number<std::int64_t>());
        };
        profile_.prices = {.gross = money(0), .off = money(1), .full = money(2), .net = money(3)};
    }
}

// Earlier rows have 16 digits of the sale's id.
KeptPurchase Reader::purchase(const json::array& row) {
    KeptPurchase purchase{.at = wall(row.at(0)),
                          .total = Money::minor(row.at(2).to_number<std::int64_t>()),
                          .lines = row.at(3).to_number<std::int32_t>(),
                          .purchase = row.at(4).as_bool()};
    if (const auto* const digits = row.at(1).if_string())
        purchase.sale = static_cast<std::uint16_t>(std::stoul(
            "0" + std::string{*digits}.substr(digits->size() < 4 ? 0 : digits->size() - 4), nullptr,
            16));
    else
        purchase.sale = row.at(1).to_number<std::uint16_t>();
    purchase.detailed = row.size() > 5;
    if (row.size() > 5) purchase.categories = list(row.at(5));
    if (row.size() > 6) purchase.brands = list(row.at(6));
    return purchase;
}

void Reader::purchases() {
    profile_.spent = Money::minor(row_.at("s").to_number<std::int64_t>());
    profile_.purchases = row_.at("n").to_number<std::int32_t>();
    profile_.stage = stage_from(row_.at("l"));
    if (const auto* const kept = row_.if_contains("p"))
        for (const json::value& one : kept->as_array())
            profile_.kept.push_back(purchase(one.as_array()));
    if (const auto* const folded = row_.if_contains("f")) {
        const json::array& walk = folded->as_array();
        profile_.folded = {.stage = stage_from(walk.at(0)),
                           .purchases = walk.at(1).to_number<std::int32_t>(),
                           .since_return = walk.at(2).to_number<std::int32_t>(),
                           .last = wall(walk.at(3))};
    }
}

Profile Reader::read() {
    if (row_.at("v").to_number<int>() != 1) throw std::out_of_range{"version"};
    if (const auto* const tier = row_.if_contains("t")) profile_.tier = word(*tier);
    if (const auto* const birthday = row_.if_contains("y"))
        profile_.birthday = birthday->to_number<std::uint16_t>();
    tags();
    consents();
    sums();
    purchases();
    return std::move(profile_);
}

}  // namespace

std::string to_bytes(const Profile& profile, const Words& words) {
    return json::serialize(Writer{profile, words}.write());
}

Result<Profile> profile_from(std::string_view bytes, Words& words) try {
    const json::value row = json::parse(json::string_view{bytes.data(), bytes.size()});
    return Reader{row.as_object(), words}.read();
} catch (const std::exception&) {
    return malformed("a customer's row cannot be read");
}

}  // namespace aisle::customers
