#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "agent/conditions/condition.hpp"
#include "agent/core/error.hpp"

// Segments: named sets of customers, by a rule over what is known of them or by their tags. A file
// stands beside the campaigns: {"schema":1,"segment":"seg-tea","when":{"cust.categories":"tea"}},
// {"schema":1,"segment":"seg-gold","tags":["gold"]}, or a list of such. With both, both must hold.
namespace aisle::customers {

struct SegmentFile {
    std::string name;
    std::string text;
};

struct Segment {
    std::string name;
    conditions::Condition when;     // over cust.*; only who makes it true is in
    std::vector<std::string> tags;  // any of them; empty: the rule alone
};

// Immutable; safe from any thread.
class SegmentRules {
public:
    static constexpr std::size_t kSegmentsMax = 500;

    // Malformed: every fault, one a line, with file and field. All of it is loaded or nothing.
    static Result<SegmentRules> load(std::span<const SegmentFile> files);
    // Whether a file of the campaigns' folder is one of ours, by its first object.
    static bool is_segment(std::string_view text);

    [[nodiscard]] const std::vector<Segment>& all() const { return all_; }  // in order of name
    [[nodiscard]] const conditions::Slots& slots() const { return slots_; }

private:
    std::vector<Segment> all_;
    conditions::Slots slots_;
};

}  // namespace aisle::customers
