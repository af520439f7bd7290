#pragma once

#include <memory>
#include <vector>

#include "agent/conditions/condition.hpp"

namespace re2 {
class RE2;
}

// What a campaign's condition is compiled to. Inside this room only.
namespace aisle::conditions {

enum class Op { Eq, Ne, Gt, Gte, Lt, Lte, In, Nin, Exists, Not, All, Size, ElemMatch, Regex, Type };

// One operator with its operand, which the compiler has checked.
struct Predicate {
    Op op = Op::Eq;
    Value operand{false};           // Eq..Lte; Exists: bool; Type: the type's name
    std::vector<Scalar> list;       // In, Nin, All
    std::vector<Predicate> nested;  // Not, Size, ElemMatch: all must hold
    std::shared_ptr<const re2::RE2> regex;
};

// `value` is null where the fact is unknown.
Truth test(const Predicate& predicate, const Value* value);
Truth test_all(const std::vector<Predicate>& predicates, const Value* value);

struct Node {
    enum class Kind { All, Any, None, Field };
    Kind kind = Kind::All;
    std::vector<Node> children;         // All: and; Any: or; None: nor and not
    Slot slot = 0;                      // Field
    std::vector<Predicate> predicates;  // Field: all must hold
};

Truth test(const Node& node, const Bound& facts);

}  // namespace aisle::conditions
