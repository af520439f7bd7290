#include "agent/offers/stored_context.hpp"

#include <bit>
#include <set>

#include <boost/json.hpp>

#include "agent/offers/json_reader.hpp"
#include "agent/offers/texts.hpp"

namespace aisle::offers {
namespace {

namespace json = boost::json;

constexpr std::size_t kContextBytesMax = 4 * 1024 * 1024;
constexpr std::size_t kFactsMax = 10'000;
constexpr std::string_view kCustomer = "cust.";
constexpr std::string_view kEvent = "trigger.";

std::optional<conditions::Scalar> scalar_from(const json::value& value) {
    if (value.is_bool()) return value.get_bool();
    if (value.is_int64()) return value.get_int64();
    if (value.is_double()) return value.get_double();
    if (value.is_string()) return std::string{value.get_string()};
    return std::nullopt;
}

// Flat keys, or objects in objects: {"cust": {"tier": "gold"}} is cust.tier. null leaves a fact
// unknown.
void read_facts(const json::object& object, const std::string& prefix, Reader& reader,
                conditions::Facts& facts) {
    for (const auto& [name, value] : object) {
        const std::string key = prefix + std::string{name};
        if (facts.all().size() >= kFactsMax) return reader.fault("facts", "are too many");
        if (value.is_null()) continue;
        if (value.is_object()) {
            read_facts(value.get_object(), key + ".", reader, facts);
        } else if (const json::array* const list = value.if_array()) {
            std::vector<conditions::Scalar> all;
            for (const json::value& element : *list)
                if (const auto scalar = scalar_from(element)) all.push_back(*scalar);
            if (all.size() != list->size())
                reader.fault("facts." + key, "must be a list of plain values");
            facts.set(key, std::move(all));
        } else if (const auto scalar = scalar_from(value)) {
            facts.set(key, conditions::to_value(*scalar));
        } else {
            reader.fault("facts." + key, "must be a plain value or a list");
        }
    }
}

void read_trigger(Reader& reader, Ask& ask) {
    const json::value* const value = reader.take("trigger");
    if (!value) return reader.missing("trigger");
    std::string type;
    if (value->is_string()) type = value->get_string();
    if (value->is_object()) {
        Reader inner{value->get_object(), "trigger", reader.faults()};
        type = inner.text("type").value_or("");
        ask.dwell_s = inner.integer("dwell_s", {.min = 0});
        ask.dwell_from_s = inner.integer("dwell_from_s", {.min = -1}).value_or(-1);
        ask.asked = inner.boolean("asked").value_or(false);
        ask.withheld_member = inner.boolean("withheld_member").value_or(false);
        ask.unit = inner.text("unit").value_or("");
        if (const auto zone = inner.text("zone")) ask.zone = ZoneId{*zone};
        ask.edge = inner.text("edge").value_or("");
        inner.finish();
    }
    const auto kind = trigger_from(type);
    if (!kind) return reader.fault("trigger", "must be a trigger's type (docs/offers.md)");
    ask.trigger = *kind;
    ask.asked = ask.asked || *kind == TriggerKind::Basket;
}

BasketLine read_line(const json::object& object, const std::string& path, FieldFaults& faults) {
    Reader reader{object, path, faults};
    const Range amount{.min = -kMoneyMax.minor(), .max = kMoneyMax.minor()};
    BasketLine line;
    line.n = static_cast<int>(reader.integer("n", {.min = 1, .max = 1'000'000}).value_or(0));
    line.sku = reader.text("sku").value_or("");
    line.category = reader.text("category").value_or("");
    line.brand = reader.text("brand").value_or("");
    line.qty_milli =
        reader.integer("qty_milli", {.min = -1'000'000'000'000, .max = 1'000'000'000'000})
            .value_or(1'000);
    if (const auto gross = reader.integer("gross", amount))
        line.gross = Money::minor(*gross);
    else if (!object.contains("gross"))
        reader.missing("gross");
    line.discount = Money::minor(reader.integer("discount", amount).value_or(0));
    reader.finish();
    return line;
}

void read_basket(Reader& context, Basket& basket) {
    const json::object* const object = context.object("basket");
    if (!object) return;
    Reader reader{*object, "basket", context.faults()};
    basket.key = reader.text("key").value_or("");
    basket.till = TillId{reader.text("till").value_or("")};
    if (const json::object* const gifts = reader.object("gifts"))
        for (const auto& [campaign, sku] : *gifts)
            if (sku.is_string())
                basket.gifts[std::string{campaign}] = std::string{sku.get_string()};
    const json::array* const lines = reader.array("lines");
    std::set<int> numbers;
    for (std::size_t i = 0; lines && i < lines->size(); ++i) {
        const std::string here = "lines[" + std::to_string(i) + "]";
        if (!(*lines)[i].is_object()) {
            reader.fault(here, "must be an object");
            continue;
        }
        BasketLine line = read_line((*lines)[i].get_object(), reader.path(here), reader.faults());
        if (line.n == 0) line.n = static_cast<int>(i) + 1;
        if (!numbers.insert(line.n).second)
            reader.fault(here + ".n", "is the number of another line");
        basket.lines.push_back(std::move(line));
    }
    reader.finish();
}

// What is about the customer is looked up there and nowhere else, and written after the rest.
void part(const conditions::Facts& all, StoredContext& made) {
    for (const conditions::Fact& fact : all.all()) {
        const bool event = fact.key.starts_with(kEvent);
        (event                             ? made.event
         : fact.key.starts_with(kCustomer) ? made.customer
                                           : made.surroundings)
            .set(fact);
    }
}

void read_bits(Reader& context, conditions::Facts& facts) {
    const json::object* const bits = context.object("bits");
    if (!bits) return;
    for (const auto& [key, value] : *bits) {
        if (value.is_int64())
            facts.set(std::string{key}, std::bit_cast<double>(value.get_int64()));
        else
            context.fault("bits", "must be numbers");
    }
}

// Never guessed: a version that is not known may mean anything.
void read_version(Reader& context, StoredContext& made) {
    const bool told = context.take("v") != nullptr;
    made.version = told ? context.integer("v", {.min = 1}).value_or(0) : 1;
    if (made.version > kContextVersion)
        context.fault("v", "is " + std::to_string(made.version) + ", and this program knows " +
                               std::to_string(kContextVersion));
}

void read_all(const json::object& object, const CampaignSet& set, FieldFaults& faults,
              StoredContext& made) {
    Reader reader{object, "", faults};
    read_version(reader, made);
    const auto now = parse_rfc3339(reader.text("now").value_or(""));
    if (!now) reader.fault("now", "must be an RFC 3339 time");
    made.ask.at = {.boot = 1, .wall = now.value_or(WallTime{}), .quality = ClockQuality::Ntp};
    read_trigger(reader, made.ask);
    made.ask.member = MemberKey{reader.text("member").value_or("")};
    if (const auto zone = reader.text("zone")) made.ask.zone = ZoneId{*zone};
    made.ask.store = StoreId{reader.text("store").value_or("")};
    conditions::Facts facts;
    if (const json::object* const told = reader.object("facts"))
        read_facts(*told, "", reader, facts);
    read_bits(reader, facts);
    part(facts, made);
    if (const json::object* const ledger = reader.object("ledger"))
        made.answers = read_answers(*ledger, set, faults);
    made.has_basket = object.contains("basket");
    read_basket(reader, made.basket);
    for (std::string& campaign : reader.texts("coupons"))
        made.ask.coupons.push_back({.campaign = CampaignId{std::move(campaign)}, .code = {}});
    reader.finish();
    made.ask.subject = made.ask.member.value;
    if (made.ask.unit.empty())
        made.ask.unit = made.ask.member.empty() ? made.basket.key : made.ask.member.value;
}

}  // namespace

Result<StoredContext> read_context(const CampaignSet& set, std::string_view text) {
    if (text.size() > kContextBytesMax) return malformed("the context is too large");
    boost::system::error_code failed;
    const json::value value = json::parse(json::string_view{text.data(), text.size()}, failed);
    if (failed) return malformed("the context is not JSON: " + failed.message());
    if (!value.is_object()) return malformed("the context must be an object");
    StoredContext context;
    FieldFaults faults;
    read_all(value.get_object(), set, faults, context);
    if (faults.empty()) return context;
    const FieldFault& first = faults.front();
    return malformed("line " + std::to_string(line_of(text, first.path)) + ": " + first.path +
                     ": " + first.reason);
}

Ask StoredContext::pointed() const {
    Ask made = ask;
    made.customer = &customer;
    made.context = &surroundings;
    if (!event.empty()) made.event = &event;
    if (has_basket) made.basket = &basket;
    return made;
}

}  // namespace aisle::offers
