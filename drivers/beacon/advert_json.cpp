#include <array>
#include <cstdio>

#include <boost/json.hpp>

#include "agent/core/hex.hpp"
#include "drivers/beacon/advert_parser.hpp"
#include "drivers/beacon/capture.hpp"

namespace aisle::beacon {
namespace {

using Bytes = std::span<const std::uint8_t>;

// Appends members by hand: Boost.JSON prints 1564638865.25 as 1.56463886525E9.
class Line {
public:
    Line& raw(std::string_view key, std::string_view json) {
        text_ += text_.empty() ? "{\"" : ",\"";
        text_ += key;
        text_ += "\":";
        text_ += json;
        return *this;
    }
    Line& text(std::string_view key, std::string_view value) {
        return raw(key,
                   boost::json::serialize(boost::json::string_view{value.data(), value.size()}));
    }
    Line& number(std::string_view key, std::int64_t value) {
        return raw(key, std::to_string(value));
    }
    // Thousandths or millionths: an integer part and so many digits.
    Line& decimal(std::string_view key, double value, int digits) {
        std::array<char, 48> out{};
        const int size = std::snprintf(out.data(), out.size(), "%.*f", digits, value);
        return raw(key, {out.data(), static_cast<std::size_t>(size)});
    }
    std::string done() { return std::move(text_) + "}"; }

private:
    std::string text_;
};

// RFC 9562 groups, from behind so that the places stay right.
std::string with_dashes(std::string hex) {
    for (const std::size_t at : {20U, 16U, 12U, 8U}) hex.insert(at, 1, '-');
    return hex;
}

// As it is printed on the tag: most significant byte first.
std::string address_text(const std::array<std::uint8_t, 6>& address) {
    std::array<char, 18> out{};
    std::snprintf(out.data(), out.size(), "%02X:%02X:%02X:%02X:%02X:%02X", address[0], address[1],
                  address[2], address[3], address[4], address[5]);
    return out.data();
}

// An all-zero address is not one that a radio may use: it stands for "not told".
void add_where(Line& line, const Advert& advert) {
    const auto us = advert.at.time_since_epoch().count();
    const bool addressed = advert.address != std::array<std::uint8_t, 6>{};
    us == 0 ? line.raw("t", "null") : line.decimal("t", static_cast<double>(us) / 1e6, 6);
    advert.scanner.empty() ? line.raw("scanner", "null") : line.text("scanner", advert.scanner);
    addressed ? line.text("address", address_text(advert.address)) : line.raw("address", "null");
    addressed ? line.text("address_type", advert.address_random ? "random" : "public")
              : line.raw("address_type", "null");
    advert.rssi_dbm == 127 ? line.raw("rssi", "null") : line.number("rssi", advert.rssi_dbm);
    line.text("kind", to_text(advert.kind));
}

// AltBeacon has one id of 20 bytes; nearly everybody splits it like an iBeacon's, so it is printed
// both ways.
void add_uuid(Line& line, Bytes id) {
    line.text("uuid", with_dashes(to_hex(id.first(16))));
    line.number("major", id[16] << 8 | id[17]).number("minor", id[18] << 8 | id[19]);
}

// 8.8 fixed point degrees; the uptime counts tenths of a second.
void add_telemetry(Line& line, const Advert& advert) {
    line.number("battery_mv", advert.battery_mv);
    line.decimal("temperature_c", advert.temperature_8_8 / 256.0, 2);
    line.number("adverts", advert.adverts).decimal("uptime_s", advert.uptime_ds / 10.0, 1);
}

}  // namespace

std::string advert_json(const Advert& advert) {
    Line line;
    const Bytes id{advert.id};
    add_where(line, advert);
    switch (advert.kind) {
        case BeaconKind::AltBeacon:
            line.text("id", to_hex(id));
            [[fallthrough]];
        case BeaconKind::IBeacon:
            add_uuid(line, id);
            break;
        case BeaconKind::EddystoneUid:
            line.text("namespace", to_hex(id.first(10)))
                .text("instance", to_hex(id.subspan(10, 6)));
            break;
        case BeaconKind::EddystoneUrl:
            line.text("url", advert.url);
            break;
        case BeaconKind::EddystoneTlm:
            add_telemetry(line, advert);
            return line.done();
        case BeaconKind::Unknown:
            return line.done();
    }
    return line.number("tx_power", advert.tx_power_dbm).done();
}

std::string problem_json(const Problem& problem) {
    Line line;
    line.text("reason", problem.reason).text("detail", problem.detail);
    return line.number("from", static_cast<std::int64_t>(problem.from))
        .number("to", static_cast<std::int64_t>(problem.to))
        .done();
}

}  // namespace aisle::beacon
