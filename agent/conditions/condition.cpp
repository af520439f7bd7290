#include "agent/conditions/condition.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

#include <re2/re2.h>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "agent/conditions/program.hpp"

namespace aisle::conditions {
namespace {

namespace json = boost::json;

constexpr std::size_t kFaultsMax = 20;
constexpr std::int64_t kRegexMemoryMax = 1 << 20;

struct OpName {
    std::string_view name;
    Op op;
};
constexpr std::array<OpName, 15> kOps{{{"$eq", Op::Eq},
                                       {"$ne", Op::Ne},
                                       {"$gt", Op::Gt},
                                       {"$gte", Op::Gte},
                                       {"$lt", Op::Lt},
                                       {"$lte", Op::Lte},
                                       {"$in", Op::In},
                                       {"$nin", Op::Nin},
                                       {"$exists", Op::Exists},
                                       {"$not", Op::Not},
                                       {"$all", Op::All},
                                       {"$size", Op::Size},
                                       {"$elemMatch", Op::ElemMatch},
                                       {"$regex", Op::Regex},
                                       {"$type", Op::Type}}};

std::optional<Scalar> to_scalar(const json::value& value) {
    if (value.is_bool()) return Scalar{value.get_bool()};
    if (value.is_int64()) return Scalar{value.get_int64()};
    if (value.is_double() && std::isfinite(value.get_double())) return Scalar{value.get_double()};
    if (value.is_string()) return Scalar{std::string{value.get_string()}};
    return std::nullopt;
}

// Turns JSON into nodes; faults gather in `faults`, and what they leave is thrown away by
// compile().
class Compiler {
public:
    Compiler(Slots& slots, std::vector<Slot>& mentions) : slots_{slots}, mentions_{mentions} {}

    Node whole(const json::value& value, const std::string& path, std::size_t depth);
    std::vector<CompileFault> faults;

private:
    bool room(const std::string& path, std::size_t depth);
    void fault(const std::string& path, std::string reason);
    Node group(Node::Kind kind, const json::value& value, const std::string& path,
               std::size_t depth);
    Node field(std::string_view key, const json::value& value, const std::string& path);
    void number_questions(Node& node, const json::value& value);
    std::vector<Predicate> predicates(const json::value& value, const std::string& path,
                                      std::size_t depth);
    std::vector<Predicate> operators(const json::object& object, const std::string& path,
                                     std::size_t depth);
    Predicate predicate(Op op, const json::value& value, const std::string& path,
                        std::size_t depth);
    Value plain(const json::value& value, const std::string& path);
    std::vector<Scalar> list(const json::value& value, const std::string& path);
    void compile_regex(Predicate& predicate, const json::value& value, const std::string& path);

