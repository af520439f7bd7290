#include "agent/records/ledger_records.hpp"

#include "agent/records/floor_records.hpp"
#include "agent/records/json_text.hpp"
#include "agent/records/ledger_record.hpp"
#include "agent/records/object_reader.hpp"
#include "agent/records/stamp_json.hpp"

namespace aisle::records {
namespace {

namespace json = boost::json;

}  // namespace

Record redemption_record(const Redemption& redemption) {
    json::object out;
    put(out, "offer", redemption.offer.value);
    put(out, "campaign", redemption.campaign.value);
    put(out, "proof", to_text(redemption.proof));
    put(out, "amount", redemption.amount);
    put(out, "sale", redemption.sale.value);
    put(out, "by", redemption.by);
    put(out, "member", redemption.member.value);
    if (!redemption.gift_sku.empty()) put(out, "gift_sku", redemption.gift_sku);
    if (!redemption.till.empty()) put(out, "till", redemption.till.value);
    put(out, "at", stamp_value(redemption.at));
    Record record = ledger_record("redemption", out, redemption.at);
    record.event_id = redemption.offer.value;
    record.revision = 1;
    record.digest = content_digest(record.body);
    return record;
}

Result<Redemption> redemption_from_json(std::string_view text) {
    const auto in = ObjectReader::parse(text);
    in.require({"offer", "campaign", "proof", "amount"});
    return in.finish(Redemption{.offer = OfferId{in.text("offer")},
                                .campaign = CampaignId{in.text("campaign")},
                                .proof = in.word<RedemptionProof>("proof"),
                                .amount = in.money("amount"),
                                .sale = SaleId{in.text("sale")},
                                .by = in.text("by"),
                                .member = MemberKey{in.text("member")},
                                .at = stamp_from(in.object("at")),
                                .gift_sku = in.text("gift_sku"),
                                .till = TillId{in.text("till")}});
}

Record budget_record(const BudgetMove& move) {
    json::object out;
    put(out, "campaign", move.campaign.value);
    put(out, "move", move.move);
    put(out, "offer", move.offer.value);
    put(out, "amount", move.amount);
    put(out, "left", move.left);
    put(out, "at", stamp_value(move.at));
    return ledger_record("budget", out, move.at);
}

Result<BudgetMove> budget_from_json(std::string_view text) {
    const auto in = ObjectReader::parse(text);
    in.require({"campaign", "move", "amount", "left"});
    return in.finish(BudgetMove{.campaign = CampaignId{in.text("campaign")},
                                .move = in.text("move"),
                                .offer = OfferId{in.text("offer")},
                                .amount = in.money("amount"),
                                .left = in.money("left"),
                                .at = stamp_from(in.object("at"))});
}

Record consent_record(const ConsentChange& change) {
    json::object out;
    put(out, "member", change.member.value);
    put(out, "purpose", change.purpose);
    put(out, "granted", change.granted);
    put(out, "version", change.version);
    put(out, "by", change.by);
    put(out, "at", stamp_value(change.at));
    return ledger_record("consent", out, change.at);
}

Result<ConsentChange> consent_from_json(std::string_view text) {
    const auto in = ObjectReader::parse(text);
    in.require({"member", "purpose", "granted"});
    return in.finish(ConsentChange{.member = MemberKey{in.text("member")},
                                   .purpose = in.text("purpose"),
                                   .granted = in.flag("granted"),
                                   .version = in.text("version"),
                                   .by = in.text("by"),
                                   .at = stamp_from(in.object("at"))});
}

Record audit_record(const AuditEntry& entry) {
    json::object out;
    put(out, "n", entry.n);
    put(out, "actor", entry.actor);
    put(out, "action", entry.action);
    put(out, "subject", entry.subject);
    put(out, "detail", entry.detail);
    put(out, "chain", entry.chain);
    put(out, "at", stamp_value(entry.at));
    return ledger_record("audit", out, entry.at);
}

Result<AuditEntry> audit_from_json(std::string_view text) {
    const auto in = ObjectReader::parse(text);
    in.require({"n", "actor", "action", "chain"});
    return in.finish(AuditEntry{.n = in.integer<std::int64_t>("n"),
                                .actor = in.text("actor"),
                                .action = in.text("action"),
                                .subject = in.text("subject"),
                                .detail = in.text("detail"),
                                .chain = in.text("chain"),
                                .at = stamp_from(in.object("at"))});
}

Record clock_record(const ClockStep& step) {
    json::object out;
    put(out, "boot", step.at.boot);
    put(out, "offset_ms", step.offset.count());
    put(out, "error_ms", step.error.count());
    put(out, "source", step.reason);
    put(out, "before", aisle::to_text(step.before));
    put(out, "at", stamp_value(step.at));
    return ledger_record("clock", out, step.at);
}

Result<ClockStep> clock_from_json(std::string_view text) {
    const auto in = ObjectReader::parse(text);
    in.require({"offset_ms", "before"});
    Stamp at = stamp_from(in.object("at"));
    at.boot = in.integer<std::int64_t>("boot", at.boot);  // the one that is meant
    const auto before = clock_quality_from(in.text("before"));
    if (!before) in.fail("before", "unknown word");
    return in.finish(ClockStep{.offset = milliseconds{in.integer<std::int64_t>("offset_ms")},
                               .before = before.value_or(ClockQuality::None),
                               .reason = in.text("source"),
                               .at = at,
                               .error = milliseconds{in.integer<std::int64_t>("error_ms")}});
}

}  // namespace aisle::records
