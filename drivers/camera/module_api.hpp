#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "agent/core/sink.hpp"
#include "drivers/tracking/scene.hpp"

// The face of lib/aisle-camera.so, for the composition root: plain types, no OpenCV. The module is
// loaded only when a video source is configured or `aislectl footfall count` is called, because
// OpenCV costs 68 MB at load. Find kModuleEntry with dlsym, call it as a ModuleEntry, and refuse
// the module when `version` is not kModuleVersion. Never unload it.
namespace aisle::runtime {
class Executor;
class Metrics;
}  // namespace aisle::runtime

namespace aisle::camera {

class Preview;  // preview.hpp

enum class SourceKind { File, Rtsp, V4l2, Pipe };

struct VideoSource {
    SourceKind kind = SourceKind::File;
    std::string location;  // a path, rtsp://..., /dev/video0; may hold a password: never log it
    bool loop = false;     // files: begin again at the end
    bool paced = true;     // files: at their own rate, else as fast as it goes
    double fps = 0;  // files: in place of the header's rate; V4L2: asked of the device; 0: theirs
    milliseconds open_timeout{5000};
    milliseconds read_timeout{5000};
    milliseconds silence_max{10000};  // no frame for so long: close and open again
};

// Which detector a camera has. `motion` needs no model and is the default.
struct DetectorSettings {
    std::string kind = "motion";  // motion | onnx
    std::string model;            // onnx: the file
    std::string sha256;           // onnx: its digest in hex; empty: taken as it is
    // onnx: the net looks at every so many frames, and at none while nothing moves; between them
    // what moves keeps the tracks alive. 1: at every frame, moving or not.
    int every = 1;
};

struct VideoSettings {
    std::string name;  // of the camera: log, metrics and reasons
    VideoSource source;
    std::string scene;                    // path of the scene file
    std::map<std::string, DoorId> doors;  // line -> door; a line that is not here is its own door
    DetectorSettings detector;
    // What the camera told before the last stop, as the position of kRememberedItem of the source
    // `name`: where things stand that look like people. Empty: nothing yet.
    std::string remembered;
    std::shared_ptr<Preview> preview;  // what people may see of it; null: nobody looks
};
inline constexpr const char* kRememberedItem = "still";

// What `aislectl footfall count` was asked. Frames count from 1.
struct CountSettings {
    std::string video;
    std::string scene;
    DetectorSettings detector;
    std::int64_t first_frame = 1;
    std::int64_t last_frame = 0;  // 0: to the end
    std::string tracks;           // a file for the tracks in MOTChallenge form; empty: none
};

struct LineTally {
    std::int64_t in = 0;
    std::int64_t out = 0;
    std::int64_t uturns = 0;  // came back at once: in neither of the two

    friend bool operator==(const LineTally&, const LineTally&) = default;
};

struct CountSummary {
    std::int64_t frames = 0;
    double cpu_ms_per_frame = 0;  // of the process, decoding included
    std::map<std::string, LineTally> lines;
};

struct ModuleApi {
    int version = 0;

    // Built stopped, on the loop; call start() and stop() there too. The scene is read here:
    // Malformed names file, line and column. A camera that is not there is no error: the driver
    // goes on looking for it. Sink, executor and metrics must outlive the driver.
    Result<std::unique_ptr<Driver>> (*make_video_driver)(const VideoSettings&, Sink&,
                                                         runtime::Executor&,
                                                         runtime::Metrics&) = nullptr;

    // Blocks until the file has been counted. Hands over one JSON object at a time without its line
    // end, the summary last. Unavailable: no such file. Malformed: not a video, a bad scene, an
    // unknown detector. The same call gives the same lines twice, but for cpu_ms_per_frame.
    Result<CountSummary> (*count_video)(
        const CountSettings&, const std::function<void(std::string_view)>& line) = nullptr;

    // A scene file's text, read as a camera reads it (scene_file.hpp), and a scene as such a text.
    Result<tracking::Scene> (*parse_scene)(std::string_view text, std::string_view name) = nullptr;
    std::string (*scene_text)(const tracking::Scene&) = nullptr;
};

inline constexpr int kModuleVersion = 4;
inline constexpr const char* kModuleFile = "aisle-camera.so";
inline constexpr const char* kModuleEntry = "aisle_camera_module";
using ModuleEntry = const ModuleApi* (*)();

}  // namespace aisle::camera
