#include <boost/json.hpp>

#include "agent/offers/row_json.hpp"

// Rows of experiments: unit/UNIT and trial/CAMPAIGN.
namespace aisle::offers {
namespace {

namespace json = boost::json;

std::string text(const json::object& row, std::string_view key) {
    return std::string{row.at(key).as_string()};
}

std::int64_t number(const json::object& row, std::string_view key) {
    const json::value* const value = row.if_contains(key);
    return value ? value->to_number<std::int64_t>() : 0;
}

void put(json::object& row, std::string_view key, std::int64_t value) {
    if (value != 0) row[key] = value;
}

json::array sums_json(const Sums& sums) {
    json::array row;
    row.emplace_back(sums.n);
    for (const double part : {sums.y, sums.yy, sums.x, sums.xx, sums.xy}) row.emplace_back(part);
    return row;
}

Sums sums_from(const json::value& value) {
    const json::array& row = value.as_array();
    return {.n = row.at(0).to_number<std::int64_t>(),
            .y = row.at(1).to_number<double>(),
            .yy = row.at(2).to_number<double>(),
            .x = row.at(3).to_number<double>(),
            .xx = row.at(4).to_number<double>(),
            .xy = row.at(5).to_number<double>()};
}

json::object enrolment_json(const Enrolment& one) {
    json::object row;
    row["campaign"] = one.campaign.value;
    row["plan"] = one.plan;
    row["group"] = one.group;
    put(row, "bucket_version", one.bucket_version);
    row["at"] = stamp_json(one.at);
    put(row, "open", one.open ? 1 : 0);
    put(row, "kept", one.kept ? 1 : 0);
    put(row, "before", one.before_minor);
    put(row, "spent", one.spent_minor);
    put(row, "margin", one.margin_minor);
    put(row, "returns", one.returns);
    return row;
}

}  // namespace

std::string to_row(const std::vector<Enrolment>& enrolments) {
    json::array all;
    for (const Enrolment& one : enrolments) all.push_back(enrolment_json(one));
    return json::serialize(all);
}

void from_row(std::string_view bytes, std::vector<Enrolment>& enrolments) {
    enrolments.clear();
    const json::value all = json::parse(json::string_view{bytes.data(), bytes.size()});
    for (const json::value& value : all.as_array()) {
        const json::object& row = value.as_object();
        enrolments.push_back(
            {.campaign = CampaignId{text(row, "campaign")},
             .plan = text(row, "plan"),
             .group = text(row, "group"),
             .bucket_version = static_cast<std::int32_t>(number(row, "bucket_version")),
             .at = stamp_from(row.at("at")),
             .open = number(row, "open") != 0,
             .kept = number(row, "kept") != 0,
             .before_minor = number(row, "before"),
             .spent_minor = number(row, "spent"),
             .margin_minor = number(row, "margin"),
             .returns = static_cast<std::int32_t>(number(row, "returns"))});
    }
}

std::string to_row(const Trial& trial) {
    json::object row;
    row["plan"] = trial.plan;
    row["since"] = stamp_json(trial.since);
    row["told"] = stamp_json(trial.told);
    put(row, "revision", trial.revision);
    put(row, "untold", trial.untold ? 1 : 0);
    put(row, "unobserved", trial.unobserved);
    put(row, "next_look", trial.next_look);
    json::object groups;
    for (const auto& [name, group] : trial.groups) {
        json::object one;
        one["exposed"] = group.exposed;
        one["spend"] = sums_json(group.spend);
        one["margin"] = sums_json(group.margin);
        put(one, "returned", group.returned);
        groups[name] = std::move(one);
    }
    row["groups"] = std::move(groups);
    if (trial.mismatch) {
        put(row, "mismatch_n", trial.mismatch->exposures);
        row["mismatch_p"] = trial.mismatch->p;
    }
    if (trial.block.index < 0) return json::serialize(row);
    row["block"] = trial.block.index;
    row["block_group"] = trial.block.group;
    put(row, "block_receipts", trial.block.receipts);
    put(row, "block_spent", trial.block.spent_minor);
    return json::serialize(row);
}

void from_row(std::string_view bytes, Trial& trial) {
    const json::object row = json::parse(json::string_view{bytes.data(), bytes.size()}).as_object();
    trial = {.plan = text(row, "plan"),
             .since = stamp_from(row.at("since")),
             .revision = static_cast<std::int32_t>(number(row, "revision")),
             .told = stamp_from(row.at("told")),
             .untold = number(row, "untold") != 0,
             .unobserved = number(row, "unobserved"),
             .next_look = number(row, "next_look")};
    for (const auto& item : row.at("groups").as_object()) {
        const json::object& one = item.value().as_object();
        trial.groups[std::string{item.key()}] = {.exposed = number(one, "exposed"),
                                                 .spend = sums_from(one.at("spend")),
                                                 .margin = sums_from(one.at("margin")),
                                                 .returned = number(one, "returned")};
    }
    if (row.contains("mismatch_p"))
        trial.mismatch = Mismatch{.exposures = number(row, "mismatch_n"),
                                  .p = row.at("mismatch_p").to_number<double>()};
    if (!row.contains("block")) return;
    trial.block = {.index = number(row, "block"),
                   .group = text(row, "block_group"),
                   .receipts = number(row, "block_receipts"),
                   .spent_minor = number(row, "block_spent")};
}

}  // namespace aisle::offers
