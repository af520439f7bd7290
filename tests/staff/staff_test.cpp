#include "agent/staff/staff.hpp"

#include <set>

#include <gtest/gtest.h>

#include "agent/staff/page_assets.hpp"
#include "fakes.hpp"

namespace aisle::staff {
namespace {

namespace json = boost::json;

json::object description(Room& room) {
    return json_in(room.routes.call("GET", "/api/v1/openapi.json"));
}

TEST(Staff, ServesThePageGzippedUnderAStrictPolicy) {
    Room room;
    for (const char* path : {"/", "/app.js", "/app.css", "/icon.svg"}) {
        const auto response = room.routes.call("GET", path);
        ASSERT_TRUE(response) << path;
        EXPECT_EQ(response->headers.at("Content-Encoding"), "gzip");
        EXPECT_TRUE(response->body.starts_with("\x1f\x8b"));
        EXPECT_TRUE(
            response->headers.at("Content-Security-Policy").starts_with("default-src 'self';"));
        EXPECT_EQ(response->headers.at("Content-Security-Policy").find("unsafe"),
                  std::string::npos);
        EXPECT_EQ(response->headers.at("X-Content-Type-Options"), "nosniff");
    }
}

TEST(Staff, DoesNotSendThePageAgainToABrowserThatHasIt) {
    Room room;
    const std::string etag = room.routes.call("GET", "/app.js")->headers.at("ETag");
    EXPECT_TRUE(etag.starts_with('"'));
    for (const std::string& known : {etag, "W/" + etag, "\"other\", " + etag}) {
        runtime::HttpRequest request;
        request.method = "GET";
        request.headers["if-none-match"] = known;
        const auto response = room.routes.send(request, "/app.js");
        EXPECT_EQ(response->status, 304) << known;
        EXPECT_TRUE(response->body.empty());
    }
}

TEST(Staff, SendsANewPageToABrowserThatHasAnOldOne) {
    Room room;
    runtime::HttpRequest request;
    request.method = "GET";
    request.headers["if-none-match"] = "\"old\"";
    EXPECT_EQ(room.routes.send(request, "/app.js")->status, 200);
}

TEST(Staff, FitsItsPageIntoSixtyKilobytes) {
    std::size_t bytes = 0;
    for (const Asset& asset : page_assets()) bytes += asset.gzip.size();
    EXPECT_GT(bytes, 5U * 1024);
    EXPECT_LE(bytes, 60U * 1024);
}

TEST(Staff, TellsTodaysFigures) {
    Room room;
    room.shop.figures.inside = 12;
    EXPECT_EQ(json_in(room.routes.call("GET", "/api/v1/today")).at("inside").as_int64(), 12);
}

TEST(Staff, AddsItsOwnWordsToTheShopsStatus) {
    Room room;
    room.shop.health.ready = true;
    room.shop.health.outbox_rows = 7;
    room.staff.changed(offer_of(1, room.now()));
    room.page();
    const auto status = json_in(room.routes.call("GET", "/api/v1/status"));
    EXPECT_TRUE(status.at("ready").as_bool());
    EXPECT_EQ(status.at("uplink").at("outbox_rows").as_int64(), 7);
    EXPECT_EQ(status.at("store").as_string(), "s-0001");
    EXPECT_EQ(status.at("clock").at("quality").as_string(), "ntp");
    EXPECT_EQ(status.at("page").at("cards").as_int64(), 1);
    EXPECT_EQ(status.at("page").at("clients").as_int64(), 1);
}

// A path with every wild part filled in by something that exists nowhere.
std::string some_path(std::string pattern) {
    for (const std::string wild : {"{id}", "{key}"}) {
        if (const auto at = pattern.find(wild); at != std::string::npos)
            pattern.replace(at, wild.size(), std::string(32, '0'));
    }
    return pattern;
}

TEST(OpenApi, DocumentsOnlyWhatAnswersAsDocumented) {
    Room room;
    const json::object api = description(room);
    for (const auto& [path, item] : api.at("paths").as_object()) {
        for (const char* method : {"get", "post"}) {
            const json::value* operation = item.as_object().if_contains(method);
            if (operation == nullptr) continue;
            if (!room.routes.has(path)) continue;  // another room's: tests/chain has them all
            const auto& responses = operation->at("responses").as_object();
            if (responses.contains("101")) {
                EXPECT_EQ(path, room.routes.live_path);
                continue;
            }
            const auto answer = room.routes.call(method == std::string{"get"} ? "GET" : "POST",
                                                 some_path(path), "{\"by\":\"A3\"}");
            ASSERT_TRUE(answer) << path;
            EXPECT_TRUE(responses.contains(std::to_string(answer->status)))
                << path << " answered " << answer->status;
        }
    }
}

TEST(OpenApi, DocumentsEveryRouteOfTheApi) {
    Room room;
    const json::object paths = description(room).at("paths").as_object();
    std::size_t checked = 0;
    for (const FakeRoutes::Route& route : room.routes.routes) {
        if (!route.pattern.starts_with("/api/")) continue;
        ASSERT_TRUE(paths.contains(route.pattern)) << route.pattern;
        const char* method = route.method == "GET" ? "get" : "post";
        EXPECT_TRUE(paths.at(route.pattern).as_object().contains(method)) << route.pattern;
        ++checked;
    }
    EXPECT_EQ(checked, 15U);
    EXPECT_TRUE(paths.contains(room.routes.live_path));
}

// Follows "#/components/schemas/Card" and looks whether a value has what the schema asks for and
// nothing beside it.
void expect_fits(const json::object& api, const std::string& schema_name,
                 const json::object& value) {
    const auto& schema = api.at("components").at("schemas").at(schema_name).as_object();
    std::set<std::string> required;
    for (const auto& name : schema.at("required").as_array())
        required.insert(std::string{name.as_string()});
    std::set<std::string> there;
    for (const auto& [name, ignored] : value) there.insert(name);
    EXPECT_EQ(there, required) << schema_name;
    for (const auto& name : there)
        EXPECT_TRUE(schema.at("properties").as_object().contains(name))
            << schema_name << "." << name;
}

TEST(OpenApi, DescribesEveryMemberOfWhatIsAnswered) {
    Room room;
    room.shop.health.sources.push_back({.name = "door"});
    room.shop.found = CheckedIn{};
    room.staff.changed(offer_of(1, room.now()));
    const json::object api = description(room);
    const auto list = json_in(room.routes.call("GET", "/api/v1/offers"));
    expect_fits(api, "Cards", list);
    expect_fits(api, "Card", list.at("cards").at(0).as_object());
    expect_fits(api, "Today", json_in(room.routes.call("GET", "/api/v1/today")));
    expect_fits(api, "Status", json_in(room.routes.call("GET", "/api/v1/status")));
    const auto check_in =
        json_in(room.routes.call("POST", "/api/v1/checkins", R"({"member":"1","by":"A3"})"));
    expect_fits(api, "CheckIn", check_in);
    expect_fits(api, "Profile", check_in.at("profile").as_object());
}

TEST(OpenApi, RefersOnlyToWhatItDefines) {
    Room room;
    const json::object api = description(room);
    const std::string text = json::serialize(api);
    std::size_t found = 0;
    for (std::size_t at = text.find("\"#/"); at != std::string::npos;
         at = text.find("\"#/", at + 1)) {
        const std::string pointer = text.substr(at + 2, text.find('"', at + 1) - at - 2);
        boost::system::error_code failed;
        EXPECT_NE(json::value(api).find_pointer(pointer, failed), nullptr) << pointer;
        ++found;
    }
    EXPECT_GT(found, 30U);
}

}  // namespace
}  // namespace aisle::staff
