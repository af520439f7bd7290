#include "agent/core/transport.hpp"

namespace aisle {
namespace {

struct Level {
    std::string_view text;
    bool last = true;
};

Level take_level(std::string_view& rest) {
    const auto slash = rest.find('/');
    const Level level{.text = rest.substr(0, slash), .last = slash == std::string_view::npos};
    rest.remove_prefix(level.last ? rest.size() : slash + 1);
    return level;
}

}  // namespace

bool topic_matches(std::string_view filter, std::string_view topic) {
    if (filter.empty() || topic.empty()) return false;
    if (topic.front() == '$' && (filter.front() == '+' || filter.front() == '#')) return false;
    while (true) {
        const Level wanted = take_level(filter);
        if (wanted.text == "#") return wanted.last;
        const Level level = take_level(topic);
        if (wanted.text != "+" && wanted.text != level.text) return false;
        if (wanted.last != level.last) return level.last && filter == "#";
        if (level.last) return true;
    }
}

}  // namespace aisle
