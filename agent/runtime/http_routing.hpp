#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agent/core/error.hpp"

// Targets and patterns of HTTP routes. Pure.
namespace aisle::runtime {

inline constexpr std::size_t kTargetBytesMax = 2048;
inline constexpr std::size_t kQueryFieldsMax = 64;

// The request target of the form "/path?query", percent-decoded. Malformed for any other form, for
// control characters and for broken escapes. '+' in a query is a space.
struct HttpTarget {
    std::string path;
    std::map<std::string, std::string> query;  // of a repeated name the first counts
};
Result<HttpTarget> parse_target(std::string_view target);

// "/api/v1/offers/{id}:accept": a `{name}` stands for one or more characters other than '/', at
// most one a segment.
class RoutePattern {
public:
    explicit RoutePattern(std::string_view pattern);

    // What the wild parts matched, if the path fits.
    [[nodiscard]] std::optional<std::map<std::string, std::string>> match(
        std::string_view path) const;
    // Patterns with fewer wild parts are asked first.
    [[nodiscard]] std::size_t wilds() const;

private:
    struct Segment {
        std::string before;
        std::string name;  // empty: `before` is the whole segment
        std::string after;
    };
    std::vector<Segment> segments_;
};

// Routes by pattern and method; values are indexes that the caller gives meaning to.
class RouteTable {
public:
    struct Route {
        std::string method;
        std::string pattern;
        std::size_t index = 0;
    };
    struct Found {
        std::optional<std::size_t> index;  // empty with `allow` set: another method is there
        std::map<std::string, std::string> wild;
        std::string allow;  // for 405; empty: nothing lives at this path
    };

    void add(Route route);
    // HEAD finds the GET route.
    [[nodiscard]] Found find(std::string_view method, std::string_view path) const;

private:
    struct Entry {
        RoutePattern pattern;
        std::string text;
        std::map<std::string, std::size_t> by_method;
    };
    std::vector<Entry> entries_;  // fewest wild parts first
};

}  // namespace aisle::runtime
