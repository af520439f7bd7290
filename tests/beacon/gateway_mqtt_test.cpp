#include "drivers/beacon/gateway_mqtt.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "agent/runtime/inline_executor.hpp"
#include "agent/runtime/metrics.hpp"
#include "tests/kit/recording_sink.hpp"

namespace aisle::beacon {
namespace {

std::string ibeacon(int minor, int rssi = -60) {
    return R"({"id":"54945E9F64C4","rssi":)" + std::to_string(rssi) +
           R"(,"uuid":"fda50693a4e24fb1afcfc6eb07647825","major":10,"minor":)" +
           std::to_string(minor) + "}";
}

// A driver with one enrolled tag (minor 7), started.
struct Rig {
    explicit Rig(GatewayMqttSettings settings = {.gateways = {{.filter = "home/+/BTtoMQTT/#"}}})
        : driver{std::move(settings), enrolment, clock, sink, *metrics} {
        enrolment.set({{"fda50693a4e24fb1afcfc6eb07647825/10/7", TagKey{"tag7"}}});
        driver.start();
    }
    bool tell(const std::string& payload, const std::string& topic = "home/gw1/BTtoMQTT/1") {
        return driver.handle({.topic = topic, .payload = payload});
    }
    double adverts(const std::string& outcome) {
        return metrics->counter("aisle_beacon_adverts_total", "", {{"outcome", outcome}}).value();
    }
    double messages(const std::string& outcome) {
        return metrics->counter("aisle_beacon_messages_total", "", {{"outcome", outcome}}).value();
    }

    std::unique_ptr<runtime::Metrics> metrics = runtime::make_metrics();
    runtime::ManualClock clock;
    kit::RecordingSink sink;
    Enrolment enrolment;
    GatewayMqtt driver;
};

TEST(GatewayMqtt, LetsEnrolledTagsOut) {
    Rig rig;
    EXPECT_TRUE(rig.tell(ibeacon(7, -61)));
    const auto sightings = rig.sink.all<Sighting>();
    ASSERT_EQ(sightings.size(), 1U);
    EXPECT_EQ(sightings[0].tag, TagKey{"tag7"});
    EXPECT_EQ(sightings[0].scanner, "gw1");
    EXPECT_EQ(sightings[0].rssi_dbm, -61);
    EXPECT_EQ(sightings[0].at, rig.clock.now().mono);
    EXPECT_EQ(sightings[0].wall, rig.clock.now().wall);
    EXPECT_EQ(rig.adverts("enrolled"), 1);
}

TEST(GatewayMqtt, CountsStrangersAndDropsThem) {
    Rig rig;
    rig.tell("[" + ibeacon(8) + "," + ibeacon(9) + R"(,{"id":"54945E9F64C4"}])");
    EXPECT_TRUE(rig.sink.readings.empty());
    EXPECT_EQ(rig.adverts("stranger"), 3);
}

TEST(GatewayMqtt, LeavesOtherTopicsToOthers) {
    Rig rig;
    EXPECT_FALSE(rig.tell(ibeacon(7), "counter/door"));
    EXPECT_TRUE(rig.sink.readings.empty());
}

TEST(GatewayMqtt, TakesFormatAndScannerFromTheFirstSourceThatMatches) {
    Rig rig{{.gateways = {{.filter = "gw/a", .format = GatewayFormat::Minew, .scanner = "roof"},
                          {.filter = "gw/#"}}}};
    rig.tell(
        R"([{"mac":"54945E9F64C4","rawData":"1aff4c000215fda50693a4e24fb1afcfc6eb07647825000a0007c5"}])",
        "gw/a");
    rig.tell(ibeacon(7), "gw/b");
    const auto sightings = rig.sink.all<Sighting>();
    ASSERT_EQ(sightings.size(), 2U);
    EXPECT_EQ(sightings[0].scanner, "roof");
    EXPECT_EQ(sightings[1].scanner, "b");
    EXPECT_EQ(rig.driver.filters(), (std::vector<std::string>{"gw/a", "gw/#"}));
}

TEST(GatewayMqtt, DoesNotReadRetainedMessages) {
    Rig rig;
    EXPECT_TRUE(rig.driver.handle(
        {.topic = "home/gw1/BTtoMQTT/1", .payload = ibeacon(7), .retained = true}));
    EXPECT_TRUE(rig.sink.readings.empty());
    EXPECT_EQ(rig.messages("retained"), 1);
}

TEST(GatewayMqtt, CountsWhatItCannotReadByReason) {
    Rig rig;
    rig.tell("{");
    EXPECT_EQ(rig.messages("unread"), 1);
    EXPECT_EQ(
        rig.metrics->counter("aisle_beacon_malformed_total", "", {{"reason", "json"}}).value(), 1);
}

TEST(GatewayMqtt, ShedsAdvertsBeyondItsRateAndRecoversInTheNextSecond) {
    Rig rig{{.gateways = {{.filter = "#"}}, .adverts_per_s_max = 3}};
    for (int i = 0; i < 5; ++i) rig.tell(ibeacon(7));
    EXPECT_EQ(rig.sink.readings.size(), 3U);
    EXPECT_EQ(rig.adverts("shed"), 2);
    rig.clock.advance(seconds{1});
    rig.tell(ibeacon(7));
    EXPECT_EQ(rig.sink.readings.size(), 4U);
}

TEST(GatewayMqtt, ShedsMessagesUnreadBeyondTheirRate) {
    Rig rig{{.gateways = {{.filter = "#"}}, .messages_per_s_max = 2}};
    for (int i = 0; i < 5; ++i) rig.tell(ibeacon(7));
    EXPECT_EQ(rig.messages("shed"), 3);
    EXPECT_EQ(rig.messages("read"), 2);
}

TEST(GatewayMqtt, CountsWhatAFullSinkRefuses) {
    Rig rig;
    rig.sink.room = 0;
    rig.tell(ibeacon(7));
    EXPECT_EQ(rig.adverts("full"), 1);
    EXPECT_EQ(rig.adverts("enrolled"), 0);
}

TEST(GatewayMqtt, HandsNothingOverOnceStopped) {
    Rig rig;
    rig.driver.stop();
    EXPECT_TRUE(rig.tell(ibeacon(7)));
    EXPECT_TRUE(rig.sink.readings.empty());
}

}  // namespace
}  // namespace aisle::beacon
