#pragma once

#include <memory>
#include <span>
#include <string>

#include "agent/customers/segments.hpp"
#include "agent/offers/campaign_set.hpp"

namespace aisle::app {

// The *.json of a directory, or one file, in order of name, as one set. Malformed lists every fault
// with its file and line. An empty path is an empty set. `zone` must outlive the set.
Result<std::shared_ptr<const offers::CampaignSet>> load_campaigns(const std::string& path,
                                                                  const TimeZone& zone);

// The same from texts, whose names stand in the faults. On the loop only.
Result<std::shared_ptr<const offers::CampaignSet>> compile_campaigns(
    std::span<const offers::CampaignFile> files, const TimeZone& zone);

// Segments stand among the campaigns, one file or text each (agent/customers/segments.hpp).
using Segments = std::shared_ptr<const customers::SegmentRules>;
Result<Segments> load_segments(const std::string& path);
Result<Segments> compile_segments(std::span<const offers::CampaignFile> files);

}  // namespace aisle::app
