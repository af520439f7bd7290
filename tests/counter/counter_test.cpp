#include "drivers/counter/counter.hpp"

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "agent/runtime/inline_executor.hpp"
#include "tests/kit/mutant.hpp"
#include "tests/kit/recording_sink.hpp"

namespace aisle::counter {
namespace {

CounterSource source_of(std::string name, CountKind kind) {
    CounterSource source;
    source.name = name;
    source.filter = "doors/" + name;
    source.kind = kind;
    source.door = DoorId{"main"};
    source.fields = {.id = "/id",
                     .at = "/at",
                     .from = "/from",
                     .to = "/to",
                     .in = "/in",
                     .out = "/out",
                     .direction = "/dir"};
    return source;
}

struct Rig {
    explicit Rig(std::vector<CounterSource> sources = {source_of("events", CountKind::Event),
                                                       source_of("intervals", CountKind::Interval),
                                                       source_of("totals", CountKind::Cumulative)})
        : driver{{.sources = std::move(sources)}, loop, sink, *metrics} {}
    Rig& started() {
        driver.start();
        return *this;
    }
    bool tell(const std::string& source, const std::string& payload, bool retained = false) {
        return driver.handle(
            {.topic = "doors/" + source, .payload = payload, .retained = retained});
    }
    double records(const std::string& outcome) {
        return metrics->counter("aisle_counter_records_total", "", {{"outcome", outcome}}).value();
    }
    double packages(const std::string& outcome) {
        return metrics->counter("aisle_counter_packages_total", "", {{"outcome", outcome}}).value();
    }

