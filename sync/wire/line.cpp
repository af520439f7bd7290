#include "sync/wire/line.hpp"

#include <openssl/sha.h>

#include <array>
#include <cstdint>

namespace aisle::wire {
namespace {

constexpr std::string_view kHex = "0123456789abcdef";
constexpr std::size_t kCheckBytes = 8;

void append_escaped(std::string& out, char c) {
    switch (c) {
        case '"':
            out += "\\\"";
            return;
        case '\\':
            out += "\\\\";
            return;
        case '\n':
            out += "\\n";
            return;
        case '\r':
            out += "\\r";
            return;
        case '\t':
            out += "\\t";
            return;
        default:
            break;
    }
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x20) {
        out += c;
        return;
    }
    out += "\\u00";
    out += kHex[byte >> 4U];
    out += kHex[byte & 0xFU];
}

void append_quoted(std::string& out, std::string_view text) {
    out += '"';
    for (const char c : text) append_escaped(out, c);
    out += '"';
}

void append_stamp(std::string& line, const Stamp& at) {
    line += ",\"at\":\"" + to_rfc3339(at.wall) + "\",\"boot\":" + std::to_string(at.boot);
    line += ",\"mono\":" + std::to_string(at.mono.time_since_epoch().count()) + ",\"clock\":";
    append_quoted(line, to_text(at.quality));
}

void append_body(std::string& line, std::string_view body) {
    const auto start = line.size();
    line += body.empty() ? std::string_view{"null"} : body;
    for (std::size_t i = start; i < line.size(); ++i)
        if (line[i] == '\n' || line[i] == '\r') line[i] = ' ';
}

}  // namespace

std::string quoted(std::string_view text) {
    std::string out;
    append_quoted(out, text);
    return out;
}

std::string line_of(const OutboxRow& row) {
    std::string line;
    line.reserve(192 + row.record.body.size());
    line += "{\"seq\":" + std::to_string(row.seq);
    if (row.from > 0 && row.from < row.seq) line += ",\"from\":" + std::to_string(row.from);
    line += ",\"kind\":";
    append_quoted(line, row.record.kind);
    if (!row.record.event_id.empty()) {
        line += ",\"id\":";
        append_quoted(line, row.record.event_id);
    }
    if (row.record.at != Stamp{}) append_stamp(line, row.record.at);
    line += ",\"body\":";
    append_body(line, row.record.body);
    line += '}';
    return line;
}

std::string check_of(std::string_view line) {
    std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
    SHA256(reinterpret_cast<const unsigned char*>(line.data()), line.size(), digest.data());
    std::string check;
    for (std::size_t i = 0; i < kCheckBytes; ++i) {
        check += kHex[static_cast<std::size_t>(digest[i] >> 4U)];
        check += kHex[static_cast<std::size_t>(digest[i] & 0xFU)];
    }
    return check;
}

}  // namespace aisle::wire
