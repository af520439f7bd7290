#pragma once

#include <map>
#include <set>
#include <string>

#include "agent/app/floor.hpp"
#include "agent/app/pipeline.hpp"
#include "agent/core/sink.hpp"
#include "sync/uplink/row_digests.hpp"

namespace aisle::app {

// The drivers' way in: every reading becomes one work of the pipeline. Loop thread only.
class Readings final : public Sink {
public:
    struct Parts {
        Pipeline& pipeline;
        Engines& engines;
        Floor& floor;
        const Clock& clock;
        std::function<void()> enrolled;  // the list of tags has changed
    };
    explicit Readings(Parts parts) : parts_{std::move(parts)} {}

    Status accept(Reading reading, Answer answer) override;

    // About once a second: visits end by silence.
    void tick();
    // Who carries what, or who agreed to what, may have changed.
    void refresh_tags();

    struct Activity {
        std::int64_t readings = 0;
        WallTime last{};
    };
    // By source, since the start; at most kSourcesMax.
    [[nodiscard]] const std::map<std::string, Activity>& activity() const { return activity_; }

    // HQ tells what this file of the reference directory did: its rows no longer count.
    void leave_to_hq(const std::string& file) { left_to_hq_.insert(file); }

    // Which reference rows were known when the agent stopped, from room kReferenceRoom.
    void restore(std::span<const StateChange> rows);

private:
    using Position = std::optional<SourcePosition>;
    Status take(SaleReading reading, Position position, Answer answer);
    Status take(RejectedReading reading, Position position, Answer answer);
    Status take(const Crossing& reading, Position position, Answer answer);
    Status take(const Blindness& reading, Position position, Answer answer);
    Status take(const UTurn& reading, Position position, Answer answer);
    Status take(const ZoneStay& reading, Position position, Answer answer);
    Status take(const SceneMinute& reading, Position position, Answer answer);
    Status take(const CountReading& reading, Position position, Answer answer);
    Status take(const Sighting& reading, Position position, Answer answer);
    Status take(ReferenceReading reading, Position position, Answer answer);
    Status take(const PositionReading& reading, Position position, Answer answer);

    // What is told to the floor as it came, once committed.
    template <typename Body>
    Status tell(void (Floor::*what)(Turn&, const Body&), const Body& reading, Position position,
                Answer answer);
    Status quarantine(Quarantined item, Position position, Answer answer);
    void relink(std::vector<intake::Relink> links);
    void visits(presence::PresenceEffects effects);
    void note(const Reading& reading);
    void enrol(const ReferenceReading& raw);

    struct KnownRow {
        std::string key;
        Record record;
        ReferenceRow row;
    };
    std::vector<KnownRow> changed_rows(ReferenceReading reading, std::vector<std::string>& gone);
    void remember(const ReferenceRow& row);
    void forget(Turn& turn, const std::string& key);
    void learn(Turn& turn, const KnownRow& row);

    Parts parts_;
    std::map<std::string, Activity> activity_;
    uplink::RowDigests reference_;  // by row key, of its content
    std::set<std::string> left_to_hq_;
    bool tags_told_ =
        false;  // before that an empty list would end the visits of before the restart
};

inline constexpr std::size_t kSourcesMax = 256;
inline constexpr std::string_view kReferenceRoom = "reference";

}  // namespace aisle::app
