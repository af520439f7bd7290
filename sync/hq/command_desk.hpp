#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "agent/core/error.hpp"
#include "agent/core/time.hpp"
#include "sync/hq/downlink_effects.hpp"

// Signed commands on their way to one store each: kept, repeated until their result comes back.
// Pure.
namespace aisle::hq {

enum class CommandState { Waiting, Done, Refused, Failed, Expired };
std::string_view to_text(CommandState state);  // waiting, done, refused, failed, expired

struct QueuedCommand {
    std::string id;
    std::string store;
    std::string type;
    WallTime issued{};
    WallTime expires{};
    std::string sealed;  // as signed; emptied when the command is over
    // Repeated after `expires` as well, until the store has answered: its answer `expired` is what
    // tells that it was never done.
    bool until_answered = false;
    CommandState state = CommandState::Waiting;
    std::string detail;  // of the result
    WallTime ended{};

    friend bool operator==(const QueuedCommand&, const QueuedCommand&) = default;
};

// A ledger record `command_result`.
struct CommandAnswer {
    std::string store;
    std::string id;
    std::string status;  // done, refused, expired, failed
    std::string detail;
};

inline constexpr std::size_t kDetailMax = 8 * 1024;  // of a result, kept

struct CommandLimits {
    Repeats::Limits repeats{.base = seconds{5}, .cap = minutes{10}};
    std::size_t per_store_max = 64;    // that wait; beyond, a new one is refused
    std::size_t waiting_max = 50'000;  // in all
    std::size_t ended_max = 2'000;     // that are still shown; the oldest are forgotten
    std::size_t sends_per_tick = 100;
};

class CommandDesk {
public:
    static constexpr const char* kRoom = "hq.command";

    CommandDesk(CommandLimits limits, runtime::RandomSource random);
    Status restore(const std::vector<StateChange>& rows);

    // The same id with the same bytes again changes nothing. Denied: the id is taken, or it has
    // expired; Full: a bound, nothing is dropped for it.
    Result<DownEffects> queue(QueuedCommand command, const Stamp& now);
    // All or none.
    Result<DownEffects> queue(std::vector<QueuedCommand> commands, const Stamp& now);
    DownEffects answered(const CommandAnswer& answer, const Stamp& now);
    // A store that comes back hears what waits for it soon.
    void seen(const std::string& store, bool alive, const Stamp& now);
    // Once a second.
    DownEffects tick(const Stamp& now);

    [[nodiscard]] const std::map<std::string, QueuedCommand>& commands() const { return commands_; }
    [[nodiscard]] std::size_t waiting() const { return waiting_count_; }

private:
    Status admit(const QueuedCommand& command, const Stamp& now) const;
    void end(QueuedCommand& command, CommandState state, const std::string& detail,
             const Stamp& now, DownEffects& effects);

    CommandLimits limits_;
    Repeats repeats_;
    std::map<std::string, QueuedCommand> commands_;  // by id
    std::size_t waiting_count_ = 0;
    std::set<std::pair<WallTime, std::string>> ended_;      // the oldest is forgotten first
    std::map<std::string, std::set<std::string>> waiting_;  // ids by store
    std::set<std::string> away_;  // stores that said so; unknown ones are tried
    std::string after_;
};

}  // namespace aisle::hq
