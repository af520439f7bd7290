#pragma once

#include <array>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "agent/conditions/step.hpp"
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
    // What the digest is over: a campaign a line. files_of_text() of it loads the same set again.
    [[nodiscard]] const std::string& text() const { return text_; }
    [[nodiscard]] const std::vector<Campaign>& all() const { return campaigns_; }  // in order of id
    [[nodiscard]] const Campaign* find(const CampaignId& id) const;
    [[nodiscard]] const conditions::Slots& slots() const { return slots_; }

    // A live campaign as the gates ask it: what decides about most candidates, small and one behind
    // the other, so that a thousand are looked at without touching their campaigns. Campaigns that
    // share a window or an audience share its number, and one decision judges it once.
    struct Candidate {
        std::uint32_t campaign = 0;  // index into all()
        std::uint32_t moment = 0;    // of moments(): window and quiet hours
        std::uint32_t people = 0;    // of audiences()
        std::uint32_t first_step = 0;
        std::uint32_t steps = 0;   // of its condition
        std::int32_t dwell_s = 0;  // min
        bool coupon = false;       // asked only where one of its codes is presented
    };
    [[nodiscard]] std::span<const conditions::Step> when(const Candidate& one) const {
        return std::span{steps_}.subspan(one.first_step, one.steps);
    }
    // Of each kind one campaign (index into all()) that stands for all which share it.
    [[nodiscard]] const std::vector<std::uint32_t>& moments() const { return moments_; }
    [[nodiscard]] const std::vector<std::uint32_t>& audiences() const { return audiences_; }

    // What a decision has to look at: the live campaigns of a trigger, by priority (greater first),
    // then id. `key` is the zone of a zone_enter or zone_dwell, the edge of what happens to the
    // whole shop (Trigger::edge; empty: all of this kind), and else nothing. Campaigns that wait
    // for something else are no candidates: they cost nothing and have no reason.
    [[nodiscard]] std::span<const Candidate> candidates(TriggerKind kind,
                                                        std::string_view key) const;

    // Each edge that some live campaign waits for, once. Campaigns of one edge agree in all that
    // decides when it happens, so any of them can stand for it.
    struct Edge {
        TriggerKind kind = TriggerKind::Occupancy;
        std::uint32_t campaign = 0;  // index into all()
    };
    [[nodiscard]] const std::vector<Edge>& edges() const { return edges_; }

    // The shop's own zone, which ctx.date and its kin go by; null in an empty set.
    [[nodiscard]] const TimeZone* store_zone() const { return store_zone_; }
    // Whether some condition does; then each decision reads the shop's clock.
    [[nodiscard]] bool asks_the_clock() const { return asks_the_clock_; }

private:
    void index();
    Candidate candidate(std::uint32_t i);

    using Bucket = std::vector<Candidate>;
    struct TextHash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const noexcept {
            return std::hash<std::string_view>{}(text);
        }
    };

    std::vector<Campaign> campaigns_;
    conditions::Slots slots_;
    std::array<std::unordered_map<std::string, Bucket, TextHash, std::equal_to<>>, kTriggerKinds>
        index_;
    std::vector<Edge> edges_;
    std::vector<conditions::Step> steps_;  // copies: the campaigns keep what they point to
    std::vector<std::uint32_t> moments_;
    std::vector<std::uint32_t> audiences_;
    const TimeZone* store_zone_ = nullptr;
    bool asks_the_clock_ = false;
    std::string text_;
    std::string digest_;
};

// Each line of a set's text as a file of its own.
std::vector<CampaignFile> files_of_text(std::string_view text);

}  // namespace aisle::offers
