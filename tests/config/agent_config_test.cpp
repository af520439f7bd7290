#include "config/agent_config.hpp"

#include <gtest/gtest.h>

#include "config/toml_reader.hpp"

namespace aisle::config {
namespace {

const std::string kSmallest = "[store]\nid = \"s-0001\"\n";

// The faults of a file that has `text` after the smallest good one (two lines).
std::string faults_of(const std::string& text) {
    const auto config = parse_agent_config(kSmallest + text, "aisle.toml");
    return config ? "" : config.error().detail;
}

TEST(AgentConfig, AcceptsTheSmallestFile) {
    const auto config = parse_agent_config(kSmallest, "aisle.toml");
    ASSERT_TRUE(config);
    EXPECT_EQ(config->store.id, "s-0001");
    EXPECT_EQ(config->http.port, 8480);
    EXPECT_FALSE(config->uplink.enabled);
}

TEST(AgentConfig, AcceptsTheDocumentedFile) {
    const auto config = load_agent_config(AISLE_SOURCE_DIR "/config/aisle.toml");
    ASSERT_TRUE(config) << config.error().detail;
    EXPECT_EQ(config->counters.at(0).fields.at("in"), "/in");
    EXPECT_EQ(config->videos.at(0).doors.at("line"), "main");
}

TEST(AgentConfig, DocumentsTheDefaultsItHas) {
    const auto documented = load_agent_config(AISLE_SOURCE_DIR "/config/aisle.toml");
    const auto bare = parse_agent_config(kSmallest, "aisle.toml");
    ASSERT_TRUE(documented && bare);
    EXPECT_EQ(documented->customers.recency_days, bare->customers.recency_days);
    EXPECT_EQ(documented->customers.lost_days, bare->customers.lost_days);
    EXPECT_EQ(documented->retention.ledger_days, bare->retention.ledger_days);
    EXPECT_EQ(documented->presence.window, bare->presence.window);
    EXPECT_EQ(documented->presence.exit_silence, bare->presence.exit_silence);
    EXPECT_EQ(documented->store.business_day_cut, bare->store.business_day_cut);
    EXPECT_EQ(documented->http.unix_socket, bare->http.unix_socket);
    EXPECT_EQ(documented->poslog_dirs.at(0).scan_every, PoslogDirConfig{}.scan_every);
    EXPECT_EQ(documented->poslog_dirs.at(0).stable_for, PoslogDirConfig{}.stable_for);
}

TEST(AgentConfig, NamesPlaceAndNearestKeyOfAnUnknownOne) {
    EXPECT_EQ(faults_of("[presence]\nmin_dwel_ms = 5\n"),
              "aisle.toml:4:1: unknown key 'presence.min_dwel_ms' (did you mean 'min_dwell_ms'?)");
    EXPECT_EQ(faults_of("[reference]\ndirectorry = \"x\"\n"),
              "aisle.toml:4:1: unknown key 'reference.directorry' (did you mean 'directory'?)");
}

TEST(AgentConfig, NamesPlaceOfBrokenToml) {
    const std::string faults = faults_of("[presence\n");
    EXPECT_TRUE(faults.starts_with("aisle.toml:3:10: ")) << faults;
    EXPECT_EQ(faults.find('\n'), std::string::npos)
        << "one fault, not its consequences: " << faults;
}

TEST(AgentConfig, TellsAllFaultsAtOnceInTheOrderOfTheFile) {
    const std::string faults = faults_of("[presence]\nmargin_db = 99\nwindow_ms = \"4s\"\n");
    EXPECT_EQ(faults,
              "aisle.toml:4:13: presence.margin_db must be a whole number from 0 to 40\n"
              "aisle.toml:5:13: presence.window_ms must be a whole number from 500 to 60000");
}

TEST(AgentConfig, WantsAStoreId) {
    const auto config = parse_agent_config("[store]\nname = \"x\"\n", "aisle.toml");
    ASSERT_FALSE(config);
    EXPECT_EQ(config.error().detail, "aisle.toml:1:1: store.id is missing");
    EXPECT_FALSE(parse_agent_config("[store]\nid = \"Shop 1\"\n", "a"));
}

TEST(AgentConfig, RefusesToListenBeyondThisMachine) {
    const std::string faults = faults_of("[http]\nlisten = \"0.0.0.0:8480\"\n");
    EXPECT_NE(faults.find("aisle.toml:4:10: http.listen leaves this machine"), std::string::npos)
        << faults;
}

TEST(AgentConfig, RefusesACounterAtADoorThatIsNotThere) {
    EXPECT_NE(
        faults_of("[[counter]]\nsource = \"c\"\ndoor = \"mian\"\n").find("names no [[door]]: mian"),
        std::string::npos);
}

TEST(AgentConfig, RefusesAScannerInTwoZones) {
    EXPECT_NE(
        faults_of(
            "[[zone]]\nid = \"a\"\nscanners = [\"g\"]\n[[zone]]\nid = \"b\"\nscanners = [\"g\"]\n")
            .find("is in two zones: g"),
        std::string::npos);
}

TEST(AgentConfig, RefusesTwoSourcesOfOneName) {
    const std::string row = "[[pos.poslog_dir]]\nsource = \"t\"\ndirectory = \"/d\"\n";
    EXPECT_NE(faults_of(row + row).find("is used twice: t"), std::string::npos);
}

TEST(AgentConfig, WantsTheShopsBrokerWhenAGatewayListens) {
    EXPECT_NE(
        faults_of("[[gateway]]\nsource = \"g\"\ntopic = \"x/#\"\n").find("shop_broker is needed"),
        std::string::npos);
}

TEST(AgentConfig, OffersTheNearestWordOfAChoice) {
    EXPECT_NE(faults_of("[log]\nlevel = \"debg\"\n").find("did you mean 'debug'?"),
              std::string::npos);
}

TEST(AgentConfig, WantsRisingCuts) {
    EXPECT_NE(
        faults_of("[customers]\nfrequency = [2, 2, 8, 16]\n").find("must be four rising numbers"),
        std::string::npos);
    EXPECT_NE(faults_of("[customers]\nat_risk_days = 100\n").find("must lie between"),
              std::string::npos);
}

TEST(AgentConfig, SaysThatAFileIsNotThere) {
    const auto config = load_agent_config("/nowhere/aisle.toml");
    ASSERT_FALSE(config);
    EXPECT_EQ(config.error().fault, Fault::Unavailable);
}

}  // namespace
}  // namespace aisle::config
