#include "drivers/camera/scene_file.hpp"

#include <toml++/toml.h>

#include <algorithm>
#include <fstream>
#include <initializer_list>
#include <optional>

namespace aisle::camera {
namespace {

constexpr std::size_t kSceneBytesMax = 64 * 1024;
using Keys = std::initializer_list<std::string_view>;

// Collects the first fault and where it is.
class SceneReader {
public:
    explicit SceneReader(std::string_view name) : name_{name} {}

    Result<tracking::Scene> read(const toml::table& table) {
        tracking::Scene scene;
        check_keys(
            table,
            {"line", "gate", "zone", "uturn_s", "metre_px", "person_width", "view", "picture"},
            "a scene");
        each(table, "line", [&](const toml::table& line) { scene.lines.push_back(line_of(line)); });
        each(table, "gate", [&](const toml::table& gate) { scene.gates.push_back(gate_of(gate)); });
        each(table, "zone", [&](const toml::table& zone) { scene.zones.push_back(zone_of(zone)); });
        scene.uturn = seconds_of(table, "uturn_s", scene.uturn);
        scene.metre_px = number_of(table, "metre_px", scene.metre_px);
        scene.person_width = number_of(table, "person_width", scene.person_width);
        scene.view = view_of(table);
        if (const toml::node* node = table.get("picture")) {
            if (!read_point(*node, scene.picture.emplace_back()))
                fail(node->source(), "picture must be [width, height]");
        }
        if (fault_) return *fault_;
        const bool empty = scene.lines.empty() && scene.zones.empty();
        if (empty) return at(table.source(), "the scene needs at least one [[line]] or [[zone]]");
        if (const auto status = tracking::check(scene); !status) {
            const toml::node* lines = table.get("line");
            return at(lines != nullptr ? lines->source() : table.source(), status.error().detail);
        }
        return scene;
    }

private:
    [[nodiscard]] Error at(const toml::source_region& where, const std::string& what) const {
        return malformed(name_ + ":" + std::to_string(where.begin.line) + ":" +
                         std::to_string(where.begin.column) + ": " + what);
    }
    void fail(const toml::source_region& where, const std::string& what) {
        if (!fault_) fault_ = at(where, what);
    }

    void check_keys(const toml::table& table, Keys keys, const std::string& of) {
        for (const auto& [key, node] : table) {
            if (std::ranges::find(keys, key.str()) != keys.end()) continue;
            std::string known;
            for (const std::string_view each : keys) known += ' ' + std::string{each};
            fail(key.source(),
                 "unknown key " + std::string{key.str()} + "; " + of + " has" + known);
        }
    }

    template <typename Take>
    void each(const toml::table& table, std::string_view name, Take take) {
        const toml::node* node = table.get(name);
        if (node == nullptr) return;
        const std::string written{name};
        const toml::array* all = node->as_array();
        if (all == nullptr)
            return fail(node->source(), written + " must be written as [[" + written + "]]");
        for (const toml::node& one : *all) {
            if (const toml::table* fields = one.as_table()) {
                take(*fields);
            } else {
                fail(one.source(), written + " must be written as [[" + written + "]]");
            }
        }
    }

    tracking::Line line_of(const toml::table& table) {
        check_keys(table, {"name", "points", "swap"}, "a line");
        tracking::Line line{.name = name_of(table, "a line")};
        if (const toml::node* swap = table.get("swap")) {
            if (!swap->is_boolean()) fail(swap->source(), "swap must be true or false");
            line.swap = swap->value_or(false);
        }
        const auto points =
            points_of(table, "points", "a line needs points = [[x1, y1], [x2, y2]]");
        if (points.size() < 2) {
            if (const toml::node* node = table.get("points"))
                fail(node->source(), "points must be [[x1, y1], [x2, y2]]");
            return line;
        }
        line.from = points.front();
        line.to = points.back();
        line.via.assign(points.begin() + 1, points.end() - 1);
        return line;
    }

    tracking::Gate gate_of(const toml::table& table) {
        check_keys(table, {"name", "outer", "inner", "within_s"}, "a gate");
        tracking::Gate gate{.name = name_of(table, "a gate")};
        gate.outer = text_of(table, "outer", "a gate needs outer = \"a line\"");
        gate.inner = text_of(table, "inner", "a gate needs inner = \"a line\"");
        gate.within = seconds_of(table, "within_s", gate.within);
        return gate;
    }

