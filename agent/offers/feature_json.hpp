#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "agent/offers/bucketing.hpp"

// Reading GrowthBook's JSON without faults: what is absent or of another type is null, empty or the
// fallback, as in JavaScript. Inside this room only.
namespace aisle::offers {

const boost::json::value& at(const boost::json::object& object, std::string_view key);
const boost::json::object& object_or_none(const boost::json::value& value);
const boost::json::array& array_or_none(const boost::json::value& value);
// A text that is empty counts as absent too.
std::string text_or(const boost::json::object& object, std::string_view key,
                    std::string_view fallback);
int int_or(const boost::json::object& object, std::string_view key, int fallback);
bool is_text(const boost::json::value& value, std::string_view text);
bool is_false(const boost::json::value& value);
// An index as it stands; anything that is none is -1.
int index_from(const boost::json::value& value);
BucketRange range_from(const boost::json::value& pair);
std::vector<double> numbers_in(const boost::json::value& list);
// `layer` is [name, from, to].
bool in_layer(const boost::json::array& layer, std::string_view id);

}  // namespace aisle::offers
