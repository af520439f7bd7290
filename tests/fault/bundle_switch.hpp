#pragma once

#include "tests/fault/sweep.hpp"

// A shop that runs one bundle and is switched to the next, on the simulated disk: received, tried,
// activated, healthy. What is there afterwards is one whole slot, whatever failed meanwhile.
namespace aisle::fault {

// The n-th call of one kind fails, for n = 1, 2, ...
SweepSums sweep_switch(const Sweep& what);
// The power goes at the n-th write, sync, truncation, delete or rename, for every n of the switch,
// and what was not synced is lost in a way that `seed` draws.
SweepSums cut_switch(std::uint64_t seed);

}  // namespace aisle::fault
