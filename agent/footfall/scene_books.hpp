#pragma once

#include "agent/footfall/books.hpp"
#include "agent/footfall/scene_cells.hpp"

namespace aisle::footfall {

// The zones, ways and heat of the scenes, hour by hour. Dates and hours are the door books'.
class SceneBooks {
public:
    explicit SceneBooks(const Books& calendar) : calendar_{calendar} {}

    [[nodiscard]] const SceneCells& cells() const { return cells_; }
    // False: no room.
    bool add_stay(const ZoneStay& stay, Effects& effects);
    bool add_minute(const SceneMinute& minute, Effects& effects);
    void close_hours(WallTime now, Effects& effects);
    void forget(WallTime floor, Effects& effects);
    bool restore(const StateChange& row) { return restore_row(row, cells_); }

private:
    ZoneCell* zone_at(WallTime time, const ZoneId& zone, ZoneUse use);
    bool add_load(const SceneMinute& minute, const ZoneLoad& load, Effects& effects);
    bool add_step(const SceneMinute& minute, const ZoneStep& step, Effects& effects);
    bool add_heat(const SceneMinute& minute, Effects& effects);
    void touch(WallTime time, Effects& effects);
    [[nodiscard]] FloorHour report_of(const HourKey& hour, std::int64_t revision) const;

    const Books& calendar_;
    SceneCells cells_;
};

}  // namespace aisle::footfall