    std::unique_ptr<runtime::Metrics> metrics = runtime::make_metrics();
    runtime::ManualClock clock;
    runtime::InlineExecutor loop{clock};
    kit::RecordingSink sink;
    Counter driver;
};

TEST(Counter, CountsACrossing) {
    Rig rig;
    EXPECT_TRUE(rig.started().tell("events", R"({"id":"e1","at":1750000001000,"dir":"in"})"));
    const auto counts = rig.sink.all<CountReading>();
    ASSERT_EQ(counts.size(), 1U);
    EXPECT_EQ(counts[0].source, "events");
    EXPECT_EQ(counts[0].id, "e1/main/0");
    EXPECT_EQ(counts[0].door, DoorId{"main"});
    EXPECT_EQ(counts[0].in, 1);
    EXPECT_EQ(counts[0].from, WallTime{milliseconds{1'750'000'001'000}});
    EXPECT_GT(counts[0].to, counts[0].from);
}

TEST(Counter, CountsAnInterval) {
    Rig rig;
    rig.started().tell("intervals", R"({"from":1750000000,"to":1750000060,"in":4,"out":2})");
    const auto counts = rig.sink.all<CountReading>();
    ASSERT_EQ(counts.size(), 1U);
    EXPECT_EQ(counts[0].in, 4);
    EXPECT_EQ(counts[0].out, 2);
    EXPECT_EQ(counts[0].to - counts[0].from, minutes{1});
}

TEST(Counter, GivesTheSamePackageTheSameId) {
    Rig rig;
    rig.started();
    for (int i = 0; i < 2; ++i)
        rig.tell("intervals", R"({"from":1750000000,"to":1750000060,"in":4,"out":2})");
    const auto counts = rig.sink.all<CountReading>();
    ASSERT_EQ(counts.size(), 2U);
    EXPECT_EQ(counts[0].id, counts[1].id);
}

TEST(Counter, CountsWhatTotalsHaveGrownBy) {
    Rig rig;
    rig.started().tell("totals", R"({"at":1750000000,"in":500,"out":400})");
    rig.tell("totals", R"({"at":1750000060,"in":503,"out":401})");
    rig.tell("totals", R"({"at":1750000060,"in":503,"out":401})");
    rig.tell("totals", R"({"at":1750000000,"in":500,"out":400})");
    const auto counts = rig.sink.all<CountReading>();
    ASSERT_EQ(counts.size(), 1U);
    EXPECT_EQ(counts[0].in, 3);
    EXPECT_EQ(counts[0].out, 1);
    EXPECT_EQ(counts[0].to - counts[0].from, minutes{1});
    EXPECT_FALSE(counts[0].id.empty());
    EXPECT_EQ(rig.records("stale"), 1);
}

TEST(Counter, CountsAfterAReset) {
    Rig rig;
    rig.started().tell("totals", R"({"at":1750000000,"in":500,"out":400})");
    rig.tell("totals", R"({"at":1750000060,"in":2,"out":1})");
    const auto counts = rig.sink.all<CountReading>();
    ASSERT_EQ(counts.size(), 1U);
    EXPECT_EQ(counts[0].in, 2);
    EXPECT_EQ(rig.metrics->counter("aisle_counter_resets_total", "").value(), 1);
}

TEST(Counter, RemembersTotalsOverARestart) {
    Rig first;
    first.started().tell("totals", R"({"at":1750000000,"in":500,"out":400})");
    first.tell("totals", R"({"at":1750000060,"in":503,"out":401})");
    std::vector<SourcePosition> positions;
    for (const auto& reading : first.sink.readings) positions = {*reading.position};
    ASSERT_EQ(positions.size(), 1U);
    EXPECT_EQ(positions[0].source, "totals");
    positions.push_back({.source = "tills", .item = "main", .position = "1,2,3,1"});

    Rig second;
    second.driver.restore(positions);
    second.started().tell("totals", R"({"at":1750000060,"in":503,"out":401})");
    EXPECT_TRUE(second.sink.readings.empty());
    second.tell("totals", R"({"at":1750000120,"in":510,"out":401})");
    ASSERT_EQ(second.sink.all<CountReading>().size(), 1U);
    EXPECT_EQ(second.sink.all<CountReading>()[0].in, 7);
}

TEST(Counter, CountsWhatAFullSinkRefusedWithTheNextTotals) {
    Rig rig;
    rig.started().tell("totals", R"({"at":1750000000,"in":500})");
    rig.sink.room = 1;
    rig.tell("totals", R"({"at":1750000060,"in":503})");
    EXPECT_EQ(rig.records("refused"), 1);
    rig.sink.room = 10;
    rig.tell("totals", R"({"at":1750000120,"in":504})");
    EXPECT_EQ(rig.sink.all<CountReading>().at(0).in, 4);
}

TEST(Counter, DoesNotBelieveTotalsThatGrowTooFast) {
    Rig rig;
    rig.started().tell("totals", R"({"at":1750000000,"in":5})");
    rig.tell("totals", R"({"at":1750000060,"in":5000000})");
    rig.tell("totals", R"({"at":1750000120,"in":5000001})");
    const auto counts = rig.sink.all<CountReading>();
    ASSERT_EQ(counts.size(), 1U);
    EXPECT_EQ(counts[0].in, 1);
    EXPECT_EQ(rig.sink.all<RejectedReading>().at(0).item.reason, "limit");
}

TEST(Counter, QuarantinesWhatItCannotRead) {
    Rig rig;
    rig.started().tell("events", "{broken");
    rig.tell("events", R"([{"dir":"in"},{"dir":"up"}])");
    const auto rejected = rig.sink.all<RejectedReading>();
    ASSERT_EQ(rejected.size(), 2U);
    EXPECT_EQ(rejected[0].item.source, "events");
    EXPECT_EQ(rejected[0].item.payload, "{broken");
    EXPECT_EQ(rejected[0].item.origin, "doors/events");
    EXPECT_EQ(rejected[0].item.byte_to, 7);
    EXPECT_EQ(rejected[1].item.detail, "record 1: a direction that is not configured");
    EXPECT_EQ(rig.sink.all<CountReading>().size(), 1U);
    EXPECT_EQ(rig.packages("malformed"), 1);
    EXPECT_EQ(rig.records("rejected"), 1);
}

TEST(Counter, TellsABoundedNumberOfProblemsOfOnePackage) {
    Rig rig;
    std::string payload = "[";
    for (int i = 0; i < 500; ++i) payload += "1,";
    payload.back() = ']';
    rig.started().tell("events", payload);
    EXPECT_EQ(rig.sink.readings.size(), 10U);
    EXPECT_EQ(rig.records("rejected"), 500);
}

TEST(Counter, LeavesOtherTopicsToOthers) {
    Rig rig;
    EXPECT_FALSE(rig.started().tell("windows", "{}"));
    EXPECT_EQ(rig.driver.filters(),
              (std::vector<std::string>{"doors/events", "doors/intervals", "doors/totals"}));
}

TEST(Counter, DoesNotCountRetainedEvents) {
    Rig rig;
    rig.started().tell("events", R"({"dir":"in"})", true);
    rig.tell("intervals", R"({"from":1750000000,"to":1750000060,"in":4})", true);
    EXPECT_EQ(rig.sink.all<CountReading>().size(), 1U);
    EXPECT_EQ(rig.packages("retained"), 1);
}

TEST(Counter, HandsNothingOverUnlessItRuns) {
    Rig rig;
    EXPECT_TRUE(rig.tell("events", R"({"dir":"in"})"));
    rig.started().driver.stop();
    rig.tell("events", R"({"dir":"in"})");
    EXPECT_TRUE(rig.sink.readings.empty());
}

CounterSource reporting_every_minute() {
    auto source = source_of("intervals", CountKind::Interval);
    source.report_every = minutes{1};
    return source;
}
const std::string kQuietMinute = R"({"from":1750000000,"to":1750000060,"in":0})";

TEST(CounterSilence, IsBlindnessFromTheLastReport) {
    Rig rig{{reporting_every_minute()}};
    rig.started();
    rig.loop.advance(seconds{30});
    const auto heard = rig.clock.now().wall;
    rig.tell("intervals", kQuietMinute);
    rig.loop.advance(minutes{5});
    const auto blind = rig.sink.all<Blindness>();
    ASSERT_GE(blind.size(), 3U);
    EXPECT_EQ(blind[0].door, DoorId{"main"});
    EXPECT_EQ(blind[0].from, heard);
    EXPECT_EQ(blind[0].reason, "silent");
    for (std::size_t i = 1; i < blind.size(); ++i) EXPECT_EQ(blind[i].from, blind[i - 1].to);
}

TEST(CounterSilence, EndsWithTheNextReport) {
    Rig rig{{reporting_every_minute()}};
    rig.started();
    rig.loop.advance(seconds{150});
    rig.tell("intervals", kQuietMinute);
    const auto blind = rig.sink.all<Blindness>();
    ASSERT_EQ(blind.size(), 2U);
    EXPECT_EQ(blind[0].from, WallTime{seconds{1'750'000'000}});
    EXPECT_EQ(blind[1].from, blind[0].to);
    EXPECT_EQ(blind[1].to, rig.clock.now().wall);
}

TEST(CounterSilence, IsNotKnownWhereNothingWasPromised) {
    Rig rig;
    rig.started();
    rig.loop.advance(std::chrono::hours{5});
    EXPECT_TRUE(rig.sink.readings.empty());
}

TEST(CounterSilence, DoesNotCallAReportingSensorBlind) {
    Rig rig{{reporting_every_minute()}};
    rig.started();
    for (int i = 0; i < 30; ++i) {
        rig.loop.advance(minutes{1});
        rig.tell("intervals", kQuietMinute);
    }
    EXPECT_TRUE(rig.sink.all<Blindness>().empty());
}

TEST(CounterSilence, TellsLaterWhatAFullSinkRefused) {
    Rig rig{{reporting_every_minute()}};
    rig.started();
    rig.sink.room = 0;
    rig.loop.advance(minutes{3});
    rig.sink.room = 10;
    rig.loop.advance(minutes{1});
    const auto blind = rig.sink.all<Blindness>();
    ASSERT_EQ(blind.size(), 1U);
    EXPECT_EQ(blind[0].to - blind[0].from, minutes{4});
}

TEST(CounterSilence, StopsWithTheDriver) {
    Rig rig{{reporting_every_minute()}};
    rig.started().driver.stop();
    rig.loop.advance(minutes{10});
    EXPECT_TRUE(rig.sink.readings.empty());
}

// Only what the routes ask for.
class OneRoute final : public runtime::HttpRoutes {
public:
    void on(std::string method, std::string pattern, runtime::HttpHandler handler) override {
        EXPECT_EQ(method, "POST");
        EXPECT_EQ(pattern, "/api/v1/counts/{source}");
        handler_ = std::move(handler);
    }
    void on_websocket(std::string, runtime::WebSocketHandlers) override { FAIL(); }

    // The answer, or nothing as long as there is none.
    std::shared_ptr<std::optional<runtime::HttpResponse>> post(const std::string& source,
                                                               const std::string& body) {
        auto answer = std::make_shared<std::optional<runtime::HttpResponse>>();
        runtime::HttpRequest request;
        request.method = "POST";
        request.wild["source"] = source;
        request.body = body;
        handler_(request,
                 [answer](runtime::HttpResponse response) { *answer = std::move(response); });
        return answer;
    }

private:
    runtime::HttpHandler handler_;
};

struct HttpRig : Rig {
    HttpRig() {
        register_counter_http(routes, driver);
        driver.start();
    }
    OneRoute routes;
};

TEST(CounterHttp, AnswersAfterTheCommit) {
    HttpRig rig;
    const auto answer = rig.routes.post("events", R"([{"dir":"in"},{"dir":"out"}])");
    EXPECT_FALSE(*answer);
    rig.sink.commit();
    ASSERT_TRUE(*answer);
    EXPECT_EQ((*answer)->status, 200);
    EXPECT_EQ((*answer)->body, R"({"counted":2,"duplicates":0,"rejected":0,"dropped":0})");
}

TEST(CounterHttp, SaysWhatWasADuplicate) {
    HttpRig rig;
    const auto answer =
        rig.routes.post("intervals", R"({"from":1750000000,"to":1750000060,"in":4})");
    rig.sink.commit(Accepted{.id = "x", .revision = 1, .duplicate = true});
    EXPECT_EQ((*answer)->body, R"({"counted":1,"duplicates":1,"rejected":0,"dropped":0})");
}

TEST(CounterHttp, AnswersAtOnceWhereNothingIsNew) {
    HttpRig rig;
    rig.routes.post("totals", R"({"at":1750000000,"in":5})");
    rig.sink.commit();
    EXPECT_EQ((*rig.routes.post("totals", R"({"at":1750000000,"in":5})"))->status, 200);
}

TEST(CounterHttp, RefusesABodyOfWhichNothingCanBeUsed) {
    HttpRig rig;
    EXPECT_EQ((*rig.routes.post("events", "{broken"))->status, 400);
    EXPECT_EQ((*rig.routes.post("events", R"({"dir":"up"})"))->status, 400);
    EXPECT_TRUE(rig.sink.readings.empty());
}

TEST(CounterHttp, QuarantinesTheBadRecordsOfAGoodPackage) {
    HttpRig rig;
    const auto answer = rig.routes.post("events", R"([{"dir":"in"},{"dir":"up"}])");
    rig.sink.commit();
    EXPECT_EQ((*answer)->body, R"({"counted":1,"duplicates":0,"rejected":1,"dropped":0})");
    EXPECT_EQ(rig.sink.all<RejectedReading>().size(), 1U);
}

TEST(CounterHttp, AsksForThePackageAgainWhereTheSinkIsFull) {
    HttpRig rig;
    rig.sink.room = 1;
    const auto answer = rig.routes.post("intervals", R"([{"from":1750000000,"to":1750000060,"in":4},
                                                         {"from":1750000060,"to":1750000120,"in":5}])");
    rig.sink.commit();
    EXPECT_EQ((*answer)->status, 503);
}

TEST(CounterHttp, DoesNotAskAgainForWhatWouldCountTwice) {
    HttpRig rig;
    rig.sink.room = 1;
    const auto answer = rig.routes.post("events", R"([{"dir":"in"},{"dir":"in"}])");
    rig.sink.commit();
    EXPECT_EQ((*answer)->status, 200);
    EXPECT_EQ((*answer)->body, R"({"counted":1,"duplicates":0,"rejected":0,"dropped":1})");
}

TEST(CounterHttp, TellsThatACommitFailed) {
    HttpRig rig;
    const auto answer = rig.routes.post("events", R"({"dir":"in"})");
    rig.sink.commit(unavailable("no disk"));
    EXPECT_EQ((*answer)->status, 503);
}

TEST(CounterHttp, KnowsOnlySourcesThatTakeHttp) {
    auto source = source_of("mqtt-only", CountKind::Event);
    source.http = false;
    Rig rig{{source}};
    OneRoute routes;
    register_counter_http(routes, rig.driver);
    rig.started();
    EXPECT_EQ((*routes.post("mqtt-only", R"({"dir":"in"})"))->status, 404);
    EXPECT_EQ((*routes.post("nobody", R"({"dir":"in"})"))->status, 404);
}

TEST(CounterGarbage, EveryMutantIsReadOrQuarantined) {
    constexpr std::uint32_t kMutants = 5'000;
    HttpRig rig;
    const std::string samples[] = {
        R"([{"id":"e1","at":1750000001000,"dir":"in"},{"dir":"out","at":"2026-06-12T04:00:00Z"}])",
        R"({"from":1750000000,"to":"1750000060","in":4,"out":"2"})",
        R"({"at":1750000060,"in":503,"out":401})"};
    const char* names[] = {"events", "intervals", "totals"};
    std::uint32_t answered = 0;
    for (std::uint32_t seed = 0; seed < kMutants; ++seed) {
        const std::string payload = kit::mutant(samples[seed % 3], seed);
        if (seed % 2 == 0) {
            rig.tell(names[seed % 3], payload);
            continue;
        }
        const auto answer = rig.routes.post(names[seed % 3], payload);
        rig.sink.commit();
        if (answer->has_value()) ++answered;
    }
    EXPECT_EQ(answered, kMutants / 2);
    EXPECT_EQ(rig.packages("read") + rig.packages("malformed"), kMutants);
    EXPECT_GT(rig.packages("malformed"), 500);
    EXPECT_GT(rig.packages("read"), 100);
}

}  // namespace
}  // namespace aisle::counter
