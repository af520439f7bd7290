#include "sync/wire/fields.hpp"

#include <algorithm>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value_to.hpp>

namespace aisle::wire {

namespace json = boost::json;

struct Fields::Object {
    json::object members;

    const json::value* find(std::string_view name) const { return members.if_contains(name); }
};

Fields::Fields(std::string_view text) : object_{std::make_unique<Object>()} {
    if (text.size() > kControlBytesMax) {
        reject("longer than any message of ours");
        return;
    }
    boost::system::error_code failed;
    json::value value = json::parse(text, failed);
    if (failed || !value.is_object()) {
        reject("not a JSON object");
        return;
    }
    object_->members = std::move(value.as_object());
}

Fields::~Fields() = default;

void Fields::reject(std::string_view why) {
    if (fault_.empty()) fault_ = why;
}

std::string Fields::text(std::string_view name) {
    const auto* value = object_->find(name);
    if (value != nullptr && value->is_string()) return json::value_to<std::string>(*value);
    reject("no text \"" + std::string{name} + "\"");
    return {};
}

std::string Fields::text_or(std::string_view name, std::string_view absent) {
    return object_->find(name) == nullptr ? std::string{absent} : text(name);
}

std::int64_t Fields::integer(std::string_view name) {
    const auto* value = object_->find(name);
    if (value != nullptr && value->is_int64()) return value->as_int64();
    reject("no integer \"" + std::string{name} + "\"");
    return 0;
}

std::int64_t Fields::integer_or(std::string_view name, std::int64_t absent) {
    return object_->find(name) == nullptr ? absent : integer(name);
}

bool Fields::flag_or(std::string_view name, bool absent) {
    const auto* value = object_->find(name);
    if (value == nullptr) return absent;
    if (value->is_bool()) return value->as_bool();
    reject("\"" + std::string{name} + "\" is neither true nor false");
    return absent;
}

Stream Fields::stream(std::string_view name) {
    const auto found = stream_from(text(name));
    if (found && *found != Stream::Local) return *found;
    reject("no such stream");
    return Stream::Ledger;
}

WallTime Fields::time(std::string_view name) {
    const auto found = parse_rfc3339(text(name));
    if (found) return *found;
    reject("\"" + std::string{name} + "\" is not a time");
    return {};
}

std::string Fields::object_or_empty(std::string_view name) {
    const auto* value = object_->find(name);
    if (value == nullptr) return {};
    if (value->is_object()) return json::serialize(*value);
    reject("\"" + std::string{name} + "\" is not an object");
    return {};
}

bool Fields::has(std::string_view name) const { return object_->find(name) != nullptr; }

std::vector<std::string> Fields::names() const {
    std::vector<std::string> all;
    for (const auto& member : object_->members) all.emplace_back(member.key());
    return all;
}

bool is_hex16(std::string_view text) {
    const auto hex = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); };
    return text.size() == 16 && std::ranges::all_of(text, hex);
}

}  // namespace aisle::wire
