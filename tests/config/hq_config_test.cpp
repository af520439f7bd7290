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

}  // namespace
}  // namespace aisle::config
