#include "agent/offers/campaign_set.hpp"

#include <algorithm>
#include <cassert>
#include <map>
#include <tuple>

#include <boost/json.hpp>

#include "agent/offers/digest.hpp"
#include "agent/offers/loader.hpp"

namespace aisle::offers {
namespace {

namespace json = boost::json;

// What the shop's clock tells: agent/offers/trigger_facts.cpp.
constexpr std::array<std::string_view, 6> kClockFacts{
    "ctx.date", "ctx.day", "ctx.hour", "ctx.minute_of_day", "ctx.month_day", "ctx.weekday"};

// Keys sorted, no space, numbers as Boost.JSON writes them: what the digest is taken over.
void write_canonical(const json::value& value, std::string& out) {
    if (const json::object* const object = value.if_object()) {
        std::vector<const json::key_value_pair*> items;
        for (const auto& item : *object) items.push_back(&item);
        std::ranges::sort(items, {},
                          [](const auto* item) { return std::string_view{item->key()}; });
        out += '{';
        for (const auto* const item : items) {
            if (item != items.front()) out += ',';
            out += json::serialize(json::value(item->key())) + ':';
            write_canonical(item->value(), out);
        }
        out += '}';
    } else if (const json::array* const array = value.if_array()) {
        out += '[';
        for (const json::value& element : *array) {
            if (&element != array->data()) out += ',';
            write_canonical(element, out);
        }
        out += ']';
    } else {
        out += json::serialize(value);
    }
}

// Reads file after file and keeps what is needed to name the whole set.
class SetReader {
public:
    SetReader(const LoadOptions& options, conditions::Slots& slots)
        : options_{options}, slots_{slots} {}

    void read(const CampaignFile& file);

    struct Read {
        Campaign campaign;
        std::string canonical;
        const CampaignFile* file;  // as it was given to load()
        std::string prefix;        // where it stands in its file
    };
    std::vector<Read> campaigns;
    std::vector<CampaignFault> faults;

private:
    void read_one(const CampaignFile& file, const json::value& value, const std::string& prefix);
    void fault(CampaignFault one) {
        if (faults.size() < kFaultsMax) faults.push_back(std::move(one));
    }

