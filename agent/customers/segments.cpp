#include "agent/customers/segments.hpp"

#include <algorithm>
#include <boost/json.hpp>

namespace aisle::customers {
namespace {

namespace json = boost::json;

constexpr std::size_t kNameMax = 64;
constexpr std::size_t kTagsMax = 64;

bool good_name(std::string_view name) {
    return !name.empty() && name.size() <= kNameMax && std::ranges::all_of(name, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
    });
}

// One file; what is wrong is collected.
class SegmentReader {
public:
    SegmentReader(const SegmentFile& file, conditions::Slots& slots, std::string& faults)
        : file_{file}, slots_{slots}, faults_{faults} {}

    void read(std::vector<Segment>& out) {
        json::error_code error;
        const json::value value = json::parse(file_.text, error);
        if (error) return fault("", "is no JSON: " + error.message());
        if (const auto* const all = value.if_array()) {
            for (const json::value& one : *all) read_one(one, out);
        } else {
            read_one(value, out);
        }
    }

private:
    void fault(std::string_view field, const std::string& why) {
        if (!faults_.empty()) faults_ += '\n';
        faults_ += file_.name + ": " + std::string{field} + (field.empty() ? "" : " ") + why;
    }

    void read_one(const json::value& value, std::vector<Segment>& out) {
        const auto* const object = value.if_object();
        if (!object) return fault("", "is no object");
        Segment segment;
        for (const auto& [key, field] : *object) read_field(key, field, segment);
        const auto* const schema = object->if_contains("schema");
        if (!schema || *schema != json::value(1)) fault("schema", "must be 1");
        if (segment.name.empty()) fault("segment", "must be a name of a-z, 0-9, - and _");
        if (!object->contains("when") && segment.tags.empty()) fault("when", "is missing");
        out.push_back(std::move(segment));
    }

    void read_field(std::string_view key, const json::value& field, Segment& segment) {
        if (key == "schema") return;
        if (key == "when") return read_when(field, segment);
        if (key == "tags") return read_tags(field, segment);
        if (key != "segment") return fault(key, "is not known");
        if (field.is_string() && good_name(field.get_string()))
            segment.name = std::string{field.get_string()};
    }

    // A segment is about a customer: what is said of the shop or the moment has no place in it, and
    // one segment does not hang on another.
    void read_when(const json::value& field, Segment& segment) {
        conditions::Slots own;
        if (const auto compiled = conditions::Condition::compile(field, own, "when"); !compiled) {
            for (const auto& one : compiled.error()) fault(one.path, one.reason);
            return;
        }
        segment.when = *conditions::Condition::compile(field, slots_, "when");
        check_keys(field);
    }

    void check_keys(const json::value& value) {
        if (const auto* const list = value.if_array())
            for (const json::value& one : *list) check_keys(one);
        const auto* const object = value.if_object();
        if (!object) return;
        for (const auto& [key, inner] : *object) {
            const std::string_view name{key.data(), key.size()};
            if (name.starts_with("$")) {
                check_keys(inner);
            } else if (!name.starts_with("cust.") || name == "cust.segments") {
                fault(name, "is not of a customer");
            }
        }
    }

    void read_tags(const json::value& field, Segment& segment) {
        const auto* const list = field.if_array();
        if (!list || list->empty() || list->size() > kTagsMax)
            return fault("tags", "must be a short list");
        for (const json::value& tag : *list) {
            if (!tag.is_string()) return fault("tags", "holds what is not a text");
            segment.tags.emplace_back(tag.get_string());
        }
    }

    const SegmentFile& file_;
    conditions::Slots& slots_;
    std::string& faults_;
};

}  // namespace

Result<SegmentRules> SegmentRules::load(std::span<const SegmentFile> files) {
    SegmentRules rules;
    std::string faults;
    for (const SegmentFile& file : files)
        SegmentReader{file, rules.slots_, faults}.read(rules.all_);
    std::ranges::sort(rules.all_, {}, &Segment::name);
    for (std::size_t i = 1; i < rules.all_.size(); ++i) {
        if (rules.all_[i].name != rules.all_[i - 1].name || rules.all_[i].name.empty()) continue;
        faults += (faults.empty() ? "" : "\n") + rules.all_[i].name + ": stands there twice";
    }
    if (rules.all_.size() > kSegmentsMax)
        faults += (faults.empty() ? "" : "\n") + std::string{"too many segments"};
    if (!faults.empty()) return malformed(faults);
    return rules;
}

bool SegmentRules::is_segment(std::string_view text) {
    json::error_code error;
    const json::value value = json::parse(json::string_view{text.data(), text.size()}, error);
    if (error) return false;
    const json::value* first = &value;
    if (const auto* const list = value.if_array(); list && !list->empty()) first = &list->front();
    return first->is_object() && first->get_object().contains("segment");
}

}  // namespace aisle::customers
