#include <algorithm>
#include <cstdio>
#include <map>
#include <random>

#include "shopping.hpp"

// What is known of customers after any history is what the journal's last words alone give: sales
// in another order and their highest revisions only, everything else as it was said.
namespace aisle::customers {
namespace {

constexpr int kHistories = 200;
constexpr int kSteps = 140;
constexpr int kLastDay = 400;

const kit::FixedZone kZone;
const std::vector<std::string> kNames{"000000000000000000000000000000a1",
                                      "000000000000000000000000000000a2",
                                      "000000000000000000000000000000a3",
                                      "000000000000000000000000000000a4",
                                      "m5",
                                      "m6"};
const std::vector<std::string> kCards{"000000000000000000000000000000c1",
                                      "000000000000000000000000000000c2"};

struct Event {
    enum class Kind { Member, Gone, Consent, Visit, Link, Unlink, Erase };
    Kind kind = Kind::Member;
    MemberRow row = {};
    ConsentChange consent = {};
    ZoneVisit visit = {};
    Evidence evidence = {};
    Stamp at = {};
};

Settings settings_of() { return {.zone = &kZone}; }

std::shared_ptr<const SegmentRules> rules() {
    const std::vector<SegmentFile> files{
        {"s", R"([{"schema":1,"segment":"a","when":{"cust.spent_minor":{"$gte":60000}}},
                  {"schema":1,"segment":"b","when":{"cust.categories":{"$all":["tea"]}}},
                  {"schema":1,"segment":"c","tags":["vip"]}])"}};
    return std::make_shared<const SegmentRules>(*SegmentRules::load(files));
}

Customers shop() {
    Customers customers{settings_of()};
    for (int i = 0; i < 6; ++i)
        customers.product({.sku = "SKU" + std::to_string(i),
                           .gtin = {},
                           .category = i % 2 ? "tea" : "cake",
                           .brand = "brand" + std::to_string(i % 3)});
    customers.segments(rules());
    return customers;
}

void apply(Customers& customers, const Event& event, std::vector<Effects>& out) {
    using Kind = Event::Kind;
    switch (event.kind) {
        case Kind::Member:
            return out.push_back(customers.member(event.row, event.at));
        case Kind::Gone:
            return out.push_back(customers.member_gone(MemberKey{event.row.member}, event.at));
        case Kind::Consent:
            return out.push_back(customers.consent(event.consent));
        case Kind::Visit:
            return out.push_back(customers.visit(event.visit, event.at));
        case Kind::Link:
            return out.push_back(customers.link(event.evidence, event.at));
        case Kind::Unlink:
            return out.push_back(customers.unlink(event.evidence, event.at));
        case Kind::Erase:
            return out.push_back(customers.erase(MemberKey{event.row.member}));
    }
}

class History {
public:
    explicit History(std::uint64_t seed) : random_{seed} {}

    void run() {
        for (int step = 0; step < kSteps; ++step) {
            now_ = day(step * kLastDay / kSteps);
            const auto what = below(100);
            if (what < 60)
                sell();
            else if (what < 62)
                erase();
            else if (what < 70)
                tick();
            else if (what < 74)
                restart();
            else
                tell();
        }
        now_ = day(kLastDay);
    }

    // From the last words alone.
    Customers rebuilt() {
        Customers anew = shop();
        std::vector<Effects> none;
        auto sales = sales_;
        std::ranges::shuffle(sales, random_);
        std::size_t sold = 0;
        for (const Event& event : events_) {
            while (sold < sales.size() && below(3) != 0) (void)sell_to(anew, sales[sold++]);
            apply(anew, event, none);
        }
        while (sold < sales.size()) (void)sell_to(anew, sales[sold++]);
        return anew;
    }

    Customers& live() { return live_; }
    [[nodiscard]] Stamp now() const { return now_; }
    std::vector<StateChange> committed() const {
        std::vector<StateChange> rows;
        for (const auto& [key, bytes] : disk_) rows.push_back({std::string{kRoom}, key, bytes});
        return rows;
    }
    int erasures = 0;
    int restarts = 0;
    int revisions = 0;
    int ties = 0;

private:
    std::uint64_t below(std::uint64_t n) { return random_() % n; }