    const LoadOptions& options_;
    conditions::Slots& slots_;
};

void SetReader::read(const CampaignFile& file) {
    if (file.text.size() > kCampaignFileBytesMax)
        return fault({.file = file.name, .path = "", .reason = "the file is too large"});
    json::stream_parser parser;
    boost::system::error_code failed;
    const std::size_t good = parser.write_some(file.text, failed);
    if (!failed) parser.finish(failed);
    const bool rest = file.text.find_first_not_of(" \t\r\n", good) != std::string::npos;
    if (failed || rest) {
        const std::string why = failed ? failed.message() : "more text after its end";
        return fault({.file = file.name,
                      .line = line_at(file.text, good),
                      .path = "",
                      .reason = "is not JSON: " + why});
    }
    const json::value value = parser.release();
    const json::array* const list = value.if_array();
    if (!list && file.text.size() > kCampaignBytesMax)
        return fault({.file = file.name, .path = "", .reason = "the campaign is too large"});
    if (!list) return read_one(file, value, "");
    for (std::size_t i = 0; i < list->size(); ++i)
        read_one(file, (*list)[i], "[" + std::to_string(i) + "]");
}

void SetReader::read_one(const CampaignFile& file, const json::value& value,
                         const std::string& prefix) {
    const auto add = [&](const std::string& path, std::string reason) {
        if (faults.size() >= kFaultsMax) return;
        const std::string whole =
            prefix.empty() || path.empty() ? prefix + path : prefix + "." + path;
        fault({.file = file.name,
               .line = line_of(file.text, whole),
               .path = whole,
               .reason = std::move(reason)});
    };
    if (!value.is_object()) return add("", "must be an object");
    if (campaigns.size() >= kCampaignsMax) return add("", "too many campaigns");
    FieldFaults found;
    Campaign campaign = read_campaign(value.get_object(), options_, slots_, found);
    for (FieldFault& one : found) add(one.path, std::move(one.reason));
    if (!found.empty()) return;
    std::string canonical;
    write_canonical(value, canonical);
    campaigns.push_back({std::move(campaign), std::move(canonical), &file, prefix});
}

// A coupon is for a campaign of this very set, else nobody could honour it.
void check_coupons(const auto& all, std::vector<CampaignFault>& faults) {
    for (const auto& read : all) {
        const auto* const coupon = std::get_if<CouponIssue>(&read.campaign.action);
        if (!coupon) continue;
        const auto target = std::ranges::find(all, coupon->campaign,
                                              [](const auto& one) { return one.campaign.id; });
        if (target != all.end() && target->campaign.stack.group == StackGroup::Coupon) continue;
        faults.push_back(
            {.file = read.file->name,
             .line = line_of(read.file->text,
                             read.prefix + (read.prefix.empty() ? "" : ".") + "action.campaign"),
             .path = "action.campaign",
             .reason = "of " + read.campaign.id.value + " is no campaign with stack.group coupon"});
    }
}

// When it may speak.
auto moment_of(const Campaign& campaign) {
    const auto range = [](const MinuteRange& one) { return std::pair{one.from, one.to}; };
    const Window& window = campaign.window;
    std::vector<std::pair<int, int>> hours;
    for (const MinuteRange& one : window.hours) hours.push_back(range(one));
    std::optional<std::pair<int, int>> quiet;
    if (campaign.limits.quiet) quiet = range(*campaign.limits.quiet);
    return std::tuple{window.from, window.to, std::move(hours), window.days, window.zone, quiet};
}

// To whom.
auto audience_of(const Campaign& campaign) {
    const Audience& audience = campaign.audience;
    return std::tuple{audience.segments, audience.exclude, audience.consent,
                      needs_member(campaign)};
}

// Numbers what several campaigns share; `firsts` gets the first campaign of each.
template <typename Of>
class Shared {
public:
    Shared(std::vector<std::uint32_t>& firsts, Of of) : firsts_{firsts}, of_{of} {}
    std::uint32_t number_of(const Campaign& campaign, std::uint32_t i) {
        const auto next = static_cast<std::uint32_t>(firsts_.size());
        const auto [at, fresh] = numbers_.try_emplace(of_(campaign), next);
        if (fresh) firsts_.push_back(i);
        return at->second;
    }

private:
    std::vector<std::uint32_t>& firsts_;
    Of of_;
    std::map<std::invoke_result_t<Of, const Campaign&>, std::uint32_t> numbers_;
};

}  // namespace

std::string to_text(const CampaignFault& fault) {
    std::string text = fault.file;
    if (fault.line > 0) text += ":" + std::to_string(fault.line);
    if (!fault.path.empty()) text += ": " + fault.path;
    return text + ": " + fault.reason;
}

CampaignSet::Loaded CampaignSet::load(std::span<const CampaignFile> files,
                                      const LoadOptions& options) {
    assert(options.store);
    CampaignSet set;
    SetReader reader{options, set.slots_};
    for (const CampaignFile& file : files) reader.read(file);
    auto& all = reader.campaigns;
    std::ranges::sort(all, {}, [](const auto& read) { return read.campaign.id; });
    for (std::size_t i = 1; i < all.size(); ++i)
        if (all[i].campaign.id == all[i - 1].campaign.id)
            reader.faults.push_back(
                {.file = all[i].file->name,
                 .line = line_of(all[i].file->text, all[i].prefix + ".id"),
                 .path = all[i].prefix.empty() ? "id" : all[i].prefix + ".id",
                 .reason = "is that of another campaign in " + all[i - 1].file->name});
    check_coupons(all, reader.faults);
    if (!reader.faults.empty()) return std::move(reader.faults);

    for (auto& read : all) {
        set.text_ += read.canonical + '\n';
        set.campaigns_.push_back(std::move(read.campaign));
    }
    set.text_.shrink_to_fit();
    set.digest_ = sha256_hex(set.text_);
    set.store_zone_ = options.store;
    set.asks_the_clock_ = std::ranges::any_of(
        kClockFacts, [&](std::string_view key) { return set.slots_.find(key).has_value(); });
    set.index();
    return set;
}

std::vector<CampaignFile> files_of_text(std::string_view text) {
    std::vector<CampaignFile> files;
    while (!text.empty()) {
        const auto end = text.find('\n');
        files.push_back({.name = "campaign " + std::to_string(files.size() + 1),
                         .text = std::string{text.substr(0, end)}});
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    }
    return files;
}

const Campaign* CampaignSet::find(const CampaignId& id) const {
    const auto at = std::ranges::lower_bound(campaigns_, id, {}, &Campaign::id);
    return at == campaigns_.end() || at->id != id ? nullptr : &*at;
}

CampaignSet::Candidate CampaignSet::candidate(std::uint32_t i) {
    const Campaign& campaign = campaigns_[i];
    const auto steps = campaign.when.steps();
    Candidate made{.campaign = i,
                   .first_step = static_cast<std::uint32_t>(steps_.size()),
                   .steps = static_cast<std::uint32_t>(steps.size()),
                   .dwell_s = static_cast<std::int32_t>(campaign.trigger.min.count()),
                   .coupon = campaign.stack.group == StackGroup::Coupon};
    steps_.insert(steps_.end(), steps.begin(), steps.end());
    return made;
}

void CampaignSet::index() {
    Shared moments{moments_, moment_of};
    Shared audiences{audiences_, audience_of};
    for (std::uint32_t i = 0; i < campaigns_.size(); ++i) {
        if (campaigns_[i].state != CampaignState::Live) continue;
        const Trigger& trigger = campaigns_[i].trigger;
        Candidate made = candidate(i);
        made.moment = moments.number_of(campaigns_[i], i);
        made.people = audiences.number_of(campaigns_[i], i);
        auto& of_kind = index_.at(static_cast<std::size_t>(trigger.kind));
        if (trigger.on_edge()) {
            Bucket& of_edge = of_kind[trigger.edge];
            if (of_edge.empty()) edges_.push_back({.kind = trigger.kind, .campaign = i});
            of_edge.push_back(made);
            of_kind[""].push_back(made);
        } else {
            const bool in_zone =
                trigger.kind == TriggerKind::ZoneEnter || trigger.kind == TriggerKind::ZoneDwell;
            of_kind[in_zone ? trigger.zone.value : ""].push_back(made);
        }
    }
    // Stable: campaigns are in order of id already.
    for (auto& of_kind : index_)
        for (auto& [key, candidates] : of_kind)
            std::ranges::stable_sort(candidates, std::greater{}, [&](const Candidate& one) {
                return campaigns_[one.campaign].stack.priority;
            });
}

std::span<const CampaignSet::Candidate> CampaignSet::candidates(TriggerKind kind,
                                                                std::string_view key) const {
    const auto& of_kind = index_.at(static_cast<std::size_t>(kind));
    const auto at = of_kind.find(key);
    if (at == of_kind.end()) return {};
    return at->second;
}

}  // namespace aisle::offers
