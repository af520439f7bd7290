#pragma once

#include "agent/app/audit.hpp"
#include "agent/offers/effects.hpp"

namespace aisle::app {

// What experiments and guardrails have to say: sums for HQ, and alarms, which go into the audit (a
// ledger record, so that HQ hears of them whatever becomes of the other streams) and the log.
void add_trials(Turn& turn, const offers::Effects& effects, Audit& audit);
// What looks like abuse: a ledger record that HQ raises an alarm about, the audit, the log.
void add_flags(Turn& turn, const offers::Effects& effects, Audit& audit);

}  // namespace aisle::app
