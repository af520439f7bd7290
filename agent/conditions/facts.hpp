#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "agent/core/reference.hpp"
#include "agent/core/time.hpp"

// What campaigns are judged by: flat dotted keys ("cust.rfm.r", "zone.dwell_s") with typed values.
namespace aisle::conditions {

using Scalar = FactValue;  // bool, int64, double, string
using Value = std::variant<bool, std::int64_t, double, std::string, std::vector<Scalar>>;

Value to_value(const Scalar& scalar);
Value to_list(const std::vector<std::string>& words);

// A fact outside [valid_from, valid_to) is unknown, as if it had never been told.
struct Fact {
    std::string key;
    Value value;
    std::optional<WallTime> valid_from;
    std::optional<WallTime> valid_to;

    [[nodiscard]] bool holds(WallTime now) const {
        return (!valid_from || *valid_from <= now) && (!valid_to || now < *valid_to);
    }
};

// A small set of facts about one customer, one shop or one trigger. Cheap to build; it is looked
// through once a decision.
class Facts {
public:
    // Room for so many; whoever sets about as many saves their moving.
    void reserve(std::size_t n) { facts_.reserve(n); }
    // Replaces an earlier fact of the same key.
    void set(std::string key, Value value);
    void set(Fact fact);
    void set(const FactRow& row);
    void erase(std::string_view key);

    [[nodiscard]] const Value* find(std::string_view key, WallTime now) const;
    // The text of a string fact; empty if it is absent, expired or of another type.
    [[nodiscard]] std::string_view text(std::string_view key, WallTime now) const;
    // Whether a list fact that holds now has this word.
    [[nodiscard]] bool lists(std::string_view key, std::string_view word, WallTime now) const;

    [[nodiscard]] const std::vector<Fact>& all() const { return facts_; }  // in order of key
    [[nodiscard]] bool empty() const { return facts_.empty(); }

private:
    std::vector<Fact> facts_;
};

}  // namespace aisle::conditions
