#include <algorithm>
#include <cstdio>

#include "agent/app/customer_desk.hpp"
#include "agent/runtime/log.hpp"
#include "http_desk.hpp"
#include "shop_world.hpp"

// What is known of a customer: shown, agreed to, forgotten, over the agent's own socket.
namespace aisle::app {
namespace {

namespace json = boost::json;

const std::string kAda = "ADA-0815-4711";
const std::string kEve = "EVE-0816-4712";
const std::string kCard = "tok-7788-ada";
const std::string kApp = "install-42-ada";

struct DeskWorld : ShopWorld {
    explicit DeskWorld(const std::vector<std::string>& campaigns = {},
                       const Folder* folder = nullptr)
        : ShopWorld{campaigns, folder} {
        intake::IntakeSettings settings = engines->intake.settings();
        settings.link_cards = true;
        engines->intake = intake::Intake{settings};
        people.hang_into(routes);
    }
    json::object call(const std::string& what, const std::string& body, int status = 200,
                      const std::string& peer = "unix:0") {
        const auto at = routes.ask("POST /api/v1/customers:" + what, body, peer);
        if (!routes.later) settle();
        EXPECT_TRUE(routes.later) << what;
        const auto answer = routes.later.value_or(at);
        EXPECT_EQ(answer.status, status) << answer.body;
        json::error_code error;
        const auto value = json::parse(answer.body, error);
        return value.is_object() ? value.as_object() : json::object{};
    }

