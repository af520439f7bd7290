#pragma once

#include <compare>
#include <memory>
#include <vector>

#include "agent/conditions/condition.hpp"
#include "agent/conditions/step.hpp"

namespace re2 {
class RE2;
}

// What a step asks of one fact where that is more than comparing numbers. Inside this room only.
namespace aisle::conditions {

// One operator with its operand, which the compiler has checked.
struct Predicate {
    Op op = Op::Eq;
    Value operand{false};           // Eq..Lte; Exists: bool; Type: the type's name
    std::vector<Scalar> list;       // In, Nin, All
    std::vector<Predicate> nested;  // Not, Size, ElemMatch: all must hold
    std::shared_ptr<const re2::RE2> regex;
    Question question = kNoQuestion;  // of one that is asked of a fact itself
};

// Most of what campaigns ask of a fact: a whole number against a whole number.
inline bool compares_numbers(const Predicate& predicate) {
    return predicate.op <= Op::Lte && std::holds_alternative<std::int64_t>(predicate.operand);
}

inline Truth from(bool known) { return known ? Truth::True : Truth::False; }
// Eq to Lte: whether the operator holds of what stands in this order; unordered is only Ne.
bool agrees(Op op, std::partial_ordering order);

// `value` is null where the fact is unknown.
Truth test(const Predicate& predicate, const Value* value);
Truth test_all(const std::vector<Predicate>& predicates, const Value* value);

}  // namespace aisle::conditions
