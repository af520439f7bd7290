#include "drivers/pos/poslog_payments.hpp"

#include <algorithm>
#include <array>

#include <pugixml.hpp>

#include "drivers/pos/xml_lookup.hpp"

namespace aisle::pos {
namespace {

struct TenderName {
    std::string_view part;  // of the type, in lower case
    TenderKind kind;
};
// The first part that is found decides: "giftcard" before "card".
constexpr std::array<TenderName, 14> kTenders{{{"cash", TenderKind::Cash},
                                               {"giftcard", TenderKind::GiftCard},
                                               {"giftcert", TenderKind::GiftCard},
                                               {"storedvalue", TenderKind::GiftCard},
                                               {"alipay", TenderKind::Alipay},
                                               {"wechat", TenderKind::WechatPay},
                                               {"weixin", TenderKind::WechatPay},
                                               {"point", TenderKind::Points},
                                               {"loyalty", TenderKind::Points},
                                               {"credit", TenderKind::Card},
                                               {"debit", TenderKind::Card},
                                               {"account", TenderKind::Account},
                                               {"voucher", TenderKind::Voucher},
                                               {"coupon", TenderKind::Voucher}}};

TenderKind tender_kind(std::string_view type) {
    std::string low;
    for (const char c : type) {
        if (c != ' ' && c != '_')
            low += static_cast<char>(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
    }
    for (const auto& [part, kind] : kTenders) {
        if (low.find(part) != std::string::npos) return kind;
    }
    return low.find("card") != std::string::npos ? TenderKind::Card : TenderKind::Other;
}

// Change goes to the last tender of that kind that can have given it, else to the last one.
bool give_change(Sale& sale, TenderKind kind, Money change) {
    for (auto tender = sale.tenders.rbegin(); tender != sale.tenders.rend(); ++tender) {
        if (tender->kind != kind || tender->amount - tender->change < change) continue;
        tender->change += change;
        return true;
    }
    if (sale.tenders.empty()) return false;
    sale.tenders.back().change += change;
    return true;
}

Money rounding_of(const pugi::xml_node& tender, Amounts& amounts) {
    const auto node = child_named(tender, "Rounding");
    const Money amount = amounts.money(text_of(node), "Rounding");
    const auto direction = attribute_of(node, "RoundingDirection");
    if (direction == "Up") return amount.magnitude();
    return direction == "Down" ? -amount.magnitude() : amount;
}

bool inclusion_told(const pugi::xml_node& tax, bool otherwise) {
    for (const auto& attribute : tax.attributes()) {
        if (std::string_view{attribute.name()}.find("Included") != std::string_view::npos) {
            return is_true(attribute.value());
        }
    }
    for (const auto& child : tax.children()) {
        if (local_name(child).find("Included") != std::string_view::npos)
            return is_true(text_of(child));
    }
    return otherwise;
}

void take_tender(const pugi::xml_node& node, Sale& sale, Amounts& amounts) {
    auto type = attribute_of(node, "TenderType");
    if (type.empty()) type = text_of(node, "TenderType");
    const TenderKind kind = tender_kind(type);
    sale.rounding += rounding_of(node, amounts);
    const auto told = text_of(node, "Amount");
    const auto change_node = child_named(node, "TenderChange");
    const Money change = amounts.money(text_of(change_node, "Amount"), "TenderChange").magnitude();
    Money amount = amounts.money(told, "Tender/Amount");
    if (told.empty() && !change_node) return;  // a rounding and nothing else
    if (amount <= Money{} && change > Money{} && give_change(sale, kind, change)) return;
    if (attribute_of(node, "TypeCode") == "Refund") amount = -amount.magnitude();
    const bool own_change = amount > Money{} && change > Money{};
    sale.tenders.push_back(
        {.kind = kind, .amount = amount, .change = own_change ? change : Money{}});
}

}  // namespace

bool read_tender(const pugi::xml_node& line_item, const TillProfile& profile, Sale& sale,
                 Amounts& amounts) {
    const bool taken_back =
        is_true(attribute_of(line_item, "VoidFlag")) && profile.voids == VoidStyle::Flagged;
    if (const auto node = child_named(line_item, "Tender")) {
        if (!taken_back) take_tender(node, sale, amounts);
        return true;
    }
    const auto change = child_named(line_item, "TenderChange");
    if (!change) return false;
    const Money amount = amounts.money(text_of(change, "Amount"), "TenderChange").magnitude();
    if (!taken_back && !give_change(sale, TenderKind::Cash, amount)) {
        amounts.refuse("schema", "TenderChange: before any tender");
    }
    return true;
}

bool read_tax(const pugi::xml_node& line_item, const TillProfile& profile, Sale& sale,
              Amounts& amounts) {
    const auto node = child_named(line_item, "Tax");
    if (!node) return false;
    if (is_true(attribute_of(line_item, "VoidFlag")) && profile.voids == VoidStyle::Flagged)
        return true;
    Tax tax{.code = std::string{either_of(node, "TaxType")},
            .rate_ppm = amounts.ppm_of_percent(text_of(node, "Percent"), "Tax/Percent"),
            .base = amounts.money(text_of(node, "TaxableAmount"), "Tax/TaxableAmount"),
            .amount = amounts.money(text_of(node, "Amount"), "Tax/Amount"),
            .included = inclusion_told(node, profile.tax_included_by_default)};
    sale.taxes.push_back(std::move(tax));
    return true;
}

bool read_total(const pugi::xml_node& retail, Sale& sale, Amounts& amounts) {
    constexpr std::array kTypes{"TransactionGrandAmount", "TransactionPurchaseAmount",
                                "TransactionTotalAmount", "TransactionNetAmount",
                                "TransactionGrossAmount"};
    for (const auto* type : kTypes) {
        for (auto node = child_named(retail, "Total"); node; node = next_named(node, "Total")) {
            if (attribute_of(node, "TotalType") != type || text_of(node).empty()) continue;
            sale.total = amounts.money(text_of(node), "Total");
            return true;
        }
    }
    return false;
}

}  // namespace aisle::pos
