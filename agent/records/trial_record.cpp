#include "agent/records/trial_record.hpp"

#include "agent/records/floor_records.hpp"
#include "agent/records/json_text.hpp"
#include "agent/records/object_reader.hpp"

namespace aisle::records {
namespace {

namespace json = boost::json;

constexpr std::array<const char*, 5> kNames{"y", "yy", "x", "xx", "xy"};

json::value sums_value(const TrialSums& sums) {
    json::object out;
    put(out, "n", sums.n);
    for (std::size_t i = 0; i < kNames.size(); ++i) put(out, kNames[i], sums.sums[i]);
    return out;
}

json::value group_value(const TrialGroupFigures& group) {
    json::object out;
    put(out, "expected", group.expected);
    put(out, "exposed", group.exposed);
    put(out, "returned", group.returned);
    put(out, "spend", sums_value(group.spend));
    put(out, "margin", sums_value(group.margin));
    return out;
}

TrialSums sums_from(const ObjectReader& in) {
    in.require({"n"});
    TrialSums sums{.n = in.integer<std::int64_t>("n")};
    if (sums.n < 0) in.fail("n", "below zero");
    for (std::size_t i = 0; i < kNames.size(); ++i) sums.sums[i] = in.number(kNames[i]);
    return sums;
}

TrialGroupFigures group_from(const ObjectReader& in) {
    in.require({"exposed", "spend", "margin"});
    TrialGroupFigures group{.expected = in.number("expected"),
                            .exposed = in.integer<std::int64_t>("exposed"),
                            .returned = in.integer<std::int64_t>("returned"),
                            .spend = sums_from(in.object("spend")),
                            .margin = sums_from(in.object("margin"))};
    if (group.exposed < 0) in.fail("exposed", "below zero");
    return group;
}

}  // namespace

Result<TrialFigures> trial_from_json(std::string_view body) {
    const auto in = ObjectReader::parse(body);
    in.require({"campaign", "plan", "groups"});
    TrialFigures trial{.campaign = CampaignId{in.text("campaign")},
                       .experiment = in.text("experiment"),
                       .plan = in.text("plan"),
                       .blocks = in.text("unit") == "block",
                       .since = in.time("since"),
                       .unobserved = in.integer<std::int64_t>("unobserved")};
    const auto groups = in.object("groups");
    for (const auto& entry : groups.raw()) {
        const std::string_view name{entry.key()};
        trial.groups[std::string{name}] = group_from(groups.object(name));
    }
    if (in.has("mismatch")) {
        const auto mismatch = in.object("mismatch");
        trial.mismatch_after = mismatch.integer<std::int64_t>("exposures");
        trial.mismatch_p = mismatch.number("p");
    }
    return in.finish(std::move(trial));
}

Record trial_record(const TrialFigures& trial) {
    json::object body;
    put(body, "campaign", trial.campaign.value);
    put(body, "experiment", trial.experiment);
    put(body, "plan", trial.plan);
    put(body, "unit", trial.blocks ? "block" : "person");
    put(body, "since", trial.since);
    json::object groups;
    for (const auto& [name, group] : trial.groups) put(groups, name, group_value(group));
    put(body, "groups", json::value(std::move(groups)));
    put(body, "unobserved", trial.unobserved);
    if (trial.mismatch_after) {
        json::object mismatch;
        put(mismatch, "exposures", *trial.mismatch_after);
        put(mismatch, "p", trial.mismatch_p);
        put(body, "mismatch", json::value(std::move(mismatch)));
    }
    Record record{.stream = Stream::Offers,
                  .kind = "experiment_sums",
                  .event_id = trial.id,
                  .revision = trial.revision,
                  .at = trial.at,
                  .body = json::serialize(body)};
    record.digest = content_digest(record.body);
    return record;
}

}  // namespace aisle::records
