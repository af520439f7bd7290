#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "agent/core/offer.hpp"
#include "agent/core/record.hpp"
#include "agent/offers/campaign_set.hpp"
#include "agent/store/reads.hpp"

namespace aisle::app {

// A record that holds a decision: an offer, a ghost, or a decision without a winner.
struct DecisionRecord {
    std::string where;  // "journal 4711", or "line 12" of an exported file
    std::string kind;   // offer, withheld
    std::string event_id;
    std::int32_t revision = 1;
    WallTime at{};
    bool altered = false;  // the body is not the one that its digest was taken of
    Decision decision;
    std::optional<Offer> offer;  // none where nobody won
};

struct DecisionSpan {
    std::optional<WallTime> from;  // [from, to) of the records
    std::optional<WallTime> to;

    [[nodiscard]] bool has(WallTime at) const {
        return (!from || *from <= at) && (!to || at < *to);
    }
};

// What could not be made a DecisionRecord.
struct DecisionGaps {
    std::int64_t erased = 0;              // somebody was forgotten: the body is empty
    std::vector<std::string> unreadable;  // "journal 4711: ..."
};

// The rows of a kind (empty: all), oldest first, page by page.
Status each_row(store::Reads& reader, const std::string& kind,
                const std::function<void(const JournalRow&)>& each);

// All decisions of a data directory, in the order of the journal: read page by page.
using EachDecision = std::function<void(const DecisionRecord&)>;
Result<DecisionGaps> each_decision(store::Reads& reader, const DecisionSpan& span,
                                   const EachDecision& each);
// The same from what `aislectl journal export` prints (or HQ's events as such lines).
Result<DecisionGaps> each_decision_of(const std::string& jsonl, const DecisionSpan& span,
                                      const EachDecision& each);

// Sets by digest: those of folders and files, then those on the shelf of a data directory.
class SetLibrary {
public:
    explicit SetLibrary(const TimeZone& zone) : zone_{zone} {}
    // Malformed lists the faults.
    Status add(const std::string& path);
    // Only remembered; a set is compiled when it is asked for.
    Status add_shelf(store::Reads& reader);
    // Null: nobody has it, or what the shelf has under this digest is something else.
    [[nodiscard]] std::shared_ptr<const offers::CampaignSet> find(const std::string& digest);

private:
    const TimeZone& zone_;
    std::map<std::string, std::string> texts_;
    std::map<std::string, std::shared_ptr<const offers::CampaignSet>> sets_;
};

}  // namespace aisle::app
