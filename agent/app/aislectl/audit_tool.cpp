// aislectl audit verify: whether the chain through what people did still holds.
#include <CLI/CLI.hpp>
#include <boost/json.hpp>
#include <iostream>
#include <memory>

#include "agent/app/aislectl/tool.hpp"
#include "agent/app/audit_check.hpp"

namespace aisle::app::ctl {
namespace {

int verify(const std::string& data, const Outcome& outcome) {
    const auto reader = store::StoreReader::open(data);
    if (!reader) return fail(reader.error());
    const auto report = check_audit(**reader);
    if (!report) return fail(report.error());
    boost::json::object answer;
    answer["entries"] = report->entries;
    answer["erased"] = report->erased;
    answer["beside"] = report->beside;
    answer["breaks"] = report->breaks;
    if (report->breaks > 0) answer["first_break"] = report->first_break;
    print(boost::json::serialize(answer), outcome);
    return report->breaks == 0 ? kOk : kBadInput;
}

}  // namespace

void add_audit(CLI::App& app, Outcome& outcome) {
    auto data = std::make_shared<std::string>("/var/lib/aisle");
    auto* audit = app.add_subcommand("audit", "who did what")->require_subcommand(1);
    auto* call = audit->add_subcommand("verify", "walk the chain; exit 65 where it is broken");
    call->add_option("--data", *data, "the agent's data directory")->capture_default_str();
    call->callback([data, &outcome] { outcome.exit = verify(*data, outcome); });
}

}  // namespace aisle::app::ctl
