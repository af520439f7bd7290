#include "agent/app/scene_json.hpp"

#include <cmath>
#include <optional>

#include "agent/records/json_text.hpp"

namespace aisle::app {
namespace {

namespace json = boost::json;
using records::put;
using tracking::Point;

json::array point_json(Point point) {
    json::array out;
    out.emplace_back(point.x);
    out.emplace_back(point.y);
    return out;
}

json::array points_json(const std::vector<Point>& points) {
    json::array out;
    for (const Point point : points) out.emplace_back(point_json(point));
    return out;
}

std::string_view view_word(tracking::View view) {
    if (view == tracking::View::Above) return "above";
    return view == tracking::View::Side ? "side" : "";
}

json::object line_json(const tracking::Line& line) {
    std::vector<Point> points{line.from};
    points.insert(points.end(), line.via.begin(), line.via.end());
    points.push_back(line.to);
    json::object out;
    put(out, "name", line.name);
    put(out, "points", points_json(points));
    put(out, "swap", line.swap);
    return out;
}

json::object gate_json(const tracking::Gate& gate) {
    json::object out;
    put(out, "name", gate.name);
    put(out, "outer", gate.outer);
    put(out, "inner", gate.inner);
    put(out, "within_s", static_cast<double>(gate.within.count()) / 1000);
    return out;
}

json::object zone_json(const tracking::Zone& zone) {
    json::object out;
    put(out, "name", zone.name);
    put(out, "kind", zone.queue ? "queue" : "area");
    put(out, "points", points_json(zone.polygon));
    if (!zone.till.empty()) put(out, "till", point_json(zone.till.front()));
    put(out, "before", zone.before);
    return out;
}

template <typename Each, typename ToJson>
json::array list_json(const std::vector<Each>& all, ToJson to_json) {
    json::array out;
    for (const Each& each : all) out.emplace_back(to_json(each));
    return out;
}

// Keeps the first thing that is wrong; what is read after it is a default.
class SceneForm {
public:
    Result<tracking::Scene> read(const json::object& from) {
        tracking::Scene scene;
        each(from, "lines", [&](const json::object& one) { scene.lines.push_back(line(one)); });
        each(from, "gates", [&](const json::object& one) { scene.gates.push_back(gate(one)); });
        each(from, "zones", [&](const json::object& one) { scene.zones.push_back(zone(one)); });
        scene.uturn = time(from, "uturn_s", scene.uturn);
        scene.metre_px = number(from, "metre_px", 0);
        scene.person_width = number(from, "person_width", 0);
        const std::string view = text(from, "view");
        if (view == "above") scene.view = tracking::View::Above;
        if (view == "side") scene.view = tracking::View::Side;
        if (!view.empty() && scene.view == tracking::View::Learnt)
            fail("view: above, side or nothing");
        if (const json::value* size = present(from, "picture"))
            scene.picture.push_back(point(*size, "picture"));
        if (fault_) return malformed(*fault_);
        return scene;
    }

private:
    void fail(const std::string& what) {
        if (!fault_) fault_ = what;
    }
    static const json::value* present(const json::object& from, std::string_view key) {
        const json::value* value = from.if_contains(key);
        return value == nullptr || value->is_null() ? nullptr : value;
    }

    template <typename Take>
    void each(const json::object& from, std::string_view key, Take take) {
        const json::value* value = present(from, key);
        if (value == nullptr) return;
        if (!value->is_array()) return fail(std::string{key} + ": a list");
        for (const json::value& one : value->as_array()) {
            if (!one.is_object()) return fail(std::string{key} + ": a list of objects");
            take(one.as_object());
        }
    }

    std::string text(const json::object& from, std::string_view key) {
        const json::value* value = present(from, key);
        if (value == nullptr) return {};
        if (value->is_string()) return std::string{value->as_string()};
        fail(std::string{key} + ": a text");
        return {};
    }

    double number(const json::object& from, std::string_view key, double otherwise) {
        const json::value* value = present(from, key);
        return value == nullptr ? otherwise : number(*value, key);
    }
    double number(const json::value& value, std::string_view key) {
        boost::system::error_code failed;
        const double found = value.is_number() ? value.to_number<double>(failed) : NAN;
        if (!failed && std::isfinite(found)) return found;
        fail(std::string{key} + ": a number");
        return 0;
    }

