#include "drivers/pos/poslog_parser.hpp"

#include <array>
#include <cassert>
#include <optional>

#include <pugixml.hpp>

#include "drivers/pos/decimal_text.hpp"
#include "drivers/pos/poslog_payments.hpp"
#include "drivers/pos/poslog_sums.hpp"
#include "drivers/pos/till_file.hpp"
#include "drivers/pos/xml_lookup.hpp"

namespace aisle::pos {
namespace {

// Iterative: a walk of its own depth must not cost stack.
struct DepthGauge final : pugi::xml_tree_walker {
    bool for_each(pugi::xml_node&) override { return depth() < kTillDepthMax; }
};

bool contains_ignoring_case(std::string_view text, std::string_view upper) {
    for (auto at = text.find("<!"); at != std::string_view::npos; at = text.find("<!", at + 2)) {
        std::size_t same = 0;
        while (same < upper.size() && at + same < text.size() &&
               (text[at + same] == upper[same] || text[at + same] == (upper[same] | 0x20))) {
            ++same;
        }
        if (same == upper.size()) return true;
    }
    return false;
}

// "2017-10-01T15:15:25", with or without an offset; without one it is the wall of the shop that
// shows it.
std::optional<WallTime> instant_of(std::string_view text, const TimeZone* zone) {
    if (const auto exact = parse_rfc3339(text)) return exact;
    const auto as_utc = parse_rfc3339(std::string{text} + 'Z');
    if (!as_utc || !zone) return as_utc;
    const auto day = std::chrono::floor<std::chrono::days>(*as_utc);
    return zone->instant(Date{day}, *as_utc - day);
}

class TransactionReader {
public:
    TransactionReader(const pugi::xml_node& transaction, const PoslogContext& context)
        : transaction_{transaction}, context_{context}, amounts_{context.minor_digits} {}

    std::variant<Sale, Refusal> read() {
        read_header();
        read_status();
        read_body();
        if (amounts_.problem()) return *amounts_.problem();
        return std::move(sale_);
    }

private:
    void read_header() {
        sale_.minor_digits = context_.minor_digits;
        auto store = text_of(transaction_, "RetailStoreID");
        if (store.empty()) store = text_of(child_named(transaction_, "BusinessUnit"), "UnitID");
        sale_.store = StoreId{std::string{store}};
        sale_.till = TillId{std::string{text_of(transaction_, "WorkstationID")}};
        sale_.currency = either_of(transaction_, "CurrencyCode");
        read_number();
        read_times();
    }

    // Version 6 may tell a TransactionID only; a number is better, since other drivers see it too.
    void read_number() {
        const auto number = text_of(transaction_, "SequenceNumber");
        const auto own_id = text_of(transaction_, "TransactionID");
        if (number.empty() || sale_.till.empty()) sale_.vendor_id = own_id;
        const auto parsed = whole_number(number);
        if (parsed) sale_.seq = *parsed;
        if (!parsed && (!number.empty() || own_id.empty()))
            amounts_.refuse("schema", "SequenceNumber: no number");
        if (sale_.till.empty() && own_id.empty())
            amounts_.refuse("schema", "WorkstationID: missing");
    }

    void read_times() {
        const auto day = text_of(transaction_, "BusinessDayDate").substr(0, 10);
        if (!day.empty()) {
            const auto date = parse_date(day);
            if (!date) amounts_.refuse("schema", "BusinessDayDate: no date");
            sale_.business_date = date.value_or(Date{});
        }
        for (const auto* name : {"EndDateTime", "POSLogDateTime", "BeginDateTime"}) {
            const auto text = text_of(transaction_, name);
            if (text.empty()) continue;
            const auto at = instant_of(text, context_.zone);
            if (!at) amounts_.refuse("schema", std::string{name} + ": no time");
            sale_.ended_at = at.value_or(WallTime{});
            return;
        }
        amounts_.refuse("schema", "EndDateTime: missing");
    }

    [[nodiscard]] bool flag(const char* name) const {
        return is_true(attribute_of(transaction_, name));
    }

