#include "agent/app/restore.hpp"

#include <malloc.h>

#include <array>
#include <span>

#include "agent/runtime/log.hpp"

namespace aisle::app {
namespace {

void complain(std::string_view room, const Status& status) {
    if (!status) log::error("state_unreadable", {{"room", room}, {"why", status.error().detail}});
}

// A row that cannot be read is no reason not to start; a store that cannot is.
template <typename Restore>
Status read_into(store::Reads& store, std::string_view room, Restore restore) {
    const auto rows = rows_of(store, room);
    if (!rows) return rows.error();
    complain(room, restore(*rows));
    return {};
}

}  // namespace

Result<std::vector<StateChange>> rows_of(store::Reads& store, std::string_view room) {
    auto rows = store.read_state(room);
    if (!rows) return rows.error();
    std::vector<StateChange> changes;
    changes.reserve(rows->size());
    for (store::StateRow& row : *rows) {
        changes.push_back({std::string{room}, std::move(row.key), std::move(row.bytes)});
    }
    return changes;
}

Status restore_engines(store::Reads& store, Engines& engines, const Stamp& now) {
    using Rows = std::span<const StateChange>;
    const std::array<Status, 5> done{
        read_into(store, presence::kRoom,
                  [&](Rows rows) { return engines.presence.restore(rows, now); }),
        read_into(store, footfall::kRoom,
                  [&](Rows rows) { return engines.footfall.restore(rows); }),
        read_into(store, footfall::kCommissioningRoom,
                  [&](Rows rows) { return engines.commissioning.restore(rows); }),
        read_into(store, customers::kRoom,
                  [&](Rows rows) { return engines.customers.restore(rows); }),
        read_into(store, offers::kRoom, [&](Rows rows) { return engines.offers->restore(rows); })};
    for (const auto& [door, found] : engines.commissioning.measured())
        engines.footfall.know_accuracy(door, footfall::permille_of(found.tries()));
    // The rows are several times as large as what they become: what they took goes back at once.
    ::malloc_trim(0);
    for (const Status& status : done)
        if (!status) return status;
    return {};
}

Status restore_readings(store::Reads& store, Readings& readings) {
    const auto rows = rows_of(store, kReferenceRoom);
    if (!rows) return rows.error();
    readings.restore(*rows);
    return {};
}

Status restore_floor(store::Reads& store, Floor& floor) {
    const auto rows = rows_of(store, kAuditRoom);
    if (!rows) return rows.error();
    floor.restore_audit(*rows);
    const auto shelf = rows_of(store, kShelfRoom);
    if (!shelf) return shelf.error();
    floor.shelf().restore(*shelf);
    const auto funnel = rows_of(store, kFunnelRoom);
    if (!funnel) return funnel.error();
    floor.funnel().restore(*funnel);
    const auto erasing = rows_of(store, kErasingRoom);
    if (!erasing) return erasing.error();
    floor.erasing().restore(*erasing);
    return {};
}

}  // namespace aisle::app
