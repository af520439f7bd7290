#include "drivers/beacon/gateway_json.hpp"

#include <gtest/gtest.h>

#include <string>

#include "agent/core/hex.hpp"

namespace aisle::beacon {
namespace {

constexpr MonoTime kNow{seconds{77}};

Decoded theengs(std::string_view json, std::string_view topic = "home/gw1/BTtoMQTT/AA") {
    return decode_gateway(GatewayFormat::Theengs,
                          {.topic = topic, .bytes = json, .scanner = {}, .at = kNow});
}

Decoded minew(std::string_view json) {
    return decode_gateway(GatewayFormat::Minew,
                          {.topic = "/gw/status", .bytes = json, .scanner = {}, .at = kNow});
}

std::string id_of(const Advert& advert) {
    return to_hex(std::span{advert.id}.first(advert.id_size));
}

TEST(Theengs, ReadsAnIBeaconThatTheGatewayTookApart) {
    const auto decoded = theengs(
        R"({"id":"54:94:5E:9F:64:C4","mac_type":1,"rssi":-74,"brand":"GENERIC","model_id":"IBEACON","mfid":"4c00",)"
        R"("uuid":"426c7565436861726d426561636f6e73","major":3838,"minor":4949,"txpower":-59})");
    ASSERT_EQ(decoded.adverts.size(), 1U);
    const Advert& advert = decoded.adverts[0];
    EXPECT_EQ(advert.kind, BeaconKind::IBeacon);
    EXPECT_EQ(id_of(advert), "426c7565436861726d426561636f6e730efe1355");
    EXPECT_EQ(advert.tx_power_dbm, -59);
    EXPECT_EQ(advert.rssi_dbm, -74);
    EXPECT_TRUE(advert.address_random);
    EXPECT_EQ(to_hex(advert.address), "54945e9f64c4");
    EXPECT_EQ(advert.scanner, "gw1");
    EXPECT_EQ(advert.at, kNow);
}

TEST(Theengs, ReadsManufacturerDataItself) {
    const auto decoded = theengs(
        R"({"id":"54:94:5e:9f:64:c4","manufacturerdata":"4c000215426c7565436861726d426561636f6e730efe1355c5","rssi":-60})");
    ASSERT_EQ(decoded.adverts.size(), 1U);
    EXPECT_EQ(decoded.adverts[0].kind, BeaconKind::IBeacon);
    EXPECT_EQ(decoded.adverts[0].tx_power_dbm, -59);
    EXPECT_FALSE(decoded.adverts[0].address_random);
}

TEST(Theengs, ReadsEddystoneServiceDataUnderEverySpellingOfItsUuid) {
    for (const auto* uuid : {"0xfeaa", "FEAA", "0000feaa-0000-1000-8000-00805f9b34fb"}) {
        const auto decoded =
            theengs(std::string{R"({"id":"54945E9F64C4","servicedatauuid":")"} + uuid +
                    R"(","servicedata":"00e700010203040506070809010203040506"})");
        ASSERT_EQ(decoded.adverts.size(), 1U);
        EXPECT_EQ(decoded.adverts[0].kind, BeaconKind::EddystoneUid) << uuid;
    }
}

TEST(Theengs, LeavesOtherServicesAlone) {
    const auto decoded =
        theengs(R"({"id":"54945E9F64C4","servicedatauuid":"0xfcd2","servicedata":"4004138a01"})");
    ASSERT_EQ(decoded.adverts.size(), 1U);
    EXPECT_EQ(decoded.adverts[0].kind, BeaconKind::Unknown);
}

TEST(Theengs, AcceptsNumbersAsTextAndDecimals) {
    const auto decoded = theengs(
        R"({"id":"54945e9f64c4","rssi":"-67.25","uuid":"426C7565-4368-6172-6d42-6561636f6e73","major":"10","minor":7.0,"txpower":"-59"})");
    ASSERT_EQ(decoded.adverts.size(), 1U);
    EXPECT_EQ(decoded.adverts[0].rssi_dbm, -67);
    EXPECT_EQ(id_of(decoded.adverts[0]), "426c7565436861726d426561636f6e73000a0007");
    EXPECT_EQ(decoded.adverts[0].tx_power_dbm, -59);
}

TEST(Theengs, SaysThatTheStrengthIsUnknown) {
    for (const auto* rssi :
         {"", R"(,"rssi":null)", R"(,"rssi":-200)", R"(,"rssi":"loud")", R"(,"rssi":1e300)"}) {
        const auto decoded = theengs(std::string{R"({"id":"54945E9F64C4")"} + rssi + "}");
        ASSERT_EQ(decoded.adverts.size(), 1U);
        EXPECT_EQ(decoded.adverts[0].rssi_dbm, 127) << rssi;
    }
}

TEST(Theengs, TakesTheScannerFromTheTopic) {
    const std::string json = R"({"id":"45:F6:8A:76:86:C5","rssi":-55,"distance":0.49})";
    EXPECT_EQ(theengs(json, "shop/home/door/BTtoMQTT/45F68A7686C5").adverts.at(0).scanner, "door");
    EXPECT_EQ(theengs(json, "home/home_presence/till").adverts.at(0).scanner, "till");
    EXPECT_EQ(theengs(json, "").adverts.at(0).scanner, "");
    const auto named =
        decode_gateway(GatewayFormat::Theengs,
                       {.topic = "home/x/BTtoMQTT/1", .bytes = json, .scanner = "s1", .at = kNow});
    EXPECT_EQ(named.adverts.at(0).scanner, "s1");
}

TEST(Theengs, ComplainsAndGoesOn) {
    const auto decoded = theengs(
        R"([{"rssi":-1},7,{"id":"54945E9F64C4","manufacturerdata":"xy"},)"
        R"({"id":"54945E9F64C4","uuid":"42","major":1,"minor":2},)"
        R"({"id":"54945E9F64C4","uuid":"426c7565436861726d426561636f6e73","major":70000,"minor":2},)"
        R"({"id":"54945E9F64C4","manufacturerdata":"4c0002150102"},{"id":"54945E9F64C4"}])");
    EXPECT_EQ(decoded.adverts.size(), 5U);
    ASSERT_EQ(decoded.problems.size(), 6U);
    EXPECT_EQ(decoded.problems[0].reason, "schema");
    EXPECT_EQ(decoded.problems[2].reason, "hex");
    EXPECT_EQ(decoded.problems[3].reason, "schema");
    EXPECT_EQ(decoded.problems[5].reason, "short_beacon");
    EXPECT_EQ(decoded.problems[1].detail, "record 1: not an object");
}

TEST(Minew, ReadsABatchAndTakesTheGatewayAsScanner) {
    const auto decoded = minew(
        R"([{"timestamp":"2019-08-01T05:54:25Z","type":"Gateway","mac":"AC233FC001EA","gatewayFree":98,"gatewayLoad":0.05},)"
        R"({"timestamp":"2019-08-01T05:54:25Z","type":"Unknown","mac":"AC233FA03208","bleName":"","rssi":-79,)"
        R"("rawData":"0201061AFF4C000215FDA50693A4E24FB1AFCFC6EB07647825000A0007C5"},)"
        R"({"timestamp":"2019-08-01T05:54:25Z","type":"S1","mac":"AC233FA018E3","rssi":-54,"battery":100}])");
    ASSERT_EQ(decoded.adverts.size(), 2U);
    EXPECT_EQ(decoded.problems_total, 0U);
    EXPECT_EQ(decoded.adverts[0].scanner, "AC233FC001EA");
    EXPECT_EQ(id_of(decoded.adverts[0]), "fda50693a4e24fb1afcfc6eb07647825000a0007");
    EXPECT_EQ(decoded.adverts[0].at, kNow);
    EXPECT_EQ(decoded.adverts[1].kind, BeaconKind::Unknown);
}

TEST(Minew, ReadsAnIBeaconThatTheGatewayTookApart) {
    const auto decoded = minew(
        R"([{"type":"iBeacon","mac":"1918fc051f5a","ibeaconUuid":"FDA50693A4E24FB1AFCFC6EB07647825","ibeaconMajor":10002,)"
        R"("ibeaconMinor":"5208","rssi":"-67","ibeaconTxPower":-59,"battery":0}])");
    ASSERT_EQ(decoded.adverts.size(), 1U);
    EXPECT_EQ(id_of(decoded.adverts[0]), "fda50693a4e24fb1afcfc6eb0764782527121458");
    EXPECT_EQ(decoded.adverts[0].rssi_dbm, -67);
    EXPECT_EQ(decoded.adverts[0].scanner, "");
}

TEST(Minew, CountsMalformedRawDataByReason) {
    const auto decoded = minew(
        R"([{"mac":"1918fc051f5a","rawData":"0aff"},{"mac":"1918fc051f5a","rawData":"0"},{"mac":"1"}])");
    ASSERT_EQ(decoded.problems.size(), 3U);
    EXPECT_EQ(decoded.problems[0].reason, "past_end");
    EXPECT_EQ(decoded.problems[1].reason, "hex");
    EXPECT_EQ(decoded.problems[2].reason, "schema");
}

TEST(GatewayJson, RefusesWhatIsNotJson) {
    for (const auto* bytes : {"", "{", "[1,", "{\"id\":\"\xff\"}", "nonsense"}) {
        const auto decoded = theengs(bytes);
        EXPECT_TRUE(decoded.adverts.empty());
        ASSERT_EQ(decoded.problems.size(), 1U) << bytes;
        EXPECT_EQ(decoded.problems[0].reason, "json");
    }
}

TEST(GatewayJson, RefusesDeepNesting) {
    EXPECT_EQ(theengs(std::string(100'000, '[')).problems.at(0).reason, "json");
}

TEST(GatewayJson, StopsAtTheBoundOfRecords) {
    std::string json = "[";
    for (std::size_t i = 0; i < kGatewayRecordsMax + 5; ++i) json += R"({"id":"54945E9F64C4"},)";
    json.back() = ']';
    const auto decoded = theengs(json);
    EXPECT_EQ(decoded.adverts.size(), kGatewayRecordsMax);
    ASSERT_EQ(decoded.problems.size(), 1U);
    EXPECT_EQ(decoded.problems[0].reason, "limit");
}

TEST(GatewayJson, RefusesAPayloadBeyondTheBound) {
    const std::string blanks(kGatewayPayloadBytesMax + 1, ' ');
    EXPECT_EQ(minew(blanks).problems.at(0).reason, "limit");
}

TEST(GatewayJson, KeepsABoundedListOfProblems) {
    std::string json = "[";
    for (std::size_t i = 0; i < kProblemsMax + 7; ++i) json += "1,";
    json.back() = ']';
    const auto decoded = theengs(json);
    EXPECT_EQ(decoded.problems.size(), kProblemsMax);
    EXPECT_EQ(decoded.problems_total, kProblemsMax + 7);
}

TEST(GatewayFormat, HasNames) {
    EXPECT_EQ(gateway_format_from("minew"), GatewayFormat::Minew);
    EXPECT_EQ(to_text(GatewayFormat::Theengs), "theengs");
    EXPECT_FALSE(gateway_format_from("ruuvi"));
}

}  // namespace
}  // namespace aisle::beacon
