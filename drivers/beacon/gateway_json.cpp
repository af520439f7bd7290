#include "drivers/beacon/gateway_json.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <utility>
#include <vector>

#include <boost/json.hpp>

#include "drivers/beacon/advert_parser.hpp"
#include "drivers/beacon/hex_bytes.hpp"

namespace aisle::beacon {
namespace {

namespace json = boost::json;

// Empty for whatever is not text: what a gateway leaves out and what it gets wrong is handled
// alike.
std::string_view text_of(const json::object& record, std::string_view key) {
    const auto* value = record.if_contains(key);
    if (value == nullptr || !value->is_string()) return {};
    return {value->get_string().data(), value->get_string().size()};
}

// The whole text must be a number: "-67 dBm" is not one.
std::optional<double> number_in(std::string_view text) {
    double number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return number;
}

// Gateways write numbers as integers, decimals and strings; what is too large for us is not there.
std::optional<std::int64_t> integer_of(const json::object& record, std::string_view key) {
    const auto* value = record.if_contains(key);
    if (value == nullptr) return std::nullopt;
    if (const auto* integer = value->if_int64()) return *integer;
    std::optional<double> number;
    if (const auto* decimal = value->if_double()) number = *decimal;
    if (value->is_string()) number = number_in(text_of(record, key));
    if (!number || !(std::abs(*number) < 1e15)) return std::nullopt;
    return std::llround(*number);
}

// Radios report -127 to +20; anything else is a sensor's way to say that it does not know.
std::int8_t dbm_or(const json::object& record, std::string_view key, std::int8_t otherwise) {
    const auto number = integer_of(record, key);
    return number && *number >= -127 && *number <= 20 ? static_cast<std::int8_t>(*number)
                                                      : otherwise;
}

// Buffers that one payload's records share.
struct Reader {
    Decoded decoded;
    std::vector<std::uint8_t> bytes;
    std::string scanner;
    MonoTime at{};
    std::size_t size = 0;  // of the payload, for problems
    std::size_t record = 0;

