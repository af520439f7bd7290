#include "drivers/reference/reference_lines.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <boost/json.hpp>

namespace aisle::reference {
namespace {

namespace json = boost::json;

// Bounds within a line, so that one row cannot take what the bound on lines allows.
constexpr std::size_t kTextMax = 256;  // of any one field
constexpr std::size_t kTagsMax = 64;
constexpr std::size_t kPurposesMax = 32;
constexpr std::size_t kIdsMax = 16;

// Reads the fields of one line; the first that is wrong is remembered by name and the rest gives
// defaults.
class LineReader {
public:
    explicit LineReader(const json::object& object) : object_{object} {}

    [[nodiscard]] const json::value* find(std::string_view key) const {
        const auto* value = object_.if_contains(key);
        return value == nullptr || value->is_null() ? nullptr : value;
    }
    std::string text(std::string_view key, bool required = false) {
        const auto* value = find(key);
        if (value == nullptr) {
            if (required) wrong(key, "is missing");
            return {};
        }
        const auto* found = value->if_string();
        if (found == nullptr || found->size() > kTextMax)
            return wrong(key, "is not a short text"), std::string{};
        if (required && found->empty()) wrong(key, "is empty");
        return {found->data(), found->size()};
    }
    Money money(std::string_view key) {
        const auto* value = find(key);
        if (value == nullptr) return Money{};
        const auto* units = value->if_int64();
        if (units == nullptr || *units < 0 || Money::minor(*units) > kMoneyMax) {
            wrong(key, "is not an amount in minor units");
            return Money{};
        }
        return Money::minor(*units);
    }
    std::optional<WallTime> time(std::string_view key) {
        const auto* value = find(key);
        if (value == nullptr) return std::nullopt;
        const auto* found = value->if_string();
        const auto time =
            found != nullptr ? parse_rfc3339({found->data(), found->size()}) : std::nullopt;
        if (!time) wrong(key, "is not a time");
        return time;
    }
    void wrong(std::string_view key, std::string_view how) {
        if (problem_.empty()) problem_ = std::string{key} + " " + std::string{how};
    }
    [[nodiscard]] const std::string& problem() const { return problem_; }

private:
    const json::object& object_;
    std::string problem_;
};

// {"tag","confidence","source","until"}: confidence from 0 to 1, `until` exclusive.
bool read_tag_detail(const json::object& object, MemberRow& row) {
    LineReader fields{object};
    const std::string tag = fields.text("tag", true);
    TagDetail detail{.source = fields.text("source"), .until = fields.time("until")};
    if (const auto* const confidence = fields.find("confidence")) {
        if (!confidence->is_number()) return false;
        const double share = confidence->to_number<double>();
        if (!(share >= 0.0 && share <= 1.0)) return false;
        detail.confidence_permille = static_cast<std::int32_t>(share * kCertain + 0.5);
    }
    if (!fields.problem().empty()) return false;
    row.tags.push_back(tag);
    if (detail != TagDetail{}) row.tag_details[tag] = std::move(detail);
    return true;
}

// All or none: half a list of tags would put a member into the wrong segments. A tag is a text or
// says more about itself.
void read_tags(LineReader& line, MemberRow& row) {
    const auto* value = line.find("tags");
    if (value == nullptr) return;
    const auto* array = value->if_array();
    if (array == nullptr || array->size() > kTagsMax)
        return line.wrong("tags", "is not a short list");
    for (const auto& element : *array) {
        const auto* tag = element.if_string();
        if (const auto* object = element.if_object(); object && read_tag_detail(*object, row))
            continue;
        if (tag == nullptr || tag->size() > kTextMax)
            return line.wrong("tags", "holds what is not a short text");
        row.tags.emplace_back(tag->data(), tag->size());
    }
}

// {"card":["..."],"app":["..."]}
void read_ids(LineReader& line, MemberRow& row) {
    const auto* value = line.find("ids");
    if (value == nullptr) return;
    const auto* kinds = value->if_object();
    if (kinds == nullptr) return line.wrong("ids", "is not an object");
    for (const auto& [kind, ids] : *kinds) {
        const auto* array = ids.if_array();
        const bool known = kind == "card" || kind == "app";
        if (!known || array == nullptr || row.ids.size() + array->size() > kIdsMax)
            return line.wrong("ids", "is not {card, app} with short lists");
        for (const auto& element : *array) {
            const auto* id = element.if_string();
            if (id == nullptr || id->empty() || id->size() > kTextMax)
                return line.wrong("ids", "holds what is not a short text");
            row.ids.push_back({.kind = {kind.data(), kind.size()}, .id = {id->data(), id->size()}});
        }
    }
}

// {"at","version"}, with "granted":false for a consent that was withdrawn.
std::optional<Consent> read_consent(const json::value& value) {
    const auto* object = value.if_object();
    if (object == nullptr) return std::nullopt;
    LineReader fields{*object};
    const auto at = fields.time("at");
    Consent consent{
        .at = at.value_or(WallTime{}), .version = fields.text("version"), .granted = true};
    if (const auto* granted = fields.find("granted")) {
        if (!granted->is_bool()) return std::nullopt;
        consent.granted = granted->get_bool();
    }
    return at && fields.problem().empty() ? std::optional{consent} : std::nullopt;
}

// Default deny: a member whose consent cannot be read is rejected whole, and never loses only the
// refusal.
std::map<std::string, Consent> read_consents(LineReader& line) {
    std::map<std::string, Consent> consents;
    const auto* value = line.find("consent");
    if (value == nullptr) return consents;
    const auto* object = value->if_object();
    if (object == nullptr || object->size() > kPurposesMax)
        return line.wrong("consent", "is not a short object"), consents;
    for (const auto& [purpose, given] : *object) {
        const auto consent = read_consent(given);
        if (!consent) {
            line.wrong("consent", "holds what is not {at, version}");
            return consents;
        }
        consents.emplace(std::string{purpose.data(), purpose.size()}, *consent);
    }
    return consents;
}

// Raw ids, as the chain knows them: intake turns them into pseudonyms.
ReferenceRow read_member(LineReader& line) {
    MemberRow row;
    row.member = line.text("member", true);
    read_tags(line, row);
    row.tier = line.text("tier");
    row.consent = read_consents(line);
    row.birthday = line.text("birthday");
    if (!row.birthday.empty() && !is_month_day(row.birthday))
        line.wrong("birthday", "is not MM-DD");
    read_ids(line, row);
    return row;
}

// Prices are for margins and gifts, never for what a till asks.
ReferenceRow read_product(LineReader& line) {
    ProductRow row;
    row.sku = line.text("sku", true);
    row.gtin = line.text("gtin");
    row.category = line.text("category");
    row.brand = line.text("brand");
    row.price = line.money("price");
    row.cost = line.money("cost");
    return row;
}

// Whether the id names a beacon is for the beacon driver to say: tags of other makes may share the
// file.
ReferenceRow read_tag(LineReader& line) {
    TagRow row;
    row.tag = line.text("tag", true);
    const std::string is = line.text("is", true);
    if (is == "trolley") {
        row.bearer = TagBearer::Trolley;
    } else if (is == "staff") {
        row.bearer = TagBearer::Staff;
    } else if (is == "member") {
        row.bearer = TagBearer::Member;
    } else {
        line.wrong("is", "is none of trolley, staff, member");
    }
    row.label = line.text("label");
    row.member = line.text("member");
    return row;
}

// Numbers keep their kind: 12 pieces in stock compare as integers.
FactValue read_fact_value(LineReader& line) {
    const auto* value = line.find("value");
    if (value == nullptr) return line.wrong("value", "is missing"), FactValue{false};
    if (value->is_bool()) return value->get_bool();
    if (value->is_int64()) return value->get_int64();
    if (value->is_double()) return value->get_double();
    if (value->is_string()) return line.text("value");
    line.wrong("value", "is not a boolean, number or text");
    return false;
}

ReferenceRow read_fact(LineReader& line) {
    FactRow row;
    row.key = line.text("key", true);
    row.value = read_fact_value(line);
    row.valid_from = line.time("valid_from");
    row.valid_to = line.time("valid_to");
    if (row.valid_from && row.valid_to && *row.valid_to <= *row.valid_from)
        line.wrong("valid_to", "is not after valid_from");
    return row;
}

ReferenceRow read_row(ReferenceFile file, LineReader& line) {
    switch (file) {
        case ReferenceFile::Members:
            return read_member(line);
        case ReferenceFile::Products:
            return read_product(line);
        case ReferenceFile::Tags:
            return read_tag(line);
        case ReferenceFile::Facts:
            return read_fact(line);
    }
    return MemberRow{};
}

// Why a line was refused; `not_json` because only a broken line can be one that is still being
// written.
struct Trouble {
    std::string reason;
    std::string detail;
    bool not_json = false;
};

std::optional<Trouble> read_line(ReferenceFile file, std::string_view text,
                                 std::vector<ReferenceRow>& rows) {
    if (text.size() > kLineBytesMax)
        return Trouble{.reason = "limit", .detail = "longer than 64 KiB"};
    std::array<unsigned char, 4096> buffer;  // most lines need no more
    json::monotonic_resource memory{buffer.data(), buffer.size()};
    json::error_code error;
    const auto value = json::parse(json::string_view{text.data(), text.size()}, error, &memory);
    if (error) {
        const bool encoding = error == json::error::illegal_leading_surrogate ||
                              error == json::error::illegal_trailing_surrogate;
        return Trouble{.reason = encoding ? "encoding" : "schema",
                       .detail = "not JSON: " + error.message(),
                       .not_json = true};
    }
    if (!value.is_object()) return Trouble{.reason = "schema", .detail = "not an object"};
    LineReader line{value.get_object()};
    auto row = read_row(file, line);
    if (!line.problem().empty()) return Trouble{.reason = "schema", .detail = line.problem()};
    rows.push_back(std::move(row));
    return std::nullopt;
}

// Lines may end the Windows way.
std::string_view trimmed(std::string_view line) {
    while (!line.empty() && (line.back() == '\r' || line.back() == ' ' || line.back() == '\t'))
        line.remove_suffix(1);
    return line;
}

}  // namespace

std::string_view file_name(ReferenceFile file) {
    switch (file) {
        case ReferenceFile::Members:
            return "members.jsonl";
        case ReferenceFile::Products:
            return "products.jsonl";
        case ReferenceFile::Tags:
            return "tags.jsonl";
        case ReferenceFile::Facts:
            return "facts.jsonl";
    }
    return {};
}

Result<ParsedFile> parse_reference(ReferenceFile file, std::string_view bytes) {
    constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";
    ParsedFile parsed;
    std::size_t at = bytes.starts_with(kByteOrderMark) ? kByteOrderMark.size() : 0;
    // Each round moves past one line end: bounded by the file, which is bounded by the driver.
    for (std::size_t number = 1; at < bytes.size(); ++number) {
        const auto end = std::min(bytes.find('\n', at), bytes.size());
        const auto text = trimmed(bytes.substr(at, end - at));
        const bool last = end + 1 >= bytes.size();
        if (end == bytes.size()) parsed.unfinished = true;
        const auto trouble = text.empty() ? std::nullopt : read_line(file, text, parsed.rows);
        if (parsed.rows.size() > kRowsMax) return full("more than 200000 rows");
        if (trouble) {
            if (last && trouble->not_json) parsed.unfinished = true;
            ++parsed.bad_total;
            if (parsed.bad.size() < kBadLinesMax) {
                parsed.bad.push_back({.line = number,
                                      .reason = trouble->reason,
                                      .detail = trouble->detail,
                                      .from = static_cast<std::int64_t>(at),
                                      .to = static_cast<std::int64_t>(at + text.size())});
            }
        }
        at = end + 1;
    }
    return parsed;
}

}  // namespace aisle::reference
