#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "agent/core/error.hpp"
#include "agent/core/record.hpp"
#include "agent/core/traffic.hpp"
#include "agent/presence/rssi_window.hpp"

// Sightings into zone visits. Pure: the time is an argument. One thread.
namespace aisle::presence {

struct VisitRow;

struct PresenceSettings {
    std::map<std::string, ZoneId>
        scanners;                   // each scanner stands in one zone; other scanners are not heard
    milliseconds window{4'000};     // what a median is taken over, per tag and scanner
    milliseconds smoothing{2'000};  // time constant of the moving average over the medians
    std::int32_t margin_db = 6;     // how much stronger another zone must be to win
    milliseconds dwell_min{3'000};  // for so long, before an entry counts (from its first moment)
    milliseconds silence_min{10'000};
    milliseconds advert_interval{
        500};                        // a tag has left after max(silence_min, 8 x this) of silence
    milliseconds refresh{30'000};    // how often the last hearing of an open visit is stored
    std::size_t tags_max = 2'000;    // further tags are not tracked, and counted
    std::size_t readings_max = 128;  // per tag and scanner; the oldest goes first, counted
};

// Who carries a tag. `member` only where the member has consented to the link: the composition root
// checks.
struct TagHolder {
    TagBearer bearer = TagBearer::Trolley;
    std::string label;
    MemberKey member;

    friend bool operator==(const TagHolder&, const TagHolder&) = default;
};

struct PresenceEffects {
    std::vector<ZoneVisit> opened;  // open = true
    std::vector<ZoneVisit>
        closed;  // open = false; a change of zone closes one and opens the next, half-open
    std::vector<StateChange> state;

    [[nodiscard]] bool empty() const { return opened.empty() && closed.empty() && state.empty(); }
};

struct PresenceCounts {
    std::uint64_t heard = 0;
    std::uint64_t unknown_tag = 0;
    std::uint64_t unknown_scanner = 0;
    std::uint64_t no_rssi = 0;
    std::uint64_t tags_refused = 0;      // beyond tags_max
    std::uint64_t readings_dropped = 0;  // beyond readings_max inside one window
};

inline constexpr std::string_view kRoom = "presence";  // StateChange::room; the key is the TagKey

// Strongest zone by smoothed RSSI with a margin and a minimum dwell. A zone is as strong as its
// strongest scanner. Confidence: 1 / (1 + exp(-lead / 4.5 dB)), the residual of path loss in a
// shop, with the lead over the next zone (over -95 dBm where no other is heard) at the moment of
// entry.
//
// State is a row per open visit: zone, times, confidence. Signal strengths are never stored: after
// a restore an open visit stays open, and readings gather anew.
class Presence {
public:
    explicit Presence(PresenceSettings settings);

    // Once, before anything else. A visit not heard since `refresh` + the exit silence is closed by
    // the first tick; the wall clock judges it if the boot is another and its quality is good, else
    // the wait starts again. Malformed rows are skipped and make the answer Malformed; the others
    // are restored.
    [[nodiscard]] Status restore(std::span<const StateChange> rows, const Stamp& now);

    // The whole list. A tag that is absent is forgotten and its visit closed; a holder that changed
    // holds from now on, also for the open visit. Until the first call visits that were restored
    // keep an unknown holder.
    [[nodiscard]] PresenceEffects set_tags(std::map<TagKey, TagHolder> tags, const Stamp& now);

    // Sightings of tags that set_tags did not name are counted and dropped.
    [[nodiscard]] PresenceEffects hear(const Sighting& sighting, const Stamp& now);

    // About once a second: exits after silence. `left` is when the tag was last heard.
    [[nodiscard]] PresenceEffects tick(const Stamp& now);

    [[nodiscard]] std::vector<ZoneVisit> open_visits() const;  // by tag
    [[nodiscard]] const PresenceCounts& counts() const { return counts_; }
    [[nodiscard]] std::size_t tags_tracked() const { return tracks_.size(); }

private:
    struct Moment {
        MonoTime mono{};
        WallTime wall{};
    };
    struct Stay {
        ZoneId zone;
        Moment since;
        std::int32_t confidence_permille = 0;
    };
    struct Track {
        std::map<std::string, RssiWindow> scanners;
        Stay visit;      // empty zone: nowhere
        Stay candidate;  // a zone that is winning, and since when
        Moment heard;
        Moment stored;         // `heard` as the row has it
        milliseconds grace{};  // on top of the exit silence, after a restore
    };
    struct Strength;

    [[nodiscard]] milliseconds exit_silence() const;
    [[nodiscard]] Track track_from(const VisitRow& row, const Stamp& now) const;
    Track* track_for(const TagKey& tag);  // null: no room for another
    [[nodiscard]] std::vector<Strength> strengths(
        const Track& track) const;  // by zone, strongest first
    void judge(const TagKey& tag, Track& track, PresenceEffects& effects);
    void enter(const TagKey& tag, Track& track, const std::vector<Strength>& heard,
               PresenceEffects& effects);
    void leave(const TagKey& tag, const Track& track, PresenceEffects& effects) const;
    void store(const TagKey& tag, Track& track, PresenceEffects& effects) const;
    [[nodiscard]] ZoneVisit visit_of(const TagKey& tag, const Track& track) const;
    [[nodiscard]] ZoneVisit closed(const TagKey& tag, const Track& track, const Moment& left) const;

    PresenceSettings settings_;
    Smoothing smoothing_;
    std::map<TagKey, TagHolder> holders_;
    std::map<TagKey, Track> tracks_;
    PresenceCounts counts_;
    Stamp now_;  // as last told
};

}  // namespace aisle::presence
