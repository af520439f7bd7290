#include "agent/records/floor_records.hpp"
#include "agent/records/json_text.hpp"
#include "agent/records/ledger_record.hpp"
#include "agent/records/ledger_records.hpp"
#include "agent/records/stamp_json.hpp"

namespace aisle::records {
namespace {

namespace json = boost::json;

// Sent again it is the same record: HQ counts it once.
Record identified(Record record, std::string event_id, std::int32_t revision) {
    record.event_id = std::move(event_id);
    record.revision = revision;
    record.digest = content_digest(record.body);
    return record;
}

}  // namespace

Record points_record(const PointsEntry& entry) {
    json::object out;
    put(out, "offer", entry.offer.value);
    put(out, "campaign", entry.campaign.value);
    put(out, "member", entry.member.value);
    put(out, "sale", entry.sale.value);
    put(out, "points", entry.points);
    put(out, "at", stamp_value(entry.at));
    return identified(ledger_record("points", out, entry.at), entry.offer.value, entry.revision);
}

Record redemption_return_record(const RedemptionReturn& undone) {
    json::object out;
    put(out, "offer", undone.offer.value);
    put(out, "campaign", undone.campaign.value);
    put(out, "sale", undone.sale.value);
    put(out, "returned_by", undone.returned_by.value);
    put(out, "till", undone.till.value);
    put(out, "member", undone.member.value);
    put(out, "amount", undone.amount);
    put(out, "left", undone.left);
    put(out, "points", undone.points);
    put(out, "gift_sku", undone.gift_sku);
    put(out, "gift_kept", undone.gift_kept);
    put(out, "whole", undone.whole);
    put(out, "after_ms", undone.after.count());
    put(out, "at", stamp_value(undone.at));
    return identified(ledger_record("redemption_return", out, undone.at),
                      undone.offer.value + "|" + undone.returned_by.value, 1);
}

}  // namespace aisle::records
