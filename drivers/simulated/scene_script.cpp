#include "drivers/simulated/scene_script.hpp"

#include <algorithm>
#include <cassert>

#include "drivers/simulated/fixed.hpp"
#include "drivers/simulated/overhead.hpp"
#include "drivers/simulated/scene_cast.hpp"

namespace aisle::simulated {
namespace {

constexpr std::array<std::string_view, kSceneKinds.size()> kNames{
    "plain", "shadow", "light_step", "pairs",  "uturn",     "linger", "trolley",
    "child", "crowd",  "camera_gap", "frozen", "mannequin", "night"};

// From a body's width before a line to as much behind it: what must be delivered of a passage.
constexpr int kPassage = 20 * kSub;

// Across the picture before its middle, somewhat aslant; which side is inside is drawn too.
void draw_line(SceneScript& script, Noise& noise) {
    const int depth = script.street_left ? kSceneWidth : kSceneHeight;
    const int width = script.street_left ? kSceneHeight : kSceneWidth;
    const int middle = depth / 2 + static_cast<int>(noise.between(-16, 16));
    const int slant = static_cast<int>(noise.between(-10, 10));
    Spot one{4, middle - slant};
    Spot other{width - 5, middle + slant};
    if (script.street_left) {
        std::swap(one.x, one.y);
        std::swap(other.x, other.y);
    }
    if (noise.chance(500)) std::swap(one, other);
    script.lines.push_back({.name = "door", .from = one, .to = other});
}

Extent draw_screen(const SceneScript& script, Noise& noise) {
    const SceneLine& line = script.lines.front();
    const int off = static_cast<int>(noise.between(26, 40));
    const int edge = static_cast<int>(noise.between(14, 60));
    if (script.street_left)
        return {.x = (line.from.x + line.to.x) / 2 + off, .y = edge, .w = 26, .h = 34};
    return {.x = edge, .y = (line.from.y + line.to.y) / 2 + off, .w = 34, .h = 26};
}

void set_light(SceneScript& script, Noise& noise) {
    Light& light = script.light;
    const auto jitter = [&] { return milliseconds{noise.between(-1500, 1500)}; };
    switch (script.kind) {
        case SceneKind::Shadow:
            light.shadow_permille = 420;
            light.shadow_reach_permille = 1300;
            light.door_glow = 40;
            light.wave = 12;
            break;
        case SceneKind::LightStep:
            for (const milliseconds from : {milliseconds{21'000}, milliseconds{50'000}}) {
                const milliseconds begins = from + jitter();
                light.changes.push_back({begins, begins + seconds{5}, kFullLight * 3 / 4});
            }
            break;
        case SceneKind::Mannequin: {
            Screen screen{.place = draw_screen(script, noise)};
            for (milliseconds at{3000}; at < time_of_frame(kSceneFrames);
                 at += milliseconds{noise.between(4000, 7000)}) {
                screen.changes.push_back(at);
            }
            light.screens.push_back(std::move(screen));
            break;
        }
        case SceneKind::Night:
            light.factor = kFullLight * 35 / 100;
            light.grain = 5;
            light.door_glow = 25;
            for (milliseconds at{6000}; at < time_of_frame(kSceneFrames); at += seconds{11}) {
                const milliseconds begins = at + jitter();
                light.beams.push_back({begins, begins + milliseconds{1800}});
            }
            break;
        default:
            break;
    }
}

// Each frame in its time, but for the spells in which the camera is deaf or stuck.
void set_deliveries(SceneScript& script, Noise& noise) {
    const bool gaps = script.kind == SceneKind::CameraGap;
    const bool stuck = script.kind == SceneKind::Frozen;
    std::array<int, 3> begins{};
    for (int i = 0; i < 3; ++i) {
        begins[static_cast<std::size_t>(i)] = 180 + 250 * i + static_cast<int>(noise.below(60));
    }
    const int length = (gaps ? 3 : 4) * kSceneFps;
    for (int frame = 0; frame < kSceneFrames; ++frame) {
        const auto spell = std::ranges::find_if(
            begins, [&](int from) { return frame >= from && frame < from + length; });
        const bool blind = (gaps || stuck) && spell != begins.end();
        if (blind && gaps) continue;
        script.deliveries.push_back(
            {.frame = blind ? *spell - 1 : frame, .at = time_of_frame(frame)});
    }
}

// One person's distances from a line, frame by frame: positive on its right-hand side, sub-pixels.
class Passages {
public:
    Passages(const SceneScript& script, const Walker& walker, std::size_t line)
        : script_{script}, walker_{walker}, line_{line} {
        const SceneLine& of = script.lines[line];
        along_ = {of.to.x - of.from.x, of.to.y - of.from.y};
        length_ = root_of(std::int64_t{along_.x} * along_.x + std::int64_t{along_.y} * along_.y);
        const auto frame_of = [](milliseconds at) {
            return static_cast<int>(at.count() * kSceneFps / 1000);
        };
        first_ = std::clamp(frame_of(walker.path.front().at) + 1, 0, kSceneFrames);
        for (int frame = first_; frame < kSceneFrames; ++frame) {
            const auto spot = place_of(walker, time_of_frame(frame));
            if (!spot) break;
            offs_.push_back(off(*spot));
        }
    }

