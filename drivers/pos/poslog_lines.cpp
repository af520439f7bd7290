#include "drivers/pos/poslog_lines.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>

#include <pugixml.hpp>

#include "drivers/pos/decimal_text.hpp"
#include "drivers/pos/xml_lookup.hpp"

namespace aisle::pos {
namespace {

struct ItemElement {
    std::string_view name;
    LineKind kind;
    bool back;  // goods or deposits come back: amounts are <= 0, however they are written
};
constexpr std::array<ItemElement, 14> kItems{{{"Sale", LineKind::Sale, false},
                                              {"Return", LineKind::Return, true},
                                              {"SaleForPickup", LineKind::Sale, false},
                                              {"SaleForDelivery", LineKind::Sale, false},
                                              {"ReturnForPickup", LineKind::Return, true},
                                              {"ReturnForDelivery", LineKind::Return, true},
                                              {"FuelSale", LineKind::Sale, false},
                                              {"Deposit", LineKind::Deposit, false},
                                              {"DepositRefund", LineKind::Deposit, true},
                                              {"Fee", LineKind::Fee, false},
                                              {"MiscellaneousFee", LineKind::Fee, false},
                                              {"GiftCertificate", LineKind::GiftCard, false},
                                              {"GiftCard", LineKind::GiftCard, false},
                                              {"Donation", LineKind::Donation, false}}};

struct Unit {
    std::string_view code;
    std::string_view unit;
};
constexpr std::array<Unit, 9> kUnits{{{"KGM", "kg"},
                                      {"KG", "kg"},
                                      {"kg", "kg"},
                                      {"GRM", "g"},
                                      {"LTR", "l"},
                                      {"MTR", "m"},
                                      {"LBR", "lb"},
                                      {"LB", "lb"},
                                      {"lb", "lb"}}};

constexpr std::string_view kLineNumber = "SequenceNumber";

int line_number(std::string_view text) {
    constexpr std::int64_t kLineMax = 1'000'000;
    const auto number = whole_number(text);
    return number && *number <= kLineMax ? static_cast<int>(*number) : 0;
}

// A reward counts by the profile's rule: others are points, or the same money told a second time.
bool reward_counts(const pugi::xml_node& reward, const TillProfile& profile) {
    const bool detailed = is_true(either_of(reward, "detailedData"));
    const bool monetary = either_of(reward, "RewardCategory") == "Monetary";
    return (detailed || !profile.rewards_detailed_only) &&
           (monetary || !profile.rewards_monetary_only);
}

std::string_view amount_text(const pugi::xml_node& node) {
    for (const auto* name :
         {"ExtendedRewardAmount", "ExtendedDiscountAmount", "Amount", "ExtendedAmount"}) {
        const auto text = text_of(node, name);
        if (!text.empty()) return text;
    }
    return {};
}

// What a modifier or a reward takes off. Vendors write -0.35 as well as 0.35 with
// Action="Subtract".
Money taken_off(const pugi::xml_node& node, Amounts& amounts) {
    const Money amount = amounts.money(amount_text(node), local_name(node));
    const auto action = attribute_of(child_named(node, "Amount"), "Action");
    return action == "Add" ? -amount.magnitude() : amount.magnitude();
}

std::string promotion_of(const pugi::xml_node& node) {
    for (const auto* name : {"PromotionID", "CouponID", "ReasonCode"}) {
        const auto text = text_of(node, name);
        if (!text.empty()) return std::string{text};
    }
    return {};
}

// One entry per line, promotion and kind: a reward and its reversal leave what remains of it.
void add_discount(DraftLines& out, SaleDiscount discount) {
    const auto same = std::ranges::find_if(out.discounts, [&](const SaleDiscount& known) {
        return known.line == discount.line && known.offer == discount.offer &&
               known.kind == discount.kind;
    });
    if (same == out.discounts.end()) {
        out.discounts.push_back(std::move(discount));
    } else {
        same->amount += discount.amount;
    }
}

void read_modifiers(const pugi::xml_node& item, const TillProfile& profile, DraftLine& draft,
                    DraftLines& out, Amounts& amounts) {
    const int sign = draft.line.gross < Money{} ? -1 : 1;
    DraftLines own;
    for (const auto& node : item.children()) {
        const auto name = local_name(node);
        const bool modifier = name == "RetailPriceModifier" || name == "Discount";
        const bool reward = name == "LoyaltyReward" && reward_counts(node, profile);
        if (!modifier && !reward) continue;
        add_discount(own, {.line = draft.line.n,
                           .offer = promotion_of(node),
                           .kind = reward ? "loyalty" : "amount",
                           .amount = taken_off(node, amounts)});
    }
    for (auto& discount : own.discounts) {
        // A surcharge is no discount: it is part of the price.
        if (discount.amount <= Money{}) continue;
        draft.modifiers += discount.amount;
        discount.amount = discount.amount * sign;
        add_discount(out, std::move(discount));
    }
}

void read_codes(const pugi::xml_node& item, SaleLine& line) {
    const auto identity = child_named(item, "POSIdentity");
    const auto code = text_of(identity, "POSItemID");
    const auto type = attribute_of(identity, "POSIDType");
    const bool article = type == "GTIN" || type == "EAN" || type == "UPC" || type == "UPCA" ||
                         type == "EAN13" ||
                         (type.empty() && code.size() >= 8 && whole_number(code));
    line.sku = text_of(item, "ItemID");
    if (article) {
        line.gtin = code;
    } else if (line.sku.empty()) {
        line.sku = code;
    }
    for (const auto& node : item.children()) {
        if (line.text.empty() && local_name(node).ends_with("Description"))
            line.text = text_of(node);
    }
}

std::string unit_of(const pugi::xml_node& line_item, const pugi::xml_node& quantity) {
    const auto code = attribute_of(quantity, "UnitOfMeasureCode");
    const auto* found = std::ranges::find(kUnits, code, &Unit::code);
    if (found != kUnits.end()) return std::string{found->unit};
    return is_true(attribute_of(line_item, "weightItem")) ? "kg" : "ea";
}

// The amount's sign tells which way the goods go; the quantity follows it.
void read_amounts(const pugi::xml_node& line_item, const pugi::xml_node& item,
                  const ItemElement& element, DraftLine& draft, Amounts& amounts) {
    SaleLine& line = draft.line;
    const auto extended = text_of(item, "ExtendedAmount");
    if (extended.empty()) amounts.refuse("schema", "ExtendedAmount: missing");
    const Money amount = amounts.money(extended, "ExtendedAmount");
    const auto quantity = child_named(item, "Quantity");
    const auto told =
        text_of(quantity).empty() ? attribute_of(quantity, "Units") : text_of(quantity);
    const std::int64_t milli = told.empty() ? 1000 : amounts.milli(told, "Quantity");
    const bool refund = attribute_of(item, "ItemType").ends_with("NegativeItem");
    const bool back =
        element.back || refund || amount < Money{} || (amount == Money{} && milli < 0);
    line.kind = refund ? LineKind::Deposit : element.kind;
    if (back && line.kind == LineKind::Sale) line.kind = LineKind::Return;
    line.gross = back ? -amount.magnitude() : amount;
    line.qty_milli = back ? -std::abs(milli) : std::abs(milli);
    line.unit = unit_of(line_item, quantity);
}

}  // namespace

bool read_item(const pugi::xml_node& line_item, const TillProfile& profile, DraftLines& out,
               Amounts& amounts) {
    for (const auto& item : line_item.children()) {
        const auto* element = std::ranges::find(kItems, local_name(item), &ItemElement::name);
        if (element == kItems.end()) continue;
        DraftLine draft;
        draft.line.n = line_number(text_of(line_item, kLineNumber));
        if (draft.line.n == 0) draft.line.n = static_cast<int>(out.lines.size()) + 1;
        draft.flagged =
            is_true(attribute_of(line_item, "VoidFlag")) || is_true(attribute_of(item, "VoidFlag"));
        draft.link = line_number(text_of(item, "ItemLink"));
        read_codes(item, draft.line);
        read_amounts(line_item, item, *element, draft, amounts);
        if (!draft.flagged) read_modifiers(item, profile, draft, out, amounts);
        // ExtendedAmount is what is left after the item's own modifiers (ARTS); settle_sums may say
        // otherwise.
        const int sign = draft.line.gross < Money{} ? -1 : 1;
        draft.line.discount = draft.modifiers * sign;
        draft.line.net = draft.line.gross;
        draft.line.gross += draft.line.discount;
        out.lines.push_back(std::move(draft));
        return true;
    }
    return false;
}

bool read_discount(const pugi::xml_node& line_item, const TillProfile& profile, DraftLines& out,
                   Amounts& amounts) {
    const bool flagged = is_true(attribute_of(line_item, "VoidFlag"));
    for (const auto& node : line_item.children()) {
        const auto name = local_name(node);
        const bool reward = name == "LoyaltyReward";
        if (!reward && name != "Discount" && name != "Coupon" && name != "Rebate") continue;
        if (flagged && profile.voids == VoidStyle::Flagged) return true;
        if (reward && !reward_counts(node, profile) && !reward_counts(line_item, profile))
            return true;
        // Where voids are negative lines, a positive reward is one that was taken back.
        const Money told = amounts.money(amount_text(node), name);
        const Money off = profile.voids == VoidStyle::Negative ? -told : told.magnitude();
        add_discount(out, {.line = line_number(text_of(node, "ItemLink")),
                           .offer = promotion_of(node),
                           .kind = reward             ? "loyalty"
                                   : name == "Coupon" ? "coupon"
                                                      : "amount",
                           .amount = off});
        return true;
    }
    return false;
}

namespace {

bool same_article(const SaleLine& one, const SaleLine& other) {
    return one.gtin == other.gtin && one.sku == other.sku;
}

// The nearest earlier line of the same article: the equal one goes, a larger one shrinks.
void take_back(std::vector<DraftLine>& lines, std::size_t at) {
    SaleLine& taken = lines[at].line;
    taken.voided = true;
    taken.kind = taken.kind == LineKind::Return ? LineKind::Sale : taken.kind;
    taken.qty_milli = std::abs(taken.qty_milli);
    taken.gross = taken.gross.magnitude();
    taken.discount = taken.discount.magnitude();
    taken.net = taken.net.magnitude();
    SaleLine* larger = nullptr;
    for (std::size_t i = at; i-- > 0;) {
        SaleLine& earlier = lines[i].line;
        if (earlier.voided || !same_article(earlier, taken)) continue;
        if (earlier.gross == taken.gross && earlier.qty_milli == taken.qty_milli) {
            earlier.voided = true;
            taken.void_of = earlier.n;
            return;
        }
        const bool holds = earlier.gross > taken.gross && earlier.net >= taken.net &&
                           earlier.qty_milli >= taken.qty_milli;
        if (!larger && holds) larger = &earlier;
    }
    if (!larger) return;
    larger->gross -= taken.gross;
    larger->net -= taken.net;
    larger->qty_milli -= taken.qty_milli;
    taken.void_of = larger->n;
}

void mark_linked(std::vector<DraftLine>& lines, DraftLine& draft) {
    draft.line.voided = true;
    if (draft.link == 0 || draft.link == draft.line.n) return;
    const auto target = std::ranges::find_if(
        lines, [&](const DraftLine& other) { return other.line.n == draft.link; });
    if (target == lines.end()) return;
    target->line.voided = true;
    draft.line.void_of = draft.link;
}

}  // namespace

void settle_voids(DraftLines& out, VoidStyle style) {
    for (std::size_t i = 0; i < out.lines.size(); ++i) {
        if (!out.lines[i].flagged) continue;
        if (style == VoidStyle::Negative && out.lines[i].line.gross < Money{}) {
            take_back(out.lines, i);
        } else {
            mark_linked(out.lines, out.lines[i]);
        }
    }
}

}  // namespace aisle::pos
