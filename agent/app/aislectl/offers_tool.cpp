// aislectl offers: what campaigns would say, tried on files.
#include <CLI/CLI.hpp>
#include <boost/json.hpp>
#include <iostream>
#include <memory>

#include "agent/app/aislectl/offers_tools.hpp"
#include "agent/app/campaigns.hpp"
#include "agent/offers/decide_files.hpp"
#include "agent/offers/fairness.hpp"
#include "agent/offers/vectors.hpp"
#include "agent/runtime/time_zone.hpp"

namespace aisle::app::ctl {
namespace {

namespace json = boost::json;

struct OffersCall {
    std::string campaigns;
    std::string zone = "Asia/Shanghai";
    std::string file;
};

int decide(const OffersCall& options, const Outcome& outcome) {
    const auto zone = runtime::open_time_zone(options.zone);
    if (!zone) return fail(zone.error()), kUsage;
    const auto set = load_campaigns(options.campaigns, **zone);
    if (!set) return fail(set.error());
    const auto context = read_input(options.file);
    if (!context) return fail(context.error()), kNoInput;
    const auto answer = offers::decide_context(**set, *context);
    if (!answer) return fail(answer.error());
    print(*answer, outcome);
    return kOk;
}

int check(const OffersCall& options, const Outcome& outcome) {
    const auto zone = runtime::open_time_zone(options.zone);
    if (!zone) return fail(zone.error()), kUsage;
    const auto set = load_campaigns(options.campaigns, **zone);
    if (!set) return fail(set.error());
    json::object answer;
    answer["campaigns"] = (*set)->all().size();
    answer["digest"] = (*set)->digest();
    json::array warnings;
    for (const offers::CampaignFault& warning : offers::fairness_warnings(**set))
        warnings.push_back(json::value(to_text(warning).c_str()));
    answer["warnings"] = std::move(warnings);
    print(json::serialize(answer), outcome);
    return kOk;
}

// One line a group; the cases that failed are named on stderr, and make the call answer 1.
int vectors(const OffersCall& options, const Outcome& outcome) {
    const auto file = read_input(options.file);
    if (!file) return fail(file.error()), kNoInput;
    const auto groups = offers::run_vectors(*file);
    if (!groups) return fail(groups.error());
    bool failed = false;
    for (const offers::VectorGroup& group : *groups) {
        json::object line;
        line["group"] = group.group;
        line["passed"] = group.passed;
        line["failed"] = group.failed;
        line["skipped"] = group.skipped;
        print(json::serialize(line), outcome);
        for (const std::string& name : group.failures)
            std::cerr << "aislectl: " << group.group << ": case " << name << " failed\n";
        failed = failed || group.failed > 0;
    }
    return failed ? 1 : kOk;
}

}  // namespace

void add_offers(CLI::App& app, Outcome& outcome) {
    auto* offers = app.add_subcommand("offers", "campaigns")->require_subcommand(1);
    auto options = std::make_shared<OffersCall>();
    auto* decide_call = offers->add_subcommand("decide", "what a set would offer in a context");
    decide_call->add_option("--campaigns", options->campaigns, "file or directory")->required();
    decide_call->add_option("--tz", options->zone, "the store's zone")->capture_default_str();
    decide_call->add_option("context", options->file, "JSON file")->required();
    decide_call->callback([options, &outcome] { outcome.exit = decide(*options, outcome); });

    auto* check_call = offers->add_subcommand("check", "load a set and say what is wrong with it");
    check_call->add_option("--tz", options->zone, "the store's zone")->capture_default_str();
    check_call->add_option("campaigns", options->campaigns, "file or directory")->required();
    check_call->callback([options, &outcome] { outcome.exit = check(*options, outcome); });

    auto* vectors_call =
        offers->add_subcommand("vectors", "hold GrowthBook's test cases against our evaluator");
    vectors_call->add_option("cases", options->file, "its cases.json")->required();
    vectors_call->callback([options, &outcome] { outcome.exit = vectors(*options, outcome); });
    add_offers_replay(*offers, outcome);
    add_offers_diff(*offers, outcome);
    add_offers_simulate(*offers, outcome);
    add_offers_stop(*offers, outcome);
    add_fairness(*offers, outcome);
}

}  // namespace aisle::app::ctl
