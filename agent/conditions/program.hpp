#pragma once

#include <vector>

#include "agent/conditions/predicate.hpp"

// From the compiler's tree to steps. Inside this room only.
namespace aisle::conditions {

// A condition as it stands in its file.
struct Node {
    enum class Kind { All, Any, None, Field };
    Kind kind = Kind::All;
    std::vector<Node> children;         // All: and; Any: or; None: nor and not
    Slot slot = 0;                      // Field
    std::vector<Predicate> predicates;  // Field: all must hold
};

struct Program {
    explicit Program(Node root);
    Program(const Program&) = delete;
    Program& operator=(const Program&) = delete;

    std::vector<Step> steps;            // all of them must hold
    std::vector<Predicate> predicates;  // that Other steps point to: it never grows

private:
    void lay(Node& node, bool among_all);
};

}  // namespace aisle::conditions
