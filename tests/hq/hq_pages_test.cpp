#include "sync/hq/hq_pages.hpp"

#include <gtest/gtest.h>

#include <map>
#include <optional>

#include "batches.hpp"
#include "hq_world.hpp"

namespace aisle::hq {
namespace {

// Routes without a server.
class Switchboard final : public runtime::HttpRoutes {
public:
    void on(std::string method, std::string pattern, runtime::HttpHandler handler) override {
        handlers_[method + " " + pattern] = std::move(handler);
    }
    void on_websocket(std::string, runtime::WebSocketHandlers) override {}
    void call(const std::string& what, runtime::HttpReply reply) {
        handlers_.at(what)({}, std::move(reply));
    }

private:
    std::map<std::string, runtime::HttpHandler> handlers_;
};

struct Office {
    explicit Office(bool storage_has_room = true) {
        world.start_hq();
        add_pages(pages,
                  {*world.hq, *world.store, world.loop, *world.metrics,
                   [this, storage_has_room](runtime::Task task) {
                       ++readings;
                       if (storage_has_room) world.loop.post(std::move(task));
                       return storage_has_room;
                   },
                   [](WallTime) { return Today{.date = std::chrono::year{2026} / 6 / 12}; }});
    }
    runtime::HttpResponse get(const std::string& path) {
        std::optional<runtime::HttpResponse> answer;
        pages.call("GET " + path,
                   [&](runtime::HttpResponse response) { answer = std::move(response); });
        world.loop.run_ready();
        return answer.value_or(runtime::HttpResponse{.status = 0});
    }

    World world;
    Switchboard pages;
    int readings = 0;
};

TEST(HqPages, ServeOnePageThatLoadsNothingFromElsewhere) {
    Office office;
    const auto page = office.get("/");
    EXPECT_EQ(page.type, "text/html; charset=utf-8");
    EXPECT_TRUE(page.headers.at("Content-Security-Policy").starts_with("default-src 'none'"));
    for (const auto& file : {page.body, office.get("/hq.css").body, office.get("/hq.js").body}) {
        EXPECT_GT(file.size(), 100U);
        EXPECT_EQ(file.find("://"), std::string::npos);
    }
}

TEST(HqPages, ShowTheStoresThatHaveSentSomething) {
    Office office;
    office.world.start_agent();
    office.world.add(Stream::Ledger, 3);
    ASSERT_TRUE(office.world.settle());
    const auto answer = office.get("/api/v1/stores");
    EXPECT_EQ(answer.status, 200);
    EXPECT_NE(answer.body.find(R"("store":"s-0001","connected":true)"), std::string::npos);
    EXPECT_NE(answer.body.find(R"("next":4)"), std::string::npos);
}

TEST(HqPages, ReadTheOverviewAtMostEveryTwoSecondsWhoeverAsks) {
    Office office;
    for (int i = 0; i < 10; ++i) office.get("/api/v1/stores");
    EXPECT_EQ(office.readings, 1);
    office.world.clock.advance(seconds{3});
    office.get("/api/v1/stores");
    EXPECT_EQ(office.readings, 2);
}

TEST(HqPages, SayNotNowWhenTheStorageThreadHasNoRoom) {
    Office office{false};
    EXPECT_EQ(office.get("/api/v1/stores").status, 503);
    EXPECT_EQ(office.get("/api/v1/stores").status, 503);
}

TEST(HqPages, AreReadyOnceTheBrokerIsThere) {
    Office office;
    EXPECT_EQ(office.get("/livez").status, 200);
    EXPECT_EQ(office.get("/readyz").status, 503);
    office.world.broker.run_one();
    EXPECT_EQ(office.get("/readyz").status, 200);
    EXPECT_NE(office.get("/metrics").body.find("aisle_hq_rows_total"), std::string::npos);
}

}  // namespace
}  // namespace aisle::hq
