#include "agent/app/replay_run.hpp"

namespace aisle::app {
namespace {

namespace json = boost::json;

json::object record_json(const DecisionRecord& record) {
    json::object out;
    out["stream"] = "offers";
    out["row"] = record.where;
    out["kind"] = record.kind;
    out["event_id"] = record.event_id;
    out["revision"] = record.revision;
    out["at"] = to_rfc3339(record.at);
    return out;
}

// The first thing that is not what it was: what follows from the decision before what only the
// digest knows.
std::optional<offers::Difference> look(const DecisionRecord& record, const offers::CampaignSet& set,
                                       const offers::Replay& replay) {
    if (replay.difference) return replay.difference;
    // Later revisions tell what became of the offer; what it was made of is the first one's.
    if (record.offer && record.revision == 1)
        if (auto found = offers::differs(set, *replay.again, *record.offer)) return found;
    if (record.altered)
        return offers::Difference{"digest", "of another body", "of what the record says now"};
    return std::nullopt;
}

}  // namespace

void ReplayRun::take(const DecisionRecord& record) {
    ++records_;
    const Decision& stored = record.decision;
    const auto set = sets_.find(stored.campaign_set);
    if (!set) {
        ++missing_[stored.campaign_set];
        return;
    }
    const offers::Replay replay = offers::replay(*set, stored);
    if (replay.replayable != offers::Replayable::Yes) {
        ++(replay.replayable == offers::Replayable::OldContext ? old_contexts_ : unknown_contexts_);
        return;
    }
    if (const auto difference = look(record, *set, replay)) {
        ++different_;
        tell(record, *difference);
    } else {
        ++same_;
    }
    if (!replay.again) return;
    const bool first = decisions_.insert(stored.id).second;
    if (first) count(record, *set, *replay.again);
}

void ReplayRun::tell(const DecisionRecord& record, const offers::Difference& difference) {
    json::object out;
    out["different"] = difference.field;
    out["record"] = record_json(record);
    out["decision"] = record.decision.id;
    out["stored"] = difference.stored;
    out["again"] = difference.again;
    line_(out);
}

void ReplayRun::count(const DecisionRecord& record, const offers::CampaignSet& set,
                      const offers::Decided& again) {
    for (const offers::Considered& one : again.considered)
        ++reasons_[std::string{to_text(one.reason)}];
    considered_ += std::ssize(again.considered);
    if (each_) each_(record, set, again);
    const bool asked_for =
        !explain_.empty() && (explain_ == record.decision.id || explain_ == record.event_id);
    if (!asked_for) return;
    explained_ = true;
    line_(json::parse(offers::explanation_json(set, record.decision, again)).as_object());
}

json::object ReplayRun::summary(const DecisionGaps& gaps) const {
    json::object reasons, missing;
    for (const auto& [reason, n] : reasons_) reasons[reason] = n;
    for (const auto& [digest, n] : missing_) missing[digest] = n;
    json::object out;
    out["summary"] = true;
    out["records"] = records_;
    out["decisions"] = decisions_.size();
    out["considered"] = considered_;
    out["same"] = same_;
    out["different"] = different_;
    out["missing_sets"] = std::move(missing);
    out["old_contexts"] = old_contexts_;
    out["unknown_contexts"] = unknown_contexts_;
    out["erased"] = gaps.erased;
    out["unreadable"] = gaps.unreadable.size();
    out["reasons"] = std::move(reasons);
    return out;
}

}  // namespace aisle::app
