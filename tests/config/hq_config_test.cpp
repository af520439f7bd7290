#include "config/hq_config.hpp"

#include <gtest/gtest.h>

namespace aisle::config {
namespace {

TEST(HqConfig, ReadsTheDocumentedFileAsTheDefaults) {
    const auto config = load_hq_config(AISLE_SOURCE_DIR "/config/hq.toml");
    ASSERT_TRUE(config) << config.error().detail;
    const HqConfig defaults;
    EXPECT_EQ(config->store_url, defaults.store_url);
    EXPECT_EQ(config->broker_port, defaults.broker_port);
    EXPECT_EQ(config->listen_port, defaults.listen_port);
    EXPECT_EQ(config->client_id, defaults.client_id);
    EXPECT_EQ(config->zone, defaults.zone);
    EXPECT_EQ(config->reconnect_max_s, defaults.reconnect_max_s);
    EXPECT_EQ(config->credit_bytes_s, defaults.credit_bytes_s);
}

TEST(HqConfig, RefusesAStoreItDoesNotKnow) {
    const auto config = parse_hq_config("[store]\nurl = \"mysql://x\"\n", "hq.toml");
    ASSERT_FALSE(config);
    EXPECT_TRUE(
        config.error().detail.starts_with("hq.toml:2:7: store.url must start with sqlite:"));
}

TEST(HqConfig, RefusesAPortThatIsNone) {
    EXPECT_FALSE(parse_hq_config("[broker]\naddress = \"localhost:99999\"\n", "hq.toml"));
    EXPECT_FALSE(parse_hq_config("[broker]\naddress = \"localhost\"\n", "hq.toml"));
    EXPECT_FALSE(parse_hq_config("[broker]\naddress = \"localhost:18a\"\n", "hq.toml"));
}

TEST(HqConfig, ReadsTheZoneOfItsDay) {
    const auto config = parse_hq_config("[day]\nzone = \"Asia/Shanghai\"\n", "hq.toml");
    ASSERT_TRUE(config) << config.error().detail;
    EXPECT_EQ(config->zone, "Asia/Shanghai");
}

TEST(HqConfig, ReadsAnIpv6Address) {
    const auto config = parse_hq_config("[http]\nlisten = \"[::1]:8490\"\n", "hq.toml");
    ASSERT_TRUE(config) << config.error().detail;
    EXPECT_EQ(config->listen_host, "::1");
}

TEST(HqConfig, ReadsAChainsStoreTlsAndTheDownlink) {
    const auto config = parse_hq_config(
        "[store]\nurl = \"postgresql://aisle@db/aisle\"\n"
        "[broker]\ntls = true\nca_file = \"ca\"\ncert_file = \"c\"\nkey_file = \"k\"\n"
        "[collect]\ncredit_kb_s = 2\n"
        "[downlink]\nkeys_dir = \"keys\"\nsigning_key = \"one\"\n",
        "hq.toml");
    ASSERT_TRUE(config) << config.error().detail;
    EXPECT_EQ(config->store_url, "postgresql://aisle@db/aisle");
    EXPECT_TRUE(config->tls);
    EXPECT_EQ(config->key_file, "k");
    EXPECT_EQ(config->credit_bytes_s, 2'048);
    EXPECT_EQ(config->signing_key, "one");
}

TEST(HqConfig, RefusesHalfAnIdentityAndASigningKeyWithoutItsFolder) {
    EXPECT_FALSE(parse_hq_config("[broker]\ntls = true\ncert_file = \"c\"\n", "hq.toml"));
    EXPECT_FALSE(parse_hq_config("[broker]\nca_file = \"c\"\n", "hq.toml"));
    EXPECT_FALSE(parse_hq_config("[downlink]\nsigning_key = \"one\"\n", "hq.toml"));
}

}  // namespace
}  // namespace aisle::config
