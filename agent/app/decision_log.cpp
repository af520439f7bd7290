#include "agent/app/decision_log.hpp"

#include <boost/json.hpp>

#include "agent/app/campaign_shelf.hpp"
#include "agent/app/campaigns.hpp"
#include "agent/records/floor_records.hpp"
#include "agent/records/offer_records.hpp"
#include "agent/store/erasure.hpp"

namespace aisle::app {
namespace {

namespace json = boost::json;

constexpr std::size_t kPage = 500;

bool holds_decision(std::string_view kind) { return kind == "offer" || kind == "withheld"; }

// Sorts one record into `each` or the gaps.
class Taking {
public:
    Taking(const DecisionSpan& span, const EachDecision& each) : span_{span}, each_{each} {}

    void take(const std::string& where, const Record& record) {
        if (!holds_decision(record.kind) || !span_.has(record.at.wall)) return;
        if (record.body.empty() || record.body == store::kErasedBody) {
            ++gaps.erased;
            return;
        }
        DecisionRecord made{.where = where,
                            .kind = record.kind,
                            .event_id = record.event_id,
                            .revision = record.revision,
                            .at = record.at.wall};
        made.altered =
            !record.digest.empty() && record.digest != records::content_digest(record.body);
        const Status read = read_into(record, made);
        if (read)
            each_(made);
        else
            gaps.unreadable.push_back(where + ": " + read.error().detail);
    }

    DecisionGaps gaps;

private:
    static Status read_into(const Record& record, DecisionRecord& made) {
        if (record.kind == "offer") return keep(records::offer_from_json(record.body), made);
        auto withheld = records::withheld_from_json(record.body);
        if (!withheld) return withheld.error();
        if (withheld->ghost) return keep(std::move(*withheld->ghost), made);
        made.decision = std::move(withheld->decision);
        return {};
    }
    static Status keep(Result<Offer> offer, DecisionRecord& made) {
        if (!offer) return offer.error();
        made.decision = offer->decision;
        made.offer = std::move(*offer);
        return {};
    }

    const DecisionSpan& span_;
    const EachDecision& each_;
};

std::string text_of(const json::object& line, std::string_view key) {
    const json::value* const value = line.if_contains(key);
    return value && value->is_string() ? std::string{value->get_string()} : std::string{};
}

// A line of an export; nothing where it is none.
std::optional<Record> record_of(std::string_view line) {
    json::error_code failed;
    const json::value value = json::parse(json::string_view{line.data(), line.size()}, failed);
    const json::object* const object = failed ? nullptr : value.if_object();
    const json::value* const body = object ? object->if_contains("body") : nullptr;
    if (!body) return std::nullopt;
    Record record{.stream = Stream::Offers,
                  .kind = text_of(*object, "kind"),
                  .event_id = text_of(*object, "event_id"),
                  .digest = text_of(*object, "digest")};
    if (const json::value* const revision = object->if_contains("revision"))
        if (revision->is_int64())
            record.revision = static_cast<std::int32_t>(revision->get_int64());
    record.at.wall = parse_rfc3339(text_of(*object, "at")).value_or(WallTime{});
    record.body = body->is_string() ? std::string{body->get_string()} : json::serialize(*body);
    return record;
}

}  // namespace

Status each_row(store::Reads& reader, const std::string& kind,
                const std::function<void(const JournalRow&)>& each) {
    for (std::int64_t after = 0;;) {
        const auto rows =
            reader.read(JournalQuery{.kind = kind, .after_id = after, .limit = kPage});
        if (!rows) return rows.error();
        for (const JournalRow& row : *rows) each(row);
        if (rows->size() < kPage) return {};
        after = rows->back().id;
    }
}

Result<DecisionGaps> each_decision(store::Reads& reader, const DecisionSpan& span,
                                   const EachDecision& each) {
    Taking taking{span, each};
    const Status read = each_row(reader, "", [&](const JournalRow& row) {
        taking.take("journal " + std::to_string(row.id), row.record);
    });
    if (!read) return read.error();
    return std::move(taking.gaps);
}

Result<DecisionGaps> each_decision_of(const std::string& jsonl, const DecisionSpan& span,
                                      const EachDecision& each) {
    Taking taking{span, each};
    std::string_view rest = jsonl;
    for (std::int64_t n = 1; !rest.empty(); ++n) {
        const auto end = rest.find('\n');
        const std::string_view line = rest.substr(0, end);
        rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
        if (line.empty()) continue;
        const std::string where = "line " + std::to_string(n);
        if (const auto record = record_of(line))
            taking.take(where, *record);
        else
            taking.gaps.unreadable.push_back(where + ": not a line of `aislectl journal export`");
    }
    return std::move(taking.gaps);
}

Status SetLibrary::add(const std::string& path) {
    auto set = load_campaigns(path, zone_);
    if (!set) return set.error();
    sets_[(*set)->digest()] = std::move(*set);
    return {};
}

Status SetLibrary::add_shelf(store::Reads& reader) {
    auto rows = reader.read_state(kShelfTextRoom);
    if (!rows) return rows.error();
    for (store::StateRow& row : *rows) texts_[row.key] = std::move(row.bytes);
    return {};
}

std::shared_ptr<const offers::CampaignSet> SetLibrary::find(const std::string& digest) {
    if (const auto known = sets_.find(digest); known != sets_.end()) return known->second;
    auto& made = sets_[digest];
    const auto text = texts_.find(digest);
    if (text == texts_.end()) return made;
    auto set = compile_campaigns(offers::files_of_text(text->second), zone_);
    if (set && (*set)->digest() == digest) made = std::move(*set);
    texts_.erase(text);
    return made;
}

}  // namespace aisle::app
