#pragma once

#include <compare>
#include <string>
#include <string_view>

#include <boost/json/value.hpp>

// JavaScript's ideas of equality, order and text, as far as GrowthBook's evaluator leans on them
// (ECMA-262 section 7). Text is compared by UTF-8 bytes, which orders like UTF-16 except beyond the
// basic plane; case is folded for ASCII.
namespace aisle::conditions::script {

enum class Case { Exact, Fold };

std::string lower(std::string text);
bool truthy(const boost::json::value& value);
std::string to_text(const boost::json::value& value);
double to_number(const boost::json::value& value);  // NaN where JavaScript says NaN
std::string_view type_of(const boost::json::value& value);

bool strictly_equal(const boost::json::value& a, const boost::json::value& b, Case fold);  // ===
std::partial_ordering compare(const boost::json::value& a, const boost::json::value& b);   // <, >
bool same_json(const boost::json::value& a, const boost::json::value& b);  // equal when stringified

// Walks a dotted path; null where it leads nowhere.
const boost::json::value& at_path(const boost::json::value& from, std::string_view path);

// A version as text that sorts: "1.2.10-beta" < "1.2.10".
std::string padded_version(const boost::json::value& value);

}  // namespace aisle::conditions::script