    StoreEraser eraser{{*store, run, loop}};
    CustomerDesk people{{pipeline, *engines, floor, desk, eraser, clock}};
    DeskRoutes routes;
};

std::string about(const std::string& member, const std::string& more = {}) {
    return R"({"member":")" + member + "\"" + (more.empty() ? "" : "," + more) + "}";
}

Sale paid(std::int64_t total, std::int64_t seq, const std::string& member,
          const std::string& card = kCard) {
    Sale sale = draft(total, seq, member);
    sale.card = card;
    return sale;
}

TEST(CustomerDesk, ShowsWhatIsKnownUnderThePseudonymAlone) {
    DeskWorld world;
    EXPECT_TRUE(world.sell(draft(15'000, 1, kAda)));
    const auto shown = world.call("show", about(kAda));
    EXPECT_EQ(shown.at("pseudonym").as_string(), world.member(kAda).value);
    EXPECT_EQ(shown.at("purchases").as_int64(), 1);
    EXPECT_EQ(shown.at("spent_minor").as_int64(), 15'000);
    EXPECT_EQ(shown.at("last").as_array().size(), 1U);
    EXPECT_EQ(json::serialize(shown).find(kAda), std::string::npos);
    EXPECT_FALSE(world.call("show", about(kEve)).at("known").as_bool());
    world.call("show", R"({"pseudonym":"short"})", 400);
}

TEST(CustomerDesk, AnswersOnlyOverTheSocket) {
    DeskWorld world;
    for (const char* what : {"show", "consent", "erase", "link", "unlink"})
        world.call(what, about(kAda), 403, "127.0.0.1");
}

TEST(CustomerDesk, RecordsWhatIsAgreedToWithItsVersionAndWhoWasTold) {
    DeskWorld world;
    const std::string yes =
        R"("purpose":"marketing.personal","granted":true,"version":"v3","by":"ops")";
    world.call("consent", about(kAda, yes));
    EXPECT_TRUE(world.engines->customers.consents(world.member(kAda), kConsentMarketing));
    ASSERT_EQ(world.journal("consent").size(), 1U);
    const std::string body = world.journal("consent").front();
    EXPECT_NE(body.find("v3"), std::string::npos);
    EXPECT_NE(body.find("ops"), std::string::npos);
    world.call("consent", about(kAda, R"("purpose":"x","granted":true,"version":"v")"), 400);
    world.call("consent", about(kAda, R"("purpose":"x","version":"v","by":"o")"), 400);
}

// The receipt's prompt of who has just withdrawn, and the card that was on already.
TEST(Withdrawal, EndsPersonalOffersWithinASecond) {
    DeskWorld world{{campaign("after", kOnSale), campaign("seen", kOnSeen)}};
    const MemberKey ada = world.member(kAda);
    world.agree(ada, kConsentMarketing);
    EXPECT_TRUE(world.sell(draft(15'000, 1, kAda)));
    const auto live = world.engines->offers->live();
    ASSERT_EQ(live.size(), 1U);
    EXPECT_EQ(live.front().member, ada);
    const WallTime asked = world.clock.now().wall;
    const auto began = std::chrono::steady_clock::now();
    world.agree(ada, kConsentMarketing, false);
    const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - began;
    const milliseconds waited = world.clock.now().wall - asked;
    EXPECT_LE(waited, milliseconds{1'000});
    EXPECT_TRUE(world.engines->offers->live().empty());
    EXPECT_TRUE(world.sell(draft(15'000, 2, kAda)));
    for (const Offer& offer : world.engines->offers->live()) EXPECT_NE(offer.member, ada);
    std::printf(
        "[ figures  ] no personal offer %lld ms of the shop's clock (%.1f ms of work) "
        "after the withdrawal\n",
        static_cast<long long>(waited.count()), took.count());
}

TEST(OnePerson, IsTiedByStaffAndUntiedAgain) {
    DeskWorld world;
    EXPECT_TRUE(world.sell(draft(15'000, 1, kAda)));
    EXPECT_TRUE(world.sell(draft(5'000, 2, kEve)));
    const std::string both = R"({"name":")" + world.member(kAda).value + R"(","other":")" +
                             world.member(kEve).value + R"(","by":"ops"})";
    EXPECT_EQ(world.call("link", both).at("names").as_array().size(), 2U);
    EXPECT_EQ(world.call("show", about(kEve)).at("spent_minor").as_int64(), 20'000);
    EXPECT_EQ(world.call("unlink", both).at("names").as_array().size(), 1U);
    EXPECT_EQ(world.call("show", about(kEve)).at("spent_minor").as_int64(), 5'000);
    std::string audit;
    for (const auto& body : world.journal("audit")) audit += body;
    for (const char* deed : {"identity.link", "identity.unlink", "identity.tied"})
        EXPECT_NE(audit.find(deed), std::string::npos) << deed;
}

TEST(OnePerson, HasTheCardThatPaidTheirReceiptsOverARestart) {
    const Folder folder;
    {
        DeskWorld world{{}, &folder};
        for (int i = 1; i <= 2; ++i) EXPECT_TRUE(world.sell(paid(10'000, i, kAda)));
        EXPECT_TRUE(world.sell(paid(3'000, 3, "")));
    }
    DeskWorld again{{}, &folder};
    EXPECT_EQ(again.call("show", about(kAda)).at("spent_minor").as_int64(), 23'000);
    EXPECT_EQ(again.call("show", about(kAda)).at("names").as_array().size(), 2U);
}

TEST(OnePerson, IsNotSoughtByCardUnlessTheShopLinksThem) {
    ShopWorld world;
    for (int i = 1; i <= 2; ++i) EXPECT_TRUE(world.sell(paid(10'000, i, kAda)));
    for (const std::string& body : world.journal("sale"))
        EXPECT_EQ(body.find("card_hash"), std::string::npos);
    EXPECT_EQ(world.engines->customers.size(), 1U);
}

// A day of everything that names somebody: receipts, cards, apps, tags, ways, segments, contexts of
// decisions, merges, the audit, quarantine.
struct FullDay {
    explicit FullDay(DeskWorld& world) : world_{world} {
        tell();
        buy();
        walk();
        const std::string both = R"({"name":")" + world.member(kAda).value + R"(","other":"app:)" +
                                 world.engines->intake.other_pseudonym("app", kApp) +
                                 R"(","by":"ops"})";
        world.call("link", both);
        world.loop.advance(minutes{2});
        world.settle();
    }
    // Every pseudonym under which Ada is known.
    [[nodiscard]] std::vector<std::string> names() const {
        return {world_.member(kAda).value, world_.engines->intake.other_pseudonym("card", kCard),
                world_.engines->intake.other_pseudonym("app", kApp)};
    }

private:
    void tell() {
        const std::vector<customers::SegmentFile> files{
            {"s", R"({"schema":1,"segment":"seg-all","when":{"cust.known":true}})"}};
        world_.engines->customers.segments(
            std::make_shared<const customers::SegmentRules>(*customers::SegmentRules::load(files)));
        MemberRow ada{.member = kAda, .tags = {"vip"}, .tier = "gold", .birthday = "02-29"};
        for (const auto purpose : {kConsentLocation, kConsentMarketing})
            ada.consent[std::string{purpose}] = {.at = kit::kNoon, .version = "v1"};
        ada.ids = {{.kind = "app", .id = kApp}};
        MemberRow eve{.member = kEve, .tags = {"vip"}};
        world_.tell("members.jsonl", {ada, eve});
        world_.tell(
            "tags.jsonl",
            {TagRow{
                .tag = "tag/1", .bearer = TagBearer::Member, .label = "card 1", .member = kAda}});
    }
    void buy() {
        for (int i = 1; i <= 3; ++i) EXPECT_TRUE(world_.sell(paid(15'000, i, kAda)));
        EXPECT_TRUE(world_.sell(paid(2'000, 4, "")));
        EXPECT_TRUE(world_.sell(draft(15'000, 5, kEve)));
        world_.check_in(kAda);
        world_.decide("b1", 15'000, kAda);
        (void)world_.take(reading_of(RejectedReading{
            {.source = "till", .reason = "incomplete", .detail = "x", .payload = "cut off"}}));
    }
    void walk() {
        for (int i = 0; i < 40; ++i) {
            if (i < 10) {
                EXPECT_TRUE(
                    world_.readings.accept(reading_of(Sighting{.at = world_.clock.now().mono,
                                                               .wall = world_.clock.now().wall,
                                                               .tag = world_.tag("tag/1"),
                                                               .scanner = "gw-shoes",
                                                               .rssi_dbm = -50}),
                                           {}));
            }
            world_.readings.tick();
            world_.loop.advance(seconds{1});
        }
    }

    DeskWorld& world_;
};

const std::string kPlanted = "planted-0123456789abcdef";

std::string all_bytes(const std::string& folder) {
    std::string all;
    for (const auto& entry : std::filesystem::recursive_directory_iterator{folder})
        if (entry.is_regular_file()) all += bytes_of(entry.path().string());
    return all;
}

TEST(Forgetting, LeavesNoByteOfAPersonInDatabaseLogOrMemory) {
    const Folder folder;
    testing::internal::CaptureStderr();
    log::set_level(log::Level::Debug);
    log::debug("planted", {{"word", kPlanted}});
    std::vector<std::string> names;
    std::string eve;
    std::int64_t rows = 0;
    {
        DeskWorld world{
            {campaign("seen", kOnSeen), campaign("basket", kOnBasket), campaign("after", kOnSale)},
            &folder};
        world.heartbeat.start();
        const FullDay day{world};
        names = day.names();
        eve = world.member(kEve).value;
        const std::string before = all_bytes(folder.path());
        for (const std::string& name : names)
            EXPECT_NE(before.find(name), std::string::npos) << "else there is nothing to look for";
        EXPECT_FALSE(world.journal("zone_visit").empty());
        rows = world.call("erase", about(kAda, R"("by":"ops")")).at("journal_rows").as_int64();
        for (const StateChange& row : world.engines->customers.rows())
            for (const std::string& name : names)
                EXPECT_EQ((row.key + row.bytes).find(name), std::string::npos);
        // Nothing that is written afterwards brings the person back.
        EXPECT_TRUE(world.sell(draft(15'000, 9, kEve)));
        world.loop.advance(minutes{2});
        world.settle();
    }
    log::set_level(log::Level::Info);
    const std::string log = testing::internal::GetCapturedStderr();
    EXPECT_NE(log.find(kPlanted), std::string::npos) << "else no log is looked through";
    const std::string after = all_bytes(folder.path());
    EXPECT_NE(after.find(eve), std::string::npos) << "the others stay";
    for (const std::string& name : names) {
        EXPECT_EQ(after.find(name), std::string::npos) << name;
        EXPECT_EQ(log.find(name), std::string::npos) << name;
    }
    for (const std::string& raw : {kAda, kCard, kApp}) {
        EXPECT_EQ(after.find(raw), std::string::npos) << raw;
        EXPECT_EQ(log.find(raw), std::string::npos) << raw;
    }
    std::printf(
        "[ figures  ] %lld journal rows forgotten; 0 of %zu names in %zu bytes of files "
        "and %zu of log\n",
        static_cast<long long>(rows), names.size(), after.size(), log.size());
}

// As if the power went between the engines' forgetting and the journal's.
struct DeafEraser final : Eraser {
    void erase(std::vector<MemberKey>, std::function<void(Result<Erased>)>) override {}
};

// Leaves an erasure half done behind; answers the names that are still in the folder.
std::vector<std::string> cut_off_erasure(const Folder& folder) {
    DeskWorld world{{}, &folder};
    const FullDay day{world};
    auto names = day.names();
    DeafEraser deaf;
    CustomerDesk cut_off{
        {world.pipeline, *world.engines, world.floor, world.desk, deaf, world.clock}};
    DeskRoutes routes;
    cut_off.hang_into(routes);
    (void)routes.ask("POST /api/v1/customers:erase", about(kAda, R"("by":"ops")"), "unix:0");
    world.settle();
    EXPECT_FALSE(routes.later);
    return names;
}

TEST(Forgetting, AskedAgainAfterACrashGoesOnUnderEveryName) {
    const Folder folder;
    const auto names = cut_off_erasure(folder);
    const auto found = [&](const std::string& name) {
        return all_bytes(folder.path()).find(name) != std::string::npos;
    };
    for (const std::string& name : names) EXPECT_TRUE(found(name)) << "nothing was cut off";
    {
        DeskWorld again{{}, &folder};
        again.call("erase", about(kAda, R"("by":"ops")"));
    }
    for (const std::string& name : names) {
        EXPECT_FALSE(found(name)) << name;
        EXPECT_FALSE(found(std::string{name.rbegin(), name.rend()})) << name << " backwards";
    }
}

TEST(Forgetting, ThatWasCutOffGoesOnByItselfAtTheNextStart) {
    const Folder folder;
    const auto names = cut_off_erasure(folder);
    {
        DeskWorld again{{}, &folder};
        again.people.resume();
        again.settle();
        EXPECT_EQ(again.journal("erasure").size(), 1U);
        EXPECT_TRUE(again.floor.erasing().open().empty());
        again.people.resume();
        again.settle();
        EXPECT_EQ(again.journal("erasure").size(), 1U) << "nothing is left to be done";
    }
    const std::string bytes = all_bytes(folder.path());
    for (const std::string& name : names) {
        EXPECT_EQ(bytes.find(name), std::string::npos) << name;
        EXPECT_EQ(bytes.find(std::string{name.rbegin(), name.rend()}), std::string::npos) << name;
    }
}

TEST(Forgetting, OfOnePersonAfterAnotherIsTwoRecords) {
    const Folder folder;
    DeskWorld world{{}, &folder};
    const FullDay day{world};
    EXPECT_TRUE(world.sell(draft(15'000, 9, kEve)));
    for (const auto& who : {kAda, kEve, kEve}) {
        const auto answer = world.call("erase", about(who, R"("by":"ops")"));
        EXPECT_TRUE(answer.at("erased").as_bool()) << who;
    }
    EXPECT_EQ(world.journal("erasure").size(), 3U) << "also of somebody who is gone already";
}

TEST(Segments, OfAFileReachACampaignsAudience) {
    ShopWorld world{{campaign("vips", kOnBasket,
                              R"("experiment": {"holdout": 0},
                                 "audience": {"segments": ["seg-two"]})")}};
    const std::vector<customers::SegmentFile> files{
        {"s", R"({"schema":1,"segment":"seg-two","when":{"cust.purchases":{"$gte":2}}})"}};
    world.engines->customers.segments(
        std::make_shared<const customers::SegmentRules>(*customers::SegmentRules::load(files)));
    EXPECT_TRUE(world.sell(draft(1'000, 1, kAda)));
    EXPECT_TRUE(world.decide("b1", 15'000, kAda).offers.empty());
    EXPECT_TRUE(world.sell(draft(1'000, 2, kAda)));
    EXPECT_EQ(world.decide("b2", 15'000, kAda).offers.size(), 1U);
}

}  // namespace
}  // namespace aisle::app
