#include "agent/records/audit_chain.hpp"
#include "agent/records/floor_records.hpp"
#include "http_desk.hpp"
#include "shop_world.hpp"

#include "agent/app/tap_desk.hpp"

// Somebody taps at a door of a whole shop, until its figures say how right they are.
namespace aisle::app {
namespace {

namespace json = boost::json;

struct TappedShop : ShopWorld {
    explicit TappedShop(const Folder* folder = nullptr, Stamp now = kit::at())
        : ShopWorld{{}, folder, now} {
        desk.hang_into(routes);
    }

    json::object begin(const std::string& by = "A3", const std::string& door = "main") {
        return object_of(routes.call("POST /api/v1/calibrations", {},
                                     R"({"door":")" + door + R"(","by":")" + by + "\"}"));
    }
    runtime::HttpResponse tap(const std::string& id, int n, const std::string& kind = "in") {
        return routes.call(
            "POST /api/v1/calibrations/{id}:tap", {{"id", id}},
            R"({"taps":[{"n":)" + std::to_string(n) + R"(,"kind":")" + kind + "\"}]}");
    }
    runtime::HttpResponse end(const std::string& id) {
        return routes.call("POST /api/v1/calibrations/{id}:end", {{"id", id}}, R"({"by":"A3"})");
    }
    json::object progress(const std::string& id) {
        return object_of(routes.call("GET /api/v1/calibrations/{id}", {{"id", id}}));
    }
    void cross() {
        EXPECT_TRUE(take(reading_of(Crossing{.door = DoorId{"main"}, .at = clock.now().wall})));
    }
    void tick() {
        pipeline.submit_inner(
            {.apply = [this](Turn& turn, std::span<const Found>) { floor.tick(turn); }});
        settle();
    }
    // Twenty people come in, of whom the door misses every tenth. The calibration's id.
    std::string twenty_people() {
        const std::string id{begin().at("id").as_string()};
        for (int n = 1; n <= 20; ++n) {
            clock.advance(seconds{12});
            if (n % 10 != 0) cross();
            EXPECT_EQ(tap(id, n).status, 200);
        }
        EXPECT_EQ(end(id).status, 200);
        clock.advance(seconds{6});
        tick();
        return id;
    }
    // The confidence of the last minute of the door that was reported.
    std::int32_t last_confidence() {
        cross();
        clock.advance(minutes{2});
        tick();
        const auto minute = records::footfall_minute_from_json(journal("footfall_minute").back());
        return minute ? minute->confidence_permille : -1;
    }

    DeskRoutes routes;
    Cameras cameras;
    TapDesk desk{{clock, engines->footfall, engines->commissioning, engines->zones_now, cameras}};
};

TEST(CommissioningADoor, TellsItsAccuracyWithTheRange) {
    TappedShop shop;
    const auto done = shop.progress(shop.twenty_people());
    EXPECT_EQ(done.at("state").as_string(), "done");
    const auto& found = done.at("result").as_object();
    EXPECT_EQ(found.at("accuracy_permille").as_int64(), 900);
    EXPECT_EQ(found.at("low_permille").as_int64(), 698);
    EXPECT_EQ(found.at("high_permille").as_int64(), 973);
    EXPECT_EQ(found.at("in").at("missed").as_int64(), 2);
    EXPECT_EQ(found.at("net").at("permille").as_int64(), -100);
}

TEST(CommissioningADoor, ShowsNothingOfTheCountsWhileSomebodyTaps) {
    TappedShop shop;
    const auto begun = shop.begin();
    shop.cross();
    const auto now = shop.progress(std::string{begun.at("id").as_string()});
    EXPECT_EQ(json::serialize(now).find("counted"), std::string::npos);
    EXPECT_EQ(now.at("in").as_int64(), 0);
}

TEST(CommissioningADoor, IsInTheConfidenceOfLaterMinutes) {
    TappedShop shop;
    EXPECT_EQ(shop.last_confidence(), 1000);
    shop.twenty_people();
    EXPECT_EQ(shop.last_confidence(), 900);
}

TEST(CommissioningADoor, SurvivesARestart) {
    const Folder folder;
    Stamp now = kit::at();
    {
        TappedShop shop{&folder};
        shop.twenty_people();
        now = shop.clock.now();
    }
    TappedShop shop{&folder, now};
    EXPECT_EQ(shop.last_confidence(), 900);
    const auto floor = object_of(shop.routes.call("GET /api/v1/footfall"));
    EXPECT_EQ(floor.at("doors").at(0).at("measured").at("people").as_int64(), 20);
}

TEST(CommissioningADoor, IsAuditedWithWhoTapped) {
    TappedShop shop;
    shop.twenty_people();
    const auto audit = shop.journal("audit");
    ASSERT_EQ(audit.size(), 1U);
    EXPECT_NE(audit[0].find(R"("actor":"A3","action":"door.measured","subject":"main")"),
              std::string::npos)
        << audit[0];
}

