#pragma once

#include <string>
#include <string_view>

#include <boost/json.hpp>

#include "agent/core/money.hpp"
#include "agent/core/time.hpp"

// Small steps from our values to Boost.JSON's, whose own conversions want its own string_view.
namespace aisle::records {

inline boost::json::string as_text(std::string_view text) {
    return boost::json::string{text.data(), text.size()};
}
inline boost::json::string as_text(WallTime time) { return as_text(to_rfc3339(time)); }

// Objects are written in the order in which their keys were put in.
inline void put(boost::json::object& object, std::string_view key, boost::json::value value) {
    object.emplace(boost::json::string_view{key.data(), key.size()}, std::move(value));
}
inline void put(boost::json::object& object, std::string_view key, std::string_view text) {
    put(object, key, boost::json::value(as_text(text)));
}
inline void put(boost::json::object& object, std::string_view key, const std::string& text) {
    put(object, key, std::string_view{text});
}
inline void put(boost::json::object& object, std::string_view key, const char* text) {
    put(object, key, std::string_view{text});
}
inline void put(boost::json::object& object, std::string_view key, Money amount) {
    put(object, key, boost::json::value(amount.minor()));
}
inline void put(boost::json::object& object, std::string_view key, WallTime time) {
    put(object, key, boost::json::value(as_text(time)));
}

}  // namespace aisle::records
