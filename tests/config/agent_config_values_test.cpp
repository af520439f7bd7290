// Each key of aisled's file: its bounds, its faults and what it becomes.
#include <gtest/gtest.h>

#include <string>

#include "config/agent_config.hpp"

namespace aisle::config {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

const std::string kStore = "[store]\nid = \"s-0001\"\n";

Result<AgentConfig> parsed(const std::string& text) {
    return parse_agent_config(kStore + text, "f");
}

// The faults of a file that has `text` after a good store.
std::string faults_of(const std::string& text) {
    const auto config = parsed(text);
    return config ? "" : config.error().detail;
}

struct Bounded {
    const char* table;
    const char* key;
    std::int64_t min;
    std::int64_t max;
};

// The row's table, whose required keys stand before.
std::string with(const Bounded& row, std::int64_t value) {
    return std::string{row.table} + "\n" + row.key + " = " + std::to_string(value) + "\n";
}

const char* const kTill = "[[pos.poslog_dir]]\nsource = \"t\"\ndirectory = \"/d\"";
const char* const kUplink = "[uplink]\naddress = \"h:1\"";
const char* const kSensor = "[[door]]\nid = \"m\"\n[[counter]]\nsource = \"c\"\ndoor = \"m\"";

const std::vector<Bounded> kBounds{
    {kTill, "scan_every_ms", 100, 600'000},
    {kTill, "stable_for_ms", 0, 600'000},
    {kTill, "incomplete_after_min", 1, 1440},
    {kUplink, "reconnect_max_s", 1, 3600},
    {kSensor, "report_every_s", 0, 86'400},
    {"[presence]", "window_ms", 500, 60'000},
    {"[presence]", "margin_db", 0, 40},
    {"[presence]", "min_dwell_ms", 0, 600'000},
    {"[presence]", "exit_silence_ms", 1000, 3'600'000},
    {"[offers]", "zone_prompts_max", 0, 1'000},
    {"[offers]", "staff_offers_max", 0, 1'000},
    {"[offers]", "queue_max", 0, 1'000},
    {"[offers]", "was_price_days", 1, 90},
    {"[abuse]", "card_sales_day", 2, 100},
    {"[abuse]", "card_sales_rush", 2, 100},
    {"[abuse]", "rush_min", 1, 600},
    {"[abuse]", "split_baskets", 2, 20},
    {"[abuse]", "split_min", 1, 120},
    {"[abuse]", "split_over_bp", 1, 10'000},
    {"[abuse]", "refunds_week", 2, 50},
    {"[abuse]", "gift_grace_min", 0, 1'440},
    {"[abuse]", "false_per_till_week_permille", 1, 100},
    {"[retention]", "ledger_days", 1, 3650},
    {"[retention]", "offers_days", 1, 3650},
    {"[retention]", "footfall_days", 1, 3650},
    {"[retention]", "health_days", 1, 3650},
    {"[retention]", "local_days", 1, 3650},
    {"[retention]", "quarantine_days", 1, 3650},
};

TEST(AgentConfigBounds, AreWithinWhatIsTaken) {
    for (const Bounded& row : kBounds) {
        EXPECT_EQ(faults_of(with(row, row.min)), "") << row.key;
        EXPECT_EQ(faults_of(with(row, row.max)), "") << row.key;
    }
}

TEST(AgentConfigBounds, AreNamedWhenANumberLiesBeyond) {
    for (const Bounded& row : kBounds) {
        const std::string range = std::string{row.key} + " must be a whole number from " +
                                  std::to_string(row.min) + " to " + std::to_string(row.max);
        EXPECT_NE(faults_of(with(row, row.min - 1)).find(range), std::string::npos) << row.key;
        EXPECT_NE(faults_of(with(row, row.max + 1)).find(range), std::string::npos) << row.key;
    }
}

struct Faulty {
    const char* text;
    const char* fault;  // after the file's name
};

TEST(AgentConfig, SaysWhatIsWrongAndWhere) {
    for (const auto& [text, fault] : {
             Faulty{"[http]\nlisten = \"localhost\"\n", "4:10: http.listen must be \"host:port\""},
             Faulty{"[http]\nlisten = \"127.0.0.1:\"\n", "4:10: http.listen must be"},
             Faulty{"[http]\nlisten = \":80\"\n", "4:10: http.listen must be"},
             Faulty{"[http]\nlisten = \"127.0.0.1:65536\"\n", "4:10: http.listen must be"},
             Faulty{"[http]\nlisten = \"127.0.0.1:-1\"\n", "4:10: http.listen must be"},
             Faulty{"[http]\nlisten = \"127.0.0.1.example.com:80\"\n", "4:10: http.listen leaves"},
             Faulty{"[http]\nlisten = \"[::]:80\"\n", "4:10: http.listen leaves"},
             Faulty{"[http]\nlisten = \"shop.example.com:80\"\n", "4:10: http.listen leaves"},
             Faulty{"[uplink]\naddress = \"hq\"\n", "4:11: uplink.address must be"},
             Faulty{"[uplink]\naddress = \"h:1\"\nfurther_addresses = [\"x\"]\n",
                    "5:21: uplink.further_addresses must be"},
             Faulty{"[uplink]\naddress = \"h:1\"\ntls = true\ncert_file = \"/c\"\n",
                    "6:13: uplink.cert_file must come with key_file"},
             Faulty{"[uplink]\naddress = \"h:1\"\nca_file = \"/c\"\n",
                    "3:1: uplink.tls must be true"},
             Faulty{"[uplink]\nadress = \"hq:1\"\n",
                    "4:1: unknown key 'uplink.adress' (did you mean 'address'?)"},
             Faulty{"[[door]]\nid = \"\"\n", "4:6: door.id must not be empty"},
             Faulty{"[[door]]\ncounts = true\n", "3:1: door.id is missing"},
             Faulty{"[[door]]\nid = \"a|b\"\n", "4:6: door.id must not contain"},
             Faulty{"[[door]]\nid = \"a\\u0007b\"\n", "4:6: door.id must not contain"},
             Faulty{"[[door]]\nid = \"a\"\n[[door]]\nid = \"a\"\n", "6:6: door.id is used twice"},
             Faulty{"[offers]\ncode_prefix = \"2\"\n", "4:15: offers.code_prefix must be 2 to 5"},
             Faulty{"[offers]\ncode_prefix = \"123456\"\n", "4:15: offers.code_prefix must be"},
             Faulty{"[offers]\ncode_prefix = \"2x\"\n", "4:15: offers.code_prefix must be"},
             Faulty{"[customers]\nrecency_days = [1, 2, 3]\n", "4:16: customers.recency_days must"},
             Faulty{"[customers]\nfrequency = [4, 3, 2, 1]\n", "4:13: customers.frequency must be"},
             Faulty{"[customers]\nmonetary_minor = [-1, 2, 3, 4]\n", "4:18: customers.monetary"},
             Faulty{"[customers]\nlost_days = 90\n", "3:1: customers.dormant_days must lie"},
             Faulty{"[[zone]]\nid = \"z\"\nscanners = \"gw\"\n", "5:12: zone.scanners must be a"},
             Faulty{"[[video]]\nsource = \"v\"\nurl = \"u\"\n", "3:1: video.scene is missing"},
             Faulty{"[[video]]\nsource = \"v\"\nurl = \"u\"\nscene = \"s\"\ndoors = {l = \"x\"}\n",
                    "3:1: video.door names no [[door]]: x"},
             Faulty{"[[gateway]]\nsource = \"g\"\ntopic = \"t\"\nformat = \"ruuvi\"\n",
                    "6:10: gateway.format must be one of theengs, minew"},
             Faulty{"[log]\nlevel = \"trace\"\n", "4:9: log.level must be one of info, debug"},
             Faulty{"[pos]\nhttp_push = true\n", "4:13: pos.http_push must be a table"},
         }) {
        const std::string faults = faults_of(text);
        EXPECT_NE(faults.find(std::string{"f:"} + fault), std::string::npos) << text << "gives\n"
                                                                             << faults;
    }
}

TEST(AgentConfig, TakesEveryStoreIdOfPlainLetters) {
    for (const char* const id : {"a", "0", "-", "shop-12", "abcdefghijklmnopqrstuvwxyz012345"}) {
        const auto config = parse_agent_config(std::string{"[store]\nid = \""} + id + "\"\n", "f");
        ASSERT_TRUE(config) << config.error().detail;
        EXPECT_EQ(config->store.id, id);
    }
}

TEST(AgentConfig, RefusesAStoreIdThatTopicsCouldNotCarry) {
    for (const char* const id :
         {"A", "s 1", "s/1", "s+", "s#", "店", "s_1", "abcdefghijklmnopqrstuvwxyz0123456"}) {
        const auto config = parse_agent_config(std::string{"[store]\nid = \""} + id + "\"\n", "f");
        ASSERT_FALSE(config) << id;
        EXPECT_EQ(config.error().detail, "f:2:6: store.id must be 1 to 32 of a-z, 0-9 and -");
    }
}

TEST(AgentConfig, CallsAStoreByItsIdUntilItHasAName) {
    EXPECT_EQ(parsed("")->store.name, "s-0001");
    EXPECT_EQ(parsed("name = \"Nanjing East\"\n")->store.name, "Nanjing East");
}

TEST(AgentConfig, TakesCurrenciesOfThreeCapitals) {
    EXPECT_EQ(parsed("currency = \"KWD\"\nminor_digits = 3\n")->store.minor_digits, 3);
    for (const char* const code : {"", "CN", "CNYX", "cny", "C1Y", "¥"}) {
        EXPECT_NE(faults_of(std::string{"currency = \""} + code + "\"\n").find("ISO 4217"),
                  std::string::npos)
            << code;
    }
}

TEST(AgentConfig, EndsTheBusinessDayBeforeNoon) {
    EXPECT_EQ(parsed("business_day_cut = \"11:59\"\n")->store.business_day_cut, minutes{719});
    EXPECT_EQ(parsed("business_day_cut = \"00:00\"\n")->store.business_day_cut, minutes{0});
    EXPECT_EQ(faults_of("business_day_cut = \"12:00\"\n"),
              "f:3:20: store.business_day_cut must be before noon");
}

TEST(AgentConfig, ListensWhereItIsTold) {
    const auto config = parsed("[http]\nlisten = \"[::1]:9\"\nunix_socket = \"\"\n");
    EXPECT_EQ(config->http, (HttpConfig{.host = "::1", .port = 9, .unix_socket = ""}));
    EXPECT_EQ(parsed("[http]\nlisten = \"localhost:0\"\n")->http.port, 0);
    EXPECT_EQ(parsed("[http]\nlisten = \"127.9.9.9:80\"\n")->http.host, "127.9.9.9");
}

TEST(AgentConfig, ReadsABrokerWithAllItsKeys) {
    const auto config = parsed(
        "[uplink]\naddress = \"hq.example:8883\"\nclient_id = \"me\"\nusername = \"u\"\n"
        "password_file = \"/p\"\nreconnect_max_s = 60\n");
    EXPECT_EQ(config->uplink, (BrokerConfig{.enabled = true,
                                            .host = "hq.example",
                                            .port = 8883,
                                            .client_id = "me",
                                            .username = "u",
                                            .password_file = "/p",
                                            .reconnect_max = seconds{60}}));
    EXPECT_FALSE(config->shop_broker.enabled);
}

TEST(AgentConfig, ReadsAClusterWithTls) {
    const auto config = parsed(
        "[uplink]\naddress = \"a:8883\"\nfurther_addresses = [\"b:8883\", \"[::1]:9\"]\n"
        "tls = true\nca_file = \"/ca\"\ncert_file = \"/c\"\nkey_file = \"/k\"\n");
    ASSERT_TRUE(config) << config.error().detail;
    EXPECT_EQ(config->uplink.further, (std::vector<BrokerAddress>{{"b", 8883}, {"::1", 9}}));
    EXPECT_EQ(config->uplink.tls,
              (TlsConfig{.enabled = true, .ca_file = "/ca", .cert_file = "/c", .key_file = "/k"}));
}

TEST(AgentConfig, LeavesABrokerOutThatHasNoAddress) {
    const auto config = parsed("[uplink]\nusername = \"u\"\nreconnect_max_s = 60\n");
    ASSERT_TRUE(config) << config.error().detail;
    EXPECT_FALSE(config->uplink.enabled);
}

TEST(AgentConfig, ReadsATillsDirectoryWithAllItsKeys) {
    const auto config = parsed(std::string{kTill} +
                               "\nprofile = \"ncr\"\ndone_dir = \"/done\"\nscan_every_ms = 100\n"
                               "stable_for_ms = 0\nincomplete_after_min = 3\n");
    ASSERT_TRUE(config) << config.error().detail;
    EXPECT_EQ(config->poslog_dirs.at(0), (PoslogDirConfig{.source = "t",
                                                          .directory = "/d",
                                                          .profile = "ncr",
                                                          .done_dir = "/done",
                                                          .scan_every = milliseconds{100},
                                                          .stable_for = milliseconds{0},
                                                          .incomplete_after = minutes{3}}));
}

TEST(AgentConfig, ReadsTheTillsThatPush) {
    const auto config = parsed("[pos.http_push]\nenabled = false\nsecret_file = \"/s\"\n");
    EXPECT_EQ(config->http_push, (HttpPushConfig{.enabled = false, .secret_file = "/s"}));
    EXPECT_TRUE(parsed("")->http_push.enabled);
}

TEST(AgentConfig, KnowsEveryKindOfCounter) {
    for (const char* const kind : {"interval", "event", "cumulative"}) {
        const auto config = parsed(std::string{kSensor} + "\nkind = \"" + kind + "\"\n");
        ASSERT_TRUE(config) << config.error().detail;
        EXPECT_EQ(config->counters.at(0).kind, kind);
    }
}

TEST(AgentConfig, HasAPlaceForEveryFieldOfACounter) {
    const auto config = parsed(kSensor);
    ASSERT_TRUE(config) << config.error().detail;
    EXPECT_EQ(config->counters.at(0).fields.size(), 11U);
    EXPECT_EQ(config->counters.at(0).fields.at("object"), "");
}

TEST(AgentConfig, ReadsTheLinesOfASmartCamera) {
    const auto config = parsed(std::string{kSensor} +
                               "\nformat = \"axis_analytics\"\nswapped = [\"Device1Scenario2\"]\n"
                               "[counter.lines]\nDevice1Scenario1 = \"m\"\n"
                               "Device1Scenario2 = \"m\"\n");
    ASSERT_TRUE(config) << config.error().detail;
    const CounterConfig& counter = config->counters.at(0);
    EXPECT_EQ(counter.format, "axis_analytics");
    EXPECT_EQ(counter.lines.size(), 2U);
    EXPECT_EQ(counter.swapped, std::vector<std::string>{"Device1Scenario2"});
}

TEST(AgentConfig, RefusesASmartCamerasLinesThatLeadNowhere) {
    const std::string smart = std::string{kSensor} + "\nformat = \"axis_analytics\"\n";
    EXPECT_NE(faults_of(smart).find("needs [counter.lines]"), std::string::npos);
    EXPECT_NE(
        faults_of(smart + "[counter.lines]\nDevice1Scenario1 = \"n\"\n").find("names no [[door]]"),
        std::string::npos);
    EXPECT_NE(faults_of(std::string{kSensor} + "\nformat = \"xovis\"\n").find("must be one of"),
              std::string::npos);
}

TEST(AgentConfig, LetsACounterWithoutATopicDoWithoutABroker) {
    EXPECT_EQ(faults_of(kSensor), "");
    EXPECT_NE(faults_of(std::string{kSensor} + "\ntopic = \"t\"\n").find("shop_broker is needed"),
              std::string::npos);
}

TEST(AgentConfig, MapsTheLinesOfACameraToDoors) {
    const auto config = parsed(
        "[[door]]\nid = \"main\"\n[[video]]\nsource = \"v\"\nurl = \"/dev/video0\"\n"
        "scene = \"s\"\nloop = true\npaced = false\n[video.doors]\nleft = \"main\"\n");
    ASSERT_TRUE(config) << config.error().detail;
    EXPECT_EQ(config->videos.at(0), (VideoConfig{.source = "v",
                                                 .url = "/dev/video0",
                                                 .scene = "s",
                                                 .doors = {{"left", "main"}},
                                                 .loop = true,
                                                 .paced = false}));
}

TEST(AgentConfig, SaysHowOftenANetLooks) {
    const std::string video =
        "[[video]]\nsource = \"v\"\nurl = \"u\"\nscene = \"s\"\ndetector = \"onnx\"\n";
    const auto config = parsed(video + "every = 3\n");
    ASSERT_TRUE(config) << config.error().detail;
    EXPECT_EQ(config->videos.at(0).every, 3);
    EXPECT_EQ(parsed(video)->videos.at(0).every, 1);
    EXPECT_NE(faults_of(video + "every = 0\n"), "");
    EXPECT_NE(faults_of(video + "every = 31\n"), "");
}

TEST(AgentConfig, SaysWhichCameraIsAskedForItsSums) {
    const auto config = parsed(std::string{kSensor} +
                               "\nformat = \"axis_people\"\nurl = \"http://192.168.0.90\"\n"
                               "poll_every_s = 30\nusername = \"root\"\npassword_file = \"p\"\n");
    ASSERT_TRUE(config) << config.error().detail;
    const CounterConfig& counter = config->counters.at(0);
    EXPECT_EQ(counter.url, "http://192.168.0.90");
    EXPECT_EQ(counter.poll_every, std::chrono::seconds{30});
    EXPECT_EQ(counter.username, "root");
    EXPECT_EQ(counter.password_file, "p");
    EXPECT_NE(faults_of(std::string{kSensor} + "\nurl = \"https://x\"\n").find("must begin with"),
              std::string::npos);
}

TEST(AgentConfig, ReadsGatewaysAndZones) {
    const auto config = parsed(
        "[shop_broker]\naddress = \"b:1\"\n[[gateway]]\nsource = \"g\"\nformat = \"minew\"\n"
        "topic = \"x/#\"\nscanner = \"gw\"\n[[zone]]\nid = \"z\"\nscanners = [\"a\", \"b\"]\n");
    ASSERT_TRUE(config) << config.error().detail;
    EXPECT_EQ(config->gateways.at(0),
              (GatewayConfig{.source = "g", .format = "minew", .topic = "x/#", .scanner = "gw"}));
    EXPECT_EQ(config->zones.at(0), (ZoneConfig{.id = "z", .scanners = {"a", "b"}}));
}

TEST(AgentConfig, LetsDoorsAndSourcesShareANameButNotTwoOfASort) {
    EXPECT_EQ(faults_of("[[door]]\nid = \"x\"\n[[zone]]\nid = \"x\"\n"), "");
    EXPECT_NE(faults_of("[[zone]]\nid = \"x\"\n[[zone]]\nid = \"x\"\n").find("used twice"),
              std::string::npos);
}

TEST(AgentConfig, TakesNamesUpToTheirBound) {
    const std::string longest(64, 'n');
    EXPECT_EQ(parsed("[[door]]\nid = \"" + longest + "\"\n")->doors.at(0).id, longest);
    EXPECT_EQ(faults_of("[[door]]\nid = \"" + longest + "n\"\n"),
              "f:4:6: door.id must be at most 64 bytes");
}

TEST(AgentConfig, TakesNamesInAnyLanguage) {
    EXPECT_EQ(parsed("[[door]]\nid = \"南门\"\n")->doors.at(0).id, "南门");
}

TEST(AgentConfig, KnowsTheLevelsOfTheLog) {
    for (const char* const level : {"info", "debug", "warn", "error"}) {
        EXPECT_EQ(parsed(std::string{"[log]\nlevel = \""} + level + "\"\n")->log_level, level);
    }
    EXPECT_EQ(parsed("")->log_level, "info");
}

TEST(AgentConfig, IsTheSameForTheSameText) {
    EXPECT_EQ(*parsed(kSensor), *parsed(kSensor));
    EXPECT_NE(*parsed(kSensor), *parsed(""));
}

TEST(AgentConfig, SaysThatAnEmptyFileHasNoStore) {
    const auto config = parse_agent_config("", "f");
    ASSERT_FALSE(config);
    EXPECT_EQ(config.error(), malformed("f:1:1: store.id is missing"));
}

TEST(AgentConfig, SaysOnlyThatOfAFileThatIsNoToml) {
    const auto config = parse_agent_config("{\"store\": 1}", "f");
    ASSERT_FALSE(config);
    EXPECT_EQ(config.error().detail.find('\n'), std::string::npos) << config.error().detail;
}

}  // namespace
}  // namespace aisle::config
