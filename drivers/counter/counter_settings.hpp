#pragma once

#include <map>
#include <string>
#include <vector>

#include "agent/core/ids.hpp"
#include "agent/core/time.hpp"

// How the JSON of one make of door sensor is read.
namespace aisle::counter {

enum class CountKind {
    Event,       // each record is one crossing (or `count` of them)
    Interval,    // each record is in and out over [from, to)
    Cumulative,  // each record holds totals since the sensor's last reset
};

// Whose payloads. All but Generic say themselves where everything is, and what kind they are:
// `fields`, `in_values` and `out_values` are for Generic alone.
enum class CountFormat {
    Generic,
    XovisLive,      // events of persons
    XovisLogics,    // intervals of lines; not beside XovisLive, or everybody counts twice
    AxisAnalytics,  // Object Analytics over MQTT: totals, one direction a scenario
    AxisPeople      // People Counter: totals of both directions
};
CountKind kind_of(CountFormat format, CountKind generic);

// JSON pointers (RFC 6901). Each is looked up in the record first and then in the whole payload, so
// that a package's id or time can serve all its records. Empty: not there.
struct CountFields {
    std::string records;  // to the array of records; empty: the payload itself, or its elements if
                          // it is an array
    std::string id;       // package or record id: with it the same package counts once
    std::string door;     // its text is looked up in CounterSource::doors
    std::string at;       // event, cumulative: when. Absent: when it arrived
    std::string from;     // interval
    std::string to;       // interval
    std::string in;       // interval, cumulative
    std::string out;      // interval, cumulative; absent: 0
    std::string direction;  // event
    std::string count;      // event; absent: 1
    std::string object;  // what was seen: records with another value than `object_is` are left out
};

struct CounterSource {
    std::string name;    // the source, and {source} of POST /api/v1/counts/{source}
    std::string filter;  // MQTT topic filter; empty: HTTP only
    bool http = true;
    CountFormat format = CountFormat::Generic;
    CountKind kind = CountKind::Interval;  // of a format's own where it is not Generic
    DoorId door;                           // for all records, or where `fields.door` finds nothing
    // By the sensor's name for them; a name that is missing here is a problem. AxisAnalytics needs
    // it; the other smart formats count everything for `door` where it is empty.
    std::map<std::string, DoorId> doors;
    CountFields fields;
    std::vector<std::string> in_values{
        "in"};  // of `direction`; anything in neither list is a problem
    std::vector<std::string> out_values{"out"};
    // Lines, scenarios or cameras of which forward is out, by the sensor's name. Not for Generic.
    std::vector<std::string> swapped;
    // Empty: everything counts; XovisLive: only "PERSON".
    std::vector<std::string> object_is;
    milliseconds report_every{
        0};  // the sensor's promise; silent for twice that: blind. 0: no promise
};

struct CounterSettings {
    std::vector<CounterSource> sources;
};

}  // namespace aisle::counter
