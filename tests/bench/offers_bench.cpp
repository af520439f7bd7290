// How long a decision takes: a whole shop's engines with 100,000 customers who have bought, and
// 1,000 and 10,000 campaigns (or the numbers that are given) over all ten triggers. Prints one JSON
// object a line; times are CPU time of this thread, in microseconds:
//   {"case":"decide","campaigns","trigger","decisions","considered","p50_us","p99_us","max_us"}
// is the decision: the customer's facts, the index, all gates, the choice, the explanation and the
// stored context. {"case":"call",...} is the engine's whole answer to what has happened: with
// limits and budgets, the offer, its code and the rows of its state. A last line of each is over
// all triggers; ticks do a second's work besides and are told apart. Then conditions alone,
// compiled and interpreted, over the same customers, with the number of answers that differ (it
// must be 0), and {"case":"reference",...}, the same small work in between: how busy the machine
// is.
//   {"case":"conditions","campaigns","compiled_p50_us",...,"interpreted_p50_us",...,"differ"}
// and what the records of a decision add to a commit that happens anyway:
//   {"case":"durable","checkpoints","rounds","plain_us","with_us","added_us","plain_cpu_us","with_cpu_us",...}
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <map>

#include "agent/app/floor.hpp"
#include "agent/offers/texts.hpp"
#include "agent/store/store.hpp"
#include "tests/kit/builders.hpp"

#include "interpreted.hpp"
#include "offers_campaigns.hpp"

namespace {

using namespace aisle;

constexpr int kCustomers = 100'000;
constexpr int kRounds = 6'000;
constexpr int kEdgeRounds = 300;
constexpr int kConditionRounds = 300;
constexpr int kCommits = 400;

double cpu_us() {
    timespec now{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) * 1e6 + static_cast<double>(now.tv_nsec) / 1e3;
}

struct Quantiles {
    double p50 = 0;
    double p99 = 0;
    double max = 0;
};

Quantiles quantiles(std::vector<double> values) {
    if (values.empty()) return {};
    std::ranges::sort(values);
    return {values[values.size() / 2], values[values.size() * 99 / 100], values.back()};
}

[[noreturn]] void give_up(const std::string& why) {
    std::fprintf(stderr, "offers_bench: %s\n", why.c_str());
    std::exit(74);
}

// 32 hex digits that look drawn, as pseudonyms do (splitmix64).
std::string member_name(int i) {
    std::string name;
    auto seed = static_cast<std::uint64_t>(i % kCustomers);
    for (int half = 0; half < 2; ++half) {
        std::uint64_t z = seed += 0x9e3779b97f4a7c15;
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
        z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
        z ^= z >> 31;
        for (int digit = 0; digit < 16; ++digit, z >>= 4) name += "0123456789abcdef"[z & 15];
    }
    return name;
}

class Bench {
public:
    explicit Bench(int campaigns);
    void run();
    void conditions();
    void durable(bool checkpoints);

private:
    void fill();
    void say(TriggerKind kind, const offers::Effects& effects, double took);
    void decide_all();
    void decide(TriggerKind kind, const MemberKey& member, int i);
    void refer();
    template <typename Call>
    void time(TriggerKind kind, const Call& call);
    void somebody(int i);
    void something(int i);
    [[nodiscard]] Stamp now() const { return kit::at(milliseconds{ms_}); }

