#pragma once

#include <string>
#include <vector>

#include "drivers/counter/counter_settings.hpp"
#include "tests/kit/builders.hpp"

// Sources and payloads of smart cameras: same shape as the real ones, values of our own.
namespace aisle::counter {

inline CounterSource smart(CountFormat format) {
    CounterSource source;
    source.name = "smart";
    source.filter = "smart/#";
    source.format = format;
    source.door = DoorId{"main"};
    return source;
}
inline CounterSource xovis_live() { return smart(CountFormat::XovisLive); }
inline CounterSource xovis_logics() { return smart(CountFormat::XovisLogics); }
inline CounterSource axis_people() { return smart(CountFormat::AxisPeople); }
inline CounterSource axis_analytics() {
    CounterSource source = smart(CountFormat::AxisAnalytics);
    source.doors = {{"Device1Scenario1", DoorId{"main"}}, {"Device1Scenario2", DoorId{"main"}}};
    source.swapped = {"Device1Scenario2"};
    return source;
}

struct Passer {
    int track = 1;
    std::string type = "PERSON";
    bool forward = true;
    std::string line = "Line 0";
};

// One frame in which all of these cross.
inline std::string live(const std::vector<Passer>& passers, int package = 2,
                        std::int64_t at_ms = 1645797259355) {
    std::string objects;
    std::string events;
    for (const Passer& passer : passers) {
        const std::string track = std::to_string(passer.track);
        const std::string comma = objects.empty() ? "" : ",";
        objects += comma + R"({"track_id":)" + track + R"(,"type":")" + passer.type +
                   R"(","position":[0.5,0.25,1.75],"attributes":{}})";
        events += comma + R"({"category":"SCENE","type":"LINE_CROSS_)" +
                  (passer.forward ? "FORWARD" : "BACKWARD") + R"(","attributes":{"track_id":)" +
                  track + R"(,"sequence_number":0,"geometry_id":2,"geometry_type":"LINE",)" +
                  R"("geometry_name":")" + passer.line + R"("}})";
    }
    return R"({"live_data":{"package_info":{"version":"5.0","id":)" + std::to_string(package) +
           R"(,"agent_id":7},"sensor_info":{"serial_number":"80:1F:12:00:00:01",)" +
           R"("type":"SINGLE_SENSOR","timezone":"Asia/Shanghai"},"frames":[{"framenumber":100,)" +
           R"("time":)" + std::to_string(at_ms) + R"(,"tracked_objects":[)" + objects +
           R"(],"events":[)" + events + "]}]}}";
}

struct Sums {
    int minute = 0;
    int forward = 0;
    int backward = 0;
    std::int64_t length_ms = 60'000;
};

inline std::string logics(const std::vector<Sums>& records) {
    std::string list;
    for (const Sums& sums : records) {
        const std::int64_t from = 1645792860000 + std::int64_t{sums.minute} * 60'000;
        list += (list.empty() ? "" : ",") + std::string{R"({"from":)"} + std::to_string(from) +
                R"(,"to":)" + std::to_string(from + sums.length_ms) +
                R"(,"counts":[{"id":2,"name":"fw","value":)" + std::to_string(sums.forward) +
                R"(},{"id":3,"name":"bw","value":)" + std::to_string(sums.backward) + "}]}";
    }
    return R"({"logics":[{"id":2,"name":"Line 0","info":"XLT_4X_LINE_IN_OUT_COUNT",)"
           R"("geometries":[{"id":2,"type":"LINE","name":"Line 0"}],"records":[)" +
           list + "]}]}";
}

struct Passage {
    int scenario = 1;
    int total = 0;
    std::int64_t at_ms = 1'700'000'000'000;
};
inline std::string passage(const Passage& of) {
    const std::string total = std::to_string(of.total);
    return R"({"topic":"axis:CameraApplicationPlatform/ObjectAnalytics/Device1Scenario)" +
           std::to_string(of.scenario) + R"(","timestamp":)" + std::to_string(of.at_ms) +
           R"(,"serial":"B8A44F000001","message":{"source":{},"key":{},"data":{)" +
           R"("scenario":"passageCounts","reason":"human","total":")" + total +
           R"(","totalHuman":")" + total + R"("}}})";
}

struct LiveSum {
    int in = 0;
    int out = 0;
    std::string clock = "20260503112756";
};
inline std::string live_sum(const LiveSum& of) {
    return R"({"serial":"00408C000001","name":"Exit","timestamp":")" + of.clock + R"(","in":)" +
           std::to_string(of.in) + R"(,"out":)" + std::to_string(of.out) + "}";
}

// A make that is read by a mapping, in each of its three kinds.
inline CounterSource generic(CountKind kind) {
    CounterSource source = smart(CountFormat::Generic);
    source.kind = kind;
    source.fields = {.records = "/records",
                     .id = "/id",
                     .at = "/at",
                     .from = "/from",
                     .to = "/to",
                     .in = "/in",
                     .out = "/out",
                     .direction = "/way",
                     .count = "/n"};
    return source;
}
inline std::string generic_interval(int in = 5, int minute = 0) {
    const std::int64_t from = 1'700'000'000 + std::int64_t{minute} * 60;
    return R"({"records":[{"id":"p)" + std::to_string(minute) + R"(","from":)" +
           std::to_string(from) + R"(,"to":)" + std::to_string(from + 60) + R"(,"in":)" +
           std::to_string(in) + R"(,"out":"2"}]})";
}
inline std::string generic_events(int first = 1) {
    const std::string id = std::to_string(first);
    return R"({"id":"package-)" + id + R"(","records":[{"at":1700000000,"way":"in"},)" +
           R"({"at":"2023-11-14T22:13:21Z","way":"out","n":2},{"at":1700000002000,"way":"in"}]})";
}
inline std::string generic_totals(int in = 12, int second = 0) {
    return R"({"records":{"at":)" + std::to_string(1'700'000'000 + second) + R"(,"in":)" +
           std::to_string(in) + R"(,"out":"318"}})";
}

}  // namespace aisle::counter
