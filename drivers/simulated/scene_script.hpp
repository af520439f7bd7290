#pragma once

#include <memory>
#include <optional>
#include <string_view>

#include "agent/core/traffic.hpp"
#include "drivers/simulated/light.hpp"
#include "drivers/simulated/picture.hpp"

// Scenes under a door's overhead camera with exact truth: a pure function of kind and seed, the
// same on every machine. Made to be honest, not easy: soft shadows, moving light, grain, a tiled
// floor, swinging arms, bags, clothes near the floor's tone, people who stop.
//
//   const SceneScript scene = make_scene(SceneKind::Plain, 7);
//   SceneRenderer camera{scene};
//   for (const Delivery& given : scene.deliveries) see(camera.render(given.frame), given.at);
//   compare(scene.crossings);
namespace aisle::simulated {

enum class SceneKind {
    Plain,
    Shadow,     // long, dark, soft shadows, and a door that lets the day in
    LightStep,  // the light drops by a quarter for five seconds, twice
    Pairs,      // two by two, shoulders touching
    Uturn,      // many turn back, before the line or behind it
    Linger,     // many stop for 5 to 20 s, some of them on the line
    Trolley,
    Child,      // adults with a child of half their size at hand; children are people and count
    Crowd,      // eight at once, both ways
    CameraGap,  // three seconds are never delivered, three times
    Frozen,     // the same picture again and again for four seconds, three times
    Mannequin,  // a figure stands by the line, is put elsewhere once; a screen changes its picture
    Night       // a third of the light, grain of a camera at its limit, headlights on the floor
};
inline constexpr std::array kSceneKinds{
    SceneKind::Plain, SceneKind::Shadow,    SceneKind::LightStep, SceneKind::Pairs,
    SceneKind::Uturn, SceneKind::Linger,    SceneKind::Trolley,   SceneKind::Child,
    SceneKind::Crowd, SceneKind::CameraGap, SceneKind::Frozen,    SceneKind::Mannequin,
    SceneKind::Night};
std::string_view to_text(SceneKind kind);  // plain, shadow, light_step, pairs, ...
std::optional<SceneKind> scene_kind_from(std::string_view text);

inline constexpr int kSceneFps = 12;
inline constexpr int kSceneFrames = 900;
constexpr milliseconds time_of_frame(std::int64_t frame) {
    return milliseconds{frame * 1000 / kSceneFps};
}

// Whole pixels, as in a scene file; *in* is a crossing to the right-hand side as seen in the
// picture, walking from `from` to `to`.
struct SceneLine {
    std::string name;
    Spot from;
    Spot to;
};

// A body's middle has gone over a line: it was kTruthBand or more before it and is now as much
// behind it.
struct TrueCrossing {
    std::size_t line = 0;  // place in SceneScript::lines
    Direction direction = Direction::In;
    int id = 0;
    int frame = 0;  // the first one behind the band, 0-based
    // The passage, from a body's width before the line to as much behind it, was not wholly
    // delivered: a counter may have it or not. What it counts beyond all of these is a phantom.
    bool blind = false;
};
inline constexpr int kTruthBand = 8;  // pixels

struct TrueBox {
    int id = 0;
    Extent box;                // not cut off at the picture's edge
    int visible_permille = 0;  // how much of it is inside the picture
};
inline constexpr int kVisibleMin = 250;  // permille; boxes with less are left out of the truth

// What the camera hands out, in order. Most scenes: each frame once, in its time. A frame can be
// left out (camera_gap) or come again with the very same bytes (frozen).
struct Delivery {
    int frame = 0;
    milliseconds at{};  // since the scene's beginning
};

struct SceneScript {
    SceneKind kind = SceneKind::Plain;
    std::uint64_t seed = 0;
    bool street_left = false;      // the door is at the left edge and not at the top
    std::vector<SceneLine> lines;  // at least one; the first is "door"
    std::vector<Walker> walkers;   // by first waypoint
    Light light;
    std::vector<TrueCrossing> crossings;  // by frame
    std::vector<Delivery> deliveries;

    // Of floor, grain and clothes: two kinds with one seed do not look alike.
    [[nodiscard]] std::uint64_t picture_seed() const {
        return seed * kSceneKinds.size() + static_cast<std::uint64_t>(kind);
    }

    // In and out over a line: what was wholly seen, and beside it what was not.
    struct Tally {
        int in = 0;
        int out = 0;
        int blind_in = 0;
        int blind_out = 0;
    };
    [[nodiscard]] Tally tally(std::size_t line) const;
    // People in a frame (0-based), ascending by id; mannequins are none.
    [[nodiscard]] std::vector<TrueBox> boxes(int frame) const;
    // All of them in MOTChallenge form `frame,id,x,y,w,h,1,-1,-1,-1`. Frame k counts from 1 in the
    // order of `deliveries`, as a reader of the played video counts: it is deliveries[k - 1].
    [[nodiscard]] std::string mot_truth() const;
    // The lines as a scene file for `aislectl footfall count`.
    [[nodiscard]] std::string scene_file() const;
};

// Some 40 people in kSceneFrames frames.
SceneScript make_scene(SceneKind kind, std::uint64_t seed);

// Paints a script's frames in any order; a frame's bytes depend on script and number alone. Holds
// the floor and the grain (some 0.6 MB). One thread.
class SceneRenderer {
public:
    explicit SceneRenderer(const SceneScript& script);  // which must outlive it
    ~SceneRenderer();
    SceneRenderer(const SceneRenderer&) = delete;
    SceneRenderer& operator=(const SceneRenderer&) = delete;

    // 0-based, below kSceneFrames. Good until the next call.
    const Picture& render(int frame);

private:
    struct Studio;
    std::unique_ptr<Studio> studio_;
};

}  // namespace aisle::simulated
