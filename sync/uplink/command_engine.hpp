#pragma once

#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "agent/core/record.hpp"
#include "sync/uplink/command_rows.hpp"
#include "sync/wire/command.hpp"
#include "sync/wire/seal.hpp"

// Which commands are to be done, and what became of them (docs/downlink.md). Pure.
namespace aisle::uplink {

// A record of kind `command_result`: one each time that a command is answered.
struct CommandNote {
    std::string id;
    std::string type;
    std::string status;  // done, refused, expired, failed
    std::string detail;
    std::int32_t answer = 1;  // the how-manieth answer to this id
};

struct CommandEffects {
    std::vector<StateChange> state;
    std::vector<CommandNote> notes;
    std::optional<wire::Command> run;      // to be done once `state` is durable
    std::optional<wire::Refusal> refused;  // for the counters

    [[nodiscard]] bool empty() const { return state.empty() && notes.empty() && !run; }
};

// How long a result is remembered at least, and how many: beyond that a new command is refused as
// full, because forgetting one would let it be done twice.
inline constexpr std::chrono::hours kCommandKept{24 * 90};
inline constexpr std::size_t kCommandsMax = 20'000;
inline constexpr seconds kAnswerAgain{60};

// On the loop. A command is begun at most once at a time; its result, its row and what it changed
// are committed together, so that a crash before that leaves it undone and to be done again.
class CommandEngine {
public:
    explicit CommandEngine(StoreId store) : store_{std::move(store)} {}

    // From the rows of room kCommandRoom; a row that cannot be read is left out and named.
    Status restore(std::span<const StateChange> rows);
    // Commands that had begun in an earlier life of the program (erasures): to be done again.
    [[nodiscard]] std::vector<wire::Command> unfinished() const;

    CommandEffects received(std::string_view sealed, const wire::Keyring& keys, const Stamp& now);
    // What it came to; `detail` is for people, or JSON where the type says so.
    CommandEffects finished(const wire::Command& command, std::string status, std::string detail,
                            const Stamp& now);
    // It could not be tried (no room): HQ's next repetition begins it again.
    void given_up(const std::string& id) { running_.erase(id); }
    // Now and then: forgets what is old enough. A clock known to be wrong forgets nothing.
    CommandEffects tick(const Stamp& now);

    [[nodiscard]] std::size_t size() const { return done_.size(); }

private:
    CommandEffects judge(wire::Command command, const Stamp& now);
    CommandEffects answer_again(const std::string& id, const Stamp& now);
    CommandEffects settle(const wire::Command& command, CommandRow row);
    CommandEffects refuse(const std::string& id, const wire::Refusal& why, const Stamp& now);

    StoreId store_;
    std::map<std::string, CommandRow> done_;
    std::map<std::string, MonoTime> answered_;
    std::set<std::string> running_;
};

}  // namespace aisle::uplink
