#include "drivers/beacon/advert_parser.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <vector>

#include "agent/core/hex.hpp"
#include "drivers/beacon/hex_bytes.hpp"

namespace aisle::beacon {
namespace {

struct Parsed {
    Advert advert;
    AdFault fault = AdFault::None;
};

Parsed parsed(std::string_view hex) {
    std::vector<std::uint8_t> bytes;
    EXPECT_TRUE(bytes_from_hex(hex, bytes)) << hex;
    Parsed result;
    result.fault = parse_advert(bytes, result.advert);
    return result;
}

std::string id_of(const Advert& advert) {
    return to_hex(std::span{advert.id}.first(advert.id_size));
}

constexpr std::string_view kIBeacon =
    "0201061aff4c000215fda50693a4e24fb1afcfc6eb07647825000a0007c5";
constexpr std::string_view kAltBeacon =
    "02011a1bff1801beac2f234454cf6d4a0fadf2f4911ba9ffa600010002c509";
constexpr std::string_view kUid = "0201060303aafe1716aafe00e7000102030405060708090102030405060000";
constexpr std::string_view kShortUid = "0201060303aafe1516aafe00e700010203040506070809010203040506";
constexpr std::string_view kUrl = "0201060303aafe0d16aafe10e702676f6f676c6500";
constexpr std::string_view kTlm = "0201060303aafe1116aafe20000bb81a800000006400002710";

TEST(AdvertParser, ReadsAnIBeacon) {
    const auto [advert, fault] = parsed(kIBeacon);
    EXPECT_EQ(fault, AdFault::None);
    EXPECT_EQ(advert.kind, BeaconKind::IBeacon);
    EXPECT_EQ(id_of(advert), "fda50693a4e24fb1afcfc6eb07647825000a0007");
    EXPECT_EQ(advert.tx_power_dbm, -59);
}

TEST(AdvertParser, ReadsAnAltBeaconOfAnyMaker) {
    const auto [advert, fault] = parsed(kAltBeacon);
    EXPECT_EQ(fault, AdFault::None);
    EXPECT_EQ(advert.kind, BeaconKind::AltBeacon);
    EXPECT_EQ(id_of(advert), "2f234454cf6d4a0fadf2f4911ba9ffa600010002");
    EXPECT_EQ(advert.tx_power_dbm, -59);
}

TEST(AdvertParser, ReadsAnEddystoneUidWithAndWithoutItsReservedBytes) {
    for (const auto hex : {kUid, kShortUid}) {
        const auto [advert, fault] = parsed(hex);
        EXPECT_EQ(fault, AdFault::None);
        EXPECT_EQ(advert.kind, BeaconKind::EddystoneUid);
        EXPECT_EQ(id_of(advert), "00010203040506070809010203040506");
        EXPECT_EQ(advert.tx_power_dbm, -25);
    }
}

TEST(AdvertParser, SpellsAnEddystoneUrlOut) {
    const auto [advert, fault] = parsed(kUrl);
    EXPECT_EQ(fault, AdFault::None);
    EXPECT_EQ(advert.kind, BeaconKind::EddystoneUrl);
    EXPECT_EQ(advert.url, "http://google.com/");
    EXPECT_EQ(advert.id_size, 0);
}

TEST(AdvertParser, ReadsEddystoneTelemetry) {
    const auto [advert, fault] = parsed(kTlm);
    EXPECT_EQ(fault, AdFault::None);
    EXPECT_EQ(advert.kind, BeaconKind::EddystoneTlm);
    EXPECT_EQ(advert.battery_mv, 3000);
    EXPECT_EQ(advert.temperature_8_8, 0x1a80);
    EXPECT_EQ(advert.adverts, 100U);
    EXPECT_EQ(advert.uptime_ds, 10'000U);
}

TEST(AdvertParser, ReadsATemperatureBelowZero) {
    EXPECT_EQ(parsed("1116aafe20000bb8ff800000006400002710").advert.temperature_8_8, -128);
}

TEST(AdvertParser, TakesTheFirstBeaconOfSeveralStructures) {
    const auto both = std::string{kIBeacon} + "0d16aafe10e702676f6f676c6500";
    const auto [advert, fault] = parsed(both);
    EXPECT_EQ(fault, AdFault::None);
    EXPECT_EQ(advert.kind, BeaconKind::IBeacon);
}

TEST(AdvertParser, FindsAnIBeaconBehindForeignServiceData) {
    EXPECT_EQ(parsed("0416180364" + std::string{kIBeacon.substr(6)}).advert.kind,
              BeaconKind::IBeacon);
}

TEST(AdvertParser, KnowsNothingOfTheRestOfTheAir) {
    for (const auto* hex :
         {"", "020106", "02010603036ffd17166ffd0102030405060708090a0b0c0d0e0f1000000000",
          "0bff4c0010060319247bbc68", "0201060303aafe0d16aafe30e70011223344556677",
          "1416aafe2001000102030405060708090a0b0c0d0e"}) {
        const auto [advert, fault] = parsed(hex);
        EXPECT_EQ(fault, AdFault::None) << hex;
        EXPECT_EQ(advert.kind, BeaconKind::Unknown) << hex;
        EXPECT_EQ(advert.id_size, 0) << hex;
    }
}

TEST(AdvertParser, ForgetsWhatTheAdvertHeldBefore) {
    Advert advert = parsed(kUrl).advert;
    advert.scanner = "gw";
    const std::vector<std::uint8_t> flags{2, 1, 6};
    EXPECT_EQ(parse_advert(flags, advert), AdFault::None);
    EXPECT_EQ(advert.kind, BeaconKind::Unknown);
    EXPECT_TRUE(advert.url.empty());
    EXPECT_EQ(advert.scanner, "gw");
}

TEST(AdvertParser, SaysWhatIsMalformed) {
    struct Case {
        const char* hex;
        AdFault fault;
    };
    for (const auto& [hex, fault] : {
             Case{"02010604ffe000be00", AdFault::None},
             Case{"02010604ffe000", AdFault::PastEnd},
             Case{"05", AdFault::PastEnd},
             Case{"ff", AdFault::PastEnd},
             Case{"0201060303aafe1516aafe00e7000102", AdFault::PastEnd},
             Case{"02010600000000", AdFault::None},
             Case{"0201060005ff", AdFault::AfterEnd},
             Case{"1aff4c000214fda50693a4e24fb1afcfc6eb07647825000a0007c5", AdFault::ShortBeacon},
             Case{"19ff4c000215fda50693a4e24fb1afcfc6eb07647825000a0007", AdFault::ShortBeacon},
             Case{"05ff4c000215", AdFault::ShortBeacon},
             Case{"05ff1801beac", AdFault::ShortBeacon},
             Case{"0316aafe", AdFault::ShortBeacon},
             Case{"0716aafe00e70001", AdFault::ShortBeacon},
             Case{"0516aafe10e7", AdFault::ShortBeacon},
             Case{"0516aafe2000", AdFault::ShortBeacon},
             Case{"0416aafe20", AdFault::ShortBeacon},
             Case{"0616aafe10e704", AdFault::BadUrl},
             Case{"0716aafe10e70020", AdFault::BadUrl},
             Case{"0716aafe10e7000e", AdFault::BadUrl},
             Case{"0716aafe10e7007f", AdFault::BadUrl},
         }) {
        std::vector<std::uint8_t> bytes;
        ASSERT_TRUE(bytes_from_hex(hex, bytes));
        Advert advert;
        EXPECT_EQ(parse_advert(bytes, advert), fault) << hex;
        EXPECT_EQ(advert.kind, BeaconKind::Unknown) << hex;
    }
}

TEST(AdvertParser, KeepsABeaconThatAFaultFollows) {
    const auto [advert, fault] = parsed(std::string{kIBeacon} + "09ff");
    EXPECT_EQ(fault, AdFault::PastEnd);
    EXPECT_EQ(advert.kind, BeaconKind::IBeacon);
}

TEST(AdvertParser, RefusesMoreThanAnAdvertisementCanCarry) {
    Advert advert;
    EXPECT_EQ(parse_advert(std::vector<std::uint8_t>(kAdvertBytesMax, 0), advert), AdFault::None);
    EXPECT_EQ(parse_advert(std::vector<std::uint8_t>(kAdvertBytesMax + 1, 0), advert),
              AdFault::TooLong);
}

TEST(AdvertParser, SurvivesEveryCutOfEverySample) {
    for (const auto hex : {kIBeacon, kAltBeacon, kUid, kShortUid, kUrl, kTlm}) {
        std::vector<std::uint8_t> bytes;
        ASSERT_TRUE(bytes_from_hex(hex, bytes));
        for (std::size_t size = 0; size < bytes.size(); ++size) {
            Advert advert;
            const std::vector<std::uint8_t> cut(bytes.begin(),
                                                bytes.begin() + static_cast<std::ptrdiff_t>(size));
            parse_advert(cut, advert);
            EXPECT_EQ(advert.kind, BeaconKind::Unknown) << hex << " cut to " << size;
        }
    }
}

TEST(AdFaults, HaveNames) {
    EXPECT_EQ(to_text(AdFault::None), "none");
    EXPECT_EQ(to_text(AdFault::BadUrl), "bad_url");
    EXPECT_EQ(to_text(BeaconKind::EddystoneUid), "eddystone_uid");
}

TEST(Hex, SkipsWhatPeoplePutBetweenBytes) {
    std::vector<std::uint8_t> bytes;
    EXPECT_TRUE(bytes_from_hex("0a:0B-0c 0D\t", bytes));
    EXPECT_EQ(to_hex(bytes), "0a0b0c0d");
}

TEST(Hex, RefusesHalfBytesAndOtherLetters) {
    std::vector<std::uint8_t> bytes;
    EXPECT_FALSE(bytes_from_hex("0a0", bytes));
    EXPECT_FALSE(bytes_from_hex("0g", bytes));
    EXPECT_FALSE(bytes_from_hex("0x0a", bytes));
}

}  // namespace
}  // namespace aisle::beacon
