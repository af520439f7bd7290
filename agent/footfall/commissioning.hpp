#pragma once

#include <deque>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "agent/core/sink.hpp"
#include "agent/footfall/measurement.hpp"

namespace aisle::footfall {

inline constexpr std::size_t kSessionsMax = 16;
inline constexpr std::size_t kTapsMax = 5000;        // of one session
inline constexpr std::size_t kCountedMax = 20'000;   // crossings of one door during a session
inline constexpr std::size_t kRecentMax = 512;       // crossings of all doors, before a session
inline constexpr std::size_t kBlindSpansMax = 256;   // of one session
inline constexpr std::size_t kMeasuredMax = 256;     // doors
inline constexpr std::chrono::hours kSessionMax{2};  // then it ends by itself
// How long before it was told a tap may have been made: a tablet's Wi-Fi comes and goes.
inline constexpr minutes kTapAgeMax{2};

enum class TapKind { In, Out, Undo };  // Undo takes the last tap back

struct Tap {
    std::int64_t n = 0;  // 1, 2, ... of the session: the same tap may be told twice
    TapKind kind = TapKind::In;
    milliseconds ago{};  // it was made so long before it is told
};

enum class SessionState {
    Counting,
    Settling  // ended; what the door still has to tell of its time is waited for
};

// What may be shown while somebody taps. It says nothing of the door's counts: who sees them taps
// what they say.
struct SessionView {
    std::string id;
    DoorId door;
    std::string by;
    SessionState state = SessionState::Counting;
    WallTime from{};
    std::int64_t taps_told = 0;  // the next tap's n is one more
    std::int64_t in = 0;
    std::int64_t out = 0;
};

enum class TapVerdict {
    Done,
    Same,     // this tap was known
    Unknown,  // no such session, or it has ended
    Gap,      // taps before this one have not come: tell them first
    Full
};

// People who stand at doors and tap, and what came of it. One session a door; a session lives in
// memory alone and is lost with a restart (the door was blind meanwhile), its result is a row.
//
// Counts are taken as the camera told them first: who turns back at once has crossed twice for the
// person at the door, so both crossings count here though neither does in the figures.
//
// An engine: no I/O, no clock; the loop thread owns it.
class Commissioning {
public:
    // Denied: somebody else is at this door. Full: too many sessions. The same person again gets
    // the session that runs.
    Result<SessionView> begin(const DoorId& door, const std::string& by, WallTime now);
    TapVerdict tap(const std::string& session, const Tap& tap, WallTime now);
    // False: no such session.
    bool end(const std::string& session, WallTime now);
    bool cancel(const std::string& session);

    void crossing(const Crossing& crossing);
    void u_turn(const UTurn& u_turn);
    void count(const CountReading& count);
    void blind(const Blindness& blindness);

    // About once a second: the sessions that have come to their end, judged. Those with too few
    // people are told and change nothing; the row of the others is `row_of`. Whoever asks for a
    // session is not told its result before committed().
    struct Judged {
        std::string session;
        Measurement found;
    };
    std::vector<Judged> tick(WallTime now);
    void committed(const std::string& session);
    // The door's line has been moved: what was measured is of another line. The row to be kept.
    std::optional<StateChange> moved(const DoorId& door);

    Status restore(std::span<const StateChange> rows);

    [[nodiscard]] std::optional<SessionView> session(const std::string& id) const;
    [[nodiscard]] std::vector<SessionView> sessions() const;
    // The last result of each door that had enough people.
    [[nodiscard]] const std::map<DoorId, Measurement>& measured() const { return measured_; }
    // Since the start, of any size: what whoever tapped is shown.
    [[nodiscard]] const Measurement* last(const std::string& session) const;

private:
    struct Session {
        SessionView view;
        Evidence evidence;
        std::optional<Measurement> found;  // judged, not committed yet
    };
    struct Recent {
        DoorId door;
        Passing passing;
    };
    Session* find(const std::string& id);
    void pass(const DoorId& door, const Passing& passing);
    [[nodiscard]] bool settled(const Session& session, WallTime now) const;
    Measurement judged(const Session& session);

    std::map<DoorId, Session> open_;
    std::int64_t begun_ = 0;
    std::deque<Recent> recent_;
    // How long the sums of a door reach, and to where they have come.
    struct SumHabit {
        milliseconds length{};
        WallTime told_to{};
    };
    std::map<DoorId, SumHabit> habits_;
    std::map<DoorId, Measurement> measured_;
    std::deque<std::pair<std::string, Measurement>> finished_;  // the last kSessionsMax
};

}  // namespace aisle::footfall
