#include "drivers/camera/scene_file.hpp"

#include <toml++/toml.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>

namespace aisle::camera {
namespace {

constexpr std::size_t kSceneBytesMax = 64 * 1024;
constexpr std::array<std::string_view, 3> kKeys{"name", "points", "swap"};

// Collects the first fault and where it is.
class SceneReader {
public:
    explicit SceneReader(std::string_view name) : name_{name} {}

    Result<tracking::Scene> read(const toml::table& table) {
        for (const auto& [key, node] : table) {
            if (key.str() != "line")
                return fault(key.source(), "unknown key " + std::string{key.str()});
        }
        const toml::array* lines = table["line"].as_array();
        if (!lines) return fault(table.source(), "the scene needs at least one [[line]]");
        tracking::Scene scene;
        for (const toml::node& node : *lines) {
            const toml::table* line = node.as_table();
            if (!line) return fault(node.source(), "line must be written as [[line]]");
            auto read = read_line(*line);
            if (!read) return read.error();
            scene.lines.push_back(*std::move(read));
        }
        if (const auto status = tracking::check(scene); !status) {
            return fault(lines->source(), status.error().detail);
        }
        return scene;
    }

private:
    [[nodiscard]] Error fault(const toml::source_region& at, const std::string& what) const {
        return malformed(name_ + ":" + std::to_string(at.begin.line) + ":" +
                         std::to_string(at.begin.column) + ": " + what);
    }

    Result<tracking::Line> read_line(const toml::table& table) {
        for (const auto& [key, node] : table) {
            if (std::ranges::find(kKeys, key.str()) == kKeys.end()) {
                return fault(key.source(), "unknown key " + std::string{key.str()} +
                                               "; a line has name, points and swap");
            }
        }
        tracking::Line line;
        const auto name = table["name"].value<std::string>();
        if (!name) return fault(table.source(), "a line needs name = \"...\"");
        line.name = *name;
        if (const toml::node* swap = table.get("swap")) {
            if (!swap->is_boolean()) return fault(swap->source(), "swap must be true or false");
            line.swap = *swap->value<bool>();
        }
        const toml::node* points = table.get("points");
        if (!points) return fault(table.source(), "a line needs points = [[x1, y1], [x2, y2]]");
        const toml::array* ends = points->as_array();
        if (!ends || ends->size() != 2 || !read_point((*ends)[0], line.from) ||
            !read_point((*ends)[1], line.to)) {
            return fault(points->source(), "points must be [[x1, y1], [x2, y2]]");
        }
        return line;
    }

    static bool read_point(const toml::node& node, tracking::Point& point) {
        const toml::array* pair = node.as_array();
        if (!pair || pair->size() != 2) return false;
        const auto x = (*pair)[0].value<double>();
        const auto y = (*pair)[1].value<double>();
        if (!x || !y) return false;
        point = {*x, *y};
        return true;
    }

    std::string name_;
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
