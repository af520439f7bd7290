#include "agent/records/floor_records.hpp"
#include "agent/records/json_text.hpp"
#include "agent/records/object_reader.hpp"

namespace aisle::records {
namespace {

namespace json = boost::json;

struct Row {
    const char* kind;
    std::string event_id;
    json::object body;
};

// A text, or an object where there is more to say than the word.
json::value tags_value(const MemberRow& member) {
    json::array out;
    for (const auto& tag : member.tags) {
        const auto detail = member.tag_details.find(tag);
        if (detail == member.tag_details.end()) {
            out.push_back(json::value(as_text(tag)));
            continue;
        }
        json::object one;
        put(one, "tag", tag);
        put(one, "confidence_permille",
            json::value(std::int64_t{detail->second.confidence_permille}));
        if (!detail->second.source.empty()) put(one, "source", detail->second.source);
        if (detail->second.until) put(one, "until", *detail->second.until);
        out.push_back(json::value(std::move(one)));
    }
    return json::value(std::move(out));
}

json::value ids_value(const std::vector<KnownAs>& ids) {
    json::array out;
    for (const KnownAs& known : ids) {
        json::object one;
        put(one, "kind", known.kind);
        put(one, "id", known.id);
        out.push_back(json::value(std::move(one)));
    }
    return json::value(std::move(out));
}

Row row_of(const MemberRow& member) {
    json::object out;
    put(out, "member", member.member);
    put(out, "tags", tags_value(member));
    put(out, "tier", member.tier);
    json::object consents;
    for (const auto& [purpose, consent] : member.consent) {
        json::object one;
        put(one, "at", consent.at);
        put(one, "version", consent.version);
        put(one, "granted", consent.granted);
        put(consents, purpose, json::value(std::move(one)));
    }
    put(out, "consent", json::value(std::move(consents)));
    json::object scores;
    for (const auto& [name, score] : member.scores) put(scores, name, json::value(score));
    if (!scores.empty()) put(out, "scores", json::value(std::move(scores)));
    if (!member.birthday.empty()) put(out, "birthday", member.birthday);
    if (!member.ids.empty()) put(out, "ids", ids_value(member.ids));
    return {"member", member.member, std::move(out)};
}

Row row_of(const ProductRow& product) {
    json::object out;
    put(out, "sku", product.sku);
    put(out, "gtin", product.gtin);
    put(out, "category", product.category);
    put(out, "brand", product.brand);
    put(out, "price", product.price);
    put(out, "cost", product.cost);
    return {"product", product.sku, std::move(out)};
}

Row row_of(const TagRow& tag) {
    json::object out;
    put(out, "tag", tag.tag);
    put(out, "is", to_text(tag.bearer));
    put(out, "label", tag.label);
    put(out, "member", tag.member);
    return {"tag", tag.tag, std::move(out)};
}

json::value fact_value(const FactValue& value) {
    if (const auto* flag = std::get_if<bool>(&value)) return json::value(*flag);
    if (const auto* whole = std::get_if<std::int64_t>(&value)) return json::value(*whole);
    if (const auto* number = std::get_if<double>(&value)) return json::value(*number);
    return json::value(as_text(std::get<std::string>(value)));
}

// One key has many values over time: its start belongs to the identity.
Row row_of(const FactRow& fact) {
    json::object out;
    put(out, "key", fact.key);
    put(out, "value", fact_value(fact.value));
    std::string event_id = fact.key;
    if (fact.valid_from) {
        put(out, "valid_from", *fact.valid_from);
        event_id += '|' + to_rfc3339(*fact.valid_from);
    }
    if (fact.valid_to) put(out, "valid_to", *fact.valid_to);
    return {"fact", std::move(event_id), std::move(out)};
}

void read_tags(const ObjectReader& in, MemberRow& member) {
    const auto* const tags = in.raw().if_contains("tags");
    if (tags == nullptr) return;
    if (!tags->is_array()) return in.fail("tags", "is not a list");
    for (const json::value& tag : tags->get_array()) {
        if (tag.is_string()) {
            member.tags.emplace_back(tag.get_string());
            continue;
        }
        const auto one = ObjectReader::parse(json::serialize(tag));
        const std::string name = one.text("tag");
        TagDetail detail{
            .confidence_permille = one.integer<std::int32_t>("confidence_permille", kCertain),
            .source = one.text("source")};
        if (one.has("until")) detail.until = one.time("until");
        if (!one.status() || name.empty()) return in.fail("tags", "holds what is no tag");
        member.tags.push_back(name);
        member.tag_details[name] = std::move(detail);
    }
}

ReferenceRow member_from(const ObjectReader& in) {
    in.require({"member"});
    MemberRow member{.member = in.text("member"), .tier = in.text("tier")};
    read_tags(in, member);
    member.birthday = in.text("birthday");
    in.objects("ids", [&](const ObjectReader& one) {
        member.ids.push_back({.kind = one.text("kind"), .id = one.text("id")});
    });
    const auto consents = in.object("consent");
    for (const auto& [key, value] : consents.raw()) {
        const std::string purpose{key.data(), key.size()};
        const auto one = consents.object(purpose);
        member.consent[purpose] = {.at = one.time("at"),
                                   .version = one.text("version"),
                                   .granted = one.flag("granted", true)};
    }
    const auto scores = in.object("scores");
    for (const auto& [key, value] : scores.raw()) {
        const std::string name{key.data(), key.size()};
        member.scores[name] = scores.integer<std::int64_t>(name);
    }
    return member;
}

ReferenceRow product_from(const ObjectReader& in) {
    in.require({"sku"});
    return ProductRow{.sku = in.text("sku"),
                      .gtin = in.text("gtin"),
                      .category = in.text("category"),
                      .brand = in.text("brand"),
                      .price = in.money("price"),
                      .cost = in.money("cost")};
}

ReferenceRow tag_from(const ObjectReader& in) {
    in.require({"tag", "is"});
    return TagRow{.tag = in.text("tag"),
                  .bearer = in.word<TagBearer>("is"),
                  .label = in.text("label"),
                  .member = in.text("member")};
}

FactValue fact_value_from(const ObjectReader& in) {
    const auto* value = in.raw().if_contains("value");
    if (value && value->is_bool()) return value->get_bool();
    if (value && value->is_int64()) return value->get_int64();
    if (value && value->is_double()) return value->get_double();
    return in.text("value");
}

ReferenceRow fact_from(const ObjectReader& in) {
    in.require({"key", "value"});
    FactRow fact{.key = in.text("key"), .value = fact_value_from(in)};
    if (in.has("valid_from")) fact.valid_from = in.time("valid_from");
    if (in.has("valid_to")) fact.valid_to = in.time("valid_to");
    return fact;
}

}  // namespace

Record reference_record(const ReferenceRow& row, const Stamp& at) {
    Row made = std::visit([](const auto& one) { return row_of(one); }, row);
    Record record{.stream = Stream::Local,
                  .kind = made.kind,
                  .event_id = std::move(made.event_id),
                  .revision = 1,
                  .at = at,
                  .body = json::serialize(made.body)};
    record.digest = content_digest(record.body);
    return record;
}

Result<ReferenceRow> reference_from_json(std::string_view kind, std::string_view text) {
    const auto in = ObjectReader::parse(text);
    if (kind == "member") return in.finish(member_from(in));
    if (kind == "product") return in.finish(product_from(in));
    if (kind == "tag") return in.finish(tag_from(in));
    if (kind == "fact") return in.finish(fact_from(in));
    return malformed("no reference kind: " + std::string{kind});
}

}  // namespace aisle::records
