// aislectl offers simulate: a set of campaigns on the shop that does not exist.
#include <CLI/CLI.hpp>
#include <boost/json.hpp>
#include <filesystem>
#include <iostream>
#include <memory>

#include "agent/app/aislectl/offers_tools.hpp"
#include "agent/app/campaign_report.hpp"
#include "agent/app/campaigns.hpp"
#include "agent/app/rehearsal.hpp"
#include "agent/app/replay_run.hpp"
#include "agent/records/ledger_records.hpp"
#include "agent/runtime/time_zone.hpp"

namespace aisle::app::ctl {
namespace {

namespace json = boost::json;
namespace fs = std::filesystem;

struct SimulateCall {
    std::string campaigns;
    std::string zone = "Asia/Shanghai";
    std::string keep;
    std::uint64_t seed = 1;
    int days = 7;
    int restarts = 0;
    int shopper_s = 90;
};

// A folder that goes when the call ends, unless somebody wants to keep it.
class Ground {
public:
    static Result<Ground> make(const std::string& keep) {
        std::error_code failed;
        if (!keep.empty()) {
            fs::create_directories(keep, failed);
            if (failed) return unavailable("cannot make " + keep + ": " + failed.message());
            if (!fs::is_empty(keep, failed)) return malformed(keep + " is not empty");
            return Ground{keep, false};
        }
        std::string path = (fs::temp_directory_path() / "aisle-rehearsal-XXXXXX").string();
        if (::mkdtemp(path.data()) == nullptr) return unavailable("cannot make " + path);
        return Ground{path, true};
    }
    Ground(Ground&& other) noexcept
        : path_{std::move(other.path_)}, ours_{std::exchange(other.ours_, false)} {}
    Ground& operator=(Ground&&) = delete;
    ~Ground() {
        std::error_code ignored;
        if (ours_) fs::remove_all(path_, ignored);
    }
    [[nodiscard]] const std::string& path() const { return path_; }

private:
    Ground(std::string path, bool ours) : path_{std::move(path)}, ours_{ours} {}
    std::string path_;
    bool ours_ = false;
};

Status report(Rehearsal& rehearsal, const TimeZone& zone, const Outcome& outcome) {
    SetLibrary sets{zone};
    if (const Status added = sets.add_shelf(rehearsal.store()); !added) return added;
    CampaignReport figures;
    ReplayRun run{sets, [&](const json::object& line) { print(json::serialize(line), outcome); }};
    run.each_decision([&](const DecisionRecord&, const offers::CampaignSet& set,
                          const offers::Decided& again) { figures.decided(set, again); });
    const auto gaps = each_decision(rehearsal.store(), {}, [&](const DecisionRecord& record) {
        run.take(record);
        figures.told(record);
    });
    if (!gaps) return gaps.error();
    const auto each = [&](const JournalRow& row) {
        const auto redemption = records::redemption_from_json(row.record.body);
        if (redemption) figures.redeemed(*redemption);
    };
    if (const Status read = each_row(rehearsal.store(), "redemption", each); !read) return read;
    for (const json::object& line : figures.lines()) print(json::serialize(line), outcome);
    json::object last = run.summary(*gaps);
    last["shoppers"] = rehearsal.played().shoppers;
    last["sales"] = rehearsal.played().sales;
    last["baskets"] = rehearsal.played().baskets;
    last["restarts"] = rehearsal.played().restarts;
    print(json::serialize(last), outcome);
    return {};
}

int simulate(const SimulateCall& call, const Outcome& outcome) {
    const auto zone = runtime::open_time_zone(call.zone);
    if (!zone) return fail(zone.error()), kUsage;
    const auto set = load_campaigns(call.campaigns, **zone);
    if (!set) return fail(set.error());
    const auto segments = load_segments(call.campaigns);
    if (!segments) return fail(segments.error());
    const auto ground = Ground::make(call.keep);
    if (!ground) return fail(ground.error());
    const RehearsalSettings settings{.seed = call.seed,
                                     .days = call.days,
                                     .data_dir = ground->path(),
                                     .between_shoppers = seconds{call.shopper_s},
                                     .segments = *segments,
                                     .restarts_per_day = call.restarts};
    auto rehearsal = Rehearsal::make(settings, **zone, [&](int) { return *set; });
    if (!rehearsal) return fail(rehearsal.error());
    if (const Status played = (*rehearsal)->run(); !played) return fail(played.error()), kIo;
    const Status told = report(**rehearsal, **zone, outcome);
    return told ? kOk : fail(told.error());
}

}  // namespace

void add_offers_simulate(CLI::App& offers, Outcome& outcome) {
    auto call = std::make_shared<SimulateCall>();
    auto* const sub = offers.add_subcommand(
        "simulate", "days of a simulated shop under a set: the funnel of each campaign");
    sub->add_option("--campaigns", call->campaigns, "file or directory")->required();
    sub->add_option("--days", call->days)->check(CLI::Range(1, 366))->capture_default_str();
    sub->add_option("--seed", call->seed, "the same seed gives the same lines")
        ->capture_default_str();
    sub->add_option("--every", call->shopper_s, "seconds between two shoppers, on average")
        ->check(CLI::Range(5, 3'600))
        ->capture_default_str();
    sub->add_option("--restarts", call->restarts, "of the agent, a day")
        ->check(CLI::Range(0, 100))
        ->capture_default_str();
    sub->add_option("--keep", call->keep, "an empty directory for its database, to be replayed");
    sub->add_option("--tz", call->zone, "the store's zone")->capture_default_str();
    sub->callback([call, &outcome] { outcome.exit = simulate(*call, outcome); });
}

}  // namespace aisle::app::ctl