    tracking::Zone zone_of(const toml::table& table) {
        check_keys(table, {"name", "points", "kind", "till", "before"}, "a zone");
        tracking::Zone zone{.name = name_of(table, "a zone")};
        zone.polygon = points_of(table, "points", "a zone needs points = [[x, y], ...]");
        if (const toml::node* kind = table.get("kind")) {
            const auto text = kind->value<std::string>();
            if (!text || (*text != "area" && *text != "queue"))
                fail(kind->source(), "kind must be \"area\" or \"queue\"");
            zone.queue = text == "queue";
        }
        if (const toml::node* till = table.get("till")) {
            tracking::Point point;
            if (!read_point(*till, point)) fail(till->source(), "till must be [x, y]");
            zone.till.push_back(point);
        }
        zone.before = table["before"].value_or(std::string{});
        return zone;
    }

    std::string name_of(const toml::table& table, const std::string& of) {
        return text_of(table, "name", of + " needs name = \"...\"");
    }

    std::string text_of(const toml::table& table, std::string_view key,
                        const std::string& missing) {
        const auto text = table[key].value<std::string>();
        if (!text) fail(table.source(), missing);
        return text.value_or(std::string{});
    }

    tracking::View view_of(const toml::table& table) {
        const toml::node* node = table.get("view");
        if (node == nullptr) return tracking::View::Learnt;
        const auto word = node->value<std::string>();
        if (word == "above") return tracking::View::Above;
        if (word == "side") return tracking::View::Side;
        fail(node->source(), "view must be \"above\" or \"side\"");
        return tracking::View::Learnt;
    }

    double number_of(const toml::table& table, std::string_view key, double otherwise) {
        const toml::node* node = table.get(key);
        if (node == nullptr) return otherwise;
        const auto number = node->value<double>();
        if (!number) fail(node->source(), std::string{key} + " must be a number");
        return number.value_or(otherwise);
    }

    milliseconds seconds_of(const toml::table& table, std::string_view key,
                            milliseconds otherwise) {
        const double given = number_of(table, key, static_cast<double>(otherwise.count()) / 1000);
        constexpr double kMax = 1e6;  // whatever is more is refused by the scene's own check
        return milliseconds{static_cast<std::int64_t>(std::clamp(given, -kMax, kMax) * 1000)};
    }

    // Empty after a fault.
    std::vector<tracking::Point> points_of(const toml::table& table, std::string_view key,
                                           const std::string& missing) {
        const toml::node* node = table.get(key);
        if (node == nullptr) return fail(table.source(), missing), std::vector<tracking::Point>{};
        std::vector<tracking::Point> points;
        const toml::array* all = node->as_array();
        bool fine = all != nullptr;
        for (std::size_t i = 0; fine && i < all->size(); ++i) {
            fine = read_point(*all->get(i), points.emplace_back());
        }
        if (fine) return points;
        fail(node->source(), "points must be [[x1, y1], [x2, y2]]");
        return {};
    }

    static bool read_point(const toml::node& node, tracking::Point& point) {
        const toml::array* pair = node.as_array();
        if (pair == nullptr || pair->size() != 2) return false;
        const auto x = (*pair)[0].value<double>();
        const auto y = (*pair)[1].value<double>();
        if (!x || !y) return false;
        point = {*x, *y};
        return true;
    }

    std::string name_;
    std::optional<Error> fault_;
};

}  // namespace

Result<tracking::Scene> parse_scene(std::string_view text, std::string_view name) {
    try {
        return SceneReader{name}.read(toml::parse(text, name));
    } catch (const toml::parse_error& error) {
        const auto at = error.source().begin;
        return malformed(std::string{name} + ":" + std::to_string(at.line) + ":" +
                         std::to_string(at.column) + ": " + std::string{error.description()});
    }
}

Result<tracking::Scene> load_scene(const std::string& path) {
    std::ifstream file{path, std::ios::binary};
    if (!file) return unavailable("cannot open the scene " + path);
    std::string text(kSceneBytesMax + 1, '\0');
    file.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(file.gcount()));
    if (text.size() > kSceneBytesMax) return malformed(path + ":1:1: larger than 64 KiB");
    return parse_scene(text, path);
}

}  // namespace aisle::camera
