#pragma once

#include <deque>
#include <memory>
#include <utility>

#include "drivers/camera/frame_source.hpp"

namespace aisle::camera {

// What a scripted camera does next, and what was asked of it. Shared with the test that wrote it.
struct Script {
    std::deque<bool> openings;  // false: the camera does not answer; when used up it does
    std::deque<Grab> grabs;     // when used up: End
    Frame picture{.width = 64, .height = 48, .bgr = std::vector<std::uint8_t>(64 * 48 * 3, 90)};
    bool frozen = false;  // the very same bytes each time
    int given = 0;
    double fps = 10;
    int opened = 0;
    int closed = 0;
};

class ScriptedSource final : public FrameSource {
public:
    explicit ScriptedSource(std::shared_ptr<Script> script) : script_{std::move(script)} {}

    Status open() override {
        ++script_->opened;
        if (!script_->openings.empty()) {
            const bool answers = script_->openings.front();
            script_->openings.pop_front();
            if (!answers) return unavailable("scripted");
        }
        return {};
    }

    Grab read(Frame& into) override {
        if (script_->grabs.empty()) return Grab::End;
        const Grab grab = script_->grabs.front();
        script_->grabs.pop_front();
        if (grab == Grab::Frame) {
            into = script_->picture;
            // No sensor gives the same bytes twice.
            if (!script_->frozen) into.bgr[0] = static_cast<std::uint8_t>(++script_->given);
        }
        return grab;
    }

    bool skip() override {
        Frame unseen;
        return read(unseen) == Grab::Frame;
    }

    void close() override { ++script_->closed; }
    [[nodiscard]] double fps() const override { return script_->fps; }

private:
    std::shared_ptr<Script> script_;
};

}  // namespace aisle::camera
