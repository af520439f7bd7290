#include <algorithm>
#include <boost/json.hpp>

#include "sync/wire/dataset.hpp"
#include "sync/wire/seal_fields.hpp"

namespace aisle::wire {
namespace {

namespace json = boost::json;

constexpr std::size_t kKeyBytesMax = 200;
constexpr std::size_t kTagsMax = 100;

std::string text_of(const json::string& text) { return {text.data(), text.size()}; }

void add_texts(SealFields& fields, std::string_view name, std::vector<std::string>& out) {
    const auto* const value = fields.find(name);
    if (value == nullptr) return;
    const auto* const all = value->if_array();
    if (all == nullptr || out.size() + all->size() > kTagsMax)
        return fields.reject("bad \"" + std::string{name} + "\"");
    for (const auto& one : *all) {
        if (!one.is_string()) return fields.reject("bad \"" + std::string{name} + "\"");
        out.push_back(text_of(one.get_string()));
    }
}

// A tag that says more than its word: {"tag","confidence","source","until"}.
bool add_tag(const json::value& one, MemberRow& member) {
    if (one.is_string()) return member.tags.push_back(text_of(one.get_string())), true;
    if (!one.is_object()) return false;
    SealFields fields{one.get_object()};
    fields.only({"tag", "confidence", "source", "until"});
    const std::string tag = fields.text("tag");
    TagDetail detail{.source = fields.text_or("source", ""), .until = fields.time_if("until")};
    if (const auto* const confidence = fields.find("confidence")) {
        const double share = confidence->is_number() ? confidence->to_number<double>() : -1.0;
        if (!(share >= 0.0 && share <= 1.0)) return false;
        detail.confidence_permille = static_cast<std::int32_t>(share * kCertain + 0.5);
    }
    if (fields.bad() || tag.empty()) return false;
    member.tags.push_back(tag);
    if (detail != TagDetail{}) member.tag_details[tag] = std::move(detail);
    return true;
}

void read_tags(SealFields& fields, MemberRow& member) {
    const auto* const value = fields.find("tags");
    if (value == nullptr) return;
    if (!value->is_array() || value->get_array().size() > kTagsMax)
        return fields.reject("bad \"tags\"");
    for (const auto& one : value->get_array())
        if (!add_tag(one, member)) return fields.reject("bad \"tags\"");
}

void read_consent(SealFields& fields, MemberRow& member) {
    const auto* const value = fields.find("consent");
    if (value == nullptr) return;
    if (!value->is_object()) return fields.reject("bad \"consent\"");
    for (const auto& one : value->get_object()) {
        if (!one.value().is_object()) return fields.reject("bad \"consent\"");
        SealFields consent{one.value().get_object()};
        member.consent[{one.key().data(), one.key().size()}] = {
            .at = consent.time("at"),
            .version = consent.text_or("version", ""),
            .granted = consent.flag_or("granted", true)};
        if (consent.bad()) return fields.reject("consent: " + consent.refused().detail);
    }
}

void read_scores(SealFields& fields, MemberRow& member) {
    const auto* const value = fields.find("scores");
    if (value == nullptr) return;
    if (!value->is_object() || value->get_object().size() > kTagsMax)
        return fields.reject("bad \"scores\"");
    for (const auto& one : value->get_object()) {
        if (!one.value().is_int64()) return fields.reject("a score is an integer");
        member.scores[{one.key().data(), one.key().size()}] = one.value().get_int64();
    }
}

DatasetRow read_member(SealFields& fields) {
    fields.only({"member", "tags", "segments", "tier", "consent", "scores", "birthday"});
    MemberRow member{.member = fields.text("member"), .tier = fields.text_or("tier", "")};
    read_tags(fields, member);
    add_texts(fields, "segments", member.tags);
    read_consent(fields, member);
    read_scores(fields, member);
    member.birthday = fields.text_or("birthday", "");
    if (!member.birthday.empty() && !is_month_day(member.birthday))
        fields.reject("a birthday is MM-DD");
    std::string key = member.member;
    return {.key = std::move(key), .row = std::move(member)};
}

DatasetRow read_product(SealFields& fields) {
    fields.only({"sku", "gtin", "category", "brand", "price", "cost"});
    ProductRow product{.sku = fields.text("sku"),
                       .gtin = fields.text_or("gtin", ""),
                       .category = fields.text_or("category", ""),
                       .brand = fields.text_or("brand", ""),
                       .price = Money::minor(fields.integer_or("price", 0)),
                       .cost = Money::minor(fields.integer_or("cost", 0))};
    if (product.price > kMoneyMax || product.cost > kMoneyMax || product.price < Money{} ||
        product.cost < Money{})
        fields.reject("bad price or cost");
    std::string key = product.sku;
    return {.key = std::move(key), .row = std::move(product)};
}

DatasetRow read_stock(SealFields& fields) {
    fields.only({"sku", "qty"});
    std::string sku = fields.text("sku");
    FactRow fact{.key = "stock." + sku, .value = fields.integer("qty")};
    return {.key = std::move(sku), .row = std::move(fact)};
}

FactValue fact_value(SealFields& fields) {
    const auto* const value = fields.find("value");
    if (value != nullptr && value->is_bool()) return value->get_bool();
    if (value != nullptr && value->is_int64()) return value->get_int64();
    if (value != nullptr && value->is_double()) return value->get_double();
    return fields.text("value");
}

DatasetRow read_fact(SealFields& fields) {
    fields.only({"key", "value", "valid_from", "valid_to"});
    FactRow fact{.key = fields.text("key"),
                 .value = fact_value(fields),
                 .valid_from = fields.time_if("valid_from"),
                 .valid_to = fields.time_if("valid_to")};
    if (fact.valid_from && fact.valid_to && *fact.valid_to <= *fact.valid_from)
        fields.reject("it ends before it begins");
    std::string key = fact.key;
    if (fact.valid_from) key += "|" + to_rfc3339(*fact.valid_from);
    return {.key = std::move(key), .row = std::move(fact)};
}

DatasetRow read_row(Dataset name, SealFields& fields) {
    if (fields.has("gone")) {
        fields.only({"key", "gone"});
        if (!fields.flag_or("gone", false)) fields.reject("\"gone\" is not true");
        return {.key = fields.text("key"), .row = std::nullopt};
    }
    switch (name) {
        case Dataset::Products:
            return read_product(fields);
        case Dataset::Stock:
            return read_stock(fields);
        case Dataset::Members:
            return read_member(fields);
        case Dataset::Calendar:
        case Dataset::Weather:
            break;
    }
    return read_fact(fields);
}

Refusal bad_row(std::size_t number, std::string_view why) {
    return refusal(Refused::Malformed, "row " + std::to_string(number) + ": " + std::string{why});
}

Judged<DatasetRow> parse_row(Dataset name, std::string_view line) {
    if (line.size() > kDatasetRowBytesMax) return refusal(Refused::Malformed, "too long");
    const auto value = parse_json(line);
    if (!value) return value.error();
    if (!value->is_object()) return refusal(Refused::Malformed, "not an object");
    SealFields fields{value->get_object()};
    DatasetRow row = read_row(name, fields);
    if (row.key.empty() || row.key.size() > kKeyBytesMax) fields.reject("bad key");
    if (fields.bad()) return fields.refused();
    return row;
}

}  // namespace

Judged<std::vector<DatasetRow>> parse_dataset_rows(Dataset name, std::string_view rows) {
    std::vector<DatasetRow> out;
    out.reserve(static_cast<std::size_t>(std::ranges::count(rows, '\n')));
    while (!rows.empty()) {
        const auto end = rows.find('\n');
        if (end == std::string_view::npos) return bad_row(out.size() + 1, "no end");
        if (out.size() >= kDatasetRowsMax) return refusal(Refused::Oversized, "too many rows");
        auto row = parse_row(name, rows.substr(0, end));
        if (!row) return bad_row(out.size() + 1, row.error().detail);
        row->text = rows.substr(0, end);
        out.push_back(std::move(*row));
        rows.remove_prefix(end + 1);
    }
    return out;
}

}  // namespace aisle::wire