    milliseconds time(const json::object& from, std::string_view key, milliseconds otherwise) {
        const double given = number(from, key, static_cast<double>(otherwise.count()) / 1000);
        constexpr double kMax = 1e6;  // the scene's own check refuses far less
        return milliseconds{std::llround(std::clamp(given, -kMax, kMax) * 1000)};
    }

    Point point(const json::value& value, std::string_view key) {
        if (!value.is_array() || value.as_array().size() != 2)
            return fail(std::string{key} + ": [x, y]"), Point{};
        return {number(value.as_array()[0], key), number(value.as_array()[1], key)};
    }

    std::vector<Point> points(const json::object& from) {
        std::vector<Point> all;
        const json::value* value = present(from, "points");
        if (value == nullptr || !value->is_array())
            return fail("points: [[x, y], ...]"), std::vector<Point>{};
        for (const json::value& one : value->as_array()) all.push_back(point(one, "points"));
        return all;
    }

    tracking::Line line(const json::object& from) {
        tracking::Line line{.name = text(from, "name")};
        const auto all = points(from);
        if (all.size() < 2) return fail("line " + line.name + ": needs two points"), line;
        line.from = all.front();
        line.to = all.back();
        line.via.assign(all.begin() + 1, all.end() - 1);
        if (const json::value* swap = present(from, "swap")) {
            if (!swap->is_bool()) fail("swap: true or false");
            line.swap = swap->is_bool() && swap->as_bool();
        }
        return line;
    }

    tracking::Gate gate(const json::object& from) {
        tracking::Gate gate{.name = text(from, "name")};
        gate.outer = text(from, "outer");
        gate.inner = text(from, "inner");
        gate.within = time(from, "within_s", gate.within);
        return gate;
    }

    tracking::Zone zone(const json::object& from) {
        tracking::Zone zone{.name = text(from, "name"), .polygon = points(from)};
        const std::string kind = text(from, "kind");
        if (kind != "queue" && kind != "area" && !kind.empty()) fail("kind: area or queue");
        zone.queue = kind == "queue";
        if (const json::value* till = present(from, "till"))
            zone.till.push_back(point(*till, "till"));
        zone.before = text(from, "before");
        return zone;
    }

    std::optional<std::string> fault_;
};

std::string_view flaw_word(tracking::SceneFlaw flaw) {
    switch (flaw) {
        case tracking::SceneFlaw::LineAtEdge:
            return "line_at_edge";
        case tracking::SceneFlaw::LineOutside:
            return "line_outside";
        case tracking::SceneFlaw::LineShort:
            return "line_short";
        case tracking::SceneFlaw::LinesCross:
            return "lines_cross";
        case tracking::SceneFlaw::ZoneOutside:
            break;
    }
    return "zone_outside";
}

}  // namespace

json::object scene_json(const tracking::Scene& scene) {
    json::object out;
    put(out, "lines", list_json(scene.lines, line_json));
    put(out, "gates", list_json(scene.gates, gate_json));
    put(out, "zones", list_json(scene.zones, zone_json));
    put(out, "uturn_s", static_cast<double>(scene.uturn.count()) / 1000);
    put(out, "metre_px", scene.metre_px);
    put(out, "person_width", scene.person_width);
    put(out, "view", view_word(scene.view));
    if (!scene.picture.empty()) put(out, "picture", point_json(scene.picture.front()));
    return out;
}

Result<tracking::Scene> scene_from_json(const json::object& from) { return SceneForm{}.read(from); }

json::array warnings_json(const std::vector<tracking::SceneWarning>& warnings) {
    json::array out;
    for (const tracking::SceneWarning& warning : warnings) {
        json::object each;
        put(each, "flaw", flaw_word(warning.flaw));
        put(each, "name", warning.name);
        put(each, "other", warning.other);
        out.emplace_back(std::move(each));
    }
    return out;
}

}  // namespace aisle::app
