#pragma once

#include <boost/json/object.hpp>

#include "agent/offers/campaign_set.hpp"
#include "agent/offers/json_reader.hpp"

// One campaign from its JSON. Inside this room only.
namespace aisle::offers {

// Faults are added to `faults` with paths inside the campaign; what comes back then is not to be
// used.
Campaign read_campaign(const boost::json::object& json, const LoadOptions& options,
                       conditions::Slots& slots, FieldFaults& faults);

// `path` is where the action stands in its campaign.
Action read_action(const boost::json::object& json, const std::string& path, FieldFaults& faults);
// Where `group` is absent the action says it.
Stack read_stack(const boost::json::object* json, const Action& action, FieldFaults& faults);
// The fields `returns` and `returns_budget`.
Returns read_returns(Reader& campaign);
// What does not go together: level, action and trigger.
void check_stack(Reader& campaign, const Campaign& made);
Experiment read_experiment(const boost::json::object* json, const std::string& campaign,
                           FieldFaults& faults);
std::vector<Guardrail> read_guardrails(Reader& campaign);
// The field `titles`: words by language.
std::map<std::string, std::string> read_titles(Reader& holder);
// `zone_name` is the campaign's `tz`, empty for the store's.
Trigger read_trigger(const boost::json::object* json, const std::string& zone_name,
                     FieldFaults& faults);
Window read_window(const boost::json::object* json, const TimeZone& zone, FieldFaults& faults);

// "HH:MM", 24:00 included; minutes after midnight.
std::optional<int> parse_minute(std::string_view text);
// ISO 8601 with weeks, days, hours, minutes and seconds: P1D, PT2H, P1DT12H. Not zero, at most ten
// years.
std::optional<milliseconds> parse_duration(std::string_view text);
// [from, to) as two texts.
std::optional<MinuteRange> read_range(const boost::json::value& json, const std::string& path,
                                      FieldFaults& faults);

}  // namespace aisle::offers
