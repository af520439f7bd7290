#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/unordered/unordered_flat_map.hpp>

#include "agent/conditions/facts.hpp"

// How many conditions are tested at once: facts by number instead of by name, and what several of
// them ask alike is asked once.
namespace aisle::conditions {

using Slot = std::uint32_t;
using Question = std::uint16_t;
inline constexpr Question kNoQuestion = 0xffff;

// Numbers the keys that a set of conditions mentions, so that a predicate finds its fact by index,
// and the questions ("is cust.tier gold?") that it asks of them.
class Slots {
public:
    Slot intern(std::string_view key);
    [[nodiscard]] std::optional<Slot> find(std::string_view key) const;
    [[nodiscard]] std::size_t size() const { return slots_.size(); }

    // The same number for the same text. kNoQuestion: there are too many, and this one is asked
    // each time.
    Question question(const std::string& text);
    [[nodiscard]] std::size_t questions() const { return questions_.size(); }

private:
    struct TextHash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const noexcept {
            return std::hash<std::string_view>{}(text);
        }
    };
    boost::unordered_flat_map<std::string, Slot, TextHash, std::equal_to<>> slots_;
    boost::unordered_flat_map<std::string, Question> questions_;
};

// Facts laid out by slot for one decision. Points into the facts that were added: they must outlive
// it. One thread: answers are remembered.
class Bound {
public:
    Bound(const Slots& slots, WallTime now)
        : slots_{&slots},
          now_{now},
          values_(slots.size(), nullptr),
          answers_(slots.questions(), 0) {}
    // What `other` was given, at another time: whether it all still holds is the caller's to know.
    Bound(const Bound& other, WallTime now) : Bound{other} { now_ = now; }

    // Facts that are added later win.
    void add(const Facts& facts) { put(facts, true); }
    // Only what nothing before has told.
    void add_missing(const Facts& facts) { put(facts, false); }
    [[nodiscard]] const Value* at(Slot slot) const {
        return slot < values_.size() ? values_[slot] : nullptr;
    }
    // Where the answer to a question is remembered until facts are added; 0: nobody has asked.
    [[nodiscard]] std::uint8_t* answer(Question question) const {
        return question < answers_.size() ? &answers_[question] : nullptr;
    }

private:
    void put(const Facts& facts, bool over);

    const Slots* slots_;
    WallTime now_;
    std::vector<const Value*> values_;
    mutable std::vector<std::uint8_t> answers_;
};

}  // namespace aisle::conditions
