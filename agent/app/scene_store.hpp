#pragma once

#include <string>
#include <string_view>

#include "agent/core/error.hpp"

// A scene file on disk. These calls block: on the thread for slow files.
namespace aisle::app {

struct SceneText {
    std::string text;
    std::string digest;  // of the bytes: whoever writes says which he has read
};

// Unavailable: no such file. Malformed: larger than a scene may be.
Result<SceneText> read_scene_text(const std::string& path);

// Puts `text` in the place of the file whose digest is `read`: whole or not at all, through a file
// beside it that is synced and renamed. What was there becomes FILE.old.1, what that was FILE.old.2
// and so on up to kOldScenesKept. Full: it is another file by now, read it again. Denied: the
// service may not write there; the detail says how to help it.
struct SceneWrite {
    std::string path;
    std::string text;
    std::string read;  // digest; of a file that was not there: empty
};
Status write_scene_text(const SceneWrite& write);

inline constexpr int kOldScenesKept = 5;
inline constexpr std::size_t kSceneTextMax = 64 * 1024;  // as drivers/camera/scene_file.cpp

}  // namespace aisle::app
