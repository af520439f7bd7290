#include "drivers/simulated/chain.hpp"

#include <array>
#include <boost/json.hpp>
#include <cstdio>

#include "drivers/simulated/noise.hpp"

namespace aisle::simulated {
namespace {

namespace json = boost::json;

struct Shelf {
    const char* category;
    const char* zone;
    const char* text;
    int price;
    bool by_weight;
};

constexpr std::array<Shelf, 20> kShelves{{
    {"snack", "snacks", "薯片 Potato crisps", 890, false},
    {"snack", "snacks", "坚果 Mixed nuts", 2990, false},
    {"snack", "snacks", "巧克力 Chocolate", 1590, false},
    {"snack", "snacks", "海苔 Seaweed", 1250, false},
    {"drink", "drinks", "绿茶 Green tea", 450, false},
    {"drink", "drinks", "矿泉水 Mineral water", 200, false},
    {"drink", "drinks", "橙汁 Orange juice", 1180, false},
    {"drink", "drinks", "啤酒 Beer", 690, false},
    {"fruit", "fruit", "苹果 Apples", 1298, true},
    {"fruit", "fruit", "香蕉 Bananas", 798, true},
    {"fruit", "fruit", "葡萄 Grapes", 2580, true},
    {"fruit", "fruit", "草莓 Strawberries", 3990, false},
    {"dairy", "fruit", "牛奶 Milk", 690, false},
    {"dairy", "fruit", "酸奶 Yoghurt", 890, false},
    {"home", "home", "纸巾 Tissues", 1690, false},
    {"home", "home", "洗衣液 Detergent", 4990, false},
    {"home", "home", "牙膏 Toothpaste", 1490, false},
    {"home", "home", "雨伞 Umbrella", 3900, false},
    {"bakery", "entrance", "面包 Bread", 1280, false},
    {"bakery", "entrance", "蛋糕 Cake", 5800, false},
}};

std::string printed(const char* format, auto... values) {
    std::array<char, 64> text{};
    const int size = std::snprintf(text.data(), text.size(), format, values...);
    return {text.data(), static_cast<std::size_t>(size)};
}

// GS1's check digit: weights 1 and 3 from the left over twelve digits.
std::string gtin13(int item) {
    std::string code = "690" + printed("%09d", item);
    int sum = 0;
    for (std::size_t i = 0; i < code.size(); ++i) sum += (code[i] - '0') * (i % 2 == 0 ? 1 : 3);
    code += static_cast<char>('0' + (10 - sum % 10) % 10);
    return code;
}

Tag make_tag(const char* bearer, std::string label, int major, int minor) {
    return {.id = std::string{kTagUuid} + printed("/%d/%d", major, minor),
            .mac = printed("C0:DE:00:00:%02X:%02X", major, minor),
            .bearer = bearer,
            .label = std::move(label)};
}

std::string member_line(const Member& member, const std::string& consent_at) {
    json::object consent;
    const auto grant = [&](const char* purpose) {
        json::object given;
        given["at"] = consent_at;
        given["version"] = "2026-05";
        consent[purpose] = std::move(given);
    };
    if (member.wants_offers) grant("marketing.personal");
    if (member.links_tag) grant("location.link");
    json::object row;
    row["member"] = member.id;
    row["tags"] = json::array();
    row["tier"] = member.tier;
    row["consent"] = std::move(consent);
    return json::serialize(row) + "\n";
}

std::string tag_line(const Tag& tag, const Chain& chain) {
    json::object row;
    row["tag"] = tag.id;
    row["is"] = tag.bearer;
    row["label"] = tag.label;
    if (tag.member >= 0) row["member"] = chain.members[static_cast<std::size_t>(tag.member)].id;
    return json::serialize(row) + "\n";
}

std::string product_line(const Product& product) {
    json::object row;
    row["sku"] = product.sku;
    row["gtin"] = product.gtin;
    row["category"] = product.category;
    row["brand"] = product.brand;
    row["price"] = product.price.minor();
    row["cost"] = product.cost.minor();
    return json::serialize(row) + "\n";
}

}  // namespace

Chain make_chain(std::uint64_t seed) {
    Chain chain;
    chain.zones = {"entrance", "snacks", "drinks", "fruit", "home", "tills"};
    int item = 100;
    for (const Shelf& shelf : kShelves) {
        ++item;
        chain.products.push_back({.sku = printed("SKU%d", item),
                                  .gtin = gtin13(item),
                                  .text = shelf.text,
                                  .category = shelf.category,
                                  .brand = item % 3 == 0 ? "own" : "brand",
                                  .price = Money::minor(shelf.price),
                                  .cost = percent_of(Money::minor(shelf.price), BasisPoints{6500}),
                                  .by_weight = shelf.by_weight,
                                  .zone = shelf.zone});
    }
    Noise noise{seed, 1};
    for (int i = 0; i < 80; ++i) {
        const auto draw = noise.below(10);
        chain.members.push_back({.id = printed("6200%08d", 10'000 + i * 37),
                                 .tier = draw < 1   ? "gold"
                                         : draw < 4 ? "silver"
                                                    : "basic",
                                 .wants_offers = noise.chance(750),
                                 .links_tag = noise.chance(600)});
    }
    for (int i = 1; i <= 40; ++i) {
        chain.trolleys.push_back(make_tag("trolley", printed("trolley %d", i), 1, i));
    }
    for (int i = 0; i < 20; ++i) {
        chain.member_tags.push_back(make_tag("member", printed("card %d", i), 2, i));
        chain.member_tags.back().member = i;
    }
    return chain;
}

std::vector<ReferenceFile> reference_files(const Chain& chain, const std::string& consent_at) {
    ReferenceFile members{"members.jsonl", ""};
    for (const Member& member : chain.members) members.bytes += member_line(member, consent_at);
    ReferenceFile products{"products.jsonl", ""};
    for (const Product& product : chain.products) products.bytes += product_line(product);
    ReferenceFile tags{"tags.jsonl", ""};
    for (const Tag& tag : chain.trolleys) tags.bytes += tag_line(tag, chain);
    for (const Tag& tag : chain.member_tags) tags.bytes += tag_line(tag, chain);
    ReferenceFile facts{"facts.jsonl", "{\"key\":\"ctx.weather\",\"value\":\"rain\"}\n"};
    for (const Product& product : chain.products) {
        json::object row;
        row["key"] = "stock." + product.sku;
        row["value"] = 40;
        facts.bytes += json::serialize(row) + "\n";
    }
    return {members, products, tags, facts};
}

}  // namespace aisle::simulated
