#include "agent/runtime/http_routing.hpp"

#include <algorithm>
#include <cassert>

namespace aisle::runtime {

namespace {

int hex_digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

bool is_plain(char c) { return static_cast<unsigned char>(c) > 0x20 && c != '\x7f'; }

enum class Plus { Stays, IsSpace };

std::optional<std::string> percent_decoded(std::string_view text, Plus plus) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        char c = text[i];
        if (c == '%') {
            if (i + 2 >= text.size()) return std::nullopt;
            const int high = hex_digit(text[i + 1]);
            const int low = hex_digit(text[i + 2]);
            if (high < 0 || low < 0) return std::nullopt;
            c = static_cast<char>(high * 16 + low);
            if (c == '\0') return std::nullopt;
            i += 2;
        } else if (c == '+' && plus == Plus::IsSpace) {
            c = ' ';
        }
        out += c;
    }
    return out;
}

Result<std::map<std::string, std::string>> parse_query(std::string_view query) {
    std::map<std::string, std::string> fields;
    while (!query.empty()) {
        const std::string_view pair = query.substr(0, query.find('&'));
        query.remove_prefix(std::min(query.size(), pair.size() + 1));
        if (pair.empty()) continue;
        const std::size_t equals = std::min(pair.find('='), pair.size());
        auto name = percent_decoded(pair.substr(0, equals), Plus::IsSpace);
        auto value = percent_decoded(pair.substr(std::min(pair.size(), equals + 1)), Plus::IsSpace);
        if (!name || !value) return malformed("a broken escape in the query");
        if (fields.size() >= kQueryFieldsMax) return malformed("too many fields in the query");
        fields.emplace(std::move(*name), std::move(*value));
    }
    return fields;
}

std::vector<std::string_view> split_path(std::string_view path) {
    std::vector<std::string_view> segments;
    if (path.starts_with('/')) path.remove_prefix(1);
    while (true) {
        const std::size_t slash = path.find('/');
        segments.push_back(path.substr(0, slash));
        if (slash == std::string_view::npos) return segments;
        path.remove_prefix(slash + 1);
    }
}

}  // namespace

Result<HttpTarget> parse_target(std::string_view target) {
    if (target.size() > kTargetBytesMax) return malformed("target too long");
    if (!target.starts_with('/')) return malformed("the target must be a path");
    if (!std::ranges::all_of(target, is_plain))
        return malformed("control characters in the target");
    target = target.substr(0, target.find('#'));

    const std::size_t mark = target.find('?');
    auto path = percent_decoded(target.substr(0, mark), Plus::Stays);
    if (!path) return malformed("a broken escape in the path");
    if (mark == std::string_view::npos) return HttpTarget{.path = std::move(*path), .query = {}};
    auto query = parse_query(target.substr(mark + 1));
    if (!query) return query.error();
    return HttpTarget{.path = std::move(*path), .query = std::move(*query)};
}

RoutePattern::RoutePattern(std::string_view pattern) {
    assert(pattern.starts_with('/'));
    for (const std::string_view segment : split_path(pattern)) {
        const std::size_t open = segment.find('{');
        if (open == std::string_view::npos) {
            segments_.push_back({.before = std::string{segment}, .name = {}, .after = {}});
            continue;
        }
        const std::size_t close = segment.find('}', open);
        assert(close != std::string_view::npos && close > open + 1);
        assert(segment.find('{', close) == std::string_view::npos);
        segments_.push_back({.before = std::string{segment.substr(0, open)},
                             .name = std::string{segment.substr(open + 1, close - open - 1)},
                             .after = std::string{segment.substr(close + 1)}});
    }
}

std::optional<std::map<std::string, std::string>> RoutePattern::match(std::string_view path) const {
    const auto parts = split_path(path);
    if (!path.starts_with('/') || parts.size() != segments_.size()) return std::nullopt;
    std::map<std::string, std::string> wild;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        const Segment& segment = segments_[i];
        std::string_view part = parts[i];
        if (segment.name.empty()) {
            if (part != segment.before) return std::nullopt;
            continue;
        }
        const std::size_t fixed = segment.before.size() + segment.after.size();
        if (part.size() <= fixed || !part.starts_with(segment.before) ||
            !part.ends_with(segment.after)) {
            return std::nullopt;
        }
        wild.emplace(segment.name, part.substr(segment.before.size(), part.size() - fixed));
    }
    return wild;
}

std::size_t RoutePattern::wilds() const {
    return static_cast<std::size_t>(
        std::ranges::count_if(segments_, [](const Segment& s) { return !s.name.empty(); }));
}

void RouteTable::add(Route route) {
    const auto same = std::ranges::find(entries_, route.pattern, &Entry::text);
    if (same != entries_.end()) {
        assert(!same->by_method.contains(route.method));
        same->by_method.emplace(std::move(route.method), route.index);
        return;
    }
    Entry entry{RoutePattern{route.pattern}, route.pattern, {{route.method, route.index}}};
    const auto place = std::ranges::upper_bound(entries_, entry.pattern.wilds(), {},
                                                [](const Entry& e) { return e.pattern.wilds(); });
    entries_.insert(place, std::move(entry));
}

RouteTable::Found RouteTable::find(std::string_view method, std::string_view path) const {
    const std::string wanted{method == "HEAD" ? "GET" : method};
    Found found;
    for (const Entry& entry : entries_) {
        auto wild = entry.pattern.match(path);
        if (!wild) continue;
        if (const auto at = entry.by_method.find(wanted); at != entry.by_method.end()) {
            return {.index = at->second, .wild = std::move(*wild), .allow = {}};
        }
        for (const auto& [allowed, index] : entry.by_method) {
            if (!found.allow.empty()) found.allow += ", ";
            found.allow += allowed == "GET" ? "GET, HEAD" : allowed;
        }
    }
    return found;
}

}  // namespace aisle::runtime
