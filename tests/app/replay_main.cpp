// replay_driver: a week of decisions in a simulated shop with restarts and a change of campaigns,
// made again twice, and once more with one record altered. One JSON line a check; exits 1 if one
// does not hold.
#include <sqlite3.h>
#include <CLI/CLI.hpp>
#include <boost/json.hpp>

#include <cstdio>
#include <cstring>
#include <ctime>
#include <filesystem>

#include "agent/app/rehearsal.hpp"
#include "agent/app/replay_run.hpp"
#include "agent/records/floor_records.hpp"
#include "agent/records/names.hpp"
#include "agent/runtime/log.hpp"
#include "agent/runtime/time_zone.hpp"
#include "rehearsed_week.hpp"

namespace {

using namespace aisle;
using namespace aisle::app;
namespace json = boost::json;
namespace fs = std::filesystem;

constexpr int kDaysForAll = 7;  // a whole week has every trigger in it

double cpu_s() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

struct Told {
    std::string text;  // all lines
    std::vector<json::object> different;
    json::object summary;
    std::int64_t context_bytes = 0;
    std::int64_t answer_bytes = 0;  // of these, what the ledger answered, and the version
    std::map<std::string, std::int64_t> triggers;
    std::int64_t unexplained = 0;  // decisions whose counts are not those of the full list
};

// What a context has grown by since it tells what the ledger answered.
std::int64_t answers_in(const std::string& context) {
    const std::int64_t version = std::ssize(std::string{R"("v":2,)"});
    const auto at = context.rfind(R"(,"ledger":{)");
    return version +
           (at == std::string::npos ? 0 : std::ssize(context) - 1 - static_cast<std::int64_t>(at));
}

// The full list gives every campaign one reason, and the reasons add up to what was stored.
bool explained(const DecisionRecord& record, const offers::Decided& again) {
    std::map<std::string, std::int32_t> counts;
    std::set<std::uint32_t> campaigns;
    for (const offers::Considered& one : again.considered) {
        ++counts[std::string{to_text(one.reason)}];
        campaigns.insert(one.campaign);
    }
    return counts == record.decision.counts && campaigns.size() == again.considered.size();
}

Result<Told> replay(const std::string& dir, const TimeZone& zone) {
    Told told;
    auto reader = store::StoreReader::open(dir);
    if (!reader) return reader.error();
    SetLibrary sets{zone};
    if (const Status added = sets.add_shelf(**reader); !added) return added.error();
    ReplayRun run{sets, [&](const json::object& line) {
                      told.text += json::serialize(line) + "\n";
                      told.different.push_back(line);
                  }};
    run.each_decision([&](const DecisionRecord& record, const offers::CampaignSet& set,
                          const offers::Decided& again) {
        told.text += offers::explanation_json(set, record.decision, again) + "\n";
        if (!explained(record, again)) ++told.unexplained;
        ++told.triggers[std::string{records::to_text(record.decision.trigger)}];
        told.context_bytes += std::ssize(record.decision.context);
        told.answer_bytes += answers_in(record.decision.context);
    });
    const auto gaps =
        each_decision(**reader, {}, [&](const DecisionRecord& one) { run.take(one); });
    if (!gaps) return gaps.error();
    told.summary = run.summary(*gaps);
    told.text += json::serialize(told.summary) + "\n";
    return told;
}

std::int64_t number(const Told& told, std::string_view key) {
    return told.summary.at(key).to_number<std::int64_t>();
}

bool print(json::object line, bool holds) {
    line["holds"] = holds;
    std::printf("%s\n", json::serialize(line).c_str());
    std::fflush(stdout);
    return holds;
}

struct Alteration {
    const char* name;
    const char* kind;
    const char* was;
    const char* is;
    bool forged;  // with a digest that fits
};

// Changes one record in the middle of the journal and answers its row, or 0.
std::int64_t alter(const std::string& dir, const Alteration& what) {
    sqlite3* database = nullptr;
    if (sqlite3_open((dir + "/aisle.db").c_str(), &database) != SQLITE_OK) return 0;
    sqlite3_stmt* find = nullptr;
    sqlite3_prepare_v2(database,
                       "SELECT id, body FROM journal WHERE kind = ?1 AND revision = 1 AND "
                       "instr(body, ?2) > 0 AND id > (SELECT max(id) / 2 FROM journal) LIMIT 1",
                       -1, &find, nullptr);
    sqlite3_bind_text(find, 1, what.kind, -1, SQLITE_STATIC);
    sqlite3_bind_text(find, 2, what.was, -1, SQLITE_STATIC);
    std::int64_t row = 0;
    std::string body;
    if (sqlite3_step(find) == SQLITE_ROW) {
        row = sqlite3_column_int64(find, 0);
        body = reinterpret_cast<const char*>(sqlite3_column_text(find, 1));
    }
    sqlite3_finalize(find);
    if (row != 0) body.replace(body.find(what.was), std::strlen(what.was), what.is);
    const std::string digest = records::content_digest(body);
    sqlite3_stmt* write = nullptr;
    sqlite3_prepare_v2(database,
                       what.forged ? "UPDATE journal SET body = ?2, digest = ?3 WHERE id = ?1"
                                   : "UPDATE journal SET body = ?2 WHERE id = ?1 AND ?3 <> ''",
                       -1, &write, nullptr);
    sqlite3_bind_int64(write, 1, row);
    sqlite3_bind_text(write, 2, body.c_str(), -1, SQLITE_STATIC);
    sqlite3_bind_text(write, 3, digest.c_str(), -1, SQLITE_STATIC);
    sqlite3_step(write);
    sqlite3_finalize(write);
    sqlite3_close(database);
    return row;
}

bool names(const std::string& dir, const Alteration& what, const TimeZone& zone) {
    const std::string copy = dir + "-" + what.name;
    fs::copy(dir, copy, fs::copy_options::recursive);
    const std::int64_t row = alter(copy, what);
    const auto told = replay(copy, zone);
    fs::remove_all(copy);
    json::object line;
    line["check"] = std::string{"altered "} + what.name;
    line["row"] = row;
    if (!told) {
        line["error"] = told.error().detail;
        return print(line, false);
    }
    const bool one = row != 0 && told->different.size() == 1;
    line["different"] = told->different.size();
    if (one) line["named"] = told->different.front().at("record").at("row");
    if (one) line["field"] = told->different.front().at("different");
    return print(line, one && line.at("named").as_string() == "journal " + std::to_string(row));
}

struct Call {
    std::string dir;
    int days = 7;
    std::uint64_t seed = 1;
    int shopper_s = 90;
    int restarts = 2;
};

int run(const Call& call) {
    const auto zone = runtime::open_time_zone("Asia/Shanghai");
    if (!zone) return 69;
    const auto first = week_set(week_campaigns(), **zone);
    const auto later = week_set(week_campaigns_later(), **zone);
    if (!first || !later) {
        std::fprintf(stderr, "%s\n", (first ? later : first).error().detail.c_str());
        return 65;
    }
    fs::create_directories(call.dir);
    const RehearsalSettings settings{.seed = call.seed,
                                     .days = call.days,
                                     .data_dir = call.dir,
                                     .between_shoppers = seconds{call.shopper_s},
                                     .restarts_per_day = call.restarts};
    const int change = std::min(3, call.days - 1);
    auto rehearsal =
        Rehearsal::make(settings, **zone, [&](int day) { return day < change ? *first : *later; });
    const double began = cpu_s();
    const Status played = rehearsal ? (*rehearsal)->run() : Status{rehearsal.error()};
    if (!played) return std::fprintf(stderr, "%s\n", played.error().detail.c_str()), 74;
    json::object week;
    week["check"] = "week";
    week["days"] = call.days;
    week["shoppers"] = (*rehearsal)->played().shoppers;
    week["sales"] = (*rehearsal)->played().sales;
    week["baskets"] = (*rehearsal)->played().baskets;
    week["restarts"] = (*rehearsal)->played().restarts;
    week["cpu_s"] = cpu_s() - began;
    rehearsal->reset();  // lets go of the database
    bool holds = print(week, true);

    const double before = cpu_s();
    const auto once = replay(call.dir, **zone), again = replay(call.dir, **zone);
    if (!once || !again)
        return std::fprintf(stderr, "%s\n", (once ? again : once).error().detail.c_str()), 74;
    json::object line = once->summary;
    line["check"] = "replay";
    line.erase("summary");
    line["unexplained"] = once->unexplained;
    json::object triggers;
    for (const auto& [trigger, n] : once->triggers) triggers[trigger] = n;
    line["triggers"] = std::move(triggers);
    const std::int64_t decisions = std::max<std::int64_t>(1, number(*once, "decisions"));
    line["context_bytes_mean"] = once->context_bytes / decisions;
    line["context_bytes_mean_before"] = (once->context_bytes - once->answer_bytes) / decisions;
    line["cpu_s_each"] = (cpu_s() - before) / 2;
    const bool whole = number(*once, "decisions") > 0 && number(*once, "different") == 0 &&
                       number(*once, "same") == number(*once, "records") &&
                       number(*once, "unreadable") == 0 && once->unexplained == 0 &&
                       (call.days < kDaysForAll || once->triggers.size() == kTriggerKinds);
    holds = print(line, whole) && holds;
    json::object twice;
    twice["check"] = "two replays";
    twice["bytes"] = once->text.size();
    twice["identical"] = once->text == again->text;
    holds = print(twice, once->text == again->text) && holds;
    for (const Alteration& what :
         {Alteration{"context", "withheld", R"(\"qty_milli\":)", R"(\"qty_milli\":1)", false},
          Alteration{"value", "offer", R"("value":)", R"("value":1)", true},
          Alteration{"reason", "withheld", R"("reason":"condition_)", R"("reason":"condition__)",
                     true},
          Alteration{"title", "offer", R"("title":{"en":")", R"("title":{"en":"a )", false}})
        holds = names(call.dir, what, **zone) && holds;
    return holds ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
    CLI::App app{"replay_driver: a week of decisions, made again"};
    Call call;
    app.add_option("--dir", call.dir, "empty; its database stays there")->required();
    app.add_option("--days", call.days)->capture_default_str();
    app.add_option("--seed", call.seed)->capture_default_str();
    app.add_option("--every", call.shopper_s, "seconds between two shoppers")
        ->capture_default_str();
    app.add_option("--restarts", call.restarts, "a day")->capture_default_str();
    CLI11_PARSE(app, argc, argv);
    log::set_level(log::Level::Error);
    return run(call);
}
