#include "agent/conditions/predicate.hpp"

#include <algorithm>
#include <compare>

#include <re2/re2.h>

namespace aisle::conditions {
namespace {

// Exact between integers; a long double holds every int64 on the machines we run on, and every
// double.
template <typename A, typename B>
std::partial_ordering compare_numbers(const A& a, const B& b) {
    if constexpr (std::is_same_v<A, B>)
        return a <=> b;
    else
        return static_cast<long double>(a) <=> static_cast<long double>(b);
}

template <typename T>
constexpr bool kNumber = std::is_same_v<T, std::int64_t> || std::is_same_v<T, double>;

// Unordered where the types cannot be compared.
struct Ordering {
    template <typename A, typename B>
    std::partial_ordering operator()(const A& a, const B& b) const {
        if constexpr (kNumber<A> && kNumber<B>)
            return compare_numbers(a, b);
        else if constexpr (std::is_same_v<A, std::string> && std::is_same_v<B, std::string>)
            return a <=> b;
        else
            return std::partial_ordering::unordered;
    }
};

struct Equality {
    template <typename A, typename B>
    bool operator()(const A& a, const B& b) const {
        if constexpr (kNumber<A> && kNumber<B>)
            return compare_numbers(a, b) == 0;
        else if constexpr (std::is_same_v<A, std::vector<Scalar>> && std::is_same_v<A, B>)
            return std::ranges::equal(a, b, [](const Scalar& x, const Scalar& y) {
                return std::visit(Equality{}, x, y);
            });
        else if constexpr (std::is_same_v<A, B>)
            return a == b;
        else
            return false;
    }
};

bool has(const std::vector<Scalar>& list, const Scalar& wanted) {
    return std::ranges::any_of(
        list, [&](const Scalar& element) { return std::visit(Equality{}, element, wanted); });
}

bool is_in(const std::vector<Scalar>& list, const Value& value) {
    if (const auto* const several = std::get_if<std::vector<Scalar>>(&value))
        return std::ranges::any_of(*several, [&](const Scalar& one) { return has(list, one); });
    return std::ranges::any_of(
        list, [&](const Scalar& element) { return std::visit(Equality{}, element, value); });
}

std::string_view type_of(const Value& value) {
    constexpr std::array<std::string_view, 5> kTypes{"boolean", "number", "number", "string",
                                                     "array"};
    return kTypes[value.index()];
}

bool matches(const re2::RE2& regex, const Value& value) {
    const auto* const text = std::get_if<std::string>(&value);
    return text && re2::RE2::PartialMatch(*text, regex);
}

bool element_matches(const Predicate& predicate, const std::vector<Scalar>& list) {
    return std::ranges::any_of(list, [&](const Scalar& element) {
        const Value value = to_value(element);
        return test_all(predicate.nested, &value) == Truth::True;
    });
}

bool test_list(const Predicate& predicate, const std::vector<Scalar>& list) {
    if (predicate.op == Op::ElemMatch) return element_matches(predicate, list);
    if (predicate.op == Op::Size) {
        const Value size = static_cast<std::int64_t>(list.size());
        return test_all(predicate.nested, &size) == Truth::True;
    }
    return std::ranges::all_of(predicate.list, [&](const Scalar& one) { return has(list, one); });
}

bool test_known(const Predicate& predicate, const Value& value) {
    switch (predicate.op) {
        case Op::Eq:
            return std::visit(Equality{}, value, predicate.operand);
        case Op::Ne:
            return !std::visit(Equality{}, value, predicate.operand);
        case Op::Gt:
        case Op::Gte:
        case Op::Lt:
        case Op::Lte:
            return agrees(predicate.op, std::visit(Ordering{}, value, predicate.operand));
        case Op::In:
            return is_in(predicate.list, value);
        case Op::Nin:
            return !is_in(predicate.list, value);
        case Op::Regex:
            return matches(*predicate.regex, value);
        case Op::Type:
            return type_of(value) == std::get<std::string>(predicate.operand);
        case Op::All:
        case Op::Size:
        case Op::ElemMatch: {
            const auto* const list = std::get_if<std::vector<Scalar>>(&value);
            return list && test_list(predicate, *list);
        }
        case Op::Exists:
        case Op::Not:
            break;  // test() has dealt with them
    }
    return false;
}

}  // namespace

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

Truth operator!(Truth a) {
    if (a == Truth::Unknown) return a;
    return a == Truth::True ? Truth::False : Truth::True;
}

Truth operator&(Truth a, Truth b) { return std::min(a, b); }
Truth operator|(Truth a, Truth b) { return std::max(a, b); }

Truth test(const Predicate& predicate, const Value* value) {
    if (predicate.op == Op::Exists)
        return from((value != nullptr) == std::get<bool>(predicate.operand));
    if (predicate.op == Op::Not) return !test_all(predicate.nested, value);
    if (!value) return Truth::Unknown;
    return from(test_known(predicate, *value));
}

Truth test_all(const std::vector<Predicate>& predicates, const Value* value) {
    Truth so_far = Truth::True;
    for (const Predicate& predicate : predicates) {
        so_far = so_far & test(predicate, value);
        if (so_far == Truth::False) break;
    }
    return so_far;
}

}  // namespace aisle::conditions
