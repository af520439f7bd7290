#include "agent/offers/json_reader.hpp"

#include <algorithm>

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>

namespace aisle::offers {

namespace json = boost::json;

std::string Reader::path(std::string_view key) const {
    if (path_.empty()) return std::string{key};
    return key.empty() ? path_ : path_ + "." + std::string{key};
}

void Reader::fault(std::string_view key, std::string reason) {
    faults_.push_back({path(key), std::move(reason)});
}

const json::value* Reader::take(std::string_view key) {
    const json::value* const value = object_.if_contains(key);
    if (value) taken_.insert(key);
    return value;
}

std::optional<std::int64_t> Reader::integer(std::string_view key, Range range) {
    const json::value* const value = take(key);
    if (!value) return std::nullopt;
    const std::int64_t* const number = value->if_int64();
    if (!number) return fault(key, "must be a whole number"), std::nullopt;
    if (*number < range.min || *number > range.max) {
        fault(key,
              "must be between " + std::to_string(range.min) + " and " + std::to_string(range.max));
        return std::nullopt;
    }
    return *number;
}

std::optional<double> Reader::number(std::string_view key) {
    const json::value* const value = take(key);
    if (!value) return std::nullopt;
    if (value->is_int64()) return static_cast<double>(value->get_int64());
    if (value->is_double()) return value->get_double();
    return fault(key, "must be a number"), std::nullopt;
}

std::optional<bool> Reader::boolean(std::string_view key) {
    const json::value* const value = take(key);
    if (!value) return std::nullopt;
    if (!value->is_bool()) return fault(key, "must be true or false"), std::nullopt;
    return value->get_bool();
}

std::optional<std::string> Reader::text(std::string_view key) {
    const json::value* const value = take(key);
    if (!value) return std::nullopt;
    const json::string* const text = value->if_string();
    if (!text || text->empty()) return fault(key, "must be a text, not empty"), std::nullopt;
    if (text->size() > kTextBytesMax) return fault(key, "is too long"), std::nullopt;
    return std::string{*text};
}

std::vector<std::string> Reader::texts(std::string_view key) {
    std::vector<std::string> all;
    const json::array* const list = array(key);
    if (!list) return all;
    for (const json::value& element : *list) {
        const json::string* const text = element.if_string();
        const std::string here =
            std::string{key} + "[" + std::to_string(&element - list->data()) + "]";
        if (!text || text->empty() || text->size() > kTextBytesMax)
            fault(here, "must be a text, not empty");
        else
            all.emplace_back(*text);
    }
    return all;
}

const json::object* Reader::object(std::string_view key) {
    const json::value* const value = take(key);
    if (!value) return nullptr;
    if (!value->is_object()) return fault(key, "must be an object"), nullptr;
    return &value->get_object();
}

const json::array* Reader::array(std::string_view key) {
    const json::value* const value = take(key);
    if (!value) return nullptr;
    if (!value->is_array()) return fault(key, "must be a list"), nullptr;
    if (value->get_array().size() > kListMax) return fault(key, "is too long"), nullptr;
    return &value->get_array();
}

void Reader::finish() {
    for (const auto& item : object_)
        if (!taken_.contains(item.key()))
            fault(std::string_view{item.key()}.substr(0, 64), "is not a known field");
}

namespace {

// Walks text that is known to be JSON, keeping only the place where it stands.
class Walker {
public:
    explicit Walker(std::string_view text) : text_{text} { space(); }

    [[nodiscard]] std::size_t at() const { return at_; }
    bool into_key(std::string_view key);
    bool into_index(std::size_t index);

private:
    [[nodiscard]] char now() const { return at_ < text_.size() ? text_[at_] : '\0'; }
    void space() { at_ = std::min(text_.find_first_not_of(" \t\r\n,:", at_), text_.size()); }
    std::string_view string();
    void skip();

    std::string_view text_;
    std::size_t at_ = 0;
};

std::string_view Walker::string() {
    const std::size_t from = ++at_;
    while (at_ < text_.size() && text_[at_] != '"') at_ += text_[at_] == '\\' ? 2U : 1U;
    const auto inside = text_.substr(from, at_ - from);
    at_ = std::min(at_ + 1, text_.size());
    return inside;
}

void Walker::skip() {
    int depth = 0;
    do {
        if (now() == '"') {
            string();
        } else if (now() == '{' || now() == '[') {
            ++depth, ++at_;
        } else if (now() == '}' || now() == ']') {
            --depth, ++at_;
        } else {
            at_ = std::min(text_.find_first_of(" \t\r\n,:{}[]\"", at_ + 1), text_.size());
        }
        space();
    } while (depth > 0 && at_ < text_.size());
}

bool Walker::into_key(std::string_view key) {
    if (now() != '{') return false;
    const std::size_t start = at_;
    ++at_;
    for (space(); now() == '"'; skip()) {
        const std::size_t name = at_;
        const bool found = string() == key;
        space();
        if (found) {
            // The line of the name is the line that people look for, but only the value can be
            // walked into.
            if (now() != '{' && now() != '[') at_ = name;
            return true;
        }
    }
    at_ = start;
    return false;
}

bool Walker::into_index(std::size_t index) {
    if (now() != '[') return false;
    const std::size_t start = at_;
    ++at_;
    space();
    for (; index > 0 && now() != ']' && at_ < text_.size(); --index) skip();
    if (index == 0 && now() != ']') return true;
    at_ = start;
    return false;
}

}  // namespace

int line_at(std::string_view text, std::size_t offset) {
    return 1 + static_cast<int>(std::ranges::count(text.substr(0, offset), '\n'));
}

int line_of(std::string_view text, std::string_view path) {
    Walker walker{text};
    while (!path.empty()) {
        if (path.front() == '.') path.remove_prefix(1);
        if (path.starts_with('[')) {
            const auto end = std::min(path.find(']'), path.size());
            std::size_t index = 0;
            for (const char c : path.substr(1, end - 1))
                index = index * 10 + static_cast<std::size_t>(c - '0');
            if (!walker.into_index(index)) break;
            path.remove_prefix(std::min(end + 1, path.size()));
            continue;
        }
        // Fact keys hold dots themselves: the longest name that fits is the one that is meant.
        std::size_t end = std::min(path.find('['), path.size());
        while (!walker.into_key(path.substr(0, end))) {
            end = end == 0 ? std::string_view::npos : path.rfind('.', end - 1);
            if (end == std::string_view::npos) return line_at(text, walker.at());
        }
        path.remove_prefix(end);
    }
    return line_at(text, walker.at());
}

}  // namespace aisle::offers
