#pragma once

#include <functional>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "agent/offers/campaign.hpp"

namespace aisle::offers {

struct CampaignFile {
    std::string name;  // for messages
    std::string text;  // one campaign, or an array of campaigns
};

struct CampaignFault {
    std::string file;
    int line = 0;      // from 1; 0: unknown
    std::string path;  // "limits.per_customer[0].n"
    std::string reason;
};
std::string to_text(
    const CampaignFault& fault);  // "c1.json:12: limits.per_customer[0].n: must be at least 1"

inline constexpr std::size_t kCampaignsMax = 20'000;
inline constexpr std::size_t kCampaignBytesMax = 256 * 1024;  // of one file that holds one campaign
inline constexpr std::size_t kCampaignFileBytesMax = 64 * 1024 * 1024;
inline constexpr std::size_t kFaultsMax = 50;  // reported; the rest are left out

struct LoadOptions {
    const TimeZone* store = nullptr;  // for campaigns that name no `tz`; must outlive the set
    // By IANA name, null where unknown; what it returns must outlive the set. Empty: any `tz` is
    // taken for the store's.
    std::function<const TimeZone*(const std::string& name)> zone;
};

// All campaigns that are loaded together: compiled conditions, a trigger index, and a digest that
// names the set. Immutable once loaded.
class CampaignSet {
public:
    using Loaded = boost::system::result<CampaignSet, std::vector<CampaignFault>>;

    CampaignSet() = default;  // empty
    // All or nothing: one fault refuses the set. Never throws.
    static Loaded load(std::span<const CampaignFile> files, const LoadOptions& options);

    // SHA-256, hex, over the campaigns' canonical bytes (keys sorted, no space) in order of id.
    [[nodiscard]] const std::string& digest() const { return digest_; }
    [[nodiscard]] const std::vector<Campaign>& all() const { return campaigns_; }  // in order of id
    [[nodiscard]] const Campaign* find(const CampaignId& id) const;
    [[nodiscard]] const conditions::Slots& slots() const { return slots_; }

    // The live campaigns of a trigger, by priority (greater first), then id. `zone` counts for
    // zone_dwell only.
    [[nodiscard]] std::span<const std::uint32_t> candidates(TriggerKind kind,
                                                            const ZoneId& zone) const;

private:
    void index();

    std::vector<Campaign> campaigns_;
    conditions::Slots slots_;
    std::map<std::pair<TriggerKind, std::string>, std::vector<std::uint32_t>> index_;
    std::string digest_;
};

}  // namespace aisle::offers