    int campaigns_;
    std::int64_t ms_ = 0;
    kit::FixedZone zone_;
    std::unique_ptr<app::Engines> engines_;
    std::shared_ptr<const offers::CampaignSet> set_;
    struct Taken {
        std::vector<double> us;
        std::int64_t considered = 0;
    };
    using TakenBy = std::map<TriggerKind, Taken>;
    void report(const char* what, const TakenBy& by) const;
    TakenBy decisions_;
    TakenBy calls_;
    std::vector<double> reference_;
    conditions::Facts context_;
    std::optional<offers::ShopContext> ready_;
    Basket basket_;
};

Bench::Bench(int campaigns) : campaigns_{campaigns} {
    config::AgentConfig config;
    config.store.id = "s-0001";
    config.doors.push_back({.id = "main"});
    app::ShopKeys keys{.pseudonyms = {.bytes = {}, .id = "k1"}, .codes = "a store's secret"};
    auto engines = app::Engines::make(config, keys, zone_);
    if (!engines) give_up(engines.error().detail);
    engines_ = std::move(*engines);
    std::vector<offers::CampaignFile> files;
    for (int i = 0; i < campaigns; ++i) files.push_back({"c", bench::campaign_of(i)});
    const double begin = cpu_us();
    auto set = offers::CampaignSet::load(files, {.store = &zone_});
    if (!set) give_up(to_text(set.error().front()));
    std::printf("{\"case\":\"load\",\"campaigns\":%d,\"cpu_ms\":%.1f}\n", campaigns,
                (cpu_us() - begin) / 1e3);
    set_ = std::make_shared<const offers::CampaignSet>(std::move(*set));
    engines_->offers->load(set_);
    fill();
    for (int n = 1; n <= 12; ++n)
        basket_.lines.push_back({.n = n,
                                 .sku = "SKU" + std::to_string(n),
                                 .qty_milli = 1000,
                                 .gross = Money::minor(990 * n)});
}

void Bench::fill() {
    for (int i = 0; i < bench::kSkus; ++i) {
        const std::string sku = "SKU" + std::to_string(i);
        engines_->customers.product({.sku = sku, .category = "C" + std::to_string(i % 9)});
        engines_->facts.push_back({.key = "stock." + sku, .value = std::int64_t{20}});
    }
    engines_->facts.push_back({.key = "ctx.weather", .value = std::string{"sun"}});
    engines_->facts.push_back({.key = "ctx.holiday", .value = false});
    for (int i = 0; i < kCustomers; ++i) {
        MemberRow row{.member = member_name(i), .tags = {"coffee", "seg-" + std::to_string(i % 9)}};
        row.tier = i % 3 == 0 ? "gold" : "basic";
        if (i % 5 != 0) row.consent[std::string{kConsentMarketing}] = {.at = kit::kNoon};
        (void)engines_->customers.member(row, kit::at());
        for (int n = 0; n < 1 + i % 4; ++n) {
            Sale sale = kit::sale_of(1'000 + i % 30'000, i * 4 + n);
            sale.member = row.member;
            sale.lines.front().sku = "SKU" + std::to_string((i + n) % bench::kSkus);
            sale.ended_at = kit::kNoon - std::chrono::days{1 + i % 120 + 7 * n};
            (void)engines_->customers.sale(nullptr, sale, kit::at());
        }
    }
    engines_->context_changed();
}

void Bench::say(TriggerKind kind, const offers::Effects& effects, double took) {
    std::int64_t considered = 0;
    const auto add = [&](const Decision& decision) {
        if (decision.trigger != kind) return;
        for (const auto& [reason, n] : decision.counts) considered += n;
    };
    for (const Decision& decision : effects.withheld) add(decision);
    for (const Offer& offer : effects.offers)
        if (offer.revision == 1) add(offer.decision);
    if (considered == 0) return;
    Taken& taken = calls_[kind];
    taken.considered += considered;
    taken.us.push_back(took);
}

class NothingGranted final : public offers::Ledger {
public:
    [[nodiscard]] std::optional<offers::Reason> refuses(const offers::Campaign&,
                                                        const offers::Ask&) const override {
        return std::nullopt;
    }
    [[nodiscard]] std::optional<Money> left(const offers::Campaign& campaign) const override {
        return campaign.limits.budget;
    }
};

// As the engine asks it: the customer's facts are put together each time, the shop's are ready.
void Bench::decide(TriggerKind kind, const MemberKey& member, int i) {
    const double begin = cpu_us();
    const conditions::Facts customer = engines_->known_customer(member, now());
    const bool priced = kind == TriggerKind::Basket || kind == TriggerKind::Sale;
    const offers::Ask ask{
        .trigger = kind,
        .at = now(),
        .member = member,
        .subject = member.value,
        .unit = member.value,
        .store = StoreId{"s-0001"},
        .zone = kind == TriggerKind::ZoneEnter ? ZoneId{bench::zone_name(i)} : ZoneId{},
        .asked = kind == TriggerKind::Basket,
        .basket = priced ? &basket_ : nullptr,
        .customer = &customer,
        .context = &context_,
        .ready = &*ready_};
    const offers::Decided decided = offers::decide(*set_, ask, NothingGranted{});
    Taken& taken = decisions_[kind];
    taken.us.push_back(cpu_us() - begin);
    taken.considered += static_cast<std::int64_t>(decided.considered.size());
}

template <typename Call>
void Bench::time(TriggerKind kind, const Call& call) {
    const double begin = cpu_us();
    const offers::Effects effects = call();
    say(kind, effects, cpu_us() - begin);
}

// The same small work in between, so that a busy machine can be told from a slow decision.
void Bench::refer() {
    const double begin = cpu_us();
    std::vector<std::string> names;
    for (int i = 0; i < 200; ++i)
        names.push_back("a name of 32 characters, no. " + std::to_string(i * 7919 % 997));
    std::ranges::sort(names);
    reference_.push_back(cpu_us() - begin);
}

// Decisions alone, one behind the other, each about another customer.
void Bench::decide_all() {
    for (int i = 0; i < kRounds; ++i) {
        const MemberKey member{member_name(i * 7919)};
        refer();
        for (const TriggerKind kind : {TriggerKind::MemberSeen, TriggerKind::Basket,
                                       TriggerKind::Sale, TriggerKind::ZoneEnter})
            decide(kind, member, i);
    }
}

// One round of what is about somebody, each of another customer.
void Bench::somebody(int i) {
    offers::Engine& engine = *engines_->offers;
    const MemberKey member{member_name(i * 7919)};
    time(TriggerKind::MemberSeen, [&] { return engine.member_seen(member, i % 2 == 0, now()); });
    basket_.key = "b" + std::to_string(i);
    basket_.member = i % 4 == 0 ? MemberKey{} : member;
    time(TriggerKind::Basket, [&] { return engine.basket(basket_, now()).effects; });
    (void)engine.cancel_basket(basket_.key, now());
    Sale sale = kit::sale_of(5'000 + i, 10'000'000 + i);
    sale.member = member.value;
    time(TriggerKind::Sale, [&] { return engine.sale(nullptr, sale, now()); });
    ZoneVisit visit{.tag = TagKey{"t" + std::to_string(i)},
                    .label = "trolley",
                    .member = i % 2 == 0 ? member : MemberKey{},
                    .zone = ZoneId{bench::zone_name(i)},
                    .entered = now().wall,
                    .entered_mono = now().mono};
    time(TriggerKind::ZoneEnter, [&] { return engine.visit(visit, now()); });
    visit.open = false;
    (void)engine.visit(visit, now());
}

// A tick in which a dwell is reached, a level crossed, a time come: all that a second brings.
void Bench::something(int i) {
    offers::Engine& engine = *engines_->offers;
    const bool high = i % 2 == 1;
    const auto turn = [&](std::size_t at, FactValue value) {
        engines_->facts.at(at).value = std::move(value);
        engines_->context_changed();
    };
    ms_ += 30'000;
    (void)engine.tick(now());
    turn(static_cast<std::size_t>(i / 2 % bench::kSkus), std::int64_t{high ? 3 : 20});
    time(TriggerKind::Stock, [&] { return engine.tick(now()); });
    turn(bench::kSkus,
         std::string{high ? bench::kSkies[static_cast<std::size_t>(i / 2 % 2)] : "x"});
    time(TriggerKind::Weather, [&] { return engine.tick(now()); });
    const Crossing crossing{.door = DoorId{"main"},
                            .direction = high ? Direction::In : Direction::Out,
                            .n = 40,
                            .at = now().wall};
    (void)engines_->footfall.crossing(crossing);
    engines_->context_changed();
    time(TriggerKind::Occupancy, [&] { return engine.tick(now()); });
    ms_ += 15'000;
    time(TriggerKind::Time, [&] { return engine.tick(now()); });
}

void Bench::run() {
    (void)engines_->footfall.tick(now());
    (void)engines_->offers->tick(now());
    context_ = engines_->known_context(now(), *set_);
    ready_.emplace(*set_, context_, now().wall);
    decide_all();
    for (int i = 0; i < kRounds; ++i) {
        somebody(i);
        ms_ += 2'000;
        if (i % 10 == 0) (void)engines_->offers->tick(now());
    }
    for (int i = 0; i < kEdgeRounds; ++i) something(i);
    const Quantiles same = quantiles(reference_);
    std::printf(
        "{\"case\":\"reference\",\"what\":\"200 strings sorted\",\"p50_us\":%.1f,"
        "\"p99_us\":%.1f,\"max_us\":%.1f}\n",
        same.p50, same.p99, same.max);
    report("decide", decisions_);
    report("call", calls_);
}

void Bench::report(const char* what, const TakenBy& by) const {
    const auto print = [&](const std::string& name, const Taken& taken) {
        const Quantiles q = quantiles(taken.us);
        const auto n = static_cast<double>(taken.us.size());
        std::printf(
            "{\"case\":\"%s\",\"campaigns\":%d,\"customers\":%d,\"trigger\":\"%s\","
            "\"decisions\":%.0f,\"considered\":%.1f,\"p50_us\":%.1f,\"p99_us\":%.1f,"
            "\"max_us\":%.1f}\n",
            what, campaigns_, kCustomers, name.c_str(), n,
            static_cast<double>(taken.considered) / n, q.p50, q.p99, q.max);
    };
    Taken all;
    for (const auto& [kind, taken] : by) {
        const bool ticks = kind >= TriggerKind::Occupancy;
        print((ticks ? "tick, " : "") + std::string{offers::to_text(kind)}, taken);
        if (ticks) continue;
        all.us.insert(all.us.end(), taken.us.begin(), taken.us.end());
        all.considered += taken.considered;
    }
    print("all", all);
}

// All conditions of the set for one customer after another, without an index.
void Bench::conditions() {
    std::vector<boost::json::object> walked;
    for (const offers::Campaign& campaign : set_->all())
        walked.push_back(
            boost::json::parse(bench::condition_of(std::stoi(campaign.id.value.substr(2))))
                .as_object());
    std::vector<double> compiled, interpreted;
    std::size_t differ = 0, trues = 0, unknowns = 0;
    conditions::Facts clock;
    clock.set("ctx.hour", std::int64_t{12});
    clock.set("ctx.weekday", std::int64_t{5});
    const conditions::Facts context = engines_->known_context(now(), *set_);
    for (int i = 0; i < kConditionRounds; ++i) {
        const conditions::Facts customer =
            engines_->known_customer(MemberKey{member_name(i * 7919)}, now());
        std::vector<conditions::Truth> fast, slow;
        fast.reserve(walked.size()), slow.reserve(walked.size());
        double begin = cpu_us();
        conditions::Bound bound{set_->slots(), now().wall};
        bound.add(clock), bound.add(context), bound.add(customer);
        for (const offers::Campaign& campaign : set_->all())
            fast.push_back(campaign.when.test(bound));
        compiled.push_back(cpu_us() - begin);
        begin = cpu_us();
        const bench::Interpreter interpreter{{&clock, &context, &customer}, now().wall};
        for (const boost::json::object& condition : walked)
            slow.push_back(interpreter.test(condition));
        interpreted.push_back(cpu_us() - begin);
        for (std::size_t n = 0; n < fast.size(); ++n) {
            differ += fast[n] != slow[n];
            trues += fast[n] == conditions::Truth::True;
            unknowns += fast[n] == conditions::Truth::Unknown;
        }
    }
    const Quantiles fast = quantiles(compiled), slow = quantiles(interpreted);
    std::printf(
        "{\"case\":\"conditions\",\"campaigns\":%d,\"answers\":%zu,\"true\":%zu,"
        "\"unknown\":%zu,\"differ\":%zu,\"compiled_p50_us\":%.1f,\"compiled_p99_us\":%.1f,"
        "\"interpreted_p50_us\":%.1f,\"interpreted_p99_us\":%.1f,\"ratio_p50\":%.1f}\n",
        campaigns_, walked.size() * kConditionRounds, trues, unknowns, differ, fast.p50, fast.p99,
        slow.p50, slow.p99, slow.p50 / fast.p50);
    if (differ > 0) give_up("the interpreted form gives other answers");
}

struct Times {
    std::vector<double> wall_us;
    std::vector<double> cpu_us;
};

void commit(store::Store& store, const Batch& batch, WallTime at, Times& times) {
    const auto began = std::chrono::steady_clock::now();
    const double begin = cpu_us();
    const Status done = store.append(batch, at);
    times.cpu_us.push_back(cpu_us() - begin);
    const std::chrono::duration<double, std::micro> took = std::chrono::steady_clock::now() - began;
    times.wall_us.push_back(took.count());
    if (!done) give_up(done.error().detail);
}

Record till_record(int i, const Stamp& at) {
    Record record{.stream = Stream::Ledger, .kind = "sale", .revision = 1, .at = at};
    record.event_id = member_name(i);
    record.digest = record.event_id;
    record.body = R"({"sale":")" + record.event_id + R"(","lines":[],"pad":")" +
                  std::string(600, 'x') + "\"}";
    return record;
}

// A commit of one sale, and the same with all that a check-in's decision brings: its records and
// its rows. In turns, so that what the disk does meanwhile meets both alike. A commit that fills
// the write-ahead log also copies the log's 1,000 pages back (2 MB): that is more often the one
// that writes more. So both ways are told: as it is, and with the copying left out.
void Bench::durable(bool checkpoints) {
    constexpr std::int64_t kDayMs = 86'400'000;
    ms_ = (ms_ / kDayMs + 1) * kDayMs;  // noon: the campaigns speak from 8 to 22
    std::string dir = std::filesystem::temp_directory_path() / "aisle-offers-bench-XXXXXX";
    if (::mkdtemp(dir.data()) == nullptr) give_up("no temporary folder");
    store::StoreSettings settings;
    if (!checkpoints) settings.checkpoint_pages = 1'000'000;
    auto store = store::Store::open(dir, settings, kit::kNoon);
    if (!store) give_up(store.error().detail);
    app::Floor floor{*engines_, [](const Offer&) {}};
    Times plain, with;
    std::size_t records = 0, rows = 0;
    for (int i = 0; i < kCommits; ++i) {
        ms_ += 20'000;
        app::Turn turn{.now = now(), .batch = {}, .after = {}};
        floor.tick(turn);
        app::Turn decided{.now = now(), .batch = {}, .after = {}};
        floor.check_in(decided, MemberKey{member_name((checkpoints ? 50'000 : 50'007) + i * 13)});
        Batch batch{.records = {till_record(2 * i, now())}};
        Batch more = std::move(decided.batch);
        records += more.records.size(), rows += more.state.size();
        more.records.push_back(till_record(2 * i + 1, now()));
        if (i % 2 == 0) commit(**store, batch, now().wall, plain);
        commit(**store, more, now().wall, with);
        if (i % 2 == 1) commit(**store, batch, now().wall, plain);
    }
    const Quantiles a = quantiles(plain.wall_us), b = quantiles(with.wall_us);
    const Quantiles c = quantiles(plain.cpu_us), d = quantiles(with.cpu_us);
    std::printf(
        "{\"case\":\"durable\",\"campaigns\":%d,\"checkpoints\":%s,\"rounds\":%d,"
        "\"records\":%.1f,\"rows\":%.1f,"
        "\"plain_us\":%.1f,\"with_us\":%.1f,\"added_us\":%.1f,\"plain_p99_us\":%.1f,"
        "\"with_p99_us\":%.1f,\"plain_cpu_us\":%.1f,\"with_cpu_us\":%.1f,"
        "\"added_cpu_us\":%.1f,\"added_cpu_p99_us\":%.1f}\n",
        campaigns_, checkpoints ? "true" : "false", kCommits,
        static_cast<double>(records) / kCommits, static_cast<double>(rows) / kCommits, a.p50, b.p50,
        b.p50 - a.p50, a.p99, b.p99, c.p50, d.p50, d.p50 - c.p50, d.p99 - c.p99);
    store->reset();
    std::filesystem::remove_all(dir);
}

}  // namespace

int main(int argc, char** argv) {
    std::vector<int> sizes;
    for (int i = 1; i < argc; ++i) sizes.push_back(std::max(10, std::atoi(argv[i])));
    if (sizes.empty()) sizes = {1'000, 10'000};
    for (const int campaigns : sizes) {
        Bench bench{campaigns};
        bench.run();
        bench.conditions();
        bench.durable(true);
        bench.durable(false);
        std::fflush(stdout);
    }
    return 0;
}
