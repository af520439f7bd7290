#pragma once

#include <optional>

#include "agent/core/time.hpp"

namespace aisle::camera {

// Which of a live camera's pictures go by unseen when looking at them takes longer than they take
// to come: the oldest, so that no queue grows before us and what is counted is what happens now.
// Follows by time alone how many must be waiting; a picture that had to be waited for proves that
// none was. Pure; one thread.
class CatchUp {
public:
    // After an opening.
    void reset() { *this = CatchUp{}; }

    // A picture was asked for and came, to be looked at or to go by. `period` is the time between
    // two of them as the camera tells it; one that is slower than it says is found out.
    struct Fetch {
        MonoTime asked{};
        MonoTime came{};
        milliseconds period{};
    };
    void looked_at(const Fetch& fetch) { (void)take(fetch); }
    void let_go(const Fetch& fetch);

    // Whether a newer picture waits behind the next one.
    [[nodiscard]] bool behind(MonoTime now, milliseconds period) const;

private:
    bool take(const Fetch& fetch);

    std::optional<MonoTime> due_;  // of the next picture
    milliseconds quickest_ = milliseconds::max();
    std::optional<MonoTime> empty_at_;  // when none was waiting
    std::int64_t since_empty_ = 0;      // pictures
    milliseconds real_{0};              // between two pictures, where that is more than is told
    int doubt_ = 1;
};

}  // namespace aisle::camera
