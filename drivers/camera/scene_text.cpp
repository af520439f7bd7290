#include "drivers/camera/scene_text.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <string_view>

namespace aisle::camera {
namespace {

// A basic string of TOML 1.0: quotes, backslashes and control characters are escaped.
std::string quoted(std::string_view text) {
    std::string out{"\""};
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte < 0x20 || byte == 0x7F) {
            constexpr std::string_view kHex = "0123456789ABCDEF";
            out += "\\u00";
            out += kHex[byte >> 4U];
            out += kHex[byte & 15U];
            continue;
        }
        if (c == '"' || c == '\\') out += '\\';
        out += c;
    }
    return out + '"';
}

std::string number(double value) {
    std::array<char, 32> text{};
    const double tenths = std::round(value * 10) / 10;
    const auto end = std::to_chars(text.data(), text.data() + text.size(), tenths == 0 ? 0 : tenths,
                                   std::chars_format::fixed)
                         .ptr;
    return {text.data(), end};
}

std::string pair(tracking::Point point) {
    return "[" + number(point.x) + ", " + number(point.y) + "]";
}

class SceneWriter {
public:
    std::string write(const tracking::Scene& scene) {
        if (scene.uturn != tracking::Scene{}.uturn) key("uturn_s", seconds_of(scene.uturn));
        if (scene.metre_px > 0) key("metre_px", number(scene.metre_px));
        if (scene.person_width > 0) key("person_width", number(scene.person_width));
        if (scene.view == tracking::View::Above) key("view", quoted("above"));
        if (scene.view == tracking::View::Side) key("view", quoted("side"));
        for (const tracking::Point& size : scene.picture) key("picture", pair(size));
        for (const tracking::Line& line : scene.lines) add(line);
        for (const tracking::Gate& gate : scene.gates) add(gate);
        for (const tracking::Zone& zone : scene.zones) add(zone);
        return std::move(text_);
    }

private:
    void key(std::string_view name, const std::string& value) {
        text_.append(name).append(" = ").append(value).append("\n");
    }
    void table(std::string_view kind, const std::string& name) {
        if (!text_.empty()) text_ += '\n';
        text_.append("[[").append(kind).append("]]\n");
        key("name", quoted(name));
    }
    void points(const std::vector<tracking::Point>& all) {
        std::string list{"["};
        for (const tracking::Point point : all) list += (list.size() > 1 ? ", " : "") + pair(point);
        key("points", list + "]");
    }
    static std::string seconds_of(milliseconds time) {
        return number(static_cast<double>(time.count()) / 1000);
    }

    void add(const tracking::Line& line) {
        table("line", line.name);
        std::vector<tracking::Point> all{line.from};
        all.insert(all.end(), line.via.begin(), line.via.end());
        all.push_back(line.to);
        points(all);
        if (line.swap) key("swap", "true");
    }
    void add(const tracking::Gate& gate) {
        table("gate", gate.name);
        key("outer", quoted(gate.outer));
        key("inner", quoted(gate.inner));
        key("within_s", seconds_of(gate.within));
    }
    void add(const tracking::Zone& zone) {
        table("zone", zone.name);
        if (zone.queue) key("kind", quoted("queue"));
        points(zone.polygon);
        for (const tracking::Point& till : zone.till) key("till", pair(till));
        if (!zone.before.empty()) key("before", quoted(zone.before));
    }

    std::string text_;
};

}  // namespace

std::string scene_text(const tracking::Scene& scene) { return SceneWriter{}.write(scene); }

}  // namespace aisle::camera