TEST(CommissioningADoor, GoesToHqWithoutWhoTapped) {
    TappedShop shop;
    shop.twenty_people();
    const auto told = shop.journal("line_accuracy");
    ASSERT_EQ(told.size(), 1U);
    EXPECT_NE(told[0].find(R"("accuracy_permille":900)"), std::string::npos) << told[0];
    EXPECT_EQ(told[0].find("A3"), std::string::npos);
    EXPECT_GT(shop.woken[Stream::Footfall], 0U);
}

TEST(CommissioningADoor, ChangesNothingWithTooFewPeople) {
    TappedShop shop;
    const std::string id{shop.begin().at("id").as_string()};
    EXPECT_EQ(shop.tap(id, 1).status, 200);
    shop.end(id);
    shop.clock.advance(seconds{6});
    shop.tick();
    EXPECT_FALSE(shop.progress(id).at("result").at("kept").as_bool());
    EXPECT_EQ(shop.last_confidence(), 1000);
    EXPECT_NE(shop.journal("audit").at(0).find("door.measured_too_little"), std::string::npos);
}

TEST(CommissioningADoor, IsMarkedOnceTheLineHasMoved) {
    TappedShop shop;
    shop.twenty_people();
    shop.pipeline.submit_inner({.apply = [&](Turn& turn, std::span<const Found>) {
        shop.floor.moved(turn, DoorId{"main"});
    }});
    shop.settle();
    const auto floor = object_of(shop.routes.call("GET /api/v1/footfall"));
    EXPECT_TRUE(floor.at("doors").at(0).at("measured").at("stale").as_bool());
}

TEST(TapDesk, KnowsTheShopsDoorsOnly) {
    TappedShop shop;
    const auto answer =
        shop.routes.call("POST /api/v1/calibrations", {}, R"({"door":"moon","by":"A3"})");
    EXPECT_EQ(answer.status, 404);
}

TEST(TapDesk, TellsTheSecondAtADoorWhoIsThere) {
    TappedShop shop;
    shop.begin("A3");
    const auto answer =
        shop.routes.call("POST /api/v1/calibrations", {}, R"({"door":"main","by":"B7"})");
    EXPECT_EQ(answer.status, 409);
    EXPECT_NE(answer.body.find("A3"), std::string::npos);
}

TEST(TapDesk, TakesATapTwiceForOneAndAsksForAMissingOne) {
    TappedShop shop;
    const std::string id{shop.begin().at("id").as_string()};
    shop.tap(id, 1);
    EXPECT_EQ(object_of(shop.tap(id, 1)).at("in").as_int64(), 1);
    const auto gap = shop.tap(id, 4);
    EXPECT_EQ(gap.status, 409);
    EXPECT_EQ(object_of(gap).at("taps").as_int64(), 1);
    EXPECT_EQ(object_of(shop.tap(id, 2, "undo")).at("in").as_int64(), 0);
}

TEST(TapDesk, RefusesWhatIsNoTap) {
    TappedShop shop;
    const std::string id{shop.begin().at("id").as_string()};
    const auto status = [&](const std::string& body) {
        return shop.routes.call("POST /api/v1/calibrations/{id}:tap", {{"id", id}}, body).status;
    };
    for (const char* body :
         {"{}", R"({"taps":1})", R"({"taps":[1]})", R"({"taps":[{"kind":"in"}]})",
          R"({"taps":[{"n":0,"kind":"in"}]})", R"({"taps":[{"n":1,"kind":"up"}]})", "nonsense"})
        EXPECT_EQ(status(body), 400) << body;
    EXPECT_EQ(status(R"({"taps":[]})"), 200);
}

TEST(TapDesk, KnowsNothingOfACancelledCalibration) {
    TappedShop shop;
    const std::string id{shop.begin().at("id").as_string()};
    const auto cancel = [&] {
        return shop.routes
            .call("POST /api/v1/calibrations/{id}:cancel", {{"id", id}}, R"({"by":"A3"})")
            .status;
    };
    EXPECT_EQ(cancel(), 200);
    EXPECT_EQ(cancel(), 404);
    EXPECT_EQ(shop.tap(id, 1).status, 404);
    EXPECT_EQ(shop.end(id).status, 404);
}

TEST(TapDesk, ShowsZonesWithTheirPresentAndTheirHour) {
    TappedShop shop;
    const WallTime minute = std::chrono::floor<minutes>(shop.clock.now().wall);
    shop.clock.advance(minutes{1});
    EXPECT_TRUE(shop.take(reading_of(SceneMinute{
        .camera = "cam",
        .from = minute,
        .to = minute + minutes{1},
        .frames = 600,
        .loads = {{.zone = ZoneId{"queue"}, .use = ZoneUse::Queue, .person_ms = 90'000, .peak = 3}},
        .heat = {{.cell = 33, .person_ms = 5'000}}})));
    const auto floor = object_of(shop.routes.call("GET /api/v1/footfall"));
    EXPECT_EQ(floor.at("zones_now").at(0).at("mean_milli").as_int64(), 1500);
    EXPECT_EQ(floor.at("zones").at(0).at("peak").as_int64(), 3);
}

}  // namespace
}  // namespace aisle::app