    Slots& slots_;
    std::vector<Slot>& mentions_;
    std::size_t nodes_ = 0;
    bool insensitive_ = false;
};

void Compiler::fault(const std::string& path, std::string reason) {
    if (faults.size() < kFaultsMax) faults.push_back({path, std::move(reason)});
}

bool Compiler::room(const std::string& path, std::size_t depth) {
    if (depth > kDepthMax) return fault(path, "nested too deep"), false;
    if (++nodes_ == kNodesMax + 1) fault(path, "the condition is too large");
    return nodes_ <= kNodesMax;
}

Node Compiler::whole(const json::value& value, const std::string& path, std::size_t depth) {
    Node all;
    if (!room(path, depth)) return all;
    if (!value.is_object()) return fault(path, "must be an object"), all;
    for (const auto& [key, inner] : value.get_object()) {
        const std::string here = path + "." + std::string{key};
        if (key == "$and")
            all.children.push_back(group(Node::Kind::All, inner, here, depth));
        else if (key == "$or")
            all.children.push_back(group(Node::Kind::Any, inner, here, depth));
        else if (key == "$nor")
            all.children.push_back(group(Node::Kind::None, inner, here, depth));
        else if (key == "$not")
            all.children.push_back(
                Node{.kind = Node::Kind::None, .children = {whole(inner, here, depth + 1)}});
        else if (key.starts_with("$"))
            fault(here, "is not $and, $or, $nor or $not, and fact keys do not start with $");
        else
            all.children.push_back(field(key, inner, here));
    }
    return all;
}

Node Compiler::group(Node::Kind kind, const json::value& value, const std::string& path,
                     std::size_t depth) {
    Node node{.kind = kind};
    if (!value.is_array() || value.get_array().empty())
        return fault(path, "must be an array of conditions, not empty"), node;
    std::size_t i = 0;
    for (const json::value& inner : value.get_array())
        node.children.push_back(whole(inner, path + "[" + std::to_string(i++) + "]", depth + 1));
    return node;
}

Node Compiler::field(std::string_view key, const json::value& value, const std::string& path) {
    Node node{.kind = Node::Kind::Field};
    if (key.empty()) return fault(path, "the fact has no name"), node;
    node.slot = slots_.intern(key);
    mentions_.push_back(node.slot);
    node.predicates = predicates(value, path, 0);
    if (faults.empty()) number_questions(node, value);
    return node;
}

// By the fact, the operator and what it is given, as they stand in the file.
void Compiler::number_questions(Node& node, const json::value& value) {
    const auto number = [&](Predicate& predicate, std::string_view op, const json::value& operand) {
        if (compares_numbers(predicate)) return;  // cheaper than looking its answer up
        predicate.question = slots_.question(std::to_string(node.slot) + " " + std::string{op} +
                                             " " + json::serialize(operand));
    };
    const json::object* const operators = value.if_object();
    if (!operators) return number(node.predicates.front(), "$eq", value);
    std::size_t i = 0;
    for (const auto& [op, operand] : *operators) number(node.predicates[i++], op, operand);
}

std::vector<Predicate> Compiler::predicates(const json::value& value, const std::string& path,
                                            std::size_t depth) {
    if (value.is_object()) return operators(value.get_object(), path, depth);
    if (!room(path, depth)) return {};
    return {Predicate{.op = Op::Eq, .operand = plain(value, path)}};
}

std::vector<Predicate> Compiler::operators(const json::object& object, const std::string& path,
                                           std::size_t depth) {
    std::vector<Predicate> all;
    if (object.empty()) fault(path, "has no operator");
    for (const auto& [key, value] : object) {
        const std::string here = path + "." + std::string{key};
        if (!room(here, depth)) return all;
        insensitive_ = key == "$regexi";
        const std::string_view name = insensitive_ ? "$regex" : std::string_view{key};
        const auto op = std::ranges::find(kOps, name, &OpName::name);
        if (op == kOps.end())
            fault(here, "is not an operator");
        else
            all.push_back(predicate(op->op, value, here, depth));
    }
    return all;
}

Predicate Compiler::predicate(Op op, const json::value& value, const std::string& path,
                              std::size_t depth) {
    Predicate made{.op = op};
    switch (op) {
        case Op::Gt:
        case Op::Gte:
        case Op::Lt:
        case Op::Lte:
            if (!value.is_number() && !value.is_string()) fault(path, "must be a number or a text");
            [[fallthrough]];
        case Op::Eq:
        case Op::Ne:
            made.operand = plain(value, path);
            break;
        case Op::In:
        case Op::Nin:
        case Op::All:
            made.list = list(value, path);
            break;
        case Op::Exists:
            if (!value.is_bool()) return fault(path, "must be true or false"), made;
            made.operand = value.get_bool();
            break;
        case Op::Not:
        case Op::ElemMatch:
            if (!value.is_object()) return fault(path, "must be an object of operators"), made;
            [[fallthrough]];
        case Op::Size:
            made.nested = predicates(value, path, depth + 1);
            break;
        case Op::Regex:
            compile_regex(made, value, path);
            break;
        case Op::Type: {
            made.operand = plain(value, path);
            constexpr std::array<std::string_view, 4> kTypes{"string", "number", "boolean",
                                                             "array"};
            const auto* const name = std::get_if<std::string>(&made.operand);
            if (!name || std::ranges::find(kTypes, *name) == kTypes.end())
                fault(path, "must be string, number, boolean or array");
            break;
        }
    }
    return made;
}

Value Compiler::plain(const json::value& value, const std::string& path) {
    if (value.is_array()) return list(value, path);
    if (const auto scalar = to_scalar(value)) return to_value(*scalar);
    fault(path, value.is_null() ? "null is no value: ask with $exists"
                                : "must be a text, a number, true, false or a list of these");
    return false;
}

std::vector<Scalar> Compiler::list(const json::value& value, const std::string& path) {
    std::vector<Scalar> all;
    if (!value.is_array()) return fault(path, "must be a list"), all;
    for (const json::value& element : value.get_array()) {
        if (const auto scalar = to_scalar(element))
            all.push_back(*scalar);
        else
            fault(path + "[" + std::to_string(all.size()) + "]",
                  "must be a text, a number, true or false");
    }
    return all;
}

void Compiler::compile_regex(Predicate& predicate, const json::value& value,
                             const std::string& path) {
    if (!value.is_string()) return fault(path, "must be a text");
    const std::string_view pattern{value.get_string()};
    if (pattern.size() > kRegexBytesMax) return fault(path, "the pattern is too long");
    re2::RE2::Options options;
    options.set_log_errors(false);
    options.set_case_sensitive(!insensitive_);
    options.set_max_mem(kRegexMemoryMax);
    auto regex =
        std::make_shared<const re2::RE2>(re2::StringPiece{pattern.data(), pattern.size()}, options);
    if (!regex->ok()) return fault(path, "bad pattern: " + regex->error());
    predicate.regex = std::move(regex);
}

}  // namespace

Condition::Condition() : program_{std::make_shared<const Program>(Node{})} {}

boost::system::result<Condition, std::vector<CompileFault>> Condition::compile(
    const boost::json::value& json, Slots& slots, std::string path) {
    Condition condition;
    Compiler compiler{slots, condition.mentions_};
    condition.program_ = std::make_shared<const Program>(compiler.whole(json, path, 0));
    if (!compiler.faults.empty()) return std::move(compiler.faults);
    std::ranges::sort(condition.mentions_);
    const auto rest = std::ranges::unique(condition.mentions_);
    condition.mentions_.erase(rest.begin(), rest.end());
    return condition;
}

Truth Condition::test(const Bound& facts) const { return conditions::test(steps(), facts); }

std::span<const Step> Condition::steps() const { return program_->steps; }

}  // namespace aisle::conditions
