#include "drivers/beacon/capture.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "drivers/beacon/hci.hpp"
#include "drivers/beacon/hex_bytes.hpp"

namespace aisle::beacon {
namespace {

std::string bytes_of(std::string_view hex) {
    std::vector<std::uint8_t> bytes;
    EXPECT_TRUE(bytes_from_hex(hex, bytes)) << hex;
    return {bytes.begin(), bytes.end()};
}

std::string be32(std::uint32_t value) {
    return {static_cast<char>(value >> 24), static_cast<char>(value >> 16),
            static_cast<char>(value >> 8), static_cast<char>(value)};
}

// A btsnoop record; the time is in microseconds since 1970.
std::string record(const std::string& packet, std::uint32_t flags,
                   std::int64_t unix_us = 1'700'000'000'250'000) {
    const auto time = static_cast<std::uint64_t>(unix_us) + 0x00dcddb30f2f8000U;
    const auto size = static_cast<std::uint32_t>(packet.size());
    return be32(size) + be32(size) + be32(flags) + be32(0) +
           be32(static_cast<std::uint32_t>(time >> 32)) + be32(static_cast<std::uint32_t>(time)) +
           packet;
}

std::string snoop(std::uint32_t datalink, const std::string& records) {
    return std::string{"btsnoop\0", 8} + be32(1) + be32(datalink) + records;
}

// iBeacon, public address 00:AA:01:01:00:42, rssi -70.
const std::string kLegacy = bytes_of(
    "3e2a0201030042000101aa001e0201061aff4c000215fda50693a4e24fb1afcfc6eb07647825000a0007c5ba");
// Eddystone-UID in an extended report, rssi not available.
const std::string kExtended = bytes_of(
    "3e370d0113000042000101aa000101007f7f0000000000000000001d0201060303aafe1516aafe00e7000102030405"
    "06070809010203040506");
// Two reports in one event: flags only, random address; then nothing, public.
const std::string kTwoReports = bytes_of("3e19020200010504030201c003020106c80300665544332211007f");

TEST(BtSnoop, ReadsLegacyReportsOfAllThreeDatalinks) {
    const struct {
        std::uint32_t datalink;
        std::string packet;
        std::uint32_t flags;
    } cases[] = {{1001, kLegacy, 3}, {1002, "\x04" + kLegacy, 3}, {2001, kLegacy, 0x0001'0003}};
    for (const auto& [datalink, packet, flags] : cases) {
        const auto decoded =
            decode_capture(CaptureFormat::Auto, snoop(datalink, record(packet, flags)));
        ASSERT_EQ(decoded.adverts.size(), 1U) << datalink;
        EXPECT_EQ(decoded.problems_total, 0U);
        EXPECT_EQ(
            advert_json(decoded.adverts[0]),
            R"({"t":1700000000.250000,"scanner":null,"address":"00:AA:01:01:00:42","address_type":"public",)"
            R"("rssi":-70,"kind":"ibeacon","uuid":"fda50693-a4e2-4fb1-afcf-c6eb07647825","major":10,"minor":7,)"
            R"("tx_power":-59})");
    }
}

TEST(BtSnoop, PassesOverWhatIsNoEvent) {
    const auto file = snoop(1001, record(kLegacy, 2)) + record(kLegacy, 0);
    EXPECT_TRUE(decode_capture(CaptureFormat::BtSnoop, file).adverts.empty());
    EXPECT_TRUE(
        decode_capture(CaptureFormat::BtSnoop, snoop(2001, record(kLegacy, 2))).adverts.empty());
    EXPECT_TRUE(decode_capture(CaptureFormat::BtSnoop, snoop(1002, record("\x02" + kLegacy, 1)))
                    .adverts.empty());
}

TEST(BtSnoop, KeepsWhatCameBeforeACut) {
    const auto file = snoop(1001, record(kLegacy, 3) + record(kLegacy, 3));
    const auto decoded = decode_capture(CaptureFormat::BtSnoop, file.substr(0, file.size() - 1));
    EXPECT_EQ(decoded.adverts.size(), 1U);
    ASSERT_EQ(decoded.problems.size(), 1U);
    EXPECT_EQ(decoded.problems[0].reason, "truncated");
    EXPECT_EQ(decoded.problems[0].to, file.size() - 1);
}

TEST(BtSnoop, RefusesOtherFilesAndDatalinks) {
    for (const auto& file : {std::string{"btsnoop"}, snoop(1003, ""), std::string(40, 'x')}) {
        const auto decoded = decode_capture(CaptureFormat::BtSnoop, file);
        ASSERT_EQ(decoded.problems.size(), 1U);
        EXPECT_EQ(decoded.problems[0].reason, "format");
    }
}

TEST(HciEvent, ReadsAnExtendedReport) {
    const auto decoded = decode_capture(CaptureFormat::H4, "\x04" + kExtended);
    ASSERT_EQ(decoded.adverts.size(), 1U);
    EXPECT_EQ(decoded.adverts[0].kind, BeaconKind::EddystoneUid);
    EXPECT_EQ(decoded.adverts[0].rssi_dbm, 127);
    EXPECT_EQ(
        advert_json(decoded.adverts[0]),
        R"({"t":null,"scanner":null,"address":"00:AA:01:01:00:42","address_type":"public","rssi":null,)"
        R"("kind":"eddystone_uid","namespace":"00010203040506070809","instance":"010203040506","tx_power":-25})");
}

TEST(HciEvent, ReadsSeveralReportsOfOneEvent) {
    const auto decoded = decode_capture(CaptureFormat::H4, "\x04" + kTwoReports);
    ASSERT_EQ(decoded.adverts.size(), 2U);
    EXPECT_TRUE(decoded.adverts[0].address_random);
    EXPECT_EQ(decoded.adverts[0].rssi_dbm, -56);
    EXPECT_FALSE(decoded.adverts[1].address_random);
    EXPECT_EQ(decoded.adverts[1].address[0], 0x11);
    EXPECT_EQ(decoded.adverts[1].rssi_dbm, 127);
}

TEST(HciEvent, ComplainsOfAReportThatEndsEarly) {
    auto event = kLegacy;
    event[3] = 2;  // a second report is promised
    const auto decoded = decode_capture(CaptureFormat::H4, "\x04" + event);
    EXPECT_EQ(decoded.adverts.size(), 1U);
    ASSERT_EQ(decoded.problems.size(), 1U);
    EXPECT_EQ(decoded.problems[0].reason, "truncated");
}

TEST(HciEvent, MarksAnExtendedReportInPieces) {
    auto event = kExtended;
    event[4] = static_cast<char>(event[4] | 0x20);  // more to come
    const auto decoded = decode_capture(CaptureFormat::H4, "\x04" + event);
    ASSERT_EQ(decoded.problems.size(), 1U);
    EXPECT_EQ(decoded.problems[0].reason, "truncated");
}

TEST(H4, StepsOverOtherPackets) {
    const auto stream = bytes_of(
                            "01030c00"
                            "0201000200aabb"
                            "0301000155"
                            "050100010077") +
                        "\x04" + kLegacy;
    const auto decoded = decode_capture(CaptureFormat::Auto, stream);
    EXPECT_EQ(decoded.adverts.size(), 1U);
    EXPECT_EQ(decoded.problems_total, 0U);
}

TEST(H4, StopsWhereNoPacketStarts) {
    const auto decoded = decode_h4(std::vector<std::uint8_t>{9, 9, 9});
    ASSERT_EQ(decoded.problems.size(), 1U);
    EXPECT_EQ(decoded.problems[0].reason, "format");
}

TEST(HexFile, ReadsALineAPayloadWithComments) {
    const auto decoded = decode_capture(
        CaptureFormat::Auto,
        "# a tag\n"
        "02 01 06 1a ff 4c 00 02 15 fda50693a4e24fb1afcfc6eb07647825 000a 0007 c5  # trolley\r\n"
        "\n"
        "0201060303AAFE0D16AAFE10E702676F6F676C6500");
    ASSERT_EQ(decoded.adverts.size(), 2U);
    EXPECT_EQ(decoded.problems_total, 0U);
    EXPECT_EQ(
        advert_json(decoded.adverts[1]),
        R"({"t":null,"scanner":null,"address":null,"address_type":null,"rssi":null,"kind":"eddystone_url",)"
        R"("url":"http://google.com/","tx_power":-25})");
}

TEST(HexFile, NamesTheLineThatIsWrong) {
    const auto decoded = decode_capture(CaptureFormat::Hex, "020106\n02zz\n0201\n");
    EXPECT_EQ(decoded.adverts.size(), 1U);
    ASSERT_EQ(decoded.problems.size(), 2U);
    EXPECT_EQ(problem_json(decoded.problems[0]),
              R"({"reason":"hex","detail":"not bytes in hex","from":7,"to":11})");
    EXPECT_EQ(decoded.problems[1].reason, "past_end");
}

TEST(AdvertJson, PrintsTelemetryInUnits) {
    const auto decoded = decode_capture(CaptureFormat::Hex, "1116aafe20000bb81a800000006400002710");
    ASSERT_EQ(decoded.adverts.size(), 1U);
    EXPECT_NE(
        advert_json(decoded.adverts[0])
            .find(R"("battery_mv":3000,"temperature_c":26.50,"adverts":100,"uptime_s":1000.0)"),
        std::string::npos);
}

TEST(AdvertJson, PrintsAnAltBeaconWholeAndTakenApart) {
    const auto decoded = decode_capture(CaptureFormat::Hex,
                                        "1bff1801beac2f234454cf6d4a0fadf2f4911ba9ffa600010002c509");
    ASSERT_EQ(decoded.adverts.size(), 1U);
    EXPECT_NE(
        advert_json(decoded.adverts[0])
            .find(
                R"("id":"2f234454cf6d4a0fadf2f4911ba9ffa600010002","uuid":"2f234454-cf6d-4a0f-adf2-f4911ba9ffa6",)"
                R"("major":1,"minor":2,"tx_power":-59)"),
        std::string::npos);
}

TEST(AdvertJson, EscapesWhatStrangersPutIntoAUrl) {
    const auto decoded = decode_capture(CaptureFormat::Hex,
                                        "0916aafe10e702225c61"
                                        "0201");
    ASSERT_EQ(decoded.adverts.size(), 1U);
    EXPECT_NE(advert_json(decoded.adverts[0]).find(R"("url":"http://\"\\a")"), std::string::npos);
}

TEST(GatewayFile, ReadsWholeDocumentsAndLinesWithTopics) {
    const std::string object = R"({"id":"54:94:5E:9F:64:C4","rssi":-74})";
    EXPECT_EQ(decode_capture(CaptureFormat::Auto, object).adverts.size(), 1U);
    EXPECT_EQ(
        decode_capture(CaptureFormat::Theengs, "[" + object + ",\n" + object + "]").adverts.size(),
        2U);
    const auto lines = decode_capture(
        CaptureFormat::Auto, "home/gw7/BTtoMQTT/54945E9F64C4 " + object + "\n" + object + "\n");
    ASSERT_EQ(lines.adverts.size(), 2U);
    EXPECT_EQ(lines.adverts[0].scanner, "gw7");
    EXPECT_EQ(lines.problems_total, 0U);
}

TEST(GatewayFile, TellsMinewFromTheengs) {
    const auto decoded = decode_capture(
        CaptureFormat::Auto,
        R"([{"timestamp":"2019-08-01T05:54:25Z","type":"Gateway","mac":"ac233fc001ea"},)"
        R"({"timestamp":"2019-08-01T05:54:25Z","type":"Unknown","mac":"AC233FA03208","rssi":-79,"rawData":"020106"}])");
    ASSERT_EQ(decoded.adverts.size(), 1U);
    EXPECT_EQ(decoded.adverts[0].scanner, "AC233FC001EA");
    EXPECT_EQ(decoded.adverts[0].at.time_since_epoch(), seconds{1'564'638'865});
}

TEST(CaptureFormat, HasNames) {
    EXPECT_EQ(capture_format_from("btsnoop"), CaptureFormat::BtSnoop);
    EXPECT_EQ(capture_format_from("auto"), CaptureFormat::Auto);
    EXPECT_FALSE(capture_format_from("pcap"));
}

}  // namespace
}  // namespace aisle::beacon
