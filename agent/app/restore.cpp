#include "agent/app/restore.hpp"

#include "agent/runtime/log.hpp"

namespace aisle::app {
namespace {

void complain(std::string_view room, const Status& status) {
    if (!status) log::error("state_unreadable", {{"room", room}, {"why", status.error().detail}});
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
    const auto presence = rows_of(store, presence::kRoom);
    if (!presence) return presence.error();
    complain(presence::kRoom, engines.presence.restore(*presence, now));
    const auto footfall = rows_of(store, footfall::kRoom);
    if (!footfall) return footfall.error();
    complain(footfall::kRoom, engines.footfall.restore(*footfall));
    const auto measured = rows_of(store, footfall::kCommissioningRoom);
    if (!measured) return measured.error();
    complain(footfall::kCommissioningRoom, engines.commissioning.restore(*measured));
    for (const auto& [door, found] : engines.commissioning.measured())
        engines.footfall.know_accuracy(door, footfall::permille_of(found.tries()));
    const auto customers = rows_of(store, customers::kRoom);
    if (!customers) return customers.error();
    complain(customers::kRoom, engines.customers.restore(*customers));
    const auto offers = rows_of(store, offers::kRoom);
    if (!offers) return offers.error();
    complain(offers::kRoom, engines.offers->restore(*offers));
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
    return {};
}

}  // namespace aisle::app
