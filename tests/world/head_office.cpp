#include "tests/world/head_office.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "agent/core/customer.hpp"
#include "sync/wire/bundle.hpp"
#include "tests/world/chain_keys.hpp"

namespace aisle::world {
namespace {

namespace json = boost::json;

constexpr milliseconds kPatience{60'000};
constexpr const char* kLeased = "c-snack-corner";
constexpr std::int64_t kBudgetMinor = 40'000;
constexpr int kProducts = 30;

runtime::HttpRequest request(std::string method, std::string path, std::string body = {}) {
    return {.method = std::move(method),
            .path = std::move(path),
            .headers = {{"content-type", "application/json"}},
            .body = std::move(body),
            .peer = "127.0.0.1"};
}

std::optional<json::object> object_in(const std::string& body) {
    boost::system::error_code error;
    auto value = json::parse(body, error);
    if (error || !value.is_object()) return std::nullopt;
    return std::move(value.as_object());
}

std::string text_of(const json::object& object, const char* name) {
    const auto* value = object.if_contains(name);
    return value != nullptr && value->is_string() ? std::string{value->as_string()} : "";
}

std::int64_t number_of(const json::object& object, const char* name) {
    const auto* value = object.if_contains(name);
    return value != nullptr && value->is_int64() ? value->as_int64() : -1;
}

// The shops' own campaigns, but that one spends only what HQ has leased.
std::vector<std::string> campaigns_of(const std::string& dir) {
    std::vector<std::string> files;
    for (const auto& entry : std::filesystem::directory_iterator{dir})
        if (entry.path().extension() == ".json") files.push_back(entry.path().string());
    std::ranges::sort(files);
    std::vector<std::string> campaigns;
    for (const std::string& file : files) {
        std::ostringstream text;
        text << std::ifstream{file}.rdbuf();
        auto campaign = object_in(text.str());
        if (!campaign) continue;
        if (text_of(*campaign, "id") == kLeased)
            (*campaign)["limits"] =
                json::object{{"budget_fen", kBudgetMinor}, {"store_lease", "auto"}};
        campaigns.push_back(json::serialize(*campaign));
    }
    return campaigns;
}

}  // namespace

std::optional<json::object> shop_says(Site& site) {
    if (site.server() == nullptr) return std::nullopt;
    std::optional<json::object> said;
    site.server()->call(request("GET", "/api/v1/bundles"),
                        [&](const runtime::HttpResponse& response) {
                            if (response.status == 200) said = object_in(response.body);
                        });
    return said;
}

HeadOffice::HeadOffice(Timeline& timeline, Headquarters& hq, Plan plan, std::uint64_t seed)
    : timeline_{timeline},
      hq_{hq},
      plan_{std::move(plan)},
      noise_{seed, 41},
      node_{timeline_, true_clock_} {
    make_day();
}

void HeadOffice::wish(MonoTime at, std::function<Wish()> make) {
    const auto wait = std::chrono::ceil<milliseconds>(at - timeline_.now());
    timers_.push_back(node_.after(std::max(wait, milliseconds{0}), [this, make = std::move(make)] {
        wishes_.push_back(make);
        if (!asking_) ask_next();
    }));
}

void HeadOffice::make_day() {
    const auto span = std::chrono::duration_cast<milliseconds>(plan_.to - plan_.from).count();
    const auto share = [&](int of_a_day) {
        return std::max<std::int64_t>(1, of_a_day * span / 86'400'000);
    };
    const auto at = [&](std::int64_t low_permille, std::int64_t high_permille) {
        return plan_.from + milliseconds{noise_.between(span * low_permille / 1000,
                                                        span * high_permille / 1000)};
    };
    wish(plan_.from, [this] { return catalogue(true); });
    wish(plan_.from, [] {
        return Wish{request("PUT", std::string{"/api/v1/budgets/"} + kLeased,
                            R"({"total":)" + std::to_string(kBudgetMinor) + "}"),
                    nullptr};
    });
    wish(plan_.from, [this] { return bundle(); });
    for (auto n = share(plan_.commands); n > 0; --n)
        wish(at(20, 950), [this] { return command(); });
    for (auto n = share(plan_.patches); n > 0; --n)
        wish(at(20, 950), [this] { return catalogue(false); });
    for (auto n = share(plan_.bundles); n > 1; --n) wish(at(100, 900), [this] { return bundle(); });
    for (int n = 0; n < plan_.farewells; ++n) {
        wish(at(550, 850), [this, n] { return farewell(n, true); });
        wish(at(550, 850), [this, n] { return farewell(n, false); });
    }
}

HeadOffice::Wish HeadOffice::command() {
    const std::string store = plan_.stores.at(
        static_cast<std::size_t>(noise_.below(static_cast<std::int64_t>(plan_.stores.size()))));
    const std::string type = noise_.chance(500) ? "diagnose" : "flush";
    return {request("POST", "/api/v1/commands",
                    R"({"store":")" + store + R"(","type":")" + type + R"(","valid_s":172800})"),
            [this, store](const json::object& answer) {
                for (const auto& id : answer.at("commands").as_array())
                    commands_[std::string{id.as_string()}] = store;
                ++done_.commands;
            }};
}

HeadOffice::Wish HeadOffice::catalogue(bool whole) {
    std::string rows;
    const int n = whole ? kProducts : static_cast<int>(noise_.between(1, 3));
    for (int i = 0; i < n; ++i) {
        const auto sku = whole ? i : noise_.below(kProducts);
        rows += R"({"sku":"SKU)" + std::to_string(sku) + R"(","category":"snack","price":)" +
                std::to_string(noise_.between(100, 9'000)) + "}\n";
    }
    return {request(whole ? "PUT" : "PATCH", "/api/v1/datasets/products", std::move(rows)),
            [this](const json::object&) { ++done_.patches; }};
}

HeadOffice::Wish HeadOffice::bundle() {
    const std::int64_t version = ++newest_bundle_;
    const wire::Bundle bundle{.version = version,
                              .campaigns = campaigns_of(plan_.campaigns_dir),
                              .settings = {{"retention.health_days", 30 + version}}};
    auto asked = request("POST", "/api/v1/bundles",
                         wire::seal(wire::Purpose::Bundle, chain_key(), wire::to_json(bundle)));
    asked.query = {{"soak_s", "60"}, {"broken_max", "9"}, {"away_wait_s", "600"}};
    bundles_.insert(version);
    return {std::move(asked), [this](const json::object&) { ++done_.bundles; }};
}

HeadOffice::Wish HeadOffice::farewell(int number, bool forget) {
    const std::string member = leaver(number, forget);
    if (forget)
        return {request("POST", "/api/v1/erasures", R"({"member":")" + member + R"("})"),
                [this, member](const json::object&) {
                    forgotten_.push_back(member);
                    ++done_.erasures;
                }};
    return {request("POST", "/api/v1/consents:withdraw",
                    R"({"member":")" + member + R"(","purpose":")" +
                        std::string{kConsentMarketing} + R"(","version":"v1"})"),
            [this, member](const json::object&) {
                withdrawn_.push_back(member);
                ++done_.withdrawals;
            }};
}

void HeadOffice::again(milliseconds wait) {
    retry_ = node_.after(wait, [this] { ask_next(); });
}

void HeadOffice::ask_next() {
    if (!asking_) {
        if (wishes_.empty()) return;
        asking_ = wishes_.front()();
        wishes_.pop_front();
    }
    const int ask = ++ask_;
    if (hq_.server() == nullptr) return again(milliseconds{noise_.between(5'000, 30'000)});
    again(kPatience);
    hq_.server()->call(asking_->request, [this, ask](const runtime::HttpResponse& response) {
        if (ask != ask_ || !asking_) return;
        const bool not_now = response.status >= 500 || response.status == 429;
        if (not_now) return again(milliseconds{noise_.between(2'000, 10'000)});
        const auto body = object_in(response.body);
        if (response.status < 300 && body && asking_->taken) asking_->taken(*body);
        ++ask_;
        asking_.reset();
        retry_.cancel();
        if (!wishes_.empty()) again(milliseconds{100});
    });
}

void HeadOffice::finish() {
    timers_.clear();
    wishes_.push_back([this] { return catalogue(false); });
    if (!asking_) ask_next();
}

std::optional<json::object> HeadOffice::hq_says(const std::string& path) {
    if (hq_.server() == nullptr) return std::nullopt;
    std::optional<json::object> said;
    hq_.server()->call(request("GET", path), [&](const runtime::HttpResponse& response) {
        if (response.status == 200) said = object_in(response.body);
    });
    return said;
}

bool HeadOffice::at_rest(const std::vector<Site*>& sites) {
    if (asking_ || !wishes_.empty()) return false;
    std::vector<std::string> open;
    compare_datasets(sites, open);
    if (!open.empty()) return false;
    compare_commands({.hq = 1'000, .stores = {}}, open);
    if (!open.empty()) return false;
    compare_bundles(sites, open);
    const auto erasures = hq_says("/api/v1/erasures");
    if (!erasures) return false;
    for (const auto& one : erasures->at("erasures").as_array())
        if (!one.at("over").as_bool()) return false;
    return open.empty();
}

// The spending of a device that is down, or that has begun another epoch, has not gone.
void HeadOffice::look_at_budget(const std::vector<Site*>& sites, const SetBacks& set_backs) {
    for (Site* site : sites) {
        if (!site->up()) continue;
        for (const offers::LeaseStatus& lease : site->shop()->engines().offers->leases()) {
            if (lease.campaign.value != kLeased) continue;
            auto& spent = spent_[site->settings().name + site->shop()->epoch()];
            spent = std::max(spent, lease.spent.minor());
            if (lease.spent + lease.reserved > lease.granted)
                overspent_.push_back(site->settings().name + " has spent beyond its leases");
        }
    }
    std::int64_t spent = 0;
    for (const auto& [device, minor] : spent_) spent += minor;
    done_.spent_minor = spent;
    const auto budgets = hq_says("/api/v1/budgets");
    // A copied disk is copied money until the fork is found, and an HQ that was set back has
    // forgotten what it had leased.
    if (!budgets || set_backs.hq > 0 || !set_backs.stores.empty()) return;
    for (const auto& one : budgets->at("budgets").as_array()) {
        const auto& budget = one.as_object();
        ++done_.budget_looks;
        const auto shown = number_of(budget, "spent") + number_of(budget, "exposure");
        if (spent > shown || shown > kBudgetMinor)
            overspent_.push_back("spent " + std::to_string(spent) +
                                 ", HQ shows spent and exposure " + std::to_string(shown));
    }
}

void HeadOffice::compare_datasets(const std::vector<Site*>& sites,
                                  std::vector<std::string>& faults) {
    const auto table = hq_says("/api/v1/datasets/products");
    if (!table) return faults.push_back("HQ has no catalogue");
    for (Site* site : sites) {
        const auto said = shop_says(*site);
        std::int64_t version = 0, rows = 0;
        if (said) {
            for (const auto& one : said->at("datasets").as_array()) {
                if (text_of(one.as_object(), "name") != "products") continue;
                version = number_of(one.as_object(), "version");
                rows = number_of(one.as_object(), "rows");
            }
        }
        if (version != number_of(*table, "version") || rows != number_of(*table, "rows"))
            faults.push_back(site->settings().name + " holds catalogue " + std::to_string(version) +
                             " of " + std::to_string(rows) + " rows, HQ " +
                             std::to_string(number_of(*table, "version")) + " of " +
                             std::to_string(number_of(*table, "rows")));
    }
}

void HeadOffice::compare_bundles(const std::vector<Site*>& sites,
                                 std::vector<std::string>& faults) {
    const auto all = hq_says("/api/v1/bundles");
    if (!all || all->at("bundles").as_array().empty()) return;  // set back to before the first
    const auto& newest = all->at("bundles").as_array().front().as_object();
    const bool everywhere = text_of(newest, "state") == "done";
    done_.bundles_everywhere = everywhere ? 1 : 0;
    for (Site* site : sites) {
        const auto said = shop_says(*site);
        if (!said) continue;
        const std::int64_t runs = number_of(said->at("bundle").as_object(), "version");
        const bool known = runs == 0 || bundles_.contains(runs);
        const bool right = !everywhere || runs >= number_of(newest, "version");
        if (!known || !right)
            faults.push_back(site->settings().name + " runs bundle " + std::to_string(runs) +
                             ", HQ's newest is " + std::to_string(number_of(newest, "version")) +
                             " " + text_of(newest, "state"));
    }
}

void HeadOffice::compare_commands(const SetBacks& set_backs, std::vector<std::string>& faults) {
    const auto all = hq_says("/api/v1/commands");
    if (!all) return faults.push_back("HQ tells nothing of its commands");
    std::map<std::string, std::string> states;
    for (const auto& one : all->at("commands").as_array()) {
        const auto& command = one.as_object();
        states[text_of(command, "id")] = text_of(command, "state");
        if (text_of(command, "state") == "waiting")
            faults.push_back("command " + text_of(command, "id") + " still waits");
    }
    if (set_backs.hq >= 1'000) return;  // only whether anything is open
    std::map<std::string, int> results;
    for (const HqRow& row : hq_.events()) {
        if (row.kind != "command_result") continue;
        const auto body = object_in(row.body);
        // With "answer" the end is told once more, because HQ asked once more.
        if (body && text_of(*body, "status") == "done" && !body->contains("answer"))
            ++results[text_of(*body, "id")];
    }
    for (const auto& [id, store] : commands_) {
        const auto state = states.find(id);
        if (state == states.end()) {
            if (set_backs.hq == 0) faults.push_back("HQ knows nothing of command " + id);
            continue;
        }
        const int n = results[id];
        const int most = 1 + set_backs.of(store) + set_backs.hq;
        const bool lost = n == 0 && state->second == "done" && set_backs.hq == 0;
        if (n > most || lost)
            faults.push_back("command " + id + " is " + state->second + " and has " +
                             std::to_string(n) + " results, " + std::to_string(most) +
                             " are allowed");
    }
}

void HeadOffice::compare_farewells(const std::vector<Site*>& sites,
                                   std::vector<std::string>& faults) {
    const auto erasures = hq_says("/api/v1/erasures");
    if (!erasures) return faults.push_back("HQ tells nothing of its erasures");
    std::int64_t over = 0;
    for (const auto& one : erasures->at("erasures").as_array())
        over += one.at("over").as_bool() ? 1 : 0;
    if (over < std::ssize(forgotten_))
        faults.push_back("of " + std::to_string(forgotten_.size()) + " to be forgotten " +
                         std::to_string(over) + " are");
    const auto rows = hq_.events();
    for (Site* site : sites) {
        if (!site->up()) continue;
        app::Engines& engines = site->shop()->engines();
        for (const std::string& member : withdrawn_)
            if (engines.customers.consents(engines.intake.pseudonym(member), kConsentMarketing))
                faults.push_back(site->settings().name + " still has the consent of " + member);
        for (const std::string& member : forgotten_) {
            const std::string pseudonym = engines.intake.pseudonym(member).value;
            if (engines.customers.consents(MemberKey{pseudonym}, kConsentMarketing))
                faults.push_back(site->settings().name + " still knows " + member);
            for (const HqRow& row : rows)
                if (row.kind != "erasure" && row.body.find(pseudonym) != std::string::npos)
                    faults.push_back("HQ still has " + member + " in a " + row.kind + " " +
                                     row.body.substr(0, 120));
        }
    }
}

std::vector<std::string> HeadOffice::compare(const std::vector<Site*>& sites,
                                             const SetBacks& set_backs) {
    std::vector<std::string> faults = overspent_;
    if (asking_ || !wishes_.empty()) faults.emplace_back("HQ never took a wish of its people");
    compare_datasets(sites, faults);
    compare_bundles(sites, faults);
    compare_commands(set_backs, faults);
    // A backup that was made before brings people back; docs/rollout.md says so.
    if (set_backs.hq == 0 && set_backs.stores.empty()) compare_farewells(sites, faults);
    return faults;
}

}  // namespace aisle::world
