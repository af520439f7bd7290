#include "agent/store/rollup.hpp"

#include <algorithm>
#include <map>
#include <tuple>

#include "agent/records/floor_records.hpp"
#include "agent/records/quarter_records.hpp"

namespace aisle::store {
namespace {

using Quarters = std::chrono::duration<std::int64_t, std::ratio<15 * 60>>;

WallTime quarter_of(WallTime time) { return std::chrono::floor<Quarters>(time); }

struct DoorKey {
    std::string door;
    WallTime quarter;
    bool counts = true;
    auto operator<=>(const DoorKey&) const = default;
};
struct DoorSum {
    std::map<WallTime, FootfallMinute> minutes;  // the later of two rows of one minute holds
    std::vector<std::int64_t> seqs;
    Stamp at;
};

struct ZoneKey {
    std::string zone;
    WallTime quarter;
    TagBearer bearer = TagBearer::Trolley;
    auto operator<=>(const ZoneKey&) const = default;
};
struct ZoneSum {
    records::ZoneQuarter quarter;
    std::vector<std::int64_t> seqs;
    Stamp at;
};

Record record_of(const DoorKey& key, const DoorSum& sum) {
    records::FootfallQuarter quarter{.door = DoorId{key.door},
                                     .start = sum.minutes.begin()->first,
                                     .end = sum.minutes.rbegin()->first + minutes{1},
                                     .occupancy = sum.minutes.rbegin()->second.occupancy,
                                     .counts = key.counts,
                                     .minutes = static_cast<std::int32_t>(sum.minutes.size())};
    for (const auto& [start, minute] : sum.minutes) {
        quarter.in += minute.in;
        quarter.out += minute.out;
        quarter.clamped += minute.clamped;
        quarter.blind_s += minute.blind_s;
    }
    return records::footfall_quarter_record(quarter, sum.at);
}

class Fold {
public:
    void take(const OutboxRow& row) {
        if (row.record.kind == "footfall_minute") take_minute(row);
        if (row.record.kind == "zone_visit") take_visit(row);
    }

    std::vector<RollUp> finish() {
        std::vector<RollUp> made;
        for (auto& [key, sum] : doors_) {
            if (sum.seqs.size() > 1) made.push_back({std::move(sum.seqs), record_of(key, sum)});
        }
        for (auto& [key, sum] : zones_) {
            if (sum.seqs.size() < 2) continue;
            made.push_back({std::move(sum.seqs), zone_quarter_record(sum.quarter, sum.at)});
        }
        std::ranges::sort(made, {}, [](const RollUp& each) { return each.seqs.back(); });
        return made;
    }

private:
    void take_minute(const OutboxRow& row) {
        const auto minute = records::footfall_minute_from_json(row.record.body);
        if (!minute) return;
        DoorSum& sum = doors_[{minute->door.value, quarter_of(minute->start), minute->counts}];
        sum.minutes[minute->start] = *minute;
        sum.seqs.push_back(row.seq);
        sum.at = row.record.at;
    }

    void take_visit(const OutboxRow& row) {
        const auto visit = records::zone_visit_from_json(row.record.body);
        if (!visit || visit->open) return;
        const WallTime start = quarter_of(visit->left);
        ZoneSum& sum = zones_[{visit->zone.value, start, visit->bearer}];
        sum.quarter.zone = visit->zone;
        sum.quarter.bearer = visit->bearer;
        sum.quarter.start = start;
        sum.quarter.end = start + Quarters{1};
        ++sum.quarter.visits;
        sum.quarter.dwell_ms += std::max<std::int64_t>(0, (visit->left - visit->entered).count());
        sum.seqs.push_back(row.seq);
        sum.at = row.record.at;
    }

    std::map<DoorKey, DoorSum> doors_;
    std::map<ZoneKey, ZoneSum> zones_;
};

}  // namespace

std::vector<RollUp> roll_up(std::span<const OutboxRow> rows) {
    Fold fold;
    for (const OutboxRow& row : rows) fold.take(row);
    return fold.finish();
}

}  // namespace aisle::store
