#include "agent/presence/presence.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <utility>

#include "agent/presence/visit_row.hpp"

namespace aisle::presence {
namespace {

constexpr double kResidualDb = 4.5;  // of a path-loss fit in a shop
constexpr double kQuietDbm = -95;    // about where receivers stop hearing
constexpr std::int8_t kRssiUnknown = 127;

std::int32_t confidence_of(double lead_db) {
    return static_cast<std::int32_t>(std::lround(1000 / (1 + std::exp(-lead_db / kResidualDb))));
}

}  // namespace

// A zone as the tag is heard there now. Points into the settings, which never change.
struct Presence::Strength {
    const ZoneId* zone = nullptr;
    double dbm = 0;
};

namespace {

template <typename Strengths>
std::optional<double> strength_in(const Strengths& strengths, const ZoneId& zone) {
    for (const auto& strength : strengths) {
        if (*strength.zone == zone) return strength.dbm;
    }
    return std::nullopt;
}

}  // namespace

Presence::Presence(PresenceSettings settings)
    : settings_{std::move(settings)},
      smoothing_{.window = std::max(settings_.window, 2 * settings_.advert_interval),
                 .time_constant = settings_.smoothing,
                 .readings_max = settings_.readings_max} {}

// Tags that advertise rarely must be given time: eight lost packets in a row mean that it has gone.
milliseconds Presence::exit_silence() const {
    return std::max(settings_.silence_min, 8 * settings_.advert_interval);
}

// Rows of other rooms and deletions may be among them; a row that cannot be read costs only its own
// visit.
Status Presence::restore(std::span<const StateChange> rows, const Stamp& now) {
    now_ = now;
    bool all_read = true;
    for (const auto& change : rows) {
        if (change.room != kRoom || change.bytes.empty()) continue;
        const auto row = visit_row_from(change.bytes);
        if (!row) {
            all_read = false;
            continue;
        }
        tracks_.insert_or_assign(TagKey{change.key}, track_from(*row, now));
    }
    if (!all_read) return malformed("presence: a stored visit cannot be read");
    return {};
}

// Monotonic times of another boot are moved into this one by the wall clock, as far as it can be
// trusted.
Presence::Track Presence::track_from(const VisitRow& row, const Stamp& now) const {
    Track track;
    track.grace = settings_.refresh;
    const Stamp heard{
        .boot = row.boot, .mono = row.heard_mono, .wall = row.heard, .quality = row.quality};
    const milliseconds wait = exit_silence() + track.grace;
    const milliseconds waited = wait - remaining({.set = heard, .wait = wait}, now);
    const MonoTime heard_mono = row.boot == now.boot ? row.heard_mono : now.mono - waited;
    const auto stayed = std::max(row.heard - row.entered, milliseconds{0});
    track.heard = {.mono = heard_mono, .wall = row.heard};
    track.stored = track.heard;
    track.visit = {.zone = row.zone,
                   .since = {.mono = row.boot == now.boot ? row.entered_mono : heard_mono - stayed,
                             .wall = row.entered},
                   .confidence_permille = row.confidence_permille};
    return track;
}

PresenceEffects Presence::set_tags(std::map<TagKey, TagHolder> tags, const Stamp& now) {
    now_ = now;
    PresenceEffects effects;
    for (auto track = tracks_.begin(); track != tracks_.end();) {
        if (tags.contains(track->first)) {
            ++track;
            continue;
        }
        leave(track->first, track->second, effects);
        track = tracks_.erase(track);
    }
    for (auto& visit : effects.closed) visit.member = {};  // withdrawn: nobody's any more
    holders_ = std::move(tags);
    return effects;
}

// A tag is heard even where its strength is unknown: it keeps the visit alive and moves nothing.
// Hearings never go back in time, and one from the future counts as now: gateways' batches arrive
// late and out of order.
PresenceEffects Presence::hear(const Sighting& sighting, const Stamp& now) {
    now_ = now;
    ++counts_.heard;
    const auto zone = settings_.scanners.find(sighting.scanner);
    if (zone == settings_.scanners.end()) return ++counts_.unknown_scanner, PresenceEffects{};
    if (!holders_.contains(sighting.tag)) return ++counts_.unknown_tag, PresenceEffects{};
    Track* track = track_for(sighting.tag);
    if (track == nullptr) return ++counts_.tags_refused, PresenceEffects{};

    const MonoTime at = std::max(track->heard.mono, std::min(sighting.at, now.mono));
    track->heard = {.mono = at, .wall = sighting.wall};
    track->grace = {};
    if (sighting.rssi_dbm == kRssiUnknown) return ++counts_.no_rssi, PresenceEffects{};
    if (!track->scanners[sighting.scanner].add(smoothing_, at, sighting.rssi_dbm))
        ++counts_.readings_dropped;

    PresenceEffects effects;
    judge(sighting.tag, *track, effects);
    return effects;
}

// Old tags make room by falling silent, never by being pushed out: a flood of tags must not empty
// the shop.
Presence::Track* Presence::track_for(const TagKey& tag) {
    const auto known = tracks_.find(tag);
    if (known != tracks_.end()) return &known->second;
    if (tracks_.size() >= settings_.tags_max) return nullptr;
    return &tracks_[tag];
}

// A handful of zones: a sorted vector beats any map.
std::vector<Presence::Strength> Presence::strengths(const Track& track) const {
    std::vector<Strength> strengths;
    for (const auto& [scanner, window] : track.scanners) {
        const auto dbm = window.level(smoothing_, track.heard.mono);
        if (!dbm) continue;
        const ZoneId& zone = settings_.scanners.at(scanner);
        const auto same = [&](const Strength& other) { return *other.zone == zone; };
        const auto seen = std::ranges::find_if(strengths, same);
        if (seen == strengths.end()) {
            strengths.push_back({.zone = &zone, .dbm = *dbm});
        } else {
            seen->dbm = std::max(seen->dbm, *dbm);
        }
    }
    std::ranges::sort(strengths, std::greater{}, &Strength::dbm);
    return strengths;
}

// A challenger starts at the full margin and holds on at half of it: one bad second does not begin
// its dwell anew. A zone that is not heard any more has no strength to defend.
void Presence::judge(const TagKey& tag, Track& track, PresenceEffects& effects) {
    const auto heard = strengths(track);
    if (heard.empty()) return;
    const Strength& best = heard.front();
    const double margin = settings_.margin_db;
    // Minus infinity where there is nothing to defend: any challenger is stronger.
    double defended_dbm = -std::numeric_limits<double>::infinity();
    if (!track.visit.zone.empty()) {
        defended_dbm = strength_in(heard, track.visit.zone).value_or(defended_dbm);
    }

    const auto challenger = strength_in(heard, track.candidate.zone);
    const bool holds = challenger && best.dbm <= *challenger + margin / 2 &&
                       *challenger >= defended_dbm + margin / 2;
    if (!holds) {
        const bool wins = *best.zone != track.visit.zone && best.dbm >= defended_dbm + margin;
        track.candidate = wins ? Stay{.zone = *best.zone, .since = track.heard} : Stay{};
    }
    if (track.candidate.zone.empty()) return;
    if (track.heard.mono - track.candidate.since.mono < settings_.dwell_min) return;
    enter(tag, track, heard, effects);
}

// The entry is dated back to the first moment of the lead, and the visit before it ends there: no
// instant belongs to two zones or to none.
void Presence::enter(const TagKey& tag, Track& track, const std::vector<Strength>& heard,
                     PresenceEffects& effects) {
    double next = kQuietDbm;
    for (const auto& other : heard) {
        if (*other.zone != track.candidate.zone) next = std::max(next, other.dbm);
    }
    const double mine = strength_in(heard, track.candidate.zone).value_or(kQuietDbm);
    if (!track.visit.zone.empty())
        effects.closed.push_back(closed(tag, track, track.candidate.since));
    track.visit = std::exchange(track.candidate, Stay{});
    track.visit.confidence_permille = confidence_of(mine - next);
    effects.opened.push_back(visit_of(tag, track));
    store(tag, track, effects);
}

// Tracks without a visit go the same way, so that passers-by take no room. The refresh bounds how
// wrong `left` can be after a power cut; storing each hearing would wear the flash out.
PresenceEffects Presence::tick(const Stamp& now) {
    now_ = now;
    PresenceEffects effects;
    for (auto entry = tracks_.begin(); entry != tracks_.end();) {
        auto& [tag, track] = *entry;
        if (now.mono - track.heard.mono >= exit_silence() + track.grace) {
            leave(tag, track, effects);
            entry = tracks_.erase(entry);
            continue;
        }
        const bool stale = track.heard.mono - track.stored.mono >= settings_.refresh;
        if (stale && !track.visit.zone.empty()) store(tag, track, effects);
        ++entry;
    }
    return effects;
}

// `left` is the last hearing, not the moment at which we gave up.
void Presence::leave(const TagKey& tag, const Track& track, PresenceEffects& effects) const {
    if (track.visit.zone.empty()) return;
    effects.closed.push_back(closed(tag, track, track.heard));
    effects.state.push_back({.room = std::string{kRoom}, .key = tag.value, .bytes = {}});
}

void Presence::store(const TagKey& tag, Track& track, PresenceEffects& effects) const {
    track.stored = track.heard;
    const VisitRow row{.zone = track.visit.zone,
                       .boot = now_.boot,
                       .entered_mono = track.visit.since.mono,
                       .entered = track.visit.since.wall,
                       .heard_mono = track.heard.mono,
                       .heard = track.heard.wall,
                       .quality = now_.quality,
                       .confidence_permille = track.visit.confidence_permille};
    effects.state.push_back({.room = std::string{kRoom}, .key = tag.value, .bytes = to_bytes(row)});
}

// The holder is looked up each time: a consent that ends has ended for the open visit too.
ZoneVisit Presence::visit_of(const TagKey& tag, const Track& track) const {
    const auto found = holders_.find(tag);
    const TagHolder holder = found == holders_.end() ? TagHolder{} : found->second;
    ZoneVisit visit;
    visit.tag = tag;
    visit.bearer = holder.bearer;
    visit.label = holder.label;
    visit.member = holder.member;
    visit.zone = track.visit.zone;
    visit.entered = track.visit.since.wall;
    visit.entered_mono = track.visit.since.mono;
    visit.confidence_permille = track.visit.confidence_permille;
    return visit;
}

ZoneVisit Presence::closed(const TagKey& tag, const Track& track, const Moment& left) const {
    ZoneVisit visit = visit_of(tag, track);
    visit.open = false;
    visit.left = left.wall;
    visit.left_mono = left.mono;
    return visit;
}

std::vector<ZoneVisit> Presence::open_visits() const {
    std::vector<ZoneVisit> visits;
    for (const auto& [tag, track] : tracks_) {
        if (!track.visit.zone.empty()) visits.push_back(visit_of(tag, track));
    }
    return visits;
}

}  // namespace aisle::presence
