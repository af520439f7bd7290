#include "sync/uplink/command_engine.hpp"

#include <algorithm>

namespace aisle::uplink {
namespace {

using wire::Refusal;
using wire::Refused;

constexpr std::size_t kForgottenATick = 100;
constexpr std::size_t kDetailMax = 4'000;

StateChange row(const std::string& id, std::string bytes) {
    return {std::string{kCommandRoom}, id, std::move(bytes)};
}

bool resumes(const wire::Command& command) {
    return std::holds_alternative<wire::EraseArgs>(command.args);
}

// A clock that is behind must not make the log forget too early.
WallTime keep_until(const wire::Command& command, const Stamp& now) {
    return std::max(now.wall, command.expires) + kCommandKept;
}

}  // namespace

Status CommandEngine::restore(std::span<const StateChange> rows) {
    done_.clear(), running_.clear(), answered_.clear();
    Status status;
    for (const StateChange& change : rows) {
        if (change.bytes.empty()) continue;
        auto read = command_row_from(change.bytes);
        if (read) {
            done_[change.key] = std::move(*read);
        } else {
            status = malformed("a row of the commands cannot be read: " + change.key);
        }
    }
    return status;
}

std::vector<wire::Command> CommandEngine::unfinished() const {
    std::vector<wire::Command> out;
    for (const auto& [id, done] : done_) {
        if (done.status != kBegun) continue;
        auto command = wire::parse_command(done.payload);
        if (command) out.push_back(std::move(*command));
    }
    return out;
}

CommandEffects CommandEngine::received(std::string_view sealed, const wire::Keyring& keys,
                                       const Stamp& now) {
    const auto opened = wire::unseal(sealed, keys, wire::Purpose::Command);
    if (!opened) return {.refused = opened.error()};  // nobody has signed it: nobody is answered
    auto command = wire::parse_command(opened->payload);
    if (!command) return refuse(command.error().id, command.error().refusal, now);
    if (command->store != store_) return {.refused = wire::refusal(Refused::WrongStore)};
    if (running_.contains(command->id)) return {};
    if (done_.contains(command->id)) return answer_again(command->id, now);
    return judge(std::move(*command), now);
}

// What is signed and cannot be used is told once; it is not remembered, so a repaired agent may do
// it when HQ asks again.
CommandEffects CommandEngine::refuse(const std::string& id, const Refusal& why, const Stamp& now) {
    CommandEffects effects{.refused = why};
    const auto told = answered_.find(id);
    const bool lately = told != answered_.end() && now.mono - told->second < kAnswerAgain;
    if (id.empty() || lately || answered_.size() >= kCommandsMax) return effects;
    answered_[id] = now.mono;
    effects.notes.push_back({.id = id, .status = "refused", .detail = wire::to_text(why)});
    return effects;
}

CommandEffects CommandEngine::judge(wire::Command command, const Stamp& now) {
    if (done_.size() >= kCommandsMax)
        return refuse(command.id, wire::refusal(Refused::Full, "commands"), now);
    if (!wire::ignores_time(command.args)) {
        // Not answered: HQ says it again, and by then its own time may have put the clock right.
        if (now.quality == ClockQuality::None)
            return {.refused = wire::refusal(Refused::ClockWrong)};
        if (command.expires <= now.wall) {
            CommandEffects effects = finished(command, "expired", "", now);
            effects.refused = wire::refusal(Refused::Expired);
            return effects;
        }
    }
    CommandEffects effects;
    running_.insert(command.id);
    if (resumes(command)) {
        CommandRow begun{.type = std::string{wire::type_of(command.args)},
                         .status = std::string{kBegun},
                         .keep_until = keep_until(command, now),
                         .payload = wire::to_json(command)};
        effects.state.push_back(row(command.id, to_row(begun)));
        done_[command.id] = std::move(begun);
    }
    effects.run = std::move(command);
    return effects;
}

CommandEffects CommandEngine::finished(const wire::Command& command, std::string status,
                                       std::string detail, const Stamp& now) {
    running_.erase(command.id);
    detail.resize(std::min(detail.size(), kDetailMax));
    answered_[command.id] = now.mono;
    return settle(command, {.type = std::string{wire::type_of(command.args)},
                            .status = std::move(status),
                            .detail = std::move(detail),
                            .keep_until = keep_until(command, now),
                            .answers = 1});
}

CommandEffects CommandEngine::settle(const wire::Command& command, CommandRow done) {
    CommandEffects effects;
    effects.state.push_back(row(command.id, to_row(done)));
    effects.notes.push_back(
        {.id = command.id, .type = done.type, .status = done.status, .detail = done.detail});
    done_[command.id] = std::move(done);
    return effects;
}

CommandEffects CommandEngine::answer_again(const std::string& id, const Stamp& now) {
    CommandRow& done = done_.at(id);
    if (done.status == kBegun) return {};  // it is being done again: its end will be told
    MonoTime& told = answered_.try_emplace(id, MonoTime::min()).first->second;
    if (told != MonoTime::min() && now.mono - told < kAnswerAgain) return {};
    told = now.mono;
    ++done.answers;
    CommandEffects effects;
    effects.state.push_back(row(id, to_row(done)));
    effects.notes.push_back({.id = id,
                             .type = done.type,
                             .status = done.status,
                             .detail = done.detail,
                             .answer = done.answers});
    return effects;
}

CommandEffects CommandEngine::tick(const Stamp& now) {
    std::erase_if(answered_,
                  [&](const auto& one) { return now.mono - one.second >= kAnswerAgain; });
    CommandEffects effects;
    if (now.quality == ClockQuality::None) return effects;
    for (auto at = done_.begin(); at != done_.end() && effects.state.size() < kForgottenATick;) {
        const bool old = at->second.status != kBegun && at->second.keep_until <= now.wall;
        if (old) effects.state.push_back(row(at->first, ""));
        at = old ? done_.erase(at) : std::next(at);
    }
    return effects;
}

}  // namespace aisle::uplink
