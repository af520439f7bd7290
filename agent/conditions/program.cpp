#include "agent/conditions/program.hpp"

#include <algorithm>
#include <compare>
#include <functional>

namespace aisle::conditions {
namespace {

// Most of what campaigns ask of a fact: a whole number against a whole number.
bool is_number(const Predicate& predicate) {
    return predicate.op <= Op::Lte && std::holds_alternative<std::int64_t>(predicate.operand);
}

std::size_t others_in(const Node& node) {
    auto n =
        static_cast<std::size_t>(std::ranges::count_if(node.predicates, std::not_fn(is_number)));
    for (const Node& child : node.children) n += others_in(child);
    return n;
}

bool agrees(Op op, std::partial_ordering order) {
    switch (op) {
        case Op::Eq:
            return order == 0;
        case Op::Ne:
            return order != 0;
        case Op::Gt:
            return order > 0;
        case Op::Gte:
            return order >= 0;
        case Op::Lt:
            return order < 0;
        default:
            return order <= 0;
    }
}

Truth from(bool known) { return known ? Truth::True : Truth::False; }

Truth test_one(const Step& step, const Bound& facts) {
    const Value* const value = facts.at(step.slot);
    if (step.kind == Step::Kind::Other) return test(*step.predicate, value);
    if (!value) return Truth::Unknown;
    if (const auto* const whole = std::get_if<std::int64_t>(value))
        return from(agrees(step.op, *whole <=> step.number));
    // Exact: a long double holds every int64 and every double on the machines we run on.
    if (const auto* const part = std::get_if<double>(value))
        return from(agrees(
            step.op, static_cast<long double>(*part) <=> static_cast<long double>(step.number)));
    return from(step.op == Op::Ne);  // another type is not equal, not less, not more
}

// And or Or over the steps: stops at the first that decides.
Truth fold(std::span<const Step> steps, const Bound& facts, Truth decides) {
    Truth so_far = !decides;
    while (!steps.empty()) {
        const Step& step = steps.front();
        Truth one = Truth::Unknown;
        if (step.is_group()) {
            const Truth stop = step.kind == Step::Kind::All ? Truth::False : Truth::True;
            one = fold(steps.subspan(1, step.inside), facts, stop);
            if (step.kind == Step::Kind::None) one = !one;
        } else {
            one = test_one(step, facts);
        }
        if (one == decides) return decides;
        if (one == Truth::Unknown) so_far = Truth::Unknown;
        steps = steps.subspan(1U + step.inside);
    }
    return so_far;
}

}  // namespace

Program::Program(Node root) {
    predicates.reserve(others_in(root));
    lay(root, true);
    steps.shrink_to_fit();
}

// Where all is asked for anyway, all of several needs no group of its own; nor does a field's one
// predicate anywhere.
void Program::lay(Node& node, bool among_all) {
    const bool all = node.kind == Node::Kind::All || node.kind == Node::Kind::Field;
    const bool group = all ? !among_all && node.predicates.size() != 1 : true;
    const std::size_t at = steps.size();
    if (group) {
        const auto kind = node.kind == Node::Kind::Any    ? Step::Kind::Any
                          : node.kind == Node::Kind::None ? Step::Kind::None
                                                          : Step::Kind::All;
        steps.push_back({.kind = kind});
    }
    for (Node& child : node.children) lay(child, all);
    for (Predicate& predicate : node.predicates) {
        Step step{.kind = Step::Kind::Other, .op = predicate.op, .slot = node.slot};
        if (is_number(predicate)) {
            step.kind = Step::Kind::Number;
            step.number = std::get<std::int64_t>(predicate.operand);
        } else {
            predicates.push_back(std::move(predicate));
            step.predicate = &predicates.back();
        }
        steps.push_back(step);
    }
    if (group) steps[at].inside = static_cast<std::uint16_t>(steps.size() - at - 1);
}

Truth test(std::span<const Step> steps, const Bound& facts) {
    return fold(steps, facts, Truth::False);
}

}  // namespace aisle::conditions