    void tell(const std::vector<bool>& delivered, std::vector<TrueCrossing>& crossings) const {
        int side = 0;
        for (std::size_t i = 0; i < offs_.size(); ++i) {
            if (std::abs(offs_[i]) < kTruthBand * kSub) continue;
            const int now = offs_[i] > 0 ? 1 : -1;
            if (side != 0 && now != side && meets_segment(i)) {
                const bool to_right = now > 0;
                crossings.push_back({.line = line_,
                                     .direction = to_right ? Direction::In : Direction::Out,
                                     .id = walker_.id,
                                     .frame = first_ + static_cast<int>(i),
                                     .blind = !seen(i, now, delivered)});
            }
            side = now;
        }
    }

private:
    // The cross product of the line with the way to the spot, over the line's length.
    [[nodiscard]] int off(Spot spot) const {
        const SceneLine& of = script_.lines[line_];
        const std::int64_t x = spot.x - of.from.x * kSub;
        const std::int64_t y = spot.y - of.from.y * kSub;
        return static_cast<int>((along_.x * y - along_.y * x) / length_);
    }

    [[nodiscard]] bool meets_segment(std::size_t i) const {
        const SceneLine& of = script_.lines[line_];
        const Spot spot = *place_of(walker_, time_of_frame(first_ + static_cast<int>(i)));
        const std::int64_t x = spot.x - of.from.x * kSub;
        const std::int64_t y = spot.y - of.from.y * kSub;
        const std::int64_t along = (along_.x * x + along_.y * y) / length_;
        return along >= 0 && along <= length_ * kSub;
    }

    [[nodiscard]] bool seen(std::size_t at, int side, const std::vector<bool>& delivered) const {
        std::size_t from = at;
        while (from > 0 && offs_[from] * -side < kPassage) --from;
        std::size_t to = at;
        while (to + 1 < offs_.size() && offs_[to] * side < kPassage) ++to;
        for (std::size_t i = from; i <= to; ++i) {
            if (!delivered[static_cast<std::size_t>(first_) + i]) return false;
        }
        return true;
    }

