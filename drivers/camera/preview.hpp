#pragma once

#include <cstdint>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "agent/core/time.hpp"

namespace aisle::camera {

// Where somebody is in the picture, in its pixels. Nobody's id: a box has no yesterday.
struct PreviewBox {
    int x = 0;
    int y = 0;
    int w = 0;
    int h = 0;
    bool sure = false;  // confirmed: it counts
};

struct PreviewView {
    int width = 0;  // of the camera's picture; 0: none was seen yet
    int height = 0;
    WallTime at{};
    std::vector<PreviewBox> boxes;
};

// The shop without its people, small and grey, a byte a pixel, rows from the top. Empty until it is
// known.
struct GreyPicture {
    int width = 0;
    int height = 0;
    std::vector<std::uint8_t> grey;
};

// How the camera answered to a scene that was written anew.
struct SceneAnswer {
    std::int64_t asked = 0;     // how often it was told to read its scene again
    std::int64_t answered = 0;  // how often it has
    std::string fault;          // of the last time; empty: it counts by the new scene
};

// What people who set a camera up may see of it, and what they tell it: a board between the
// camera's thread and the loop. Boxes and a background that nobody stands in; never a picture of a
// moment. RAM only. Here as a header alone, because the composition root and the module both use
// it. From any thread.
class Preview {
public:
    void show(PreviewView view) {
        const std::lock_guard lock{mutex_};
        view_ = std::move(view);
    }
    void paint(GreyPicture background) {
        const std::lock_guard lock{mutex_};
        background_ = std::move(background);
    }
    [[nodiscard]] PreviewView view() const {
        const std::lock_guard lock{mutex_};
        return view_;
    }
    [[nodiscard]] GreyPicture background() const {
        const std::lock_guard lock{mutex_};
        return background_;
    }

    // The camera reads its scene file again before its next picture.
    void ask_for_scene() {
        const std::lock_guard lock{mutex_};
        ++scene_.asked;
    }
    [[nodiscard]] bool scene_is_asked_for() const {
        const std::lock_guard lock{mutex_};
        return scene_.answered < scene_.asked;
    }
    void answer(std::string fault) {
        const std::lock_guard lock{mutex_};
        scene_.answered = scene_.asked;
        scene_.fault = std::move(fault);
    }
    [[nodiscard]] SceneAnswer scene() const {
        const std::lock_guard lock{mutex_};
        return scene_;
    }

private:
    mutable std::mutex mutex_;
    PreviewView view_;
    GreyPicture background_;
    SceneAnswer scene_;
};

}  // namespace aisle::camera
