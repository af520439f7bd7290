#include <gtest/gtest.h>

#include <unistd.h>

#include <csignal>
#include <fstream>
#include <optional>

#include "agent/runtime/http.hpp"
#include "batches.hpp"
#include "hq_world.hpp"
#include "tests/kit/mosquitto.hpp"
#include "tests/kit/program.hpp"

// aisle-hq as it is started by systemd.
namespace aisle::hq {
namespace {

const std::string kProgram = AISLE_BIN_DIR "/aisle-hq";

#define NEEDS_THE_PROGRAM() \
    if (::access(kProgram.c_str(), X_OK) != 0) GTEST_SKIP() << "aisle-hq is not built"

struct Headquarters {
    explicit Headquarters(int broker_port, const std::string& more = {})
        : port{kit::free_port()}, settings{folder.file("hq.toml")} {
        std::ofstream{settings} << "[store]\nurl = \"sqlite:" << folder.file("hq.db") << "\"\n"
                                << "[broker]\naddress = \"127.0.0.1:" << broker_port << "\"\n"
                                << "reconnect_max_s = 1\n[http]\nlisten = \"127.0.0.1:" << port
                                << "\"\n"
                                << more;
    }
    [[nodiscard]] kit::Program run() const {
        return {{kProgram, "--config", settings}, folder.file("log")};
    }
    [[nodiscard]] runtime::HttpResponse get(const std::string& path) const {
        auto answer = runtime::http_call("127.0.0.1:" + std::to_string(port),
                                         {.method = "GET", .path = path}, seconds{5});
        return answer ? std::move(*answer) : runtime::HttpResponse{.status = 0};
    }
    [[nodiscard]] bool answers(const std::string& path, int status) const {
        return kit::poll_until([&] { return get(path).status == status; });
    }
    [[nodiscard]] std::string log() const {
        std::ifstream file{folder.file("log")};
        return {std::istreambuf_iterator<char>{file}, {}};
    }