    static Effects sell_to(Customers& customers, const Sale& sale) {
        return customers.sale(nullptr, sale, day(kLastDay));
    }

    void commit(const Effects& effects) {
        ties += static_cast<int>(effects.tied.size());
        for (const StateChange& row : effects.state) {
            if (row.bytes.empty())
                disk_.erase(row.key);
            else
                disk_[row.key] = row.bytes;
        }
    }

    Sale random_sale(std::int64_t seq) {
        const MemberKey who{below(4) ? kNames[below(kNames.size())] : ""};
        Sale sale = bought(static_cast<std::int64_t>(below(30'000) + 1), seq,
                           static_cast<int>(below(kLastDay)), who);
        if (below(3) == 0) sale.card = kCards[below(kCards.size())];
        sale.ended_at += minutes{static_cast<int>(below(1'440))};
        sale.lines.clear();
        for (int n = 1; n <= 3; ++n) {
            SaleLine line{.n = n, .sku = "SKU" + std::to_string(below(7))};
            line.gross = Money::minor(static_cast<std::int64_t>(below(900) + 100));
            if (below(2)) line.discount = Money::minor(50);
            line.net = line.gross - line.discount;
            sale.lines.push_back(std::move(line));
        }
        if (below(12) == 0) sale.status = SaleStatus::PostVoided;
        if (below(8) == 0) give_back(sale);
        return sale;
    }

    static void give_back(Sale& sale) {
        sale.type = SaleType::Return;
        sale.total = -sale.total;
        for (SaleLine& line : sale.lines) {
            line.gross = -line.gross;
            line.discount = -line.discount;
            line.net = -line.net;
        }
    }

    void sell() {
        const auto seq = static_cast<std::int64_t>(below(55));
        const Sale now = random_sale(seq);
        const auto old = std::ranges::find(sales_, now.sale, &Sale::sale);
        if (old == sales_.end()) {
            commit(live_.sale(nullptr, now, now_));
            sales_.push_back(now);
        } else {
            ++revisions;
            const Sale before = *old;
            commit(live_.sale(&before, now, now_));
            *old = now;
        }
    }

    // The journal forgets the person's receipts too: a later revision comes as if it were the
    // first.
    void erase() {
        const std::string member = kNames[below(kNames.size())];
        const auto gone = live_.names_to_forget(MemberKey{member});
        const auto about = [&](const std::string& name) {
            return std::ranges::find(gone, name) != gone.end();
        };
        std::erase_if(sales_, [&](const Sale& sale) {
            return about(sale.member) || (!sale.card.empty() && about(sale.card));
        });
        commit(live_.erase(MemberKey{member}));
        std::erase_if(events_, [&](const Event& event) {
            return about(event.row.member) || about(event.consent.member.value) ||
                   about(event.visit.member.value) || about(event.evidence.name) ||
                   about(event.evidence.other);
        });
        ++erasures;
    }

    void tick() {
        for (int i = 0; i < 2; ++i) commit(live_.tick(now_));
    }

    void restart() {
        Customers again = shop();
        ASSERT_TRUE(again.restore(committed()));
        live_ = std::move(again);
        ++restarts;
    }

    void tell() {
        Event event{.at = now_};
        const std::string& member = kNames[below(kNames.size())];
        const auto kind = below(5);
        if (kind == 0) event = told_row(member);
        if (kind == 1) event = told_consent(member);
        if (kind == 2) event = told_visit(member);
        if (kind >= 3) event = told_link(member);
        event.at = now_;
        std::vector<Effects> effects;
        apply(live_, event, effects);
        for (const Effects& one : effects) commit(one);
        events_.push_back(std::move(event));
    }

    Event told_row(const std::string& member) {
        Event event{.kind = below(4) ? Event::Kind::Member : Event::Kind::Gone};
        event.row = {.member = member, .tags = {"vip", "tag" + std::to_string(below(3))}};
        event.row.tag_details["vip"] = {.confidence_permille = static_cast<int>(below(1'001)),
                                        .source = "study"};
        event.row.tier = below(2) ? "gold" : "";
        event.row.birthday = "02-29";
        event.row.scores["churn"] = static_cast<std::int64_t>(below(3));
        if (below(2)) event.row.consent = granted_on(static_cast<int>(below(kLastDay)));
        return event;
    }
    Event told_consent(const std::string& member) {
        Event event{.kind = Event::Kind::Consent};
        event.consent = said(below(3) != 0, static_cast<int>(below(kLastDay)),
                             below(2) ? kConsentMarketing : kConsentLocation);
        event.consent.member = MemberKey{member};
        return event;
    }
    Event told_visit(const std::string& member) {
        Event event{.kind = Event::Kind::Visit};
        event.visit = {.member = MemberKey{member},
                       .zone = ZoneId{below(2) ? "shoes" : "bags"},
                       .entered = now_.wall,
                       .left = now_.wall + seconds{below(600)},
                       .open = false};
        return event;
    }
    Event told_link(const std::string& member) {
        Event event{.kind = below(2) ? Event::Kind::Link : Event::Kind::Unlink};
        event.evidence = {.name = member,
                          .other = kNames[below(kNames.size())],
                          .source = below(2) ? Source::Staff : Source::Hq};
        return event;
    }

    std::mt19937_64 random_;
    Customers live_ = shop();
    Stamp now_ = day(0);
    std::map<std::string, std::string> disk_;
    std::vector<Sale> sales_;  // the highest revision of each
    std::vector<Event> events_;
};

std::string told(const Customers& customers, const std::string& name, const Stamp& now) {
    std::string all;
    for (const std::string& one : customers.person(name)) all += one + " ";
    const auto facts = customers.facts(MemberKey{name}, now);
    for (const conditions::Fact& fact : facts.all()) {
        all += "\n" + fact.key + "=";
        std::visit(
            [&]<typename T>(const T& value) {
                if constexpr (std::is_same_v<T, std::string>)
                    all += value;
                else if constexpr (std::is_arithmetic_v<T>)
                    all += std::to_string(value);
                else
                    for (const auto& item : value) all += std::get<std::string>(item) + ",";
            },
            fact.value);
    }
    const CustomerCard card = customers.card(MemberKey{name}, now);
    for (const Purchase& one : card.last)
        all += "\n" + std::to_string(one.total.minor()) + " " + to_rfc3339(one.at);
    for (const auto& [purpose, consent] : card.consent)
        all += "\n" + purpose + to_rfc3339(consent.at) + consent.version;
    return all;
}

// A name of which nothing is kept is as good as one that was never heard.
std::string known(const Customers& customers, const std::string& name, const Stamp& now) {
    const auto card = customers.card(MemberKey{name}, now);
    const bool something = card.purchases != 0 || card.spent != Money{} || !card.tags.empty() ||
                           !card.tier.empty() || !card.consent.empty() || card.known_as > 0;
    return something ? told(customers, name, now) : std::string{"nothing"};
}

TEST(Incremental, IsWhatTheJournalGivesWhenItIsReadAnew) {
    int erasures = 0, restarts = 0, revisions = 0, ties = 0;
    for (std::uint64_t seed = 1; seed <= kHistories; ++seed) {
        History history{seed};
        history.run();
        Customers anew = history.rebuilt();
        for (const std::string& name : kNames) {
            ASSERT_EQ(known(history.live(), name, history.now()), known(anew, name, history.now()))
                << "seed " << seed << " name " << name;
        }
        for (const std::string& card : kCards)
            ASSERT_EQ(known(history.live(), "card:" + card, history.now()),
                      known(anew, "card:" + card, history.now()))
                << "seed " << seed;
        erasures += history.erasures, restarts += history.restarts;
        revisions += history.revisions, ties += history.ties;
    }
    EXPECT_GT(ties, kHistories);
    std::printf(
        "[ figures  ] %d histories of %d steps: %d revisions, %d names tied or untied, %d "
        "erasures, %d restarts\n",
        kHistories, kSteps, revisions, ties, erasures, restarts);
}

TEST(Incremental, IsWhatItsOwnRowsGiveBack) {
    for (std::uint64_t seed = 1'001; seed <= 1'060; ++seed) {
        History history{seed};
        history.run();
        Customers again = shop();
        ASSERT_TRUE(again.restore(history.committed()));
        for (const std::string& name : kNames)
            ASSERT_EQ(told(again, name, history.now()), told(history.live(), name, history.now()))
                << "seed " << seed << " name " << name;
    }
}

}  // namespace
}  // namespace aisle::customers
