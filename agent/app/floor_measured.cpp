// What commissioning finds of a door: a row, a record, an entry in the audit, and from now on a
// part of the confidence of the door's minutes.
#include "agent/app/floor.hpp"
#include "agent/records/line_accuracy_record.hpp"

namespace aisle::app {
namespace {

records::LineAccuracy::Way way_of(const footfall::DirectionScore& score) {
    return {.tapped = score.tapped,
            .right = score.right,
            .missed = score.missed,
            .phantom = score.phantom};
}

records::LineAccuracy accuracy_of(const footfall::Measurement& found) {
    const auto range = footfall::wilson_range(found.tries());
    return {.door = found.door,
            .from = found.span.from,
            .to = found.span.to,
            .in = way_of(found.in),
            .out = way_of(found.out),
            .unjudged = found.unjudged,
            .blind_ms = found.blind_ms,
            .sums = found.sums,
            .accuracy_permille = footfall::permille_of(found.tries()),
            .low_permille = range.low,
            .high_permille = range.high,
            .kept = found.enough()};
}

}  // namespace

void Floor::measured(Turn& turn, const footfall::Commissioning::Judged& judged) {
    const footfall::Measurement& found = judged.found;
    turn.after.push_back([this, id = judged.session] { engines_.commissioning.committed(id); });
    const Record record = records::line_accuracy_record(accuracy_of(found), turn.now);
    audit_.record(turn, {.actor = found.by,
                         .action = found.enough() ? "door.measured" : "door.measured_too_little",
                         .subject = found.door.value,
                         .detail = record.body});
    turn.add(record);
    if (!found.enough()) return;
    turn.batch.state.push_back(footfall::row_of(found));
    engines_.footfall.know_accuracy(found.door, footfall::permille_of(found.tries()));
}

void Floor::moved(Turn& turn, const DoorId& door) {
    if (auto row = engines_.commissioning.moved(door)) turn.batch.state.push_back(*std::move(row));
}

}  // namespace aisle::app
