#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "agent/core/ids.hpp"
#include "agent/core/money.hpp"
#include "agent/core/time.hpp"
#include "agent/core/traffic.hpp"

// What the chain knows and the shop is told: members, products, tags, facts (DESIGN section 6).
namespace aisle {

struct Consent {
    WallTime at{};
    std::string version;
    bool granted = true;

    friend bool operator==(const Consent&, const Consent&) = default;
};

// `member` is raw from the driver and a pseudonym after intake, as in Sale.
struct MemberRow {
    std::string member;
    std::vector<std::string> tags;
    std::string tier;
    std::map<std::string, Consent> consent;           // by purpose
    std::map<std::string, std::int64_t> scores = {};  // by name, as HQ's studies give them
};

struct ProductRow {
    std::string sku;
    std::string gtin;
    std::string category;
    std::string brand;
    Money price;
    Money cost;
};

// `tag` is the raw beacon id as enrolled: lower-case hex of Advert::id, or "uuid/major/minor",
// "namespace/instance".
struct TagRow {
    std::string tag;
    TagBearer bearer = TagBearer::Trolley;
    std::string label;
    std::string member;  // raw member id for bearer Member; a pseudonym after intake
};

using FactValue = std::variant<bool, std::int64_t, double, std::string>;

// True in [valid_from, valid_to) and unknown outside it: never false by default.
struct FactRow {
    std::string key;
    FactValue value;
    std::optional<WallTime> valid_from;
    std::optional<WallTime> valid_to;
};

using ReferenceRow = std::variant<MemberRow, ProductRow, TagRow, FactRow>;

}  // namespace aisle
