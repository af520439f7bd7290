#include "sync/hq/command_desk.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "agent/records/json_text.hpp"
#include "agent/records/object_reader.hpp"

namespace aisle::hq {
namespace {

namespace json = boost::json;
using records::put;

constexpr std::array<std::string_view, 5> kStates{"waiting", "done", "refused", "failed",
                                                  "expired"};

std::optional<CommandState> state_from(std::string_view text) {
    const auto* found = std::ranges::find(kStates, text);
    if (found == kStates.end()) return std::nullopt;
    return static_cast<CommandState>(found - kStates.begin());
}

StateChange row_of(const QueuedCommand& command) {
    json::object out;
    put(out, "store", command.store);
    put(out, "type", command.type);
    put(out, "issued", command.issued);
    put(out, "expires", command.expires);
    put(out, "until_answered", json::value(command.until_answered));
    put(out, "state", to_text(command.state));
    put(out, "detail", command.detail);
    put(out, "ended", command.ended);
    put(out, "sealed", command.sealed);
    return {CommandDesk::kRoom, command.id, json::serialize(out)};
}

Result<QueuedCommand> command_from(const StateChange& row) {
    const auto in = records::ObjectReader::parse(row.bytes);
    const auto state = state_from(in.text("state"));
    if (!state) return malformed("command " + row.key + ": unknown state");
    return in.finish(QueuedCommand{.id = row.key,
                                   .store = in.text("store"),
                                   .type = in.text("type"),
                                   .issued = in.time("issued"),
                                   .expires = in.time("expires"),
                                   .sealed = in.text("sealed"),
                                   .until_answered = in.flag("until_answered"),
                                   .state = *state,
                                   .detail = in.text("detail"),
                                   .ended = in.time("ended")});
}

}  // namespace

std::string_view to_text(CommandState state) { return kStates.at(static_cast<std::size_t>(state)); }

CommandDesk::CommandDesk(CommandLimits limits, runtime::RandomSource random)
    : limits_{limits}, repeats_{limits.repeats, std::move(random)} {}

Status CommandDesk::restore(const std::vector<StateChange>& rows) {
    for (const auto& row : rows) {
        auto command = command_from(row);
        if (!command) return command.error();
        if (command->state == CommandState::Waiting) {
            waiting_[command->store].insert(command->id);
            ++waiting_count_;
        } else {
            ended_.emplace(command->ended, command->id);
        }
        commands_.emplace(row.key, std::move(*command));
    }
    return {};
}

Status CommandDesk::admit(const QueuedCommand& command, const Stamp& now) const {
    if (command.id.empty()) return malformed("a command needs an id");
    if (!wire::valid_store_id(command.store)) return malformed("bad store id");
    if (commands_.contains(command.id)) return denied("the id is taken: " + command.id);
    if (command.expires <= now.wall) return denied("it has expired already");
    const auto there = waiting_.find(command.store);
    if (there != waiting_.end() && there->second.size() >= limits_.per_store_max)
        return full("too many commands wait for " + command.store);
    if (waiting() >= limits_.waiting_max) return full("too many commands wait");
    return {};
}

Result<DownEffects> CommandDesk::queue(QueuedCommand command, const Stamp& now) {
    std::vector<QueuedCommand> one;
    one.push_back(std::move(command));
    return queue(std::move(one), now);
}

Result<DownEffects> CommandDesk::queue(std::vector<QueuedCommand> commands, const Stamp& now) {
    std::map<std::string, std::size_t> per_store;
    std::set<std::string> ids;
    std::erase_if(commands, [&](const auto& command) {
        const auto here = commands_.find(command.id);
        return here != commands_.end() && here->second.sealed == command.sealed &&
               here->second.store == command.store;
    });
    for (const auto& command : commands) {
        if (auto good = admit(command, now); !good) return good.error();
        if (!ids.insert(command.id).second) return denied("the id is taken: " + command.id);
        const auto there = waiting_.find(command.store);
        const auto before = there == waiting_.end() ? 0 : there->second.size();
        if (before + ++per_store[command.store] > limits_.per_store_max)
            return full("too many commands wait for " + command.store);
    }
    if (waiting() + commands.size() > limits_.waiting_max) return full("too many commands wait");
    DownEffects effects;
    for (auto& command : commands) {
        effects.state.push_back(row_of(command));
        waiting_[command.store].insert(command.id);
        ++waiting_count_;
        auto id = command.id;
        commands_.emplace(std::move(id), std::move(command));
    }
    return effects;
}

DownEffects CommandDesk::answered(const CommandAnswer& answer, const Stamp& now) {
    DownEffects effects;
    const auto found = commands_.find(answer.id);
    // Another store's word counts for nothing.
    if (found == commands_.end() || found->second.store != answer.store) return effects;
    const auto state = state_from(answer.status);
    if (!state || *state == CommandState::Waiting) return effects;
    // What had expired here may have been done there none the less: the store's word is the truth.
    const auto before = found->second.state;
    if (before != CommandState::Waiting && before != CommandState::Expired) return effects;
    end(found->second, *state, answer.detail, now, effects);
    return effects;
}

void CommandDesk::end(QueuedCommand& command, CommandState state, const std::string& detail,
                      const Stamp& now, DownEffects& effects) {
    ended_.erase({command.ended, command.id});
    command.state = state;
    command.detail = detail.substr(0, kDetailMax);
    command.ended = now.wall;
    command.sealed.clear();
    ended_.emplace(command.ended, command.id);
    effects.state.push_back(row_of(command));
    repeats_.forget(command.id);
    const auto there = waiting_.find(command.store);
    if (there != waiting_.end() && there->second.erase(command.id) > 0) {
        --waiting_count_;
        if (there->second.empty()) waiting_.erase(there);
    }
    while (ended_.size() > limits_.ended_max) {
        const auto oldest = ended_.begin();
        effects.state.push_back({kRoom, oldest->second, {}});
        commands_.erase(oldest->second);
        ended_.erase(oldest);
    }
}

void CommandDesk::seen(const std::string& store, bool alive, const Stamp& now) {
    const bool was_away = away_.contains(store);
    if (!alive) {
        away_.insert(store);
        return;
    }
    if (!was_away) return;
    away_.erase(store);
    const auto there = waiting_.find(store);
    if (there == waiting_.end()) return;
    for (const auto& id : there->second) repeats_.soon(id, now.mono);
}

DownEffects CommandDesk::tick(const Stamp& now) {
    DownEffects effects;
    std::vector<std::string> over;
    std::size_t left = limits_.sends_per_tick;
    auto at = waiting_.upper_bound(after_);
    for (std::size_t looked = 0; looked < waiting_.size(); ++looked, ++at) {
        if (at == waiting_.end()) at = waiting_.begin();
        for (const auto& id : at->second) {
            const auto& command = commands_.at(id);
            if (!command.until_answered && command.expires <= now.wall) {
                over.push_back(id);
                continue;
            }
            if (left == 0 || away_.contains(at->first) || !repeats_.due(id, now.mono)) continue;
            repeats_.said(id, now.mono);
            effects.send.push_back({at->first, wire::Channel::DownCommand, command.sealed});
            --left;
            after_ = at->first;
        }
    }
    for (const auto& id : over)
        end(commands_.at(id), CommandState::Expired, "no answer came in time", now, effects);
    return effects;
}

}  // namespace aisle::hq
