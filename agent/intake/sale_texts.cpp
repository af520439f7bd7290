#include "agent/intake/gtin.hpp"
#include "agent/intake/mask.hpp"
#include "agent/intake/sale_cleaner.hpp"
#include "agent/intake/text.hpp"

namespace aisle::intake {
namespace {

// Free text: plain, and without card numbers.
void clean_text(Sale& sale, std::string& text) {
    Masked masked = mask_text(plain_text(text, kTextBytesMax));
    if (masked.cards > 0) note(sale, "card_masked");
    if (masked.tracks > 0) note(sale, "track_dropped");
    text = std::move(masked.text);
}

// An id must come out as it went in but for blanks: a cut one would be another one's.
bool clean_id(std::string& id) {
    id = plain_text(id, kIdBytesMax + 1);
    return id.size() <= kIdBytesMax;
}

struct NamedId {
    const char* name;
    std::string* id;
};

}  // namespace

void note(Sale& sale, std::string_view rule) {
    auto& rules = sale.lineage.rules;
    for (const auto& known : rules) {
        if (known == rule) return;
    }
    rules.emplace_back(rule);
}

Step clean_texts(Sale& sale) {
    for (const auto& [name, id] :
         {NamedId{"source", &sale.source}, NamedId{"store", &sale.store.value},
          NamedId{"till", &sale.till.value}, NamedId{"vendor_id", &sale.vendor_id}}) {
        if (!clean_id(*id)) return Problem{"limit", std::string{name} + ": too long"};
        // The bar separates the parts of a sale's key.
        if (id->find('|') != std::string::npos)
            return Problem{"schema", std::string{name} + ": holds a bar"};
    }
    for (auto& line : sale.lines) {
        line.sku = plain_text(line.sku, kIdBytesMax + 1);
        if (line.sku.size() > kIdBytesMax) return Problem{"limit", "lines.sku: too long"};
        line.gtin = plain_code(line.gtin, kIdBytesMax);
        line.unit = plain_code(line.unit, 16);
        if (line.unit.empty()) line.unit = "ea";
        clean_text(sale, line.text);
    }
    for (auto& discount : sale.discounts) {
        clean_text(sale, discount.offer);
        clean_text(sale, discount.kind);
    }
    for (auto& tax : sale.taxes) clean_text(sale, tax.code);
    clean_text(sale, sale.lineage.origin);
    return {};
}

void clean_codes(Sale& sale) {
    for (auto& line : sale.lines) {
        if (line.gtin.empty()) continue;
        const auto whole = gtin14(line.gtin);
        if (!whole) {
            note(sale, "gtin_check_failed");
            if (line.sku.empty()) line.sku = line.gtin;
            line.gtin.clear();
            continue;
        }
        line.gtin = *whole;
        const auto embedded = embedded_code(*whole);
        if (!embedded) continue;
        if (embedded->gtin != *whole) note(sale, "gtin_value_zeroed");
        line.gtin = embedded->gtin;
    }
}

}  // namespace aisle::intake
