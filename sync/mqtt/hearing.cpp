#include "sync/mqtt/hearing.hpp"

#include <algorithm>

namespace aisle::mqtt {
namespace {

constexpr std::string_view kMark = "aisle-echo ";
// Messages that came so short a time ago show that the line is busy, not deaf: the echo is behind
// them. That excuses it for three times its patience.
constexpr milliseconds kStillComing{2'000};
constexpr int kExcuse = 3;
constexpr int kSureAfter = 3;
constexpr int kDoublingsMax = 16;
constexpr milliseconds kPatienceMost{1'800'000};

}  // namespace

std::string echo_topic(std::string_view filter) {
    if (filter.ends_with('#')) return {};
    std::string topic;
    for (const char c : filter) {
        if (c == '+')
            topic += kEchoLevel;
        else
            topic += c;
    }
    return topic;
}

void Hearing::subscribed(const std::string& filter) {
    if (on() && !echo_topic(filter).empty()) filters_.try_emplace(filter);
}

void Hearing::link_up(MonoTime now) {
    asking_.reset();
    arrived_ = now;
    for (auto& [filter, proof] : filters_) proof = {.heard = {}, .asked = {}, .refused = false};
}

std::optional<Message> Hearing::due(MonoTime now) {
    if (asking_) return std::nullopt;
    const auto wants = [&](const auto& one) {
        const Proof& proof = one.second;
        if (proof.refused || proof.asked) return false;
        return !proof.heard || now - *proof.heard >= settings_.every;
    };
    const auto found = std::ranges::find_if(filters_, wants);
    if (found == filters_.end()) return std::nullopt;
    asking_ = found->first;
    return Message{.topic = echo_topic(found->first), .payload = std::string{kMark} + run_};
}

// What the broker did not take for want of anything but the right is tried again.
void Hearing::taken(MonoTime now, const Status& status) {
    const auto filter = std::exchange(asking_, std::nullopt);
    const auto found = filter ? filters_.find(*filter) : filters_.end();
    if (found == filters_.end()) return;
    Proof& proof = found->second;
    if (!status) {
        proof.refused = status.error().fault == Fault::Denied;
        return;
    }
    // Over a fast line the echo comes before the answer.
    if (!proof.heard || now - *proof.heard >= settings_.every) proof.asked = now;
}

bool Hearing::heard(const Message& message, MonoTime now) {
    arrived_ = now;
    if (!on()) return false;
    const bool echo = message.payload.starts_with(kMark);
    const bool ours = echo && std::string_view{message.payload}.substr(kMark.size()) == run_;
    if (ours) in_vain_ = 0;
    // Retained ones prove nothing, as they come with the subscription itself.
    if (!message.retained)
        for (auto& [filter, proof] : filters_)
            if (topic_matches(filter, message.topic)) proof = {now, std::nullopt, false};
    return echo;
}

milliseconds Hearing::patience() const {
    const int doublings = std::clamp(in_vain_ - kSureAfter, 0, kDoublingsMax);
    return std::min(settings_.max * (std::int64_t{1} << doublings), kPatienceMost);
}

bool Hearing::overdue(const Proof& proof, MonoTime now) const {
    if (!proof.asked) return false;
    const auto waited = now - *proof.asked;
    if (waited < patience()) return false;
    return now - arrived_ >= kStillComing || waited >= patience() * kExcuse;
}

std::string Hearing::deaf(MonoTime now) {
    const auto found =
        std::ranges::find_if(filters_, [&](const auto& one) { return overdue(one.second, now); });
    if (found == filters_.end()) return {};
    ++in_vain_;
    return found->first;
}

}  // namespace aisle::mqtt
