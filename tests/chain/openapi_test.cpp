#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "chain.hpp"

// What is served and what is documented are the same, at HQ and in a shop with every driver that
// takes HTTP.
namespace aisle::chain {
namespace {

namespace json = boost::json;
using Served = std::set<std::pair<std::string, std::string>>;  // method and pattern

const std::set<std::string> kPages{"/",      "/app.js",  "/app.css",     "/icon.svg",  "/hq.css",
                                   "/hq.js", "/rollout", "/rollout.css", "/rollout.js"};

std::string lower(std::string text) {
    std::ranges::transform(text, text.begin(),
                           [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return text;
}

Served served_by(const Routes& routes) {
    Served served;
    for (const auto& [method, pattern] : routes.all)
        if (!kPages.contains(pattern)) served.emplace(lower(method), pattern);
    return served;
}

Served documented_in(const json::object& api) {
    Served documented;
    for (const auto& [path, item] : api.at("paths").as_object())
        for (const auto& [method, operation] : item.as_object())
            if (method != "parameters") documented.emplace(method, path);
    return documented;
}

void expect_whole(const json::object& api) {
    const std::string text = json::serialize(api);
    boost::system::error_code failed;
    for (std::size_t at = text.find("\"#/"); at != std::string::npos;
         at = text.find("\"#/", at + 1)) {
        const std::string pointer = text.substr(at + 2, text.find('"', at + 1) - at - 2);
        EXPECT_NE(json::value(api).find_pointer(pointer, failed), nullptr) << pointer;
    }
    std::set<std::string> ids;
    for (const auto& [path, item] : api.at("paths").as_object()) {
        const std::string wild{path};
        for (const auto& [method, operation] : item.as_object()) {
            if (method == "parameters") continue;
            EXPECT_TRUE(ids.insert(std::string{operation.at("operationId").as_string()}).second);
        }
        EXPECT_TRUE(wild.find('{') == std::string::npos || item.as_object().contains("parameters"))
            << wild << ": its wild parts are parameters";
    }
}

struct ShopWithAllDrivers : Chain {
    ShopWithAllDrivers() {
        Device& shop = device("s-0001");
        shop.kill();
        config::CounterConfig counter{.source = "door-1", .door = "main"};
        for (const char* field : {"records", "id", "door", "at", "from", "to", "in", "out",
                                  "direction", "count", "object"})
            counter.fields[field] = "";
        shop.config.counters.push_back(std::move(counter));
        shop.start();
    }
};

TEST(TheApiOfAShop, IsServedAsDocumentedAndDocumentedAsServed) {
    ShopWithAllDrivers chain;
    const auto api = json_of(chain.shop("s-0001", "GET /api/v1/openapi.json"));
    EXPECT_EQ(served_by(chain.device("s-0001").routes()), documented_in(api));
    expect_whole(api);
}

TEST(TheApiOfHq, IsServedAsDocumentedAndDocumentedAsServed) {
    Chain chain;
    const auto api = chain.hq_json("GET /api/v1/openapi.json");
    EXPECT_EQ(served_by(chain.hq_routes()), documented_in(api));
    expect_whole(api);
}

std::string some_path(std::string path) {
    const std::map<std::string, std::string> wilds{{"{version}", "7"},
                                                   {"{name}", "stock"},
                                                   {"{campaign}", "c"},
                                                   {"{source}", "door-1"},
                                                   {"{id}", std::string(32, '0')},
                                                   {"{key}", std::string(32, '0')},
                                                   {"{camera}", "door-cam"}};
    for (const auto& [wild, value] : wilds)
        if (const auto at = path.find(wild); at != std::string::npos)
            path.replace(at, wild.size(), value);
    return path;
}

std::string upper(std::string_view text) {
    std::string out;
    for (const char c : text) out += static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    return out;
}

// Every documented call answers with a documented status, without a body and with one that says
// nothing.
template <typename Call>
void expect_documented_answers(const json::object& api, Call call) {
    int asked = 0;
    for (const auto& [method, path] : documented_in(api)) {
        const auto& responses = api.at("paths").at(path).at(method).at("responses").as_object();
        if (responses.contains("101")) continue;
        for (const char* body : {"", "{}"}) {
            const auto answer = call(upper(method) + " " + some_path(path), body);
            EXPECT_TRUE(responses.contains(std::to_string(answer.status)))
                << method << " " << path << " answered " << answer.status << ": " << answer.body;
            ++asked;
        }
    }
    EXPECT_GT(asked, 20);
}

TEST(TheApiOfAShop, AnswersWithTheStatusesThatAreDocumented) {
    ShopWithAllDrivers chain;
    expect_documented_answers(json_of(chain.shop("s-0001", "GET /api/v1/openapi.json")),
                              [&](const std::string& what, const char* body) {
                                  return chain.shop("s-0001", what, body);
                              });
}

TEST(TheApiOfHq, AnswersWithTheStatusesThatAreDocumented) {
    Chain chain;
    expect_documented_answers(
        chain.hq_json("GET /api/v1/openapi.json"),
        [&](const std::string& what, const char* body) { return chain.hq(what, body); });
}

// The members that an answer has are the schema's.
void expect_fits(const json::object& api, const json::value& schema, const json::value& value,
                 const std::string& where) {
    const auto* object = &schema.as_object();
    if (const auto* all = object->if_contains("allOf")) {
        for (const auto& one : all->as_array()) expect_fits(api, one, value, where);
        return;
    }
    if (const auto* to = object->if_contains("$ref")) {
        boost::system::error_code failed;
        const json::value whole(api);
        const auto* found = whole.find_pointer(std::string{to->as_string()}.substr(1), failed);
        ASSERT_NE(found, nullptr);
        return expect_fits(api, *found, value, where);
    }
    if (const auto* required = object->if_contains("required")) {
        for (const auto& name : required->as_array())
            EXPECT_TRUE(value.as_object().contains(name.as_string())) << where << "." << name;
    }
    if (const auto* properties = object->if_contains("properties")) {
        for (const auto& [name, property] : properties->as_object())
            if (value.is_object() && value.as_object().contains(name))
                expect_fits(api, property, value.at(name), where + "." + std::string{name});
    }
    if (const auto* items = object->if_contains("items")) {
        for (const auto& one : value.as_array()) expect_fits(api, *items, one, where + "[]");
    }
}

TEST(TheApiOfHq, AnswersWithWhatTheSchemasAskFor) {
    Chain chain;
    EXPECT_EQ(
        chain.hq("PUT /api/v1/datasets/members", "member,tags\nM-1,vip\n", {}, "text/csv").status,
        200);
    chain.roll_out({.version = 1, .settings = {{"linger.health_ms", 0}}});
    EXPECT_EQ(chain.hq("POST /api/v1/commands", R"({"store":"s-0001","type":"flush"})").status,
              200);
    chain.pass(seconds{30});
    const auto api = chain.hq_json("GET /api/v1/openapi.json");
    for (const char* path :
         {"/api/v1/bundles", "/api/v1/bundles/{version}", "/api/v1/commands", "/api/v1/datasets",
          "/api/v1/datasets/{name}", "/api/v1/keys", "/api/v1/budgets", "/api/v1/erasures",
          "/api/v1/datasets/{name}/quarantine"}) {
        std::string asked{path};
        if (const auto at = asked.find("{name}"); at != std::string::npos)
            asked.replace(at, 6, "members");
        if (const auto at = asked.find("{version}"); at != std::string::npos)
            asked.replace(at, 9, "1");
        const auto& schema = api.at("paths")
                                 .at(path)
                                 .at("get")
                                 .at("responses")
                                 .at("200")
                                 .at("content")
                                 .at("application/json")
                                 .at("schema");
        expect_fits(api, schema, json::value(chain.hq_json("GET " + asked)), path);
    }
}

TEST(TheStatusOfAShop, ShowsTheAgeOfEachDatasetAndTheBundle) {
    Chain chain;
    EXPECT_EQ(
        chain.hq("PUT /api/v1/datasets/members", "member,tags\nM-1,vip\n", {}, "text/csv").status,
        200);
    chain.roll_out({.version = 4});
    chain.pass(minutes{3});
    const auto api = json_of(chain.shop("s-0001", "GET /api/v1/openapi.json"));
    const auto status = json_of(chain.shop("s-0001", "GET /api/v1/status"));
    expect_fits(api, api.at("components").at("schemas").at("Status"), json::value(status),
                "Status");
    EXPECT_EQ(status.at("bundle").at("version").as_int64(), 4);
    const auto& members = status.at("datasets").at(0);
    EXPECT_EQ(members.at("name").as_string(), "members");
    EXPECT_EQ(members.at("rows").as_int64(), 1);
    EXPECT_GE(members.at("age_s").as_int64(), 170);
    EXPECT_LE(members.at("age_s").as_int64(), 190);
    const auto down = json_of(chain.shop("s-0001", "GET /api/v1/bundles"));
    expect_fits(api, api.at("components").at("schemas").at("Down"), json::value(down), "Down");
}

TEST(TheCountingOfAShop, AnswersWithWhatItsSchemaAsksFor) {
    Chain chain;
    const auto api = json_of(chain.shop("s-0001", "GET /api/v1/openapi.json"));
    const auto& schemas = api.at("components").at("schemas");
    const auto floor = json_of(chain.shop("s-0001", "GET /api/v1/footfall"));
    expect_fits(api, schemas.at("Floor"), json::value(floor), "Floor");
    ASSERT_FALSE(floor.at("can_calibrate").as_array().empty());
    const std::string door{floor.at("can_calibrate").at(0).as_string()};
    const auto begun = json_of(chain.shop("s-0001", "POST /api/v1/calibrations",
                                          R"({"door":")" + door + R"(","by":"A3"})"));
    expect_fits(api, schemas.at("Calibration"), json::value(begun), "Calibration");
    const std::string path = "/api/v1/calibrations/" + std::string{begun.at("id").as_string()};
    for (int n = 1; n <= 10; ++n) {
        const std::string taps = R"({"taps":[{"n":)" + std::to_string(n) + R"(,"kind":"in"}]})";
        EXPECT_EQ(chain.shop("s-0001", "POST " + path + ":tap", taps.c_str()).status, 200);
    }
    EXPECT_EQ(chain.shop("s-0001", "POST " + path + ":end", R"({"by":"A3"})").status, 200);
    chain.pass(seconds{10});
    const auto done = json_of(chain.shop("s-0001", "GET " + path));
    expect_fits(api, schemas.at("Calibration"), json::value(done), "Calibration");
    EXPECT_EQ(done.at("result").at("in").at("missed").as_int64(), 10) << "nobody came";
}

}  // namespace
}  // namespace aisle::chain
