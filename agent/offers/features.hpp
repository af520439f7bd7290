#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

// GrowthBook's features and experiments as its SDKs evaluate them (specification 0.8.0), over the
// same JSON. This is the oracle that our own assignment is held against (`aislectl offers
// vectors`); campaigns are decided by decide.cpp and never come through here.
namespace aisle::offers {

// Bounds of one question; beyond them a prerequisite counts as cyclic.
inline constexpr std::size_t kPrerequisiteDepthMax = 64;
inline constexpr std::size_t kFeaturesPerQuestion = 10'000;

// One user's context. Never throws on what the JSON may hold: what is not of the expected type
// counts as absent.
class Features {
public:
    // attributes, features, savedGroups, forcedVariations, overrides, groups, contextualBandits,
    // enabled, qaMode and url are read. `context` must outlive this.
    explicit Features(const boost::json::object& context) : context_{context} {}

    // Switches sticky bucketing on, with what has been stored: an array of {attributeName,
    // attributeValue, assignments}.
    void keep_sticky(const boost::json::array& documents);
    // By "name||value"; changed by what was asked since.
    [[nodiscard]] const boost::json::object& sticky() const { return *sticky_; }
    // Whether some rule of the context can read or write the document of this attribute and value.
    [[nodiscard]] bool reaches(const boost::json::object& document) const;

    // {value, on, off, source, ruleId} and for an experiment also {experiment, experimentResult}.
    boost::json::object feature(std::string_view key);
    // {key, featureId, inExperiment, hashUsed, variationId, value, hashAttribute, hashValue,
    // stickyBucketUsed} and where they apply {name, bucket, passthrough}.
    boost::json::object run(const boost::json::object& experiment);

private:
    struct Identity {  // what is hashed; an empty text: nobody
        std::string attribute;
        boost::json::value value;
        std::string text;
    };
    struct Place {
        int variation = -1;
        bool hash_used = false;
        bool sticky = false;
        std::optional<double> bucket;
    };
    enum class Gate { Open, Shut, Blocked, Cyclic };

    boost::json::object evaluate(std::string_view key);
    std::optional<boost::json::object> by_rule(const boost::json::object& rule,
                                               std::string_view key);
    std::optional<boost::json::object> by_experiment(const boost::json::object& rule,
                                                     std::string_view key);
    Gate prerequisites(const boost::json::object& holder);
    boost::json::object result(const boost::json::object& experiment, const Place& place,
                               std::string_view feature) const;
    Place place_in(const boost::json::object& experiment);
    [[nodiscard]] std::optional<int> forced(const boost::json::object& experiment,
                                            std::size_t variations) const;
    [[nodiscard]] bool admits(const boost::json::object& experiment, const Identity& who);
    Place draw(const boost::json::object& experiment, const Identity& who);

    [[nodiscard]] const boost::json::object& part(std::string_view name) const;
    [[nodiscard]] bool holds(const boost::json::value& condition) const;
    [[nodiscard]] Identity identity(const boost::json::object& holder, bool with_fallback) const;
    [[nodiscard]] Identity identity(std::string_view attribute) const;
    [[nodiscard]] bool filtered_out(const boost::json::value& filters) const;
    [[nodiscard]] bool in_rollout(const boost::json::object& rule, std::string_view key) const;
    void choose_leaf(const boost::json::object& rule, boost::json::object& experiment) const;

    [[nodiscard]] bool sticks(const boost::json::object& experiment) const;
    struct Stuck {
        int variation = -1;
        bool blocked = false;  // by minBucketVersion
    };
    [[nodiscard]] Stuck stuck(const boost::json::object& experiment) const;
    void stick(const boost::json::object& experiment, const Identity& who, std::string_view arm);

    const boost::json::object& context_;
    std::optional<boost::json::object> sticky_;
    std::set<std::string, std::less<>> asked_;  // on the way down to here
    std::size_t questions_ = 0;
};

}  // namespace aisle::offers
