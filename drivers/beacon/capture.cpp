#include "drivers/beacon/capture.hpp"

#include <algorithm>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "drivers/beacon/advert_parser.hpp"
#include "drivers/beacon/gateway_json.hpp"
#include "drivers/beacon/hci.hpp"
#include "drivers/beacon/hex_bytes.hpp"

namespace aisle::beacon {
namespace {

// Lines are views too: a capture of hours is read once, in place.
struct TextLine {
    std::string_view text;  // without its end and without blanks around it
    std::size_t from = 0;
};

// Files come from other systems: carriage returns are blanks here.
std::string_view trimmed(std::string_view text) {
    const auto first = text.find_first_not_of(" \t\r");
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
}

template <typename Use>
void each_line(std::string_view bytes, Use use) {
    std::size_t at = 0;
    while (at < bytes.size()) {
        const auto end = std::min(bytes.find('\n', at), bytes.size());
        const auto text = trimmed(bytes.substr(at, end - at));
        if (!text.empty()) use(TextLine{.text = text, .from = at});
        at = end + 1;
    }
}

std::span<const std::uint8_t> as_bytes(std::string_view text) {
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

// A comment may stand alone or behind the payload.
void read_hex_line(const TextLine& line, std::vector<std::uint8_t>& payload, Decoded& into) {
    const auto hex = trimmed(line.text.substr(0, line.text.find('#')));
    if (hex.empty()) return;
    Problem problem{.reason = "hex",
                    .detail = "not bytes in hex",
                    .from = line.from,
                    .to = line.from + line.text.size()};
    if (!bytes_from_hex(hex, payload)) return into.complain(std::move(problem));
    Advert advert;
    const AdFault fault = parse_advert(payload, advert);
    if (fault != AdFault::None) {
        problem.reason = to_text(fault);
        problem.detail = "advertising data";
        into.complain(std::move(problem));
    }
    // What could not be told at all is only a problem; a strange but whole payload is an advert of
    // kind unknown.
    if (fault == AdFault::None || advert.kind != BeaconKind::Unknown)
        into.adverts.push_back(std::move(advert));
}

Decoded decode_hex(std::string_view bytes) {
    Decoded decoded;
    std::vector<std::uint8_t> payload;
    each_line(bytes, [&](const TextLine& line) {
        if (decoded.adverts.size() < kCaptureAdvertsMax) read_hex_line(line, payload, decoded);
    });
    return decoded;
}

// Moves the problems of one line to where the line stands in the file.
void append(Decoded& into, Decoded from, std::size_t offset) {
    std::ranges::move(from.adverts, std::back_inserter(into.adverts));
    for (auto& problem : from.problems) {
        problem.from += offset;
        problem.to += offset;
        into.complain(std::move(problem));
    }
}

bool starts_json(std::string_view text) {
    return !text.empty() && (text.front() == '{' || text.front() == '[');
}

// `mosquitto_sub -v` prints the topic, a blank and the payload; topics with blanks are not worth
// the trouble.
GatewayPayload split_topic(std::string_view line) {
    const auto blank = starts_json(line) ? std::string_view::npos : line.find(' ');
    if (blank == std::string_view::npos)
        return {.topic = {}, .bytes = line, .scanner = {}, .at = {}};
    return {.topic = line.substr(0, blank),
            .bytes = trimmed(line.substr(blank + 1)),
            .scanner = {},
            .at = {}};
}

// Every line is bounded by the gateway's own limit, the file only by what fits into memory.
Decoded decode_gateway_file(GatewayFormat format, std::string_view bytes) {
    // One document that fills the file, however it is broken into lines.
    Decoded whole = decode_gateway(format, {.topic = {}, .bytes = bytes, .scanner = {}, .at = {}});
    const bool read = whole.problems.empty() || whole.problems.front().reason != "json";
    if (read && bytes.size() <= kGatewayPayloadBytesMax) return whole;

    Decoded decoded;
    each_line(bytes, [&](const TextLine& line) {
        if (decoded.adverts.size() >= kCaptureAdvertsMax) return;
        append(decoded, decode_gateway(format, split_topic(line.text)), line.from);
    });
    return decoded;
}

// By the first bytes, and for JSON by words that only one of the gateways uses.
CaptureFormat guess(std::string_view bytes) {
    if (bytes.starts_with(std::string_view{"btsnoop\0", 8})) return CaptureFormat::BtSnoop;
    if (!bytes.empty() && bytes.front() >= 1 && bytes.front() <= 5) return CaptureFormat::H4;
    const auto head = bytes.substr(0, 64 * 1024);
    if (head.find('{') == std::string_view::npos) return CaptureFormat::Hex;
    const bool minew = head.find("\"rawData\"") != std::string_view::npos ||
                       head.find("\"mac\"") != std::string_view::npos;
    return minew ? CaptureFormat::Minew : CaptureFormat::Theengs;
}

}  // namespace

std::optional<CaptureFormat> capture_format_from(std::string_view text) {
    if (text == "auto") return CaptureFormat::Auto;
    if (text == "hex") return CaptureFormat::Hex;
    if (text == "btsnoop") return CaptureFormat::BtSnoop;
    if (text == "h4") return CaptureFormat::H4;
    if (text == "theengs") return CaptureFormat::Theengs;
    if (text == "minew") return CaptureFormat::Minew;
    return std::nullopt;
}

Decoded decode_capture(CaptureFormat format, std::string_view bytes) {
    switch (format) {
        case CaptureFormat::Auto:
            return decode_capture(guess(bytes), bytes);
        case CaptureFormat::Hex:
            return decode_hex(bytes);
        case CaptureFormat::BtSnoop:
            return decode_btsnoop(as_bytes(bytes));
        case CaptureFormat::H4:
            return decode_h4(as_bytes(bytes));
        case CaptureFormat::Theengs:
            return decode_gateway_file(GatewayFormat::Theengs, bytes);
        case CaptureFormat::Minew:
            return decode_gateway_file(GatewayFormat::Minew, bytes);
    }
    return {};
}

}  // namespace aisle::beacon
