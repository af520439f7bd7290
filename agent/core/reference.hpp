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

inline constexpr std::int32_t kCertain = 1'000;  // permille

// What is said about one of a member's tags. A tag without it is certain, the file's own, and
// holds for as long as it stands there.
struct TagDetail {
    std::int32_t confidence_permille = kCertain;
    std::string source;             // a study, a questionnaire; empty: the file
    std::optional<WallTime> until;  // from then on the tag is unknown

    friend bool operator==(const TagDetail&, const TagDetail&) = default;
};

// Another name under which a member is known. `id` is raw from the driver and a pseudonym after
// intake.
struct KnownAs {
    std::string kind;  // card, app
    std::string id;

    friend bool operator==(const KnownAs&, const KnownAs&) = default;
};

// `member` is raw from the driver and a pseudonym after intake, as in Sale.
struct MemberRow {
    std::string member;
    std::vector<std::string> tags;
    std::string tier;
    std::map<std::string, Consent> consent;             // by purpose
    std::map<std::string, std::int64_t> scores = {};    // by name, as HQ's studies give them
    std::map<std::string, TagDetail> tag_details = {};  // of `tags`, by tag
    std::string birthday = {};                          // MM-DD; the year is never asked
    std::vector<KnownAs> ids = {};
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

// MM-DD of a leap year: 29 February is a birthday.
bool is_month_day(std::string_view text);

using ReferenceRow = std::variant<MemberRow, ProductRow, TagRow, FactRow>;

}  // namespace aisle
