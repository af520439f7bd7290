#include "tests/world/customers.hpp"

#include <algorithm>

#include "agent/app/desk.hpp"
#include "drivers/simulated/plan.hpp"

namespace aisle::world {
namespace {

constexpr milliseconds kPatience{20'000};  // a till that hears nothing asks again
constexpr std::size_t kTrolleys = 10;

std::string tag_name(int number) { return "trolley-" + std::to_string(number); }

}  // namespace

std::string leaver(int number, bool forget) {
    return (forget ? "forget-" : "withdraw-") + std::to_string(number);
}

Customers::Customers(Timeline& timeline, Site& site, const DayPlan& plan, std::uint64_t seed)
    : timeline_{timeline},
      site_{site},
      plan_{plan},
      noise_{seed, 23},
      node_{timeline_, true_clock_} {
    make_sales(plan_);
    retries_.resize(sold_.size());
    asks_.resize(sold_.size());
    sell_next();
    doors_ = runtime::every(node_, minutes{1}, [this] { count_doors(); });
    tags_ = runtime::every(node_, seconds{4}, [this] { hear_tags(); });
    const auto span = std::chrono::duration_cast<milliseconds>(plan_.to - plan_.from);
    staff_ = runtime::every(node_, span / std::max<std::int64_t>(plan_.taps, 1), [this] { tap(); });
}

void Customers::make_sales(const DayPlan& plan) {
    const auto span_ms = std::chrono::duration_cast<milliseconds>(plan.to - plan.from).count();
    for (std::int64_t n = 0; n < plan.sales; ++n)
        due_.push_back(plan.from + milliseconds{noise_.below(span_ms)});
    std::ranges::sort(due_);
    for (std::size_t n = 0; n < due_.size(); ++n)
        sold_.push_back(make_sale(plan, static_cast<std::int64_t>(n) + 1, due_[n]));
}

std::string Customers::letters(int n) {
    std::string text;
    for (int i = 0; i < n; ++i) text += static_cast<char>('a' + noise_.below(26));
    return text;
}

Sold Customers::make_sale(const DayPlan& plan, std::int64_t seq, MonoTime at) {
    Sale sale;
    sale.source = "till";
    sale.store = StoreId{site_.settings().store};
    sale.till = TillId{plan.till_prefix + std::to_string(1 + noise_.below(3))};
    sale.seq = seq;
    const WallTime ended = WallTime{seconds{1'781'222'400}} +
                           std::chrono::duration_cast<milliseconds>(at.time_since_epoch());
    sale.business_date = Date{std::chrono::floor<std::chrono::days>(ended)};
    const std::string amount = std::to_string(noise_.between(100, 40'000));
    // Random letters do not compress: a receipt of hundreds of lines fits into no small packet.
    const bool large = noise_.chance(plan.oversized_permille);
    const auto lines = large ? noise_.between(50, 300) : 1;
    std::string body = R"({"source":"till","store":")" + sale.store.value + R"(","till":")" +
                       sale.till.value + R"(","seq":)" + std::to_string(seq) +
                       R"(,"business_date":")" + to_text(sale.business_date) + R"(","ended_at":")" +
                       to_rfc3339(ended) + R"(","currency":"CNY",)";
    if (noise_.chance(300)) body += R"("member":"m-)" + std::to_string(noise_.below(400)) + R"(",)";
    body += R"("lines":[)";
    for (std::int64_t n = 1; n <= lines; ++n) {
        const std::string gross = n == 1 ? amount : "0";
        body += std::string{n == 1 ? "" : ","} + R"({"n":)" + std::to_string(n) + R"(,"sku":"SKU)" +
                std::to_string(noise_.below(50)) + R"(","text":")" +
                (large ? letters(60) : "item") + R"(","qty_milli":1000,"gross":)" + gross +
                R"(,"discount":0})";
    }
    body += R"(],"tenders":[{"kind":"cash","amount":)" + amount + R"(}],"total":)" + amount + "}";
    return {.id = simulated::expected_sale_id(sale).value,
            .body = std::move(body),
            .total_minor = std::stoll(amount)};
}

void Customers::sell_next() {
    if (next_ >= sold_.size()) return;
    const auto wait = std::chrono::ceil<milliseconds>(due_[next_] - timeline_.now());
    selling_ = node_.after(std::max(wait, milliseconds{0}), [this] {
        ++waiting_;
        push(next_++);
        sell_next();
    });
}

