#include "sync/wire/line.hpp"

#include <openssl/sha.h>

#include <algorithm>
#include <array>
#include <charconv>
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

bool is_plain(char c) { return c != '"' && c != '\\' && static_cast<unsigned char>(c) >= 0x20; }

// Most texts need no escape and go over in one piece.
void append_quoted(std::string& out, std::string_view text) {
    out += '"';
    if (std::ranges::all_of(text, is_plain))
        out += text;
    else
        for (const char c : text) append_escaped(out, c);
    out += '"';
}

void append_number(std::string& out, std::int64_t number) {
    std::array<char, 20> digits{};
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
    out.append(digits.data(), end);
}

void append_stamp(std::string& line, const Stamp& at) {
    line += ",\"at\":\"";
    line += to_rfc3339(at.wall);
    line += "\",\"boot\":";
    append_number(line, at.boot);
    line += ",\"mono\":";
    append_number(line, at.mono.time_since_epoch().count());
    line += ",\"clock\":";
    append_quoted(line, to_text(at.quality));
}

// The latest place outermost, so that each object is the place of the row that it stands in.
void append_was(std::string& line, const std::vector<Origin>& was) {
    const std::size_t places = std::min(was.size(), kOriginsMax);
    for (std::size_t i = 0; i < places; ++i) {
        line += ",\"was\":{\"epoch\":";
        append_quoted(line, was[i].epoch);
        line += ",\"seq\":";
        append_number(line, was[i].seq);
    }
    line.append(places, '}');
}

void append_body(std::string& line, std::string_view body) {
    const auto start = line.size();
    line += body.empty() ? std::string_view{"null"} : body;
    for (const char broken : {'\n', '\r'})
        for (auto at = line.find(broken, start); at != std::string::npos;
             at = line.find(broken, at))
            line[at] = ' ';
}

}  // namespace

std::string quoted(std::string_view text) {
    std::string out;
    append_quoted(out, text);
    return out;
}

void append_line(std::string& text, const OutboxRow& row) {
    text += "{\"seq\":";
    append_number(text, row.seq);
    if (row.from > 0 && row.from < row.seq) {
        text += ",\"from\":";
        append_number(text, row.from);
    }
    text += ",\"kind\":";
    append_quoted(text, row.record.kind);
    if (!row.record.event_id.empty()) {
        text += ",\"id\":";
        append_quoted(text, row.record.event_id);
    }
    if (row.record.at != Stamp{}) append_stamp(text, row.record.at);
    append_was(text, row.was);
    text += ",\"body\":";
    append_body(text, row.record.body);
    text += '}';
}

std::string line_of(const OutboxRow& row) {
    std::string line;
    line.reserve(192 + row.record.body.size());
    append_line(line, row);
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
