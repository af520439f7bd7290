#pragma once

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "agent/footfall/footfall.hpp"
#include "tests/kit/builders.hpp"

// A shop with two doors, of which one counts, and a store that keeps what the engine persists.
namespace aisle::footfall {

inline const DoorId kMain{"main"};
inline const DoorId kStreet{"street"};

inline milliseconds minutes_of_time(int n) { return milliseconds{minutes{n}}; }

inline FootfallSettings two_doors() {
    return {.doors = {{.id = kMain}, {.id = kStreet, .counts_for_conversion = false}}};
}

struct Shop {
    struct Stay {
        bool open = false;
        TagBearer bearer = TagBearer::Trolley;
    };

    explicit Shop(FootfallSettings how = two_doors(), const std::vector<StateChange>& from = {},
                  milliseconds since_noon = milliseconds{0})
        : settings{how}, passed{since_noon}, engine{how, zone}, restored{engine.restore(from)} {
        for (const StateChange& row : from) rows[row.key] = row.bytes;
        apply(engine.tick(now()));
    }

    [[nodiscard]] Stamp now() const { return kit::at(passed); }
    [[nodiscard]] Today today() const { return engine.today(now().wall); }

    std::vector<FootfallMinute> apply(const Effects& effects) {
        for (const StateChange& row : effects.state) {
            if (row.bytes.empty())
                rows.erase(row.key);
            else
                rows[row.key] = row.bytes;
        }
        return effects.minutes;
    }

    void walk_in(std::int32_t n) {
        apply(
            engine.crossing({.door = kMain, .direction = Direction::In, .n = n, .at = now().wall}));
    }
    void walk_out(std::int32_t n) {
        apply(engine.crossing(
            {.door = kMain, .direction = Direction::Out, .n = n, .at = now().wall}));
    }
    void sell(const Sale& sale) { apply(engine.sale(nullptr, sale)); }
    void stay(const std::string& where, seconds how_long, Stay how) {
        apply(engine.visit({.bearer = how.bearer,
                            .zone = ZoneId{where},
                            .entered = now().wall - how_long,
                            .left = now().wall,
                            .open = how.open}));
    }
    void stay(const std::string& where, seconds how_long) { stay(where, how_long, Stay{}); }

    // Ticks every ten seconds; returns what was reported.
    std::vector<FootfallMinute> pass(milliseconds time) {
        std::vector<FootfallMinute> reported;
        const milliseconds end = passed + time;
        while (passed < end) {
            passed = std::min(end, passed + milliseconds{10'000});
            for (const FootfallMinute& minute : apply(engine.tick(now())))
                reported.push_back(minute);
        }
        return reported;
    }

    [[nodiscard]] std::vector<StateChange> rows_now() const {
        std::vector<StateChange> all;
        for (const auto& [key, bytes] : rows) {
            all.push_back({.room = std::string{kRoom}, .key = key, .bytes = bytes});
        }
        return all;
    }

    kit::FixedZone zone;
    FootfallSettings settings;
    milliseconds passed{};
    std::map<std::string, std::string> rows;
    Footfall engine;
    Status restored;
};

}  // namespace aisle::footfall
