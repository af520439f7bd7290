#pragma once

#include "drivers/simulated/noise.hpp"
#include "drivers/simulated/scene_script.hpp"

namespace aisle::simulated {

// Chooses who comes through a scene's door, when and where, so that nobody walks through anybody.
// Works in directions of its own, sub-pixels: `inwards` from the street's edge and `across` along
// it; the script gets places of the picture.
class SceneCast {
public:
    // The script's kind, seed, street and first line must be there.
    explicit SceneCast(SceneScript& script);
    void fill();

private:
    struct Place {
        int inwards = 0;
        int across = 0;
    };
    // One way through the picture, before anybody stops or turns.
    struct Walk {
        bool in = true;
        int radius = 15;
        int speed = 60;  // pixels a second
        int lane = 0;    // across, where it begins
        int drift = 0;   // and how much that changes until the other edge
        milliseconds begins{};
    };
    // Shares of 1000 people.
    struct Habits {
        int turn = 0;    // back, before the line or behind it
        int linger = 0;  // 5 to 20 s
        int pause = 80;  // 1 to 3 s
        int pass = 60;   // along the door and never through it
        int trolley = 0;
    };

    void add_stream(int count);
    void add_couples(int count, bool child);
    void add_crowds();
    void add_figure();

    Walk draw_walk(milliseconds about);
    std::vector<Waypoint> draw_path(const Walk& walk);
    void linger(std::vector<Waypoint>& path, const Walk& walk);
    void turn_back(std::vector<Waypoint>& path, const Walk& walk);
    [[nodiscard]] std::vector<Waypoint> pass_by(const Walk& walk);
    Walker dressed(const Walk& walk);
    int either_side(int least, int most);

    void stay(std::vector<Waypoint>& path, milliseconds how_long) const;
    void go_to(std::vector<Waypoint>& path, Place place, int speed) const;
    [[nodiscard]] Place on_way(const Walk& walk, int inwards) const;
    [[nodiscard]] int line_at(int across) const;  // how far inwards the line is there
    [[nodiscard]] Spot spot_of(Place place) const;
    [[nodiscard]] bool is_free(const Walker& walker, int room_permille) const;
    bool take(std::vector<Walker> together, int room_permille);

    SceneScript& script_;
    Noise noise_;
    Colour floor_;
    Habits habits_;
    int depth_ = 0;  // of the picture, inwards
    int width_ = 0;  // across
};

}  // namespace aisle::simulated
