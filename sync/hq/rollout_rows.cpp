#include <algorithm>
#include <array>
#include <utility>

#include "agent/records/json_text.hpp"
#include "agent/records/object_reader.hpp"
#include "sync/hq/rollout.hpp"

// The roll-outs as rows: "m/VERSION" its course, "b/VERSION" the signed bytes, "s/VERSION/STORE"
// one store's step. A store's step is one small row, so that 10,000 stores do not rewrite each
// other.
namespace aisle::hq {
namespace {

namespace json = boost::json;
using records::ObjectReader;
using records::put;

constexpr std::array<std::pair<RolloutState, std::string_view>, 4> kStates{{
    {RolloutState::Rolling, "rolling"},
    {RolloutState::Halted, "halted"},
    {RolloutState::Done, "done"},
    {RolloutState::Superseded, "superseded"},
}};
constexpr std::array<std::pair<StoreStep, std::string_view>, 10> kSteps{{
    {StoreStep::Waiting, "waiting"},
    {StoreStep::Sent, "sent"},
    {StoreStep::Received, "received"},
    {StoreStep::Verified, "verified"},
    {StoreStep::DryRun, "dry_run"},
    {StoreStep::Active, "active"},
    {StoreStep::Healthy, "healthy"},
    {StoreStep::RolledBack, "rolled_back"},
    {StoreStep::Refused, "refused"},
    {StoreStep::Unwell, "unwell"},
}};

json::value texts(const std::vector<std::string>& words) {
    json::array all;
    for (const auto& word : words) all.emplace_back(records::as_text(word));
    return json::value(std::move(all));
}

std::vector<std::string> texts_from(const ObjectReader& in, std::string_view key) {
    std::vector<std::string> all;
    in.texts(key, [&](std::string word) { all.push_back(std::move(word)); });
    return all;
}

json::object plan_object(const RolloutPlan& plan) {
    json::object out;
    put(out, "canaries", texts(plan.rings.canaries));
    put(out, "early_permille", json::value(plan.rings.early_permille));
    put(out, "soak_s", json::value(plan.soak.count()));
    put(out, "healthy_permille", json::value(plan.healthy_permille));
    put(out, "broken_max", json::value(plan.broken_max));
    put(out, "broken_permille", json::value(plan.broken_permille));
    put(out, "away_permille", json::value(plan.away_permille));
    put(out, "away_wait_s", json::value(plan.away_wait.count()));
    put(out, "lost_after_s", json::value(plan.lost_after.count()));
    put(out, "restarts_max", json::value(plan.rails.restarts_max));
    put(out, "errors_max", json::value(plan.rails.errors_max));
    put(out, "withheld_rise_permille", json::value(plan.rails.withheld_rise_permille));
    put(out, "roll_back", json::value(plan.roll_back));
    return out;
}

Status read_course(Rollout& rollout, const std::string& bytes) {
    const auto in = ObjectReader::parse(bytes);
    rollout.bundle.stores = texts_from(in, "stores");
    rollout.bundle.expires = in.time("expires");
    rollout.plan = plan_from(in.object("plan"));
    const auto state = in.text("state");
    const auto* found =
        std::ranges::find(kStates, state, &std::pair<RolloutState, std::string_view>::second);
    if (found == kStates.end()) return malformed("unknown state of a roll-out");
    rollout.state = found->first;
    rollout.ring = in.integer<int>("ring");
    rollout.opened = in.time("opened");
    if (in.has("held")) rollout.held = in.time("held");
    rollout.why = in.text("why");
    return in.status();
}

Status read_store(Rollout& rollout, const std::string& store, const std::string& bytes) {
    const auto in = ObjectReader::parse(bytes);
    const auto step = store_step_from(in.text("step"));
    if (!step) return malformed("unknown step of a store");
    rollout.stores[store] = {.ring = in.integer<int>("ring"),
                             .step = *step,
                             .reason = in.text("reason"),
                             .at = in.time("at")};
    return in.status();
}

// "s/12/s-0001": what it is, the version, the store.
struct RowKey {
    char what = 0;
    std::int64_t version = 0;
    std::string store;
};

std::optional<RowKey> parse_key(const std::string& key) {
    if (key.size() < 3 || key[1] != '/') return std::nullopt;
    RowKey parsed{.what = key[0]};
    const auto slash = key.find('/', 2);
    const auto digits = key.substr(2, slash == std::string::npos ? slash : slash - 2);
    if (digits.empty() || digits.size() > 18 ||
        digits.find_first_not_of("0123456789") != std::string::npos)
        return std::nullopt;
    parsed.version = std::stoll(digits);
    if (slash != std::string::npos) parsed.store = key.substr(slash + 1);
    return parsed;
}

}  // namespace

std::string_view to_text(RolloutState state) {
    return kStates.at(static_cast<std::size_t>(state)).second;
}

std::string_view to_text(StoreStep step) {
    return kSteps.at(static_cast<std::size_t>(step)).second;
}

std::optional<StoreStep> store_step_from(std::string_view text) {
    const auto* found =
        std::ranges::find(kSteps, text, &std::pair<StoreStep, std::string_view>::second);
    if (found == kSteps.end()) return std::nullopt;
    return found->first;
}

std::string to_json(const RolloutPlan& plan) { return json::serialize(plan_object(plan)); }

RolloutPlan plan_from(const ObjectReader& in) {
    RolloutPlan plan;
    plan.rings.canaries = texts_from(in, "canaries");
    plan.rings.early_permille = in.integer("early_permille", plan.rings.early_permille);
    plan.soak = seconds{in.integer<std::int64_t>("soak_s", plan.soak.count())};
    plan.healthy_permille = in.integer("healthy_permille", plan.healthy_permille);
    plan.broken_max = in.integer("broken_max", plan.broken_max);
    plan.broken_permille = in.integer("broken_permille", plan.broken_permille);
    plan.away_permille = in.integer("away_permille", plan.away_permille);
    plan.away_wait = seconds{in.integer<std::int64_t>("away_wait_s", plan.away_wait.count())};
    plan.lost_after = seconds{in.integer<std::int64_t>("lost_after_s", plan.lost_after.count())};
    plan.rails.restarts_max = in.integer("restarts_max", plan.rails.restarts_max);
    plan.rails.errors_max = in.integer("errors_max", plan.rails.errors_max);
    plan.rails.withheld_rise_permille =
        in.integer("withheld_rise_permille", plan.rails.withheld_rise_permille);
    plan.roll_back = in.flag("roll_back");
    return plan;
}

StateChange store_row(std::int64_t version, const std::string& store,
                      const StoreProgress& progress) {
    json::object out;
    put(out, "ring", json::value(progress.ring));
    put(out, "step", to_text(progress.step));
    put(out, "reason", progress.reason);
    put(out, "at", progress.at);
    return {RolloutEngine::kRoom, "s/" + std::to_string(version) + '/' + store,
            json::serialize(out)};
}

std::vector<StateChange> rollout_rows(const Rollout& rollout, bool with_bundle) {
    const auto version = std::to_string(rollout.bundle.version);
    json::object out;
    put(out, "stores", texts(rollout.bundle.stores));
    put(out, "expires", rollout.bundle.expires);
    put(out, "plan", json::value(plan_object(rollout.plan)));
    put(out, "state", to_text(rollout.state));
    put(out, "ring", json::value(rollout.ring));
    put(out, "opened", rollout.opened);
    if (rollout.held) put(out, "held", *rollout.held);
    put(out, "why", rollout.why);
    std::vector<StateChange> rows{{RolloutEngine::kRoom, "m/" + version, json::serialize(out)}};
    if (!with_bundle) return rows;
    rows.push_back({RolloutEngine::kRoom, "b/" + version, rollout.bundle.bytes});
    for (const auto& [store, progress] : rollout.stores)
        rows.push_back(store_row(rollout.bundle.version, store, progress));
    return rows;
}

Status RolloutEngine::restore(const std::vector<StateChange>& rows) {
    for (const auto& row : rows) {
        const auto key = parse_key(row.key);
        if (!key) return malformed("a row of the roll-outs has a bad key: " + row.key);
        Rollout& rollout = rollouts_[key->version];
        rollout.bundle.version = key->version;
        Status read;
        if (key->what == 'b')
            rollout.bundle.bytes = row.bytes;
        else if (key->what == 'm')
            read = read_course(rollout, row.bytes);
        else
            read = read_store(rollout, key->store, row.bytes);
        if (!read) return malformed(row.key + ": " + read.error().detail);
    }
    return {};
}

}  // namespace aisle::hq
