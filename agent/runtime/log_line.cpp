#include "agent/runtime/log_line.hpp"

#include <algorithm>
#include <array>

namespace aisle::log {

namespace {

constexpr std::size_t kValueBytesMax = 1024;

struct LevelText {
    std::string_view prefix;
    std::string_view name;
};

LevelText text_of(Level level) {
    constexpr std::array<LevelText, 4> kTexts{
        {{"<7>", "debug"}, {"<6>", "info"}, {"<4>", "warn"}, {"<3>", "error"}}};
    return kTexts.at(static_cast<std::size_t>(level));
}

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == '\x7f'; }

bool needs_quotes(std::string_view value) {
    return value.empty() || std::ranges::any_of(value, [](char c) {
               return is_control(c) || c == ' ' || c == '"' || c == '=' || c == '\\';
           });
}

void append_escaped(std::string& line, char c) {
    if (c == '\n') {
        line += "\\n";
    } else if (c == '"' || c == '\\') {
        line += '\\';
        line += c;
    } else if (is_control(c)) {
        line += "\\x";
        line += "0123456789abcdef"[static_cast<unsigned char>(c) >> 4U];
        line += "0123456789abcdef"[static_cast<unsigned char>(c) & 15U];
    } else {
        line += c;
    }
}

void append_value(std::string& line, std::string_view value) {
    const bool cut = value.size() > kValueBytesMax;
    if (cut) value = value.substr(0, kValueBytesMax);
    const bool quoted = needs_quotes(value);
    if (quoted) line += '"';
    for (const char c : value) append_escaped(line, c);
    if (cut) line += "...";
    if (quoted) line += '"';
}

}  // namespace

std::string format_line(Level level, std::string_view event, Fields fields) {
    const LevelText text = text_of(level);
    std::string line{text.prefix};
    line.append(text.name).append(" ").append(event);
    for (const Field& field : fields) {
        line.append(" ").append(field.key).append("=");
        append_value(line, field.value);
    }
    return line;
}

bool RepeatLimit::admit(std::string_view event, Time now) {
    auto at = windows_.find(event);
    if (at == windows_.end()) {
        const bool room = windows_.size() < kEventsMax;
        at = windows_.try_emplace(room ? std::string{event} : "other", Window{now, 0}).first;
    }
    Window& window = at->second;
    // Over, with nothing held back: begins anew here. One that holds some back waits to be told by
    // ended().
    if (now - window.since >= kWindow && window.seen <= kLinesMax) window = {now, 0};
    ++window.seen;
    return window.seen <= kLinesMax;
}

std::vector<RepeatLimit::Repeated> RepeatLimit::ended(Time now) {
    std::vector<Repeated> told;
    for (auto at = windows_.begin(); at != windows_.end();) {
        const Window& window = at->second;
        if (now - window.since < kWindow) {
            ++at;
            continue;
        }
        if (window.seen > kLinesMax) told.push_back({at->first, window.seen - kLinesMax});
        at = windows_.erase(at);
    }
    return told;
}

}  // namespace aisle::log
