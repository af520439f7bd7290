#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include <boost/json/value.hpp>

#include "agent/conditions/slots.hpp"
#include "agent/core/error.hpp"

// The campaign mode of the Mongo/GrowthBook condition form: compiled at load to typed predicates,
// three-valued.
namespace aisle::conditions {

// Kleene's: an absent or expired fact makes a predicate unknown. Only `$exists` sees absence
// itself.
enum class Truth { False, Unknown, True };

Truth operator!(Truth a);
Truth operator&(Truth a, Truth b);
Truth operator|(Truth a, Truth b);

struct CompileFault {
    std::string path;  // "when.cust.tier.$in[1]"
    std::string reason;
};

// Bounds of one condition; beyond them it is refused.
inline constexpr std::size_t kNodesMax = 1'000;
inline constexpr std::size_t kDepthMax = 32;
inline constexpr std::size_t kRegexBytesMax = 1'000;

struct Step;
struct Program;

// Immutable and cheap to copy; safe from any thread.
//
// A key is a whole dotted fact key; its value is a scalar ($eq), an array (equal list) or an object
// of operators, all of which must hold:
//   $eq $ne $gt $gte $lt $lte   numbers with numbers (int and double by value), strings with
//   strings by bytes $in $nin                    a list fact is in when any element is $exists true
//   or false, never unknown $all $size $elemMatch       list facts; $size takes a number or
//   operators $regex $regexi              RE2, unanchored, on string facts; a bad pattern does not
//   compile $type                       string number boolean array $not                        an
//   object of operators
// and $and $or $nor (arrays, not empty) and $not (object) over whole conditions. A known fact of
// another type than the operator wants is simply not equal, not less, not in: false, and $ne and
// $nin are true.
class Condition {
public:
    // Always true.
    Condition();

    // Compiles `json`, interning the keys it mentions. `path` is where it stands in its file. All
    // faults are reported.
    static boost::system::result<Condition, std::vector<CompileFault>> compile(
        const boost::json::value& json, Slots& slots, std::string path);

    [[nodiscard]] Truth test(const Bound& facts) const;
    // What it comes to, for those who test thousands and lay them out one behind the other. Copies
    // of the steps are good as long as the condition lives.
    [[nodiscard]] std::span<const Step> steps() const;
    // The slots of the keys it mentions, ascending.
    [[nodiscard]] const std::vector<Slot>& mentions() const { return mentions_; }

private:
    std::shared_ptr<const Program> program_;
    std::vector<Slot> mentions_;
};

// As Condition::test() of the condition that the steps are of.
[[nodiscard]] Truth test(std::span<const Step> steps, const Bound& facts);

}  // namespace aisle::conditions