    void read_status() {
        auto status =
            attribute_of(child_named(transaction_, "RetailTransaction"), "TransactionStatus");
        if (status.empty()) status = attribute_of(transaction_, "TransactionStatus");
        if (flag("TrainingModeFlag")) {
            sale_.status = SaleStatus::Training;
        } else if (flag("CancelFlag") || status == "Canceled" || status == "Cancelled") {
            sale_.status = SaleStatus::Cancelled;
        } else if (flag("SuspendFlag") || status.starts_with("Suspended")) {
            sale_.status = SaleStatus::Suspended;
        } else if (status == "PostVoided" || status == "TransactionVoided") {
            sale_.status = SaleStatus::PostVoided;
        }
    }

    void read_body() {
        if (const auto retail = child_named(transaction_, "RetailTransaction"))
            return read_retail(retail);
        for (const auto& child : transaction_.children()) {
            const auto name = local_name(child);
            if (name == "PostVoidTransaction" || name == "VoidTransaction") {
                sale_.type = SaleType::Void;
                return;
            }
            if (name.ends_with("Transaction")) return read_control(child);
        }
        amounts_.refuse("unknown_type", "neither a retail nor a control transaction");
    }

    void read_control(const pugi::xml_node& control) {
        const auto event = text_of(control, "ApplicationEvent");
        const bool drawer =
            child_named(control, "NoSale") || event == "CashDrawerOpen" || event == "NoSale";
        sale_.type = drawer ? SaleType::NoSale : SaleType::Control;
    }

    void read_retail(const pugi::xml_node& retail) {
        DraftLines drafts;
        for (auto item = child_named(retail, "LineItem"); item;
             item = next_named(item, "LineItem")) {
            const auto& profile = *context_.profile;
            if (read_item(item, profile, drafts, amounts_)) continue;
            if (read_tender(item, profile, sale_, amounts_)) continue;
            if (read_tax(item, profile, sale_, amounts_)) continue;
            read_discount(item, profile, drafts, amounts_);
        }
        if (amounts_.problem()) return;
        read_links(retail);
        sale_.member = member_of(retail);
        if (sale_.currency.empty()) sale_.currency = either_of(retail, "CurrencyCode");
        const bool total_told = read_total(retail, sale_, amounts_);
        if (!total_told && sale_.tenders.empty() && drafts.lines.empty() && counts(sale_)) {
            amounts_.refuse("schema", "neither lines nor tenders nor a total");
        }
        settle_voids(drafts, context_.profile->voids);
        settle_sums(sale_, std::move(drafts), total_told);
    }

    void read_links(const pugi::xml_node& retail) {
        for (auto link = child_named(retail, "TransactionLink"); link;
             link = next_named(link, "TransactionLink")) {
            if (attribute_of(link, "ReasonCode") == "Voided") sale_.type = SaleType::Void;
        }
        if (child_named(retail, "PostVoidTransaction")) sale_.type = SaleType::Void;
    }

    static std::string member_of(const pugi::xml_node& retail) {
        for (const auto* name : {"LoyaltyID", "LoyaltyAccountID", "CustomerID", "AlternateID"}) {
            const auto text = text_of(descendant_named(retail, name));
            if (text.find_first_not_of('0') != std::string_view::npos) return std::string{text};
        }
        return {};
    }

    pugi::xml_node transaction_;
    const PoslogContext& context_;
    Amounts amounts_;
    Sale sale_;
};

}  // namespace

std::variant<Sale, Refusal> parse_poslog(std::string_view xml, const PoslogContext& context) {
    assert(context.profile != nullptr);
    if (xml.size() > kTillRecordBytesMax) return Refusal{"limit", "a record above its size"};
    if (contains_ignoring_case(xml, "<!DOCTYPE") || contains_ignoring_case(xml, "<!ENTITY")) {
        return Refusal{"doctype", "a document type or an entity declaration"};
    }
    pugi::xml_document document;
    constexpr unsigned kOptions = pugi::parse_minimal | pugi::parse_cdata | pugi::parse_escapes |
                                  pugi::parse_eol | pugi::parse_wconv_attribute;
    const auto parsed = document.load_buffer(xml.data(), xml.size(), kOptions, pugi::encoding_utf8);
    if (!parsed) return Refusal{"schema", std::string{"not well-formed: "} + parsed.description()};
    DepthGauge gauge;
    if (!document.traverse(gauge)) return Refusal{"limit", "elements nested too deep"};
    return TransactionReader{document.document_element(), context}.read();
}

}  // namespace aisle::pos
