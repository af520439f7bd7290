#include "drivers/beacon/advert_parser.hpp"

#include <algorithm>
#include <array>
#include <cstring>

namespace aisle::beacon {
namespace {

// Everything here works on views of the caller's bytes: the parser runs once per advertisement of
// everybody in and around the shop, and nearly all of what it sees is dropped a moment later.
using Bytes = std::span<const std::uint8_t>;

// Assigned Numbers, section 2.3: the two AD types in which beacons live.
constexpr std::uint8_t kTypeServiceData16 = 0x16;
constexpr std::uint8_t kTypeManufacturer = 0xff;
constexpr std::size_t kIBeaconBytes = 25;  // company, 02 15, uuid, major, minor, power
constexpr std::size_t kAltBeaconBytes =
    25;  // company, be ac, id, power; the reserved byte may be absent
constexpr std::size_t kEddystoneUidBytes =
    18;  // frame, power, namespace, instance; the RFU bytes may be absent
constexpr std::size_t kEddystoneTlmBytes = 14;

// Beacon formats are big endian throughout, unlike the company id and the UUID in front of them.
std::uint16_t be16(const std::uint8_t* at) {
    return static_cast<std::uint16_t>(at[0] << 8 | at[1]);
}

std::uint32_t be32(const std::uint8_t* at) {
    return static_cast<std::uint32_t>(be16(at)) << 16 | be16(at + 2);
}

// `id` is at most 20 bytes by its callers. Bytes behind it keep what they held: `id_size` says what
// counts.
void set_id(Advert& advert, BeaconKind kind, Bytes id) {
    advert.kind = kind;
    advert.id_size = static_cast<std::uint8_t>(id.size());
    std::memcpy(advert.id.data(), id.data(), id.size());
}

// Eddystone-UID: frame 00, power at 0 m, namespace 10, instance 6, two reserved bytes that old tags
// leave out.
AdFault read_uid(Bytes frame, Advert& advert) {
    if (frame.size() < kEddystoneUidBytes) return AdFault::ShortBeacon;
    set_id(advert, BeaconKind::EddystoneUid, frame.subspan(2, 16));
    advert.tx_power_dbm = static_cast<std::int8_t>(frame[1]);
    return AdFault::None;
}

// Eddystone-URL packs the usual beginnings and endings of an address into one byte each.
constexpr std::array<std::string_view, 4> kSchemes{"http://www.", "https://www.", "http://",
                                                   "https://"};
constexpr std::array<std::string_view, 14> kEndings{".com/", ".org/", ".edu/", ".net/", ".info/",
                                                    ".biz/", ".gov/", ".com",  ".org",  ".edu",
                                                    ".net",  ".info", ".biz",  ".gov"};

// Checked whole before the first character is kept, so that a fault leaves no half address behind.
// The longest possible text is bounded by the payload: 255 bytes of at most six characters.
AdFault read_url(Bytes frame, Advert& advert) {
    if (frame.size() < 3) return AdFault::ShortBeacon;
    if (frame[2] >= kSchemes.size()) return AdFault::BadUrl;
    const Bytes rest = frame.subspan(3);
    const auto reserved = [](std::uint8_t byte) {
        return (byte >= kEndings.size() && byte <= 0x20) || byte >= 0x7f;
    };
    if (std::ranges::any_of(rest, reserved)) return AdFault::BadUrl;
    advert.url = kSchemes[frame[2]];
    for (const std::uint8_t byte : rest) {
        if (byte < kEndings.size()) {
            advert.url += kEndings[byte];
        } else {
            advert.url += static_cast<char>(byte);
        }
    }
    advert.kind = BeaconKind::EddystoneUrl;
    advert.tx_power_dbm = static_cast<std::int8_t>(frame[1]);
    return AdFault::None;
}

// Telemetry names no tag: gateways match it by address, we only print it in `aislectl beacon
// decode`.
AdFault read_tlm(Bytes frame, Advert& advert) {
    if (frame.size() < 2) return AdFault::ShortBeacon;
    if (frame[1] != 0x00) return AdFault::None;  // encrypted: nothing that we could read
    if (frame.size() < kEddystoneTlmBytes) return AdFault::ShortBeacon;
    advert.kind = BeaconKind::EddystoneTlm;
    advert.battery_mv = be16(&frame[2]);
    advert.temperature_8_8 = static_cast<std::int16_t>(be16(&frame[4]));
    advert.adverts = be32(&frame[6]);
    advert.uptime_ds = be32(&frame[10]);
    return AdFault::None;
}

// The caller may use one Advert for many payloads; scanner, address and time are its own.
void forget_beacon(Advert& advert) {
    advert.kind = BeaconKind::Unknown;
    advert.id_size = 0;
    advert.tx_power_dbm = 0;
    if (!advert.url.empty()) advert.url.clear();
    advert.battery_mv = 0;
    advert.temperature_8_8 = 0;
    advert.adverts = 0;
    advert.uptime_ds = 0;
}

// Unknown types and services are the rule, not a fault.
AdFault read_structure(std::uint8_t type, Bytes value, Advert& advert) {
    if (type == kTypeManufacturer) return parse_manufacturer(value, advert);
    const bool eddystone =
        type == kTypeServiceData16 && value.size() >= 2 && value[0] == 0xaa && value[1] == 0xfe;
    return eddystone ? parse_eddystone(value.subspan(2), advert) : AdFault::None;
}

}  // namespace

// The type byte 02 of Apple's company id means iBeacon and nothing else, so a wrong length behind
// it is a fault; the mark beac counts under any company id, as the AltBeacon specification has it.
AdFault parse_manufacturer(std::span<const std::uint8_t> value, Advert& advert) {
    if (value.size() < 4) return AdFault::None;
    if (value[0] == 0x4c && value[1] == 0x00 && value[2] == 0x02) {
        if (value.size() < kIBeaconBytes || value[3] != 0x15) return AdFault::ShortBeacon;
        set_id(advert, BeaconKind::IBeacon, value.subspan(4, 20));
        advert.tx_power_dbm = static_cast<std::int8_t>(value[24]);
    } else if (value[2] == 0xbe && value[3] == 0xac) {
        if (value.size() < kAltBeaconBytes) return AdFault::ShortBeacon;
        set_id(advert, BeaconKind::AltBeacon, value.subspan(4, 20));
        advert.tx_power_dbm = static_cast<std::int8_t>(value[24]);
    }
    return AdFault::None;
}

AdFault parse_eddystone(std::span<const std::uint8_t> frame, Advert& advert) {
    if (frame.empty()) return AdFault::ShortBeacon;
    switch (frame[0]) {
        case 0x00:
            return read_uid(frame, advert);
        case 0x10:
            return read_url(frame, advert);
        case 0x20:
            return read_tlm(frame, advert);
        default:
            return AdFault::None;  // EID and what may come: nothing that names a tag to us
    }
}

AdFault parse_advert(std::span<const std::uint8_t> payload, Advert& advert) {
    forget_beacon(advert);
    if (payload.size() > kAdvertBytesMax) return AdFault::TooLong;
    AdFault fault = AdFault::None;
    // Each round takes at least one byte, so the bound on the payload bounds the loop.
    while (!payload.empty()) {
        const std::size_t length = payload[0];
        if (length == 0) {
            const bool padded = std::ranges::all_of(payload, [](std::uint8_t b) { return b == 0; });
            return padded || fault != AdFault::None ? fault : AdFault::AfterEnd;
        }
        if (length >= payload.size()) return AdFault::PastEnd;
        if (advert.kind == BeaconKind::Unknown) {
            const AdFault found =
                read_structure(payload[1], payload.subspan(2, length - 1), advert);
            if (found != AdFault::None) fault = found;
        }
        payload = payload.subspan(length + 1);
    }
    return fault;
}

std::string_view to_text(AdFault fault) {
    constexpr std::array<std::string_view, kAdFaults> kTexts{
        "none", "too_long", "past_end", "after_end", "short_beacon", "bad_url"};
    return kTexts[static_cast<std::size_t>(fault)];
}

std::string_view to_text(BeaconKind kind) {
    switch (kind) {
        case BeaconKind::IBeacon:
            return "ibeacon";
        case BeaconKind::EddystoneUid:
            return "eddystone_uid";
        case BeaconKind::EddystoneUrl:
            return "eddystone_url";
        case BeaconKind::EddystoneTlm:
            return "eddystone_tlm";
        case BeaconKind::AltBeacon:
            return "altbeacon";
        case BeaconKind::Unknown:
            return "unknown";
    }
    return "unknown";
}

}  // namespace aisle::beacon
