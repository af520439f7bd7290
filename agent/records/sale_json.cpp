#include "agent/records/sale_json.hpp"

#include "agent/records/json_text.hpp"
#include "agent/records/object_reader.hpp"

namespace aisle::records {
namespace {

namespace json = boost::json;

json::value line_value(const SaleLine& line) {
    json::object out;
    put(out, "n", line.n);
    put(out, "kind", to_text(line.kind));
    put(out, "sku", line.sku);
    put(out, "gtin", line.gtin);
    put(out, "text", line.text);
    put(out, "qty_milli", line.qty_milli);
    put(out, "unit", line.unit);
    put(out, "gross", line.gross);
    put(out, "discount", line.discount);
    put(out, "net", line.net);
    put(out, "void", line.voided);
    put(out, "void_of", line.void_of);
    return json::value(std::move(out));
}

json::value discount_value(const SaleDiscount& discount) {
    json::object out;
    put(out, "line", discount.line);
    put(out, "offer", discount.offer);
    put(out, "kind", discount.kind);
    put(out, "amount", discount.amount);
    return json::value(std::move(out));
}

json::value tender_value(const Tender& tender) {
    json::object out;
    put(out, "kind", to_text(tender.kind));
    put(out, "amount", tender.amount);
    put(out, "change", tender.change);
    return json::value(std::move(out));
}

json::value tax_value(const Tax& tax) {
    json::object out;
    put(out, "code", tax.code);
    put(out, "rate_ppm", tax.rate_ppm);
    put(out, "base", tax.base);
    put(out, "amount", tax.amount);
    put(out, "included", tax.included);
    return json::value(std::move(out));
}

template <typename Part>
json::value each_of(const std::vector<Part>& parts, json::value (*value)(const Part&)) {
    json::array out;
    out.reserve(parts.size());
    for (const auto& part : parts) out.push_back(value(part));
    return json::value(std::move(out));
}

void put_header(json::object& out, const Sale& sale) {
    put(out, "source", sale.source);
    put(out, "type", to_text(sale.type));
    put(out, "status", to_text(sale.status));
    put(out, "store", sale.store.value);
    put(out, "till", sale.till.value);
    put(out, "seq", sale.seq);
    if (!sale.vendor_id.empty()) put(out, "vendor_id", sale.vendor_id);
    put(out, "business_date", aisle::to_text(sale.business_date));
    put(out, "ended_at", sale.ended_at);
    put(out, "currency", sale.currency);
    put(out, "minor_digits", sale.minor_digits);
}

void put_parts(json::object& out, const Sale& sale) {
    put(out, "lines", each_of(sale.lines, line_value));
    put(out, "discounts", each_of(sale.discounts, discount_value));
    put(out, "tenders", each_of(sale.tenders, tender_value));
    put(out, "taxes", each_of(sale.taxes, tax_value));
    put(out, "rounding", sale.rounding);
    put(out, "total", sale.total);
    put(out, "member", sale.member);
    put(out, "member_key", sale.member_key);
    if (!sale.card.empty()) put(out, "card_hash", sale.card);
}

json::value reconciled_value(const Reconciled& reconciled) {
    json::object out;
    put(out, "tenders", reconciled.tenders);
    put(out, "lines", reconciled.lines);
    put(out, "off", reconciled.off);
    return json::value(std::move(out));
}

json::value lineage_value(const Lineage& lineage) {
    json::object out;
    put(out, "source", lineage.source);
    put(out, "driver", lineage.driver);
    put(out, "profile", lineage.profile);
    put(out, "origin", lineage.origin);
    put(out, "from", lineage.byte_from);
    put(out, "to", lineage.byte_to);
    put(out, "digest", lineage.digest);
    put(out, "received", lineage.received);
    json::array rules;
    for (const auto& rule : lineage.rules) rules.push_back(json::value(as_text(rule)));
    put(out, "rules", json::value(std::move(rules)));
    return json::value(std::move(out));
}

SaleLine read_line(const ObjectReader& in) {
    return {.n = in.integer<int>("n"),
            .kind = in.word<LineKind>("kind"),
            .sku = in.text("sku"),
            .gtin = in.text("gtin"),
            .text = in.text("text"),
            .qty_milli = in.integer<std::int64_t>("qty_milli"),
            .unit = in.text("unit"),
            .gross = in.money("gross"),
            .discount = in.money("discount"),
            .net = in.money("net"),
            .voided = in.flag("void"),
            .void_of = in.integer<int>("void_of")};
}

void read_parts(const ObjectReader& in, Sale& sale) {
    in.objects("lines", [&](const ObjectReader& line) { sale.lines.push_back(read_line(line)); });
    in.objects("discounts", [&](const ObjectReader& part) {
        sale.discounts.push_back({.line = part.integer<int>("line"),
                                  .offer = part.text("offer"),
                                  .kind = part.text("kind"),
                                  .amount = part.money("amount")});
    });
    in.objects("tenders", [&](const ObjectReader& part) {
        sale.tenders.push_back({.kind = part.word<TenderKind>("kind"),
                                .amount = part.money("amount"),
                                .change = part.money("change")});
    });
    in.objects("taxes", [&](const ObjectReader& part) {
        sale.taxes.push_back({.code = part.text("code"),
                              .rate_ppm = part.integer<std::int32_t>("rate_ppm"),
                              .base = part.money("base"),
                              .amount = part.money("amount"),
                              .included = part.flag("included", true)});
    });
}

void read_header(const ObjectReader& in, Sale& sale) {
    in.require({"sale", "key", "source", "store", "till", "business_date", "ended_at", "total"});
    sale.sale = SaleId{in.text("sale")};
    sale.key = in.text("key");
    sale.revision = in.integer<int>("revision");
    sale.source = in.text("source");
    sale.type = in.word<SaleType>("type");
    sale.status = in.word<SaleStatus>("status");
    sale.store = StoreId{in.text("store")};
    sale.till = TillId{in.text("till")};
    sale.seq = in.integer<std::int64_t>("seq");
    sale.vendor_id = in.text("vendor_id");
    const auto date = parse_date(in.text("business_date"));
    if (!date) in.fail("business_date", "not a date");
    sale.business_date = date.value_or(Date{});
    sale.ended_at = in.time("ended_at");
    sale.currency = in.text("currency");
    sale.minor_digits = in.integer<int>("minor_digits", 2);
}

Lineage read_lineage(const ObjectReader& in) {
    Lineage lineage{.source = in.text("source"),
                    .driver = in.text("driver"),
                    .profile = in.text("profile"),
                    .origin = in.text("origin"),
                    .byte_from = in.integer<std::int64_t>("from"),
                    .byte_to = in.integer<std::int64_t>("to"),
                    .digest = in.text("digest"),
                    .received = in.time("received")};
    in.texts("rules", [&](std::string rule) { lineage.rules.push_back(std::move(rule)); });
    return lineage;
}

}  // namespace

std::string sale_json(const Sale& sale) {
    json::object out;
    put(out, "sale", sale.sale.value);
    put(out, "key", sale.key);
    put(out, "revision", sale.revision);
    put_header(out, sale);
    put_parts(out, sale);
    put(out, "reconciled", reconciled_value(sale.reconciled));
    put(out, "lineage", lineage_value(sale.lineage));
    return json::serialize(out);
}

std::string sale_content(const Sale& sale) {
    json::object out;
    put(out, "sale", sale.sale.value);
    put(out, "key", sale.key);
    put_header(out, sale);
    put_parts(out, sale);
    return json::serialize(out);
}

Result<Sale> sale_from_json(std::string_view text) {
    const auto in = ObjectReader::parse(text);
    Sale sale;
    read_header(in, sale);
    read_parts(in, sale);
    sale.rounding = in.money("rounding");
    sale.total = in.money("total");
    sale.member = in.text("member");
    sale.member_key = in.text("member_key");
    sale.card = in.text("card_hash");
    const auto reconciled = in.object("reconciled");
    sale.reconciled = {.tenders = reconciled.flag("tenders"),
                       .lines = reconciled.flag("lines"),
                       .off = reconciled.money("off")};
    sale.lineage = read_lineage(in.object("lineage"));
    return in.finish(std::move(sale));
}

Record sale_record(const Sale& sale, std::string digest, const Stamp& at) {
    return {.stream = Stream::Ledger,
            .kind = "sale",
            .event_id = sale.sale.value,
            .revision = sale.revision,
            .at = at,
            .body = sale_json(sale),
            .digest = std::move(digest)};
}

}  // namespace aisle::records