    void complain(std::string_view reason, std::string_view detail) {
        decoded.complain({.reason = std::string{reason},
                          .detail = "record " + std::to_string(record) + ": " + std::string{detail},
                          .from = 0,
                          .to = size});
    }
    void complain(AdFault fault) {
        if (fault != AdFault::None) complain(to_text(fault), "advertising data");
    }
};

// Leaves the advert alone unless the text is an address.
bool read_address(Reader& reader, std::string_view text, Advert& advert) {
    if (text.size() > 32 || !bytes_from_hex(text, reader.bytes)) return false;
    if (reader.bytes.size() != advert.address.size()) return false;
    std::ranges::copy(reader.bytes, advert.address.begin());
    return true;
}

// What the two makes call the same four things.
struct IBeaconFields {
    std::string_view uuid;
    std::string_view major;
    std::string_view minor;
    std::string_view power;
};

// An iBeacon that the gateway has taken apart.
void read_ibeacon(Reader& reader, const json::object& record, const IBeaconFields& fields,
                  Advert& advert) {
    const auto major = integer_of(record, fields.major);
    const auto minor = integer_of(record, fields.minor);
    const auto u16 = [](const std::optional<std::int64_t>& n) {
        return n && *n >= 0 && *n <= 0xffff;
    };
    const bool uuid =
        bytes_from_hex(text_of(record, fields.uuid), reader.bytes) && reader.bytes.size() == 16;
    if (!uuid || !u16(major) || !u16(minor))
        return reader.complain("schema", "uuid, major or minor");
    std::ranges::copy(reader.bytes, advert.id.begin());
    advert.id[16] = static_cast<std::uint8_t>(*major >> 8);
    advert.id[17] = static_cast<std::uint8_t>(*major & 0xff);
    advert.id[18] = static_cast<std::uint8_t>(*minor >> 8);
    advert.id[19] = static_cast<std::uint8_t>(*minor & 0xff);
    advert.id_size = 20;
    advert.kind = BeaconKind::IBeacon;
    advert.tx_power_dbm = dbm_or(record, fields.power, 0);
}

bool is_eddystone(std::string_view uuid) {
    // feaa, 0xfeaa, or spelt out on the Bluetooth base UUID
    std::string lower{uuid.substr(0, 40)};
    std::ranges::transform(lower, lower.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    });
    return lower == "feaa" || lower == "0xfeaa" || lower.starts_with("0000feaa-");
}

// Raw bytes first: they are what the tag said. What the gateway made of them comes second, because
// its decoder may be older than the tag. An advert without either stays: it counts as a stranger.
void read_theengs(Reader& reader, const json::object& record, Advert& advert) {
    advert.address_random = integer_of(record, "mac_type").value_or(0) != 0;
    const auto manufacturer = text_of(record, "manufacturerdata");
    if (!manufacturer.empty()) {
        if (!bytes_from_hex(manufacturer, reader.bytes))
            return reader.complain("hex", "manufacturerdata");
        reader.complain(parse_manufacturer(reader.bytes, advert));
    }
    const auto service = text_of(record, "servicedata");
    if (advert.kind == BeaconKind::Unknown && !service.empty() &&
        is_eddystone(text_of(record, "servicedatauuid"))) {
        if (!bytes_from_hex(service, reader.bytes)) return reader.complain("hex", "servicedata");
        reader.complain(parse_eddystone(reader.bytes, advert));
    }
    if (advert.kind == BeaconKind::Unknown && record.contains("uuid") && record.contains("major")) {
        read_ibeacon(reader, record,
                     {.uuid = "uuid", .major = "major", .minor = "minor", .power = "txpower"},
                     advert);
    }
}

// The gateway either passes the payload on or has taken it apart, never both.
void read_minew(Reader& reader, const json::object& record, Advert& advert) {
    if (const auto raw = text_of(record, "rawData"); !raw.empty()) {
        if (!bytes_from_hex(raw, reader.bytes)) return reader.complain("hex", "rawData");
        reader.complain(parse_advert(reader.bytes, advert));
    } else if (record.contains("ibeaconUuid")) {
        read_ibeacon(reader, record,
                     {.uuid = "ibeaconUuid",
                      .major = "ibeaconMajor",
                      .minor = "ibeaconMinor",
                      .power = "ibeaconTxPower"},
                     advert);
    }
}

// Gateways' clocks are wrong as often as not. Live, the time of arrival counts; only a capture,
// which has no arrival, uses theirs.
MonoTime time_of(const Reader& reader, const json::object& record) {
    if (reader.at != MonoTime{}) return reader.at;
    const auto told = parse_rfc3339(text_of(record, "timestamp"));
    return told ? MonoTime{told->time_since_epoch()} : MonoTime{};
}

// A record that cannot be read costs only itself: the rest of the batch is used.
void read_record(Reader& reader, GatewayFormat format, const json::value& value) {
    const auto* record = value.if_object();
    if (record == nullptr) return reader.complain("schema", "not an object");
    const bool minew = format == GatewayFormat::Minew;
    if (minew && text_of(*record, "type") == "Gateway") return;  // told by scanner_of

    Advert advert;
    if (!read_address(reader, text_of(*record, minew ? "mac" : "id"), advert)) {
        return reader.complain("schema", minew ? "mac" : "id");
    }
    advert.at = time_of(reader, *record);
    advert.scanner = reader.scanner;
    advert.rssi_dbm = dbm_or(*record, "rssi", 127);
    if (minew) {
        read_minew(reader, *record, advert);
    } else {
        read_theengs(reader, *record, advert);
    }
    reader.decoded.adverts.push_back(std::move(advert));
}

// home/<gateway>/BTtoMQTT/<address>; else the last level, as in home/home_presence/<gateway>.
std::string theengs_scanner(std::string_view topic) {
    const auto mark = topic.find("/BTtoMQTT");
    if (mark == std::string_view::npos) return std::string{topic.substr(topic.rfind('/') + 1)};
    const auto before = topic.substr(0, mark);
    return std::string{before.substr(before.rfind('/') + 1)};
}

// The record of type Gateway is usually the first, but nothing says so.
std::string minew_scanner(const json::array& records) {
    for (const auto& value : records) {
        const auto* record = value.if_object();
        if (record == nullptr || text_of(*record, "type") != "Gateway") continue;
        std::string scanner;
        for (const char c : text_of(*record, "mac").substr(0, 32)) {
            if (c != ':' && c != '-')
                scanner += c >= 'a' && c <= 'f' ? static_cast<char>(c - 32) : c;
        }
        return scanner;
    }
    return {};
}

// Both makes send a single object or an array of them, whatever their manuals say.
void read_all(Reader& reader, GatewayFormat format, const json::value& value) {
    const auto* records = value.if_array();
    if (reader.scanner.empty() && records != nullptr && format == GatewayFormat::Minew) {
        reader.scanner = minew_scanner(*records);
    }
    if (records == nullptr) return read_record(reader, format, value);
    for (const auto& record : *records) {
        if (reader.record == kGatewayRecordsMax) {
            reader.complain("limit", "more than 10000 records; the rest is dropped");
            return;
        }
        read_record(reader, format, record);
        ++reader.record;
    }
}

}  // namespace

std::string_view to_text(GatewayFormat format) {
    return format == GatewayFormat::Theengs ? "theengs" : "minew";
}

std::optional<GatewayFormat> gateway_format_from(std::string_view text) {
    if (text == "theengs") return GatewayFormat::Theengs;
    if (text == "minew") return GatewayFormat::Minew;
    return std::nullopt;
}

Decoded decode_gateway(GatewayFormat format, const GatewayPayload& payload) {
    Reader reader;
    reader.size = payload.bytes.size();
    reader.at = payload.at;
    reader.scanner = payload.scanner;
    if (reader.scanner.empty() && format == GatewayFormat::Theengs) {
        reader.scanner = theengs_scanner(payload.topic);
    }
    if (payload.bytes.size() > kGatewayPayloadBytesMax) {
        reader.complain("limit", "more than 4 MiB");
        return std::move(reader.decoded);
    }
    // A usual message fits into the stack; a large batch goes on in the heap and is freed in one
    // piece.
    std::array<unsigned char, 16 * 1024> buffer;
    json::monotonic_resource memory{buffer.data(), buffer.size()};
    json::error_code error;
    const auto value =
        json::parse(json::string_view{payload.bytes.data(), payload.bytes.size()}, error, &memory);
    if (error) {
        reader.complain("json", error.message());
    } else {
        read_all(reader, format, value);
    }
    return std::move(reader.decoded);
}

}  // namespace aisle::beacon
