#include "agent/records/trial_record.hpp"

#include "agent/records/floor_records.hpp"
#include "agent/records/json_text.hpp"

namespace aisle::records {
namespace {

namespace json = boost::json;

json::value sums_value(const TrialSums& sums) {
    constexpr std::array<const char*, 5> kNames{"y", "yy", "x", "xx", "xy"};
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

}  // namespace

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
