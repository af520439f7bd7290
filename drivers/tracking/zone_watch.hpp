#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <vector>

#include "drivers/tracking/polygon.hpp"
#include "drivers/tracking/scene.hpp"
#include "drivers/tracking/tracker.hpp"

namespace aisle::tracking {

// One stay that is over.
struct Stay {
    std::size_t zone = 0;  // place in the scene
    std::int64_t track = 0;
    milliseconds entered{};
    milliseconds left{};
    bool served = true;  // queues: left nearer to the till than it was entered
};

struct ZoneSum {
    std::int64_t person_ms = 0;
    std::int32_t peak = 0;
};

// Within so many box heights of a zone's edge a person stays on the side where he was.
inline constexpr double kZoneBand = 0.12;
// A side holds when it was seen so often in a row.
inline constexpr int kZoneHoldFrames = 2;
// Shorter stays were a step on the way past: they count for load and ways, and are not told.
inline constexpr milliseconds kStayMin{1000};

// Who is in which zone. Only confirmed tracks that are people count, from their first frame in the
// zone on; a track that is lost in a zone left it when it was last seen. One thread.
class ZoneWatch {
public:
    explicit ZoneWatch(const Scene& scene) : zones_{scene.zones} {}

    // `at` is the caller's time, which only grows.
    std::vector<Stay> update(std::span<const Track> tracks, milliseconds at, milliseconds elapsed);
    // Ends every stay, at a gap.
    std::vector<Stay> end_all();

    [[nodiscard]] const std::vector<ZoneSum>& sums() const { return sums_; }
    using Way = std::pair<std::size_t, std::size_t>;
    [[nodiscard]] const std::map<Way, std::int32_t>& ways() const { return ways_; }
    void clear_sums();
    // How many confirmed people are in a zone now.
    [[nodiscard]] std::int32_t inside_now(std::size_t zone) const;
    // Whether this person has been in it since he appeared.
    [[nodiscard]] bool has_been_in(std::int64_t track, std::size_t zone) const;

private:
    struct Visit {
        bool in = false;
        bool been = false;
        int held = 0;  // frames in a row on the other side
        milliseconds since{};
        milliseconds entered{};
        Point came{};  // where he entered
    };
    struct Person {
        std::vector<Visit> visits;
        bool counts = false;  // confirmed, and no thing
        Point foot{};
        milliseconds last_seen{};
        std::ptrdiff_t came_from = -1;  // the last zone that he left
    };
    void follow(Person& person, const Track& track, milliseconds at, std::vector<Stay>& over);
    void enter(Person& person, std::size_t zone, milliseconds at);
    void leave(Person& person, std::size_t zone, milliseconds at, std::int64_t track,
               std::vector<Stay>& over);
    void add_load(milliseconds elapsed);

    std::vector<Zone> zones_;
    std::map<std::int64_t, Person> people_;
    std::vector<ZoneSum> sums_ = std::vector<ZoneSum>(zones_.size());
    std::map<Way, std::int32_t> ways_;
};

}  // namespace aisle::tracking
