#include "drivers/simulated/scene_export.hpp"

#include <algorithm>
#include <fstream>

#include "drivers/simulated/video_pipe.hpp"

namespace aisle::simulated {
namespace {

Status close(std::ofstream& file, const std::string& path) {
    file.close();
    if (!file) return unavailable("cannot write " + path);
    return {};
}

Status write_text(const std::string& path, std::string_view text) {
    if (path.empty()) return {};
    std::ofstream file{path, std::ios::binary | std::ios::trunc};
    file << text;
    return close(file, path);
}

Status write_video(const SceneScript& script, const std::string& path) {
    if (path.empty()) return {};
    std::ofstream file{path, std::ios::binary | std::ios::trunc};
    file << y4m_header(kSceneFps);
    SceneRenderer camera{script};
    std::vector<std::uint8_t> bytes;
    for (const Delivery& given : script.deliveries) {
        bytes.clear();
        append_y4m(camera.render(given.frame), bytes);
        file.write(reinterpret_cast<const char*>(bytes.data()), std::ssize(bytes));
        if (!file) break;
    }
    return close(file, path);
}

// The first delivered frame that shows the crossing done.
std::size_t number_of(const SceneScript& script, int frame) {
    const auto& given = script.deliveries;
    const auto shown = std::ranges::find_if(
        given, [frame](const Delivery& delivery) { return delivery.frame >= frame; });
    return static_cast<std::size_t>(shown - given.begin()) + 1;
}

std::string crossing_lines(const SceneScript& script) {
    std::string text;
    for (const TrueCrossing& crossing : script.crossings) {
        text += "{\"frame\":" + std::to_string(number_of(script, crossing.frame));
        text += ",\"line\":\"" + script.lines[crossing.line].name;
        text += crossing.direction == Direction::In ? "\",\"direction\":\"in\""
                                                    : "\",\"direction\":\"out\"";
        text += ",\"id\":" + std::to_string(crossing.id);
        text += crossing.blind ? ",\"blind\":true}\n" : ",\"blind\":false}\n";
    }
    return text;
}

}  // namespace

Status export_scene(const SceneScript& script, const SceneFiles& files) {
    Status written = write_text(files.lines, script.scene_file());
    if (written && !files.truth.empty()) written = write_text(files.truth, script.mot_truth());
    if (written) written = write_text(files.crossings, crossing_lines(script));
    if (written) written = write_video(script, files.video);
    return written;
}

}  // namespace aisle::simulated