    const SceneScript& script_;
    const Walker& walker_;
    std::size_t line_;
    Spot along_;  // whole pixels
    std::int64_t length_ = 0;
    int first_ = 0;  // frame of offs_[0]
    std::vector<int> offs_;
};

void tell_crossings(SceneScript& script) {
    std::vector<bool> delivered(kSceneFrames, false);
    for (const Delivery& given : script.deliveries) {
        delivered[static_cast<std::size_t>(given.frame)] = true;
    }
    for (std::size_t line = 0; line < script.lines.size(); ++line) {
        for (const Walker& walker : script.walkers) {
            if (walker.walks) Passages{script, walker, line}.tell(delivered, script.crossings);
        }
    }
    std::ranges::stable_sort(script.crossings, {}, &TrueCrossing::frame);
}

int visible_permille(const Extent& box) {
    const int w = std::min(box.x + box.w, kSceneWidth) - std::max(box.x, 0);
    const int h = std::min(box.y + box.h, kSceneHeight) - std::max(box.y, 0);
    if (w <= 0 || h <= 0) return 0;
    return static_cast<int>(std::int64_t{w} * h * 1000 / (std::int64_t{box.w} * box.h));
}

std::string text_of(Spot spot) {
    std::string text{"["};
    text += std::to_string(spot.x);
    text += ", ";
    text += std::to_string(spot.y);
    return text += "]";
}

}  // namespace

std::string_view to_text(SceneKind kind) { return kNames[static_cast<std::size_t>(kind)]; }

std::optional<SceneKind> scene_kind_from(std::string_view text) {
    const auto found = std::ranges::find(kNames, text);
    if (found == kNames.end()) return std::nullopt;
    return kSceneKinds[static_cast<std::size_t>(found - kNames.begin())];
}

SceneScript make_scene(SceneKind kind, std::uint64_t seed) {
    SceneScript script{.kind = kind, .seed = seed};
    Noise noise{seed, 60 + static_cast<std::uint64_t>(kind)};
    script.street_left = noise.chance(500);
    draw_line(script, noise);
    set_light(script, noise);
    set_deliveries(script, noise);
    SceneCast{script}.fill();
    tell_crossings(script);
    return script;
}

SceneScript::Tally SceneScript::tally(std::size_t line) const {
    Tally tally;
    for (const TrueCrossing& crossing : crossings) {
        if (crossing.line != line) continue;
        const bool in = crossing.direction == Direction::In;
        ++(crossing.blind ? (in ? tally.blind_in : tally.blind_out) : (in ? tally.in : tally.out));
    }
    return tally;
}

std::vector<TrueBox> SceneScript::boxes(int frame) const {
    std::vector<TrueBox> boxes;
    for (const Walker& walker : walkers) {
        if (!walker.walks) continue;
        const auto extent = extent_of(walker, time_of_frame(frame));
        if (!extent) continue;
        const int visible = visible_permille(*extent);
        if (visible < kVisibleMin) continue;
        boxes.push_back({.id = walker.id, .box = *extent, .visible_permille = visible});
    }
    return boxes;
}

std::string SceneScript::mot_truth() const {
    std::string text;
    for (std::size_t i = 0; i < deliveries.size(); ++i) {
        for (const TrueBox& truth : boxes(deliveries[i].frame)) {
            text += std::to_string(i + 1);
            for (const int value :
                 {truth.id, truth.box.x, truth.box.y, truth.box.w, truth.box.h, 1, -1, -1, -1}) {
                text += ',';
                text += std::to_string(value);
            }
            text += "\n";
        }
    }
    return text;
}

std::string SceneScript::scene_file() const {
    std::string text = "view = \"above\"\n\n";
    for (const SceneLine& line : lines) {
        text += "[[line]]\nname = \"" + line.name + "\"\npoints = [" + text_of(line.from) + ", " +
                text_of(line.to) + "]\n";
    }
    return text;
}

struct SceneRenderer::Studio {
    explicit Studio(const SceneScript& of)
        : script{of},
          camera{{.seed = of.picture_seed(),
                  .light = of.light,
                  .street = of.street_left ? OverheadCamera::Street::Left
                                           : OverheadCamera::Street::Top}} {}
    const SceneScript& script;
    OverheadCamera camera;
    std::vector<const Walker*> present;
};

SceneRenderer::SceneRenderer(const SceneScript& script)
    : studio_{std::make_unique<Studio>(script)} {}
SceneRenderer::~SceneRenderer() = default;

const Picture& SceneRenderer::render(int frame) {
    assert(frame >= 0 && frame < kSceneFrames);
    const milliseconds at = time_of_frame(frame);
    studio_->present.clear();
    for (const Walker& walker : studio_->script.walkers) {
        if (at >= walker.path.front().at && at <= walker.path.back().at) {
            studio_->present.push_back(&walker);
        }
    }
    return studio_->camera.take(studio_->present, at, static_cast<std::uint64_t>(frame));
}

}  // namespace aisle::simulated
