#include "agent/intake/intake.hpp"

#include <algorithm>
#include <cassert>
#include <map>

#include "agent/intake/gtin.hpp"
#include "agent/intake/mask.hpp"
#include "agent/intake/sale_cleaner.hpp"
#include "agent/intake/text.hpp"

namespace aisle::intake {
namespace {

constexpr std::size_t kDetailBytesMax = 256;

Step clean(Sale& sale, const Intake& intake) {
    // Sizes first: everything after may take its time with each part.
    if (auto problem = check_limits(sale)) return problem;
    if (auto problem = clean_texts(sale)) return problem;
    if (auto problem = check_header(sale, intake.settings())) return problem;
    clean_codes(sale);
    if (auto problem = settle_signs(sale)) return problem;
    reconcile(sale);
    return {};
}

std::string masked_payload(std::string_view bytes) {
    // Cut afterwards: a cut first could leave half a card number, which no check knows.
    std::string payload = mask_bytes(bytes).text;
    if (payload.size() > kQuarantinePayloadMax) payload.resize(kQuarantinePayloadMax);
    return payload;
}

Quarantined put_aside(const Sale& sale, const Problem& problem, std::string_view raw) {
    return {.source = plain_text(sale.source, kIdBytesMax),
            .reason = std::string{problem.reason},
            .detail = problem.detail,
            .origin = mask_text(plain_text(sale.lineage.origin, kTextBytesMax)).text,
            .byte_from = sale.lineage.byte_from,
            .byte_to = sale.lineage.byte_to,
            .payload = masked_payload(raw)};
}

std::string masked_line(std::string_view text, std::size_t bytes_max) {
    return mask_text(plain_text(text, bytes_max)).text;
}

// A member's number as people and tills write it, in one form.
std::string member_id(std::string_view raw) {
    std::string id = plain_code(raw, kTextBytesMax);
    std::erase(id, '-');
    for (char& c : id) c = static_cast<char>(c >= 'a' && c <= 'z' ? c - ('a' - 'A') : c);
    return id;
}

bool clean_row(const Intake& intake, MemberRow& row) {
    row.member = intake.pseudonym(row.member).value;
    row.tier = masked_line(row.tier, kTextBytesMax);
    for (auto& tag : row.tags) tag = masked_line(tag, kTextBytesMax);
    std::map<std::string, TagDetail> details;
    for (auto& [tag, detail] : row.tag_details) {
        detail.source = masked_line(detail.source, kTextBytesMax);
        details[masked_line(tag, kTextBytesMax)] = detail;
    }
    row.tag_details = std::move(details);
    std::erase(row.tags, std::string{});
    for (KnownAs& known : row.ids) known.id = intake.other_pseudonym(known.kind, known.id);
    std::erase_if(row.ids, [&](const KnownAs& known) {
        return known.id.empty() || (known.kind == "card" && !intake.settings().link_cards);
    });
    if (!is_month_day(row.birthday)) row.birthday.clear();
    return !row.member.empty();
}

bool clean_row(const Intake&, ProductRow& row) {
    row.sku = plain_text(row.sku, kIdBytesMax);
    const auto whole = gtin14(plain_code(row.gtin, kIdBytesMax));
    const auto embedded = whole ? embedded_code(*whole) : std::nullopt;
    row.gtin = embedded ? embedded->gtin : whole.value_or("");
    row.category = plain_text(row.category, kTextBytesMax);
    row.brand = plain_text(row.brand, kTextBytesMax);
    const bool priced = row.price >= Money{} && row.price <= kMoneyMax && row.cost >= -kMoneyMax &&
                        row.cost <= kMoneyMax;
    return !row.sku.empty() && priced;
}

bool clean_row(const Intake& intake, TagRow& row) {
    row.tag = intake.tag_pseudonym(row.tag).value;
    row.member = intake.pseudonym(row.member).value;
    row.label = masked_line(row.label, kTextBytesMax);
    return !row.tag.empty();
}

bool clean_row(const Intake&, FactRow& row) {
    row.key = plain_text(row.key, kIdBytesMax);
    if (auto* text = std::get_if<std::string>(&row.value))
        *text = masked_line(*text, kTextBytesMax);
    return !row.key.empty();
}

// In front of it what a member's id never begins with: they are upper case.
std::string other_pseudonym_of(const StoreKey& key, std::string_view kind, std::string_view raw) {
    const std::string id = plain_code(raw, kTextBytesMax);
    return id.empty() ? std::string{} : pseudonym_of(key, std::string{kind} + "|" + id);
}

// A sale that comes again after a rotation must be known for what it is: the content names the
// member, so it has another digest under each key. `links` has one for each key, or none.
std::vector<EarlierLook> looks_under(const std::vector<StoreKey>& keys,
                                     const std::vector<Relink>& links, Sale sale,
                                     const std::string& raw_card) {
    std::vector<EarlierLook> looks;
    for (std::size_t i = 0; i < links.size(); ++i) {
        if (!sale.card.empty()) sale.card = other_pseudonym_of(keys[i], "card", raw_card);
        sale.member = links[i].from.value;
        sale.member_key = keys[i].id;
        looks.push_back({links[i].from, sha256_hex(canonical_content(sale))});
    }
    return looks;
}

}  // namespace

Intake::Intake(IntakeSettings settings) : settings_{std::move(settings)} {
    assert(!settings_.store.empty() && settings_.earlier_keys.size() <= kEarlierKeysMax);
}

CleanedSale Intake::sale(SaleReading reading, const Stamp& now) const {
    Sale sale = std::move(reading.draft);
    if (const auto problem = clean(sale, *this)) {
        Quarantined item = put_aside(sale, *problem, reading.raw);
        item.at = now;
        return item;
    }
    const std::vector<Relink> links = relinks(sale.member);
    const std::string raw_card = sale.card;
    identify(sale, *this);
    sale.lineage.source = sale.source;
    sale.lineage.received = now.wall;
    if (!reading.raw.empty()) sale.lineage.digest = sha256_hex(mask_bytes(reading.raw).text);
    std::vector<EarlierLook> earlier = looks_under(settings_.earlier_keys, links, sale, raw_card);
    std::string digest = sha256_hex(canonical_content(sale));
    return CleanSale{std::move(sale), std::move(digest), std::move(earlier)};
}

Quarantined Intake::rejected(RejectedReading reading, const Stamp& now) const {
    Quarantined item = std::move(reading.item);
    if (std::ranges::find(kReasons, item.reason) == kReasons.end()) {
        item.detail = item.reason + ": " + item.detail;
        item.reason = "other";
    }
    item.source = plain_text(item.source, kIdBytesMax);
    item.detail = masked_line(item.detail, kDetailBytesMax);
    item.origin = masked_line(item.origin, kTextBytesMax);
    item.payload = masked_payload(item.payload);
    item.at = now;
    return item;
}

Intake::CleanReference Intake::reference(ReferenceReading reading) const {
    CleanReference out;
    auto& rows = reading.rows;
    const auto useless = [&](ReferenceRow& row) {
        if (const auto* member = std::get_if<MemberRow>(&row)) {
            for (Relink& link : relinks(member->member)) out.relinks.push_back(std::move(link));
        }
        return !std::visit([&](auto& one) { return clean_row(*this, one); }, row);
    };
    out.left_out = std::erase_if(rows, useless);
    out.reading = std::move(reading);
    return out;
}

MemberKey Intake::pseudonym(std::string_view raw_member) const {
    const std::string id = member_id(raw_member);
    if (id.empty()) return {};
    return MemberKey{pseudonym_of(settings_.key, id)};
}

std::string Intake::other_pseudonym(std::string_view kind, std::string_view raw) const {
    return other_pseudonym_of(settings_.key, kind, raw);
}

std::vector<Relink> Intake::relinks(std::string_view raw_member) const {
    std::vector<Relink> links;
    const std::string id = settings_.earlier_keys.empty() ? std::string{} : member_id(raw_member);
    if (id.empty()) return links;
    const MemberKey now{pseudonym_of(settings_.key, id)};
    for (const StoreKey& key : settings_.earlier_keys)
        links.push_back({.from = MemberKey{pseudonym_of(key, id)}, .to = now});
    return links;
}

TagKey Intake::tag_pseudonym(std::string_view raw_tag) const {
    std::string id = plain_code(raw_tag, kTextBytesMax);
    for (char& c : id) c = static_cast<char>(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
    if (id.empty()) return {};
    return TagKey{pseudonym_of(settings_.key, id)};
}

}  // namespace aisle::intake
