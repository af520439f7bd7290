#pragma once

#include <deque>
#include <functional>
#include <optional>
#include <string>

#include "agent/core/transport.hpp"
#include "agent/runtime/executor.hpp"
#include "drivers/simulated/plan.hpp"
#include "drivers/simulated/truth.hpp"

namespace aisle::simulated {

struct PlayerSettings {
    std::string till_dir;
    std::string reference_dir;
    std::string truth_file;
    DueRule due;
};

// Plays a plan in real time: receipts into the tills' directory, adverts and door totals to the
// broker, the truth into its file. All that was due before now is made good at the start, so a
// player that was killed loses nothing. Loop thread. `transport` may be null: files only.
class Player {
public:
    Player(Plan plan, PlayerSettings settings, runtime::Executor& loop, Transport* transport);

    // Writes the reference files, what is already due, and starts the clock. `done` is called once
    // the plan has ended.
    Status start(std::function<void()> done);
    // Everything at once: all files as they are at the end of the plan.
    Status write_all();

    [[nodiscard]] const Plan& plan() const { return plan_; }

private:
    [[nodiscard]] milliseconds elapsed() const;
    void tick();
    Status drop_due(milliseconds until);
    Status begin_halves(milliseconds until);
    Status drop(const Receipt& receipt);
    Status write_truth(milliseconds until);
    Status write_truth_whole(milliseconds until);
    void publish(milliseconds at);
    void send_waiting();

    Plan plan_;
    PlayerSettings settings_;
    runtime::Executor& loop_;
    Transport* transport_;
    std::size_t dropped_ = 0;
    std::optional<milliseconds> truth_to_;  // the truth file holds all up to here, and no more
    seconds last_second_{-1};
    std::deque<Message>
        waiting_;  // for the broker; what does not fit is lost, as with real sensors
    std::size_t in_flight_ = 0;
    std::function<void()> done_;
    runtime::TimerHandle ticking_;
};

}  // namespace aisle::simulated
