#include <gtest/gtest.h>

#include <string>

#include "agent/runtime/inline_executor.hpp"
#include "agent/runtime/metrics.hpp"
#include "drivers/beacon/capture.hpp"
#include "drivers/beacon/gateway_mqtt.hpp"
#include "tests/kit/mutant.hpp"
#include "tests/kit/recording_sink.hpp"

namespace aisle::beacon {
namespace {

constexpr std::uint32_t kMutants = 5'000;

const std::string kHexSamples[] = {
    "0201061aff4c000215fda50693a4e24fb1afcfc6eb07647825000a0007c5",
    "02011a1bff1801beac2f234454cf6d4a0fadf2f4911ba9ffa600010002c509",
    "0201060303aafe1516aafe00e700010203040506070809010203040506",
    "0201060303aafe0d16aafe10e702676f6f676c6500",
    "0201060303aafe1116aafe20000bb81a800000006400002710",
};

const std::string kTheengs =
    R"({"id":"54:94:5E:9F:64:C4","mac_type":1,"rssi":-74,"manufacturerdata":"4c0010060319247bbc68",)"
    R"("uuid":"426c7565436861726d426561636f6e73","major":3838,"minor":4949,"txpower":-59})";
const std::string kMinew =
    R"([{"timestamp":"2019-08-01T05:54:25Z","type":"Gateway","mac":"AC233FC001EA","gatewayFree":98},)"
    R"({"timestamp":"2019-08-01T05:54:25Z","type":"Unknown","mac":"AC233FA03208","rssi":-79,"rawData":"0201060303E1FF"},)"
    R"({"type":"iBeacon","mac":"1918FC051F5A","ibeaconUuid":"FDA50693A4E24FB1AFCFC6EB07647825","ibeaconMajor":10002,)"
    R"("ibeaconMinor":5208,"rssi":-67,"ibeaconTxPower":-59}])";

// A line that holds anything gives an advert or a problem, and what it gives can be printed.
TEST(Garbage, EveryMutantOfAnAdvertIsCountedOrAnswered) {
    for (std::uint32_t seed = 0; seed < kMutants; ++seed) {
        std::string line = kit::mutant(kHexSamples[seed % std::size(kHexSamples)], seed);
        if (line.find_first_of("#\n") != std::string::npos) continue;
        if (line.find_first_not_of(" \t\r") == std::string::npos) continue;
        const auto decoded = decode_capture(CaptureFormat::Hex, line);
        EXPECT_GE(decoded.adverts.size() + decoded.problems_total, 1U) << seed;
        for (const auto& advert : decoded.adverts) EXPECT_EQ(advert_json(advert).back(), '}');
    }
}

TEST(Garbage, EveryMutantOfAGatewayPayloadIsCounted) {
    const auto metrics = runtime::make_metrics();
    runtime::ManualClock clock;
    kit::RecordingSink sink;
    Enrolment enrolment;
    GatewayMqtt driver{
        {.gateways = {{.filter = "t"}, {.filter = "m", .format = GatewayFormat::Minew}},
         .adverts_per_s_max = 1'000'000,
         .messages_per_s_max = 1'000'000},
        enrolment,
        clock,
        sink,
        *metrics};
    driver.start();
    for (std::uint32_t seed = 0; seed < kMutants; ++seed) {
        const bool minew = seed % 2 == 0;
        driver.handle(
            {.topic = minew ? "m" : "t", .payload = kit::mutant(minew ? kMinew : kTheengs, seed)});
    }
    const auto messages = [&](const char* outcome) {
        return metrics->counter("aisle_beacon_messages_total", "", {{"outcome", outcome}}).value();
    };
    EXPECT_EQ(messages("read") + messages("unread"), kMutants);
    EXPECT_GT(messages("unread"), 100);
    EXPECT_GT(metrics->counter("aisle_beacon_malformed_total", "", {{"reason", "schema"}}).value(),
              10);
}

TEST(Garbage, NoMutantOfACaptureOutlivesItsBytes) {
    const std::string event{
        "\x04\x3e\x19\x02\x02\x00\x01\x05\x04\x03\x02\x01\xc0\x03\x02\x01\x06\xc8\x03\x00\x66\x55"
        "\x44\x33\x22\x11\x00\x7f",
        28};
    std::string snoop{"btsnoop\0\0\0\0\1\0\0\3\xea", 16};
    for (int i = 0; i < 3; ++i)
        snoop +=
            std::string{"\0\0\0\x1c\0\0\0\x1c\0\0\0\3\0\0\0\0\0\xe2\x9b\x40\0\0\0\0", 24} + event;
    ASSERT_EQ(decode_capture(CaptureFormat::Auto, snoop).adverts.size(), 6U);
    for (std::uint32_t seed = 0; seed < kMutants; ++seed) {
        const auto decoded = decode_capture(seed % 2 ? CaptureFormat::BtSnoop : CaptureFormat::H4,
                                            kit::mutant(seed % 2 ? snoop : event + event, seed));
        EXPECT_LE(decoded.adverts.size(), 100U) << seed;
    }
}

}  // namespace
}  // namespace aisle::beacon
