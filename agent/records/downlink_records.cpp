#include "agent/records/downlink_records.hpp"

#include "agent/records/floor_records.hpp"
#include "agent/records/json_text.hpp"
#include "agent/records/ledger_record.hpp"
#include "agent/records/object_reader.hpp"
#include "agent/records/stamp_json.hpp"

namespace aisle::records {
namespace {

namespace json = boost::json;

void put_if(json::object& out, std::string_view key, const std::string& text) {
    if (!text.empty()) put(out, key, text);
}

// A kind with an identity of its own: the same result again is the same record.
void identify(Record& record, const std::string& id) {
    record.event_id = id;
    record.revision = 1;
    record.digest = content_digest(record.body);
}

}  // namespace

Record bundle_state_record(const BundleState& state) {
    json::object out;
    put(out, "version", json::value(state.version));
    put(out, "state", state.state);
    put_if(out, "reason", state.reason);
    put_if(out, "detail", state.detail);
    put_if(out, "slot", state.slot);
    put(out, "active", json::value(state.active));
    json::object figures;
    for (const auto& [name, figure] : state.figures) put(figures, name, json::value(figure));
    if (!figures.empty()) put(out, "figures", json::value(std::move(figures)));
    put(out, "at", stamp_value(state.at));
    return ledger_record("bundle_state", out, state.at);
}

Result<BundleState> bundle_state_from_json(std::string_view text) {
    const auto in = ObjectReader::parse(text);
    in.require({"version", "state", "active"});
    BundleState state{.version = in.integer<std::int64_t>("version"),
                      .state = in.text("state"),
                      .reason = in.text("reason"),
                      .detail = in.text("detail"),
                      .slot = in.text("slot"),
                      .active = in.integer<std::int64_t>("active"),
                      .at = stamp_from(in.object("at"))};
    const auto figures = in.object("figures");
    for (const auto& [key, value] : figures.raw()) {
        const std::string name{key.data(), key.size()};
        state.figures[name] = figures.integer<std::int64_t>(name);
    }
    return in.finish(std::move(state));
}

Record command_result_record(const CommandResult& result) {
    json::object out;
    put(out, "id", result.id);
    put_if(out, "type", result.type);
    put(out, "status", result.status);
    put_if(out, "detail", result.detail);
    put(out, "at", stamp_value(result.at));
    if (result.answer != 1) put(out, "answer", json::value(result.answer));
    Record record = ledger_record("command_result", out, result.at);
    identify(record, result.id);
    record.revision = result.answer;
    return record;
}

Result<CommandResult> command_result_from_json(std::string_view text) {
    const auto in = ObjectReader::parse(text);
    in.require({"id", "status"});
    return in.finish(CommandResult{.id = in.text("id"),
                                   .type = in.text("type"),
                                   .status = in.text("status"),
                                   .detail = in.text("detail"),
                                   .answer = in.integer<std::int32_t>("answer", 1),
                                   .at = stamp_from(in.object("at"))});
}

Record erasure_record(const Erasure& erasure) {
    json::object out;
    put(out, "command", erasure.command);
    json::array members;
    for (const MemberKey& member : erasure.members)
        members.push_back(json::value(as_text(member.value)));
    put(out, "members", json::value(std::move(members)));
    put(out, "journal_rows", json::value(erasure.journal_rows));
    put(out, "outbox_rows", json::value(erasure.outbox_rows));
    put(out, "at", stamp_value(erasure.at));
    Record record = ledger_record("erasure", out, erasure.at);
    if (erasure.command != kLocalErasure) identify(record, erasure.command);
    return record;
}

Result<Erasure> erasure_from_json(std::string_view text) {
    const auto in = ObjectReader::parse(text);
    in.require({"command", "members"});
    Erasure erasure{.command = in.text("command"),
                    .journal_rows = in.integer<std::int64_t>("journal_rows"),
                    .outbox_rows = in.integer<std::int64_t>("outbox_rows"),
                    .at = stamp_from(in.object("at"))};
    in.texts("members", [&](std::string one) { erasure.members.emplace_back(std::move(one)); });
    return in.finish(std::move(erasure));
}

Record data_state_record(const DataState& state) {
    json::object out;
    put(out, "name", state.name);
    put(out, "version", json::value(state.version));
    put(out, "state", state.state);
    put_if(out, "reason", state.reason);
    put_if(out, "detail", state.detail);
    put(out, "held", json::value(state.held));
    put(out, "rows", json::value(state.rows));
    put(out, "at", stamp_value(state.at));
    return ledger_record("data_state", out, state.at);
}

Result<DataState> data_state_from_json(std::string_view text) {
    const auto in = ObjectReader::parse(text);
    in.require({"name", "version", "state"});
    return in.finish(DataState{.name = in.text("name"),
                               .version = in.integer<std::int64_t>("version"),
                               .state = in.text("state"),
                               .reason = in.text("reason"),
                               .detail = in.text("detail"),
                               .held = in.integer<std::int64_t>("held"),
                               .rows = in.integer<std::int64_t>("rows"),
                               .at = stamp_from(in.object("at"))});
}

Record lease_record(const LeaseMove& move) {
    json::object out;
    put(out, "what", move.what);
    put(out, "campaign", move.campaign.value);
    put_if(out, "lease", move.lease);
    put(out, "amount", move.amount);
    put(out, "granted", move.granted);
    put(out, "returned", move.returned);
    put(out, "spent", move.spent);
    put(out, "reserved", move.reserved);
    put_if(out, "reason", move.reason);
    put(out, "at", stamp_value(move.at));
    return ledger_record("budget", out, move.at);
}

Result<LeaseMove> lease_from_json(std::string_view text) {
    const auto in = ObjectReader::parse(text);
    in.require({"what", "campaign", "amount"});
    return in.finish(LeaseMove{.what = in.text("what"),
                               .campaign = CampaignId{in.text("campaign")},
                               .lease = in.text("lease"),
                               .amount = in.money("amount"),
                               .granted = in.money("granted"),
                               .returned = in.money("returned"),
                               .spent = in.money("spent"),
                               .reserved = in.money("reserved"),
                               .reason = in.text("reason"),
                               .at = stamp_from(in.object("at"))});
}

}  // namespace aisle::records