    TempFolder folder;
    int port;
    std::string settings;
};

TEST(HqProgram, ServesItsPageBeforeThereIsABroker) {
    NEEDS_THE_PROGRAM();
    const Headquarters hq{kit::free_port()};
    auto program = hq.run();
    ASSERT_TRUE(hq.answers("/livez", 200)) << hq.log();
    EXPECT_EQ(hq.get("/readyz").status, 503);
    EXPECT_NE(hq.get("/").body.find("<title>Aisle HQ</title>"), std::string::npos);
    EXPECT_EQ(hq.get("/hq.css").status, 200);
    EXPECT_EQ(hq.get("/hq.js").status, 200);
    EXPECT_NE(hq.get("/api/v1/stores").body.find("\"stores\":[]"), std::string::npos);
    EXPECT_NE(hq.get("/metrics").body.find("aisle_hq_commits_total"), std::string::npos);
    EXPECT_EQ(hq.get("/nothing").status, 404);
}

TEST(HqProgram, StopsCleanlyWhenItIsToldTo) {
    NEEDS_THE_PROGRAM();
    for (const int number : {SIGTERM, SIGINT}) {
        const Headquarters hq{kit::free_port()};
        auto program = hq.run();
        ASSERT_TRUE(hq.answers("/livez", 200)) << hq.log();
        program.signal(number);
        EXPECT_EQ(program.wait(), 0) << hq.log();
    }
}

TEST(HqProgram, RefusesASecondInstanceAndLeavesTheFirstAlone) {
    NEEDS_THE_PROGRAM();
    const Headquarters hq{kit::free_port()};
    auto first = hq.run();
    ASSERT_TRUE(hq.answers("/livez", 200)) << hq.log();
    EXPECT_EQ(hq.run().wait(), 69);
    EXPECT_NE(hq.log().find("is in use by another collector"), std::string::npos);
    EXPECT_TRUE(first.running());
    EXPECT_EQ(hq.get("/livez").status, 200);
}

TEST(HqProgram, StartsAgainAfterItWasKilled) {
    NEEDS_THE_PROGRAM();
    const Headquarters hq{kit::free_port()};
    auto program = hq.run();
    ASSERT_TRUE(hq.answers("/livez", 200)) << hq.log();
    program.kill();
    program = hq.run();
    EXPECT_TRUE(hq.answers("/livez", 200)) << hq.log();
    EXPECT_TRUE(program.running());
}

TEST(HqProgram, IsReadyWithTheBrokerAndFindsItsWayBackInTime) {
    NEEDS_THE_PROGRAM();
    if (!kit::Mosquitto::available()) GTEST_SKIP() << "mosquitto is not installed";
    kit::Mosquitto broker;
    const Headquarters hq{broker.port()};
    auto program = hq.run();
    ASSERT_TRUE(hq.answers("/readyz", 503)) << hq.log();
    ASSERT_TRUE(broker.start());
    EXPECT_TRUE(hq.answers("/readyz", 200)) << hq.log();
    broker.kill();
    EXPECT_TRUE(hq.answers("/readyz", 503)) << hq.log();
    ASSERT_TRUE(broker.start());
    EXPECT_TRUE(hq.answers("/readyz", 200)) << hq.log();
    program.signal(SIGTERM);
    EXPECT_EQ(program.wait(), 0);
}

// The text between `"date":"` and its end.
std::string date_in(const std::string& stores) {
    const auto at = stores.find("\"date\":\"");
    return at == std::string::npos ? stores : stores.substr(at + 8, 10);
}

TEST(HqProgram, CountsTheDayOfTheConfiguredZone) {
    NEEDS_THE_PROGRAM();
    // Twenty-five hours apart: never the same day.
    const Headquarters east{kit::free_port(), "[day]\nzone = \"Pacific/Kiritimati\"\n"};
    const Headquarters west{kit::free_port(), "[day]\nzone = \"Pacific/Pago_Pago\"\n"};
    for (const auto* hq : {&east, &west}) {
        const runtime::ManualClock clock;
        auto store = std::move(*open_event_store("sqlite:" + hq->folder.file("hq.db")));
        const std::vector<Inbound> first{inbound(1, 1)};
        ASSERT_TRUE(store->apply(first, clock));
    }
    auto one = east.run();
    auto other = west.run();
    ASSERT_TRUE(east.answers("/livez", 200)) << east.log();
    ASSERT_TRUE(west.answers("/livez", 200)) << west.log();
    const auto there = parse_date(date_in(east.get("/api/v1/stores").body));
    const auto here = parse_date(date_in(west.get("/api/v1/stores").body));
    ASSERT_TRUE(there && here);
    EXPECT_GT(*there, *here);
}

TEST(HqProgram, RefusesSettingsThatItCannotFollow) {
    NEEDS_THE_PROGRAM();
    const Headquarters nowhere{1, "[day]\nzone = \"Mars/Olympus\"\n"};
    EXPECT_EQ(nowhere.run().wait(), 78);
    EXPECT_NE(nowhere.log().find("day.zone"), std::string::npos) << nowhere.log();
    const Headquarters typo{1, "[log]\nlevle = \"info\"\n"};
    EXPECT_EQ(typo.run().wait(), 78);
    EXPECT_NE(typo.log().find("log.levle"), std::string::npos) << typo.log();
}

TEST(HqProgram, RefusesAFileThatIsNoDatabaseOfItsOwn) {
    NEEDS_THE_PROGRAM();
    const Headquarters hq{1};
    {
        auto database = sqlite::Database::open(hq.folder.file("hq.db"));
        ASSERT_TRUE(database->exec("CREATE TABLE theirs(a)"));
    }
    EXPECT_EQ(hq.run().wait(), 78);
    EXPECT_NE(hq.log().find("no database of aisle-hq"), std::string::npos) << hq.log();
}

TEST(HqProgram, RefusesAPortThatIsTaken) {
    NEEDS_THE_PROGRAM();
    const Headquarters first{1};
    auto program = first.run();
    ASSERT_TRUE(first.answers("/livez", 200));
    const Headquarters second{1, "# same port\n"};
    std::ofstream{second.settings, std::ios::trunc}
        << "[store]\nurl = \"sqlite:" << second.folder.file("hq.db")
        << "\"\n[http]\nlisten = \"127.0.0.1:" << first.port << "\"\n";
    EXPECT_EQ(second.run().wait(), 69) << second.log();
}

}  // namespace
}  // namespace aisle::hq
