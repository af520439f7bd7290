#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "agent/core/error.hpp"
#include "agent/core/time.hpp"
#include "sync/hq/downlink_effects.hpp"
#include "sync/wire/command.hpp"

// A member's wish to be forgotten: which stores were told, which have confirmed, and HQ's own rows.
// The member's raw id is not kept: only the pseudonyms, which are gone with the rows. Pure.
namespace aisle::hq {

struct ErasureStore {
    std::vector<std::string> members;  // pseudonyms at this store, of all its keys
    std::vector<std::string>
        digests;                  // of the person's other names there, as it said (erasure.hpp)
    std::string command;          // that tells it
    bool confirmed = false;       // by its ledger record
    std::int64_t rows_there = 0;  // journal and outbox, as it said
    bool swept = false;           // HQ's own rows of this store, after the confirmation
    std::int64_t rows_here = 0;

    friend bool operator==(const ErasureStore&, const ErasureStore&) = default;
};

struct ErasureCase {
    std::string id;
    WallTime asked{};
    std::map<std::string, ErasureStore> stores;
    [[nodiscard]] bool over() const;

    friend bool operator==(const ErasureCase&, const ErasureCase&) = default;
};

// HQ's rows of one store that must lose their bodies.
struct Sweep {
    std::string erasure;
    std::string store;
    std::vector<std::string> members;
    std::vector<std::string> digests;
    bool last = false;      // the store has confirmed: nothing new can come any more
    std::int64_t rows = 0;  // that have lost their bodies so far
};

class ErasureDesk {
public:
    static constexpr const char* kRoom = "hq.erasure";
    static constexpr std::size_t kOpenMax = 10'000;
    static constexpr std::size_t kOverMax = 1'000;  // shown; the oldest are forgotten
    // Of one shop's word: a shop ties at most 32 names to a person, and an order names at most
    // wire::kEraseMembersMax persons. What comes beyond is not believed.
    static constexpr std::size_t kDigestsMax = 32 * wire::kEraseMembersMax;

    Status restore(const std::vector<StateChange>& rows);

    // Malformed: no store or pseudonym, or too many; Full: kOpenMax wait. The commands are the
    // caller's to sign and queue.
    Result<DownEffects> open(ErasureCase wish);
    // A ledger record `erasure`: `rows` gone at the store.
    struct Confirmation {
        std::string store;
        std::string command;
        std::int64_t rows = 0;
        std::vector<std::string> digests;  // of every name that went with the person
    };
    DownEffects confirmed(const Confirmation& words);
    // A shop has forgotten somebody without being told to: HQ's rows of that shop follow. Full:
    // kOpenMax wait.
    Result<DownEffects> follow(const std::string& id, WallTime asked, Confirmation words);
    DownEffects swept(const Sweep& sweep);
    // Once right after the wish and once after the confirmation: what was on the way meanwhile goes
    // too. Not persisted as taken: after a restart it is done again and finds nothing.
    [[nodiscard]] std::vector<Sweep> take_sweeps();
    // The storage thread could not: again at the next tick.
    void put_back(Sweep sweep) { sweeps_.push_back(std::move(sweep)); }

    [[nodiscard]] const std::map<std::string, ErasureCase>& cases() const { return cases_; }

private:
    [[nodiscard]] StateChange row_of(const ErasureCase& one) const;
    [[nodiscard]] std::size_t open_cases() const;
    void forget_old(DownEffects& effects);

    std::map<std::string, ErasureCase> cases_;  // by id
    std::vector<Sweep> sweeps_;
};

}  // namespace aisle::hq
