#include "agent/conditions/program.hpp"

#include <algorithm>
#include <compare>
#include <functional>

namespace aisle::conditions {
namespace {

std::size_t others_in(const Node& node) {
    auto n = static_cast<std::size_t>(
        std::ranges::count_if(node.predicates, std::not_fn(compares_numbers)));
    for (const Node& child : node.children) n += others_in(child);
    return n;
}

// What campaigns ask of texts and lists many of them ask alike: it is judged once.
Truth ask(const Step& step, const Value* value, const Bound& facts) {
    std::uint8_t* const known = facts.answer(step.n);
    if (!known) return test(*step.predicate, value);
    if (*known == 0) *known = static_cast<std::uint8_t>(test(*step.predicate, value)) + 1U;
    return static_cast<Truth>(*known - 1);
}

Truth test_one(const Step& step, const Bound& facts) {
    const Value* const value = facts.at(step.slot);
    if (step.kind == Step::Kind::Other) return ask(step, value, facts);
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
            one = fold(steps.subspan(1, step.n), facts, stop);
            if (step.kind == Step::Kind::None) one = !one;
        } else {
            one = test_one(step, facts);
        }
        if (one == decides) return decides;
        if (one == Truth::Unknown) so_far = Truth::Unknown;
        steps = steps.subspan(step.is_group() ? 1U + step.n : 1U);
    }
    return so_far;
}

}  // namespace

Program::Program(Node root) {
    predicates.reserve(others_in(root));
    lay(root, true);
    steps.shrink_to_fit();
}

// Where all is asked for anyway, all of several needs no group of its own; nor does all of one
// anywhere.
void Program::lay(Node& node, bool among_all) {
    const bool all = node.kind == Node::Kind::All || node.kind == Node::Kind::Field;
    const bool alone = node.children.size() + node.predicates.size() == 1;
    const bool group = all ? !among_all && !alone : true;
    const std::size_t at = steps.size();
    if (group) {
        const auto kind = node.kind == Node::Kind::Any    ? Step::Kind::Any
                          : node.kind == Node::Kind::None ? Step::Kind::None
                                                          : Step::Kind::All;
        steps.push_back({.kind = kind});
    }
    const bool inner = group ? all : among_all;
    for (Node& child : node.children) lay(child, inner);
    for (Predicate& predicate : node.predicates) {
        Step step{.kind = Step::Kind::Other, .op = predicate.op, .slot = node.slot};
        if (compares_numbers(predicate)) {
            step.kind = Step::Kind::Number;
            step.number = std::get<std::int64_t>(predicate.operand);
        } else {
            step.n = predicate.question;
            predicates.push_back(std::move(predicate));
            step.predicate = &predicates.back();
        }
        steps.push_back(step);
    }
    if (group) steps[at].n = static_cast<std::uint16_t>(steps.size() - at - 1);
}

Truth test(std::span<const Step> steps, const Bound& facts) {
    return fold(steps, facts, Truth::False);
}

}  // namespace aisle::conditions