void Customers::push(std::size_t number) {
    const int ask = ++asks_[number];
    Server* server = site_.server();
    if (server == nullptr) return retry(number);  // connection refused
    retries_[number] = node_.after(kPatience, [this, number] { push(number); });
    runtime::HttpRequest request{.method = "POST",
                                 .path = "/api/v1/sales",
                                 .headers = {{"content-type", "application/json"}},
                                 .body = sold_[number].body,
                                 .peer = "127.0.0.1"};
    server->call(std::move(request), [this, number, ask](const runtime::HttpResponse& response) {
        Sold& sale = sold_[number];
        if (sale.answered || asks_[number] != ask) return;
        if (response.status != 200) return retry(number);
        retries_[number].cancel();
        sale.answered = true;
        ++sale.answered_times;
        --waiting_;
    });
}

void Customers::retry(std::size_t number) {
    retries_[number] =
        node_.after(milliseconds{noise_.between(2'000, 10'000)}, [this, number] { push(number); });
}

void Customers::replay(std::size_t sales) {
    std::size_t at = next_;
    for (; sales > 0 && at > 0; --sales, --at) {
        Sold& sale = sold_[at - 1];
        if (!sale.answered) continue;
        sale.answered = false;
        ++waiting_;
        retry(at - 1);
    }
}

void Customers::count_doors() {
    if (site_.sink() == nullptr || timeline_.now() >= plan_.to) return;
    const WallTime to = std::chrono::floor<minutes>(timeline_.truth());
    const auto mean = plan_.visits * 60'000 /
                      std::chrono::duration_cast<milliseconds>(plan_.to - plan_.from).count();
    const CountReading count{.source = "door",
                             .id = std::to_string(to.time_since_epoch().count() / 60'000),
                             .door = DoorId{"main"},
                             .from = to - minutes{1},
                             .to = to,
                             .in = static_cast<std::int32_t>(noise_.between(0, 2 * mean)),
                             .out = static_cast<std::int32_t>(noise_.between(0, 2 * mean))};
    (void)site_.sink()->accept({.body = count, .position = std::nullopt}, nullptr);
}

// Trolleys enter a zone now and then, are heard every four seconds, and leave.
void Customers::hear_tags() {
    Sink* sink = site_.sink();
    if (sink == nullptr || timeline_.now() >= plan_.to) return;
    const auto span_s = std::chrono::duration_cast<seconds>(plan_.to - plan_.from).count();
    if (noise_.below(span_s) < 4 * plan_.tag_visits && trolleys_.size() < kTrolleys) {
        trolleys_.push_back({.number = static_cast<int>(noise_.below(kTrolleys)),
                             .scanner = noise_.chance(500) ? "gw-shoes" : "gw-snacks",
                             .until = timeline_.now() + seconds{noise_.between(10, 90)}});
    }
    const Stamp now = site_.now();
    for (const Trolley& trolley : trolleys_) {
        const Sighting sighting{
            .at = now.mono,
            .wall = now.wall,
            .tag = site_.shop()->engines().intake.tag_pseudonym(tag_name(trolley.number)),
            .scanner = trolley.scanner,
            .rssi_dbm = static_cast<std::int8_t>(-60 - noise_.below(8))};
        (void)sink->accept({.body = sighting, .position = std::nullopt}, nullptr);
    }
    std::erase_if(trolleys_,
                  [&](const Trolley& trolley) { return trolley.until <= timeline_.now(); });
}

void Customers::agree(const std::string& member, bool granted) {
    site_.shop()->desk().set_consent({.member = site_.shop()->engines().intake.pseudonym(member),
                                      .purpose = std::string{kConsentMarketing},
                                      .granted = granted,
                                      .version = "v1",
                                      .by = "s-2",
                                      .at = {}},
                                     [](const Status&) {});
}

// Staff look at the tablet: a member comes, agrees or no longer does, an offer is dealt with.
void Customers::tap() {
    if (!site_.up() || timeline_.now() >= plan_.to) return;
    app::Desk& desk = site_.shop()->desk();
    const std::string member = "m-" + std::to_string(noise_.below(400));
    const auto choice = noise_.below(10);
    if (choice < 3) return desk.check_in({.member = member, .by = "s-2"}, [](const auto&) {});
    if (choice < 4) {
        const bool early = timeline_.now() - plan_.from < (plan_.to - plan_.from) * 2 / 5;
        const auto number = static_cast<int>(noise_.below(kLeavers));
        if (early && noise_.chance(300)) return agree(leaver(number, noise_.chance(500)), true);
        return agree(member, noise_.chance(800));
    }
    const auto live = site_.shop()->engines().offers->live();
    if (live.empty()) return;
    const Offer& offer =
        live[static_cast<std::size_t>(noise_.below(static_cast<std::int64_t>(live.size())))];
    static constexpr std::array kActs{OfferAction::Accept, OfferAction::Present,
                                      OfferAction::Redeem, OfferAction::Decline};
    desk.act({.offer = offer.id,
              .action = kActs.at(static_cast<std::size_t>(noise_.below(4))),
              .by = "s-2",
              .reason = "not_now"},
             [](const auto&) {});
}

}  // namespace aisle::world
