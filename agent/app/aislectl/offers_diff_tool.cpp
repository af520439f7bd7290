// aislectl offers diff: what a draft would have made of yesterday's decisions.
#include <CLI/CLI.hpp>
#include <boost/json.hpp>
#include <iostream>
#include <memory>
#include <set>

#include "agent/app/aislectl/offers_tools.hpp"
#include "agent/app/campaigns.hpp"
#include "agent/offers/draft_diff.hpp"
#include "agent/runtime/time_zone.hpp"

namespace aisle::app::ctl {
namespace {

namespace json = boost::json;

struct DiffCall {
    DecisionSource source;
    std::string draft;
    bool all = false;
};

json::object side_json(const offers::DraftSide& side) {
    json::object out;
    out["offers"] = side.offers;
    out["withheld"] = side.withheld;
    out["value_minor"] = side.value.minor();
    return out;
}

void add(const offers::DraftSide& side, offers::DraftSide& sum) {
    sum.offers += side.offers;
    sum.withheld += side.withheld;
    sum.value += side.value;
}

json::object change_json(const offers::DraftChange& change) {
    json::object out;
    out["before"] = side_json(change.before);
    out["after"] = side_json(change.after);
    out["won"] = change.won;
    out["lost"] = change.lost;
    out["revalued"] = change.revalued;
    return out;
}

// What was taken for granted: the figures are read with it.
json::array assumptions() {
    return {"unchanged campaigns are refused and have money left as they were then",
            "new and changed campaigns begin with nothing granted and all of their budget",
            "each of their offers costs all that it can be worth",
            "people come, buy and answer as they did"};
}

void tell(const offers::DraftDiff& diff, bool all, json::object last, const Outcome& outcome) {
    offers::DraftChange sum;
    for (const auto& [id, change] : diff.campaigns()) {
        add(change.before, sum.before);
        add(change.after, sum.after);
        sum.won += change.won, sum.lost += change.lost, sum.revalued += change.revalued;
        const bool same = change.kind == offers::DraftChange::Kind::Same && change.won == 0 &&
                          change.lost == 0 && change.revalued == 0;
        if (same && !all) continue;
        json::object line;
        line["campaign"] = id.value;
        line["change"] = to_text(change.kind);
        for (auto& [key, value] : change_json(change)) line[key] = std::move(value);
        print(json::serialize(line), outcome);
    }
    for (auto& [key, value] : change_json(sum)) last[key] = std::move(value);
    last["assumes"] = assumptions();
    print(json::serialize(last), outcome);
}

int diff(const DiffCall& call, const Outcome& outcome) {
    const auto zone = runtime::open_time_zone(call.source.zone);
    if (!zone) return fail(zone.error()), kUsage;
    const auto draft = load_campaigns(call.draft, **zone);
    if (!draft) return fail(draft.error());
    SetLibrary sets{**zone};
    offers::DraftDiff made{**draft};
    std::set<std::string> seen;
    std::int64_t left_out = 0;
    const auto gaps = read_decisions(call.source, sets, [&](const DecisionRecord& record) {
        if (!seen.insert(record.decision.id).second) return;
        const auto then = sets.find(record.decision.campaign_set);
        if (!then || !made.take(*then, record.decision)) ++left_out;
    });
    if (!gaps) return fail(gaps.error());
    json::object last;
    last["summary"] = true;
    last["draft"] = (*draft)->digest();
    last["decisions"] = made.decisions();
    last["changed"] = made.changed();
    last["left_out"] = left_out + gaps->erased + std::ssize(gaps->unreadable);
    tell(made, call.all, std::move(last), outcome);
    return kOk;
}

}  // namespace

void add_offers_diff(CLI::App& offers, Outcome& outcome) {
    auto call = std::make_shared<DiffCall>();
    auto* const sub = offers.add_subcommand(
        "diff", "what a draft set would have changed over stored decisions: offers and money");
    add_source(*sub, call->source);
    sub->add_option("--draft", call->draft, "file or directory")->required();
    sub->add_flag("--all", call->all, "also campaigns for which nothing changes");
    sub->callback([call, &outcome] { outcome.exit = diff(*call, outcome); });
}

}  // namespace aisle::app::ctl
