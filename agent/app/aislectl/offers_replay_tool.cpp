// aislectl offers replay: yesterday's decisions, made again.
#include <CLI/CLI.hpp>
#include <boost/json.hpp>
#include <iostream>
#include <memory>

#include "agent/app/aislectl/offers_tools.hpp"
#include "agent/app/replay_run.hpp"
#include "agent/runtime/time_zone.hpp"

namespace aisle::app::ctl {
namespace {

namespace json = boost::json;

struct ReplayCall {
    DecisionSource source;
    std::string explain;
};

int replay(const ReplayCall& call, const Outcome& outcome) {
    const auto zone = runtime::open_time_zone(call.source.zone);
    if (!zone) return fail(zone.error()), kUsage;
    SetLibrary sets{**zone};
    ReplayRun run{sets, [&](const json::object& line) { print(json::serialize(line), outcome); }};
    run.explain(call.explain);
    const auto gaps =
        read_decisions(call.source, sets, [&](const DecisionRecord& record) { run.take(record); });
    if (!gaps) return fail(gaps.error());
    for (const std::string& row : gaps->unreadable) std::cerr << "aislectl: " << row << "\n";
    print(json::serialize(run.summary(*gaps)), outcome);
    if (run.different() > 0 || !gaps->unreadable.empty()) return 1;
    if (!call.explain.empty() && !run.explained()) {
        std::cerr << "aislectl: no stored decision has the id " << call.explain << "\n";
        return kNoInput;
    }
    if (run.whole()) return kOk;
    std::cerr << "aislectl: some decisions could not be made again: see the summary\n";
    return kNoInput;
}

Result<std::optional<WallTime>> time_of(const std::string& text) {
    if (text.empty()) return std::optional<WallTime>{};
    const auto time = parse_rfc3339(text);
    if (!time) return malformed("not an RFC 3339 time: " + text);
    return time;
}

}  // namespace

Result<DecisionGaps> read_decisions(const DecisionSource& source, SetLibrary& sets,
                                    const EachDecision& each) {
    const auto from = time_of(source.from), to = time_of(source.to);
    if (!from) return from.error();
    if (!to) return to.error();
    const DecisionSpan span{.from = *from, .to = *to};
    for (const std::string& path : source.campaigns)
        if (const Status added = sets.add(path); !added) return added.error();
    if (!source.journal.empty()) {
        const auto text = read_input(source.journal);
        if (!text) return text.error();
        return each_decision_of(*text, span, each);
    }
    auto reader = store::StoreReader::open(source.data);
    if (!reader) return reader.error();
    if (const Status added = sets.add_shelf(**reader); !added) return added.error();
    return each_decision(**reader, span, each);
}

void add_source(CLI::App& call, DecisionSource& source) {
    call.add_option("--data,--db", source.data, "the agent's data directory")
        ->capture_default_str();
    call.add_option("--journal", source.journal,
                    "instead: what `aislectl journal export` has printed");
    call.add_option("--campaigns", source.campaigns,
                    "further sets, each a file or directory; the agent keeps its own");
    call.add_option("--from", source.from, "RFC 3339; records from then on");
    call.add_option("--to", source.to, "RFC 3339; records before then");
    call.add_option("--tz", source.zone, "the store's zone")->capture_default_str();
}

void add_offers_replay(CLI::App& offers, Outcome& outcome) {
    auto call = std::make_shared<ReplayCall>();
    auto* const sub = offers.add_subcommand(
        "replay", "make stored decisions again and name every record that differs");
    add_source(*sub, call->source);
    sub->add_option("--explain", call->explain,
                    "print every campaign that this decision (or offer) considered, with reasons");
    sub->callback([call, &outcome] { outcome.exit = replay(*call, outcome); });
}

}  // namespace aisle::app::ctl
