#include "sync/wire/seal_fields.hpp"

#include <algorithm>
#include <boost/json/parse.hpp>

#include "sync/wire/bundle.hpp"

namespace aisle::wire {

namespace json = boost::json;

Judged<json::value> parse_json(std::string_view text) {
    json::parse_options options;
    options.max_depth = kBundleDepthMax;
    boost::system::error_code failed;
    json::value value =
        json::parse(json::string_view{text.data(), text.size()}, failed, {}, options);
    if (failed == json::error::too_deep) return refusal(Refused::Malformed, "nested too deep");
    if (failed) return refusal(Refused::Malformed, "not JSON: " + failed.message());
    return value;
}

const json::value* SealFields::find(std::string_view name) const {
    return object_.if_contains(json::string_view{name.data(), name.size()});
}

void SealFields::reject(std::string_view why) {
    if (fault_.empty()) fault_ = why;
}

std::string SealFields::text(std::string_view name) {
    const auto* const value = find(name);
    if (value != nullptr && value->is_string())
        return {value->get_string().data(), value->get_string().size()};
    reject("no text \"" + std::string{name} + "\"");
    return {};
}

std::string SealFields::text_or(std::string_view name, std::string_view absent) {
    return has(name) ? text(name) : std::string{absent};
}

std::int64_t SealFields::integer(std::string_view name) {
    const auto* const value = find(name);
    if (value != nullptr && value->is_int64()) return value->get_int64();
    reject("no integer \"" + std::string{name} + "\"");
    return 0;
}

std::int64_t SealFields::integer_or(std::string_view name, std::int64_t absent) {
    return has(name) ? integer(name) : absent;
}

bool SealFields::flag_or(std::string_view name, bool absent) {
    const auto* const value = find(name);
    if (value == nullptr) return absent;
    if (value->is_bool()) return value->get_bool();
    reject("\"" + std::string{name} + "\" is neither true nor false");
    return absent;
}

WallTime SealFields::time(std::string_view name) {
    const auto found = parse_rfc3339(text(name));
    if (found) return *found;
    reject("\"" + std::string{name} + "\" is not a time");
    return {};
}

std::optional<WallTime> SealFields::time_if(std::string_view name) {
    if (!has(name)) return std::nullopt;
    return time(name);
}

void SealFields::only(std::initializer_list<std::string_view> names) {
    for (const auto& member : object_) {
        const std::string_view key{member.key().data(), member.key().size()};
        if (std::ranges::find(names, key) == names.end())
            reject("unknown field \"" + std::string{key.substr(0, 40)} + "\"");
    }
}

}  // namespace aisle::wire
