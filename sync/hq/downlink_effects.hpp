#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "agent/core/record.hpp"
#include "agent/runtime/random.hpp"
#include "sync/wire/topics.hpp"

// What the engines of HQ's downlink have in common: values in, effects out, no clock, no I/O.
namespace aisle::hq {

// A message for a store. Nothing down is retained: it is repeated until the store shows that it
// came.
struct Downward {
    std::string store;
    wire::Channel channel = wire::Channel::DownCommand;
    std::string payload;
};

// What an engine wants done: first the state in one transaction, then, only after its commit, the
// messages.
struct DownEffects {
    std::vector<StateChange> state;
    std::vector<Downward> send;

    void add(DownEffects more);
    [[nodiscard]] bool empty() const { return state.empty() && send.empty(); }
};

// When something unanswered is said again: at once, then with doubling waits and full jitter up to
// the cap. Not persisted: after a restart all is due once more, spread over `base`.
class Repeats {
public:
    struct Limits {
        milliseconds base{5'000};
        milliseconds cap{600'000};
    };
    Repeats(Limits limits, runtime::RandomSource random)
        : limits_{limits}, random_{std::move(random)} {}

    // True for a key that was never said, or whose wait is over.
    [[nodiscard]] bool due(const std::string& key, MonoTime now) const;
    void said(const std::string& key, MonoTime now);
    // Heard of again: the next one is due after at most `base`, its past forgotten.
    void soon(const std::string& key, MonoTime now);
    void forget(const std::string& key) { items_.erase(key); }
    [[nodiscard]] int times(const std::string& key) const;

private:
    struct Item {
        int times = 0;
        MonoTime next{};
    };
    [[nodiscard]] milliseconds below(milliseconds top);

    Limits limits_;
    runtime::RandomSource random_;
    std::map<std::string, Item> items_;
};

}  // namespace aisle::hq
