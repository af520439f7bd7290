#include <gtest/gtest.h>

#include <deque>
#include <map>

#include "hq_world.hpp"
#include "quiet_store.hpp"
#include "sync/hq/hq_pages.hpp"

// How the overview is read when it fails, is slow, or is asked for by many.
namespace aisle::hq {
namespace {

class FlakyStore final : public QuietStore {
public:
    Result<std::vector<StreamView>> streams() override {
        if (broken_streams) return unavailable("streams");
        return std::vector<StreamView>{{"s-0001", "0123456789abcdef", "ledger", next, kit_noon}};
    }
    Result<std::vector<StoreDay>> day(const Today& today) override {
        asked = today;
        if (broken_day) return unavailable("day");
        return std::vector<StoreDay>{};
    }
    bool broken_streams = false;
    bool broken_day = false;
    std::int64_t next = 2;
    Today asked;
    WallTime kit_noon{seconds{1'781'236'800}};
};

class OneRoute final : public runtime::HttpRoutes {
public:
    void on(std::string, std::string pattern, runtime::HttpHandler handler) override {
        if (pattern == "/api/v1/stores") stores = std::move(handler);
    }
    void on_websocket(std::string, runtime::WebSocketHandlers) override {}
    runtime::HttpHandler stores;
};

struct Desk {
    Desk() {
        add_pages(routes, {collector, store, loop, *metrics,
                           [this](runtime::Task task) {
                               tasks.push_back(std::move(task));
                               return true;
                           },
                           [this](WallTime) { return today; }});
    }
    void ask() {
        routes.stores({}, [this](runtime::HttpResponse answer) { answers.push_back(answer); });
    }
    // What the storage thread does, and then the loop.
    void work() {
        while (!tasks.empty()) {
            tasks.front()();
            tasks.pop_front();
        }
        loop.run_ready();
    }
    runtime::HttpResponse asked() {
        answers.clear();
        ask();
        work();
        return answers.empty() ? runtime::HttpResponse{.status = 0} : answers.back();
    }

    runtime::ManualClock clock;
    runtime::InlineExecutor loop{clock};
    std::unique_ptr<runtime::Metrics> metrics = runtime::make_metrics();
    kit::FakeBroker broker;
    FlakyStore store;
    std::unique_ptr<Transport> link = broker.client();
    Collector collector{{*link, store, loop, *metrics, [](runtime::Task) { return true; }}};
    OneRoute routes;
    std::deque<runtime::Task> tasks;
    std::vector<runtime::HttpResponse> answers;
    Today today{.date = std::chrono::year{2026} / 6 / 12};
};

TEST(StoresView, AnswersAllWhoWaitWithOneReading) {
    Desk desk;
    for (int i = 0; i < 5; ++i) desk.ask();
    EXPECT_EQ(desk.tasks.size(), 1U);
    EXPECT_TRUE(desk.answers.empty());
    desk.work();
    ASSERT_EQ(desk.answers.size(), 5U);
    for (const auto& answer : desk.answers) EXPECT_EQ(answer.status, 200);
}

TEST(StoresView, TurnsAwayWhoComesWhenSixtyFourWait) {
    Desk desk;
    for (int i = 0; i < 65; ++i) desk.ask();
    ASSERT_EQ(desk.answers.size(), 1U);
    EXPECT_EQ(desk.answers[0].status, 503);
    desk.work();
    EXPECT_EQ(desk.answers.size(), 65U);
}

TEST(StoresView, SaysThatTheStoreCouldNotBeRead) {
    Desk desk;
    desk.store.broken_streams = true;
    EXPECT_EQ(desk.asked().status, 503);
    desk.store.broken_streams = false;
    desk.store.broken_day = true;
    EXPECT_EQ(desk.asked().status, 503);
}

TEST(StoresView, DoesNotShowAnOldReadingAsNewAfterAFailure) {
    Desk desk;
    EXPECT_EQ(desk.asked().status, 200);
    desk.clock.advance(seconds{3});
    desk.store.broken_streams = true;
    EXPECT_EQ(desk.asked().status, 503);
    EXPECT_EQ(desk.asked().status, 503);
}

TEST(StoresView, RecoversAtOnceWhenTheStoreDoes) {
    Desk desk;
    desk.store.broken_streams = true;
    EXPECT_EQ(desk.asked().status, 503);
    desk.store.broken_streams = false;
    EXPECT_EQ(desk.asked().status, 200);
}

TEST(StoresView, ShowsWhatIsNewAfterTwoSecondsAndNotBefore) {
    Desk desk;
    desk.asked();
    desk.store.next = 9;
    desk.clock.advance(milliseconds{1'999});
    EXPECT_NE(desk.asked().body.find("\"next\":2"), std::string::npos);
    desk.clock.advance(milliseconds{1});
    EXPECT_NE(desk.asked().body.find("\"next\":9"), std::string::npos);
}

TEST(StoresView, AsksForTheDayThatItNames) {
    Desk desk;
    desk.today.date = std::chrono::year{2027} / 1 / 1;
    const auto answer = desk.asked();
    EXPECT_EQ(desk.store.asked.date, desk.today.date);
    EXPECT_EQ(answer.headers.at("Cache-Control"), "no-store");
}

TEST(StoresView, SaysWhetherTheBrokerIsThere) {
    Desk desk;
    EXPECT_NE(desk.asked().body.find("\"broker_connected\":false"), std::string::npos);
    desk.collector.start();
    desk.broker.run_one();
    EXPECT_NE(desk.asked().body.find("\"broker_connected\":true"), std::string::npos);
}

}  // namespace
}  // namespace aisle::hq
