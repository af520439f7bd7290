#pragma once

#include <cstdint>

#include "agent/conditions/slots.hpp"

namespace aisle::conditions {

enum class Op : std::uint8_t {
    Eq,
    Ne,
    Gt,
    Gte,
    Lt,
    Lte,
    In,
    Nin,
    Exists,
    Not,
    All,
    Size,
    ElemMatch,
    Regex,
    Type
};

struct Predicate;

// What a condition is compiled to: one array of steps, walked from front to back. A decision tests
// hundreds of conditions, and a tree would cost a cache miss a node. Steps may be copied, to have
// those of many conditions one behind the other; a predicate that they point to is the condition's.
struct Step {
    enum class Kind : std::uint8_t {
        All,     // of the next `n` steps, which are its own
        Any,     // likewise
        None,    // likewise
        Number,  // compares a fact with `number`: Eq to Lte
        Other,   // `predicate` judges a fact
    };
    Kind kind = Kind::All;
    Op op = Op::Eq;       // Number
    std::uint16_t n = 0;  // All, Any, None: so many steps inside; Other: its question
    Slot slot = 0;        // Number, Other: of the fact
    union {
        std::int64_t number = 0;
        const Predicate* predicate;
    };

    [[nodiscard]] bool is_group() const { return kind <= Kind::None; }
};
static_assert(sizeof(Step) == 16);

}  // namespace aisle::conditions
