#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "tests/fault/model.hpp"
#include "tests/kit/sim_disk.hpp"

// The n-th call of one kind fails, for n = 1, 2, ... until a whole run meets no failure any more.
// After each run the fault ends, and the store must hold what it had promised and take more.
namespace aisle::fault {

// What fails: calls of the disk, or SQLite's allocations.
struct Sweep {
    std::optional<kit::DiskCall> call;  // nothing: memory
    kit::DiskFault fault = kit::DiskFault::IoError;
    bool for_ever = false;
    // A run of many calls is swept in strides once past the first of them.
    std::int64_t each_up_to = 150;
    std::int64_t stride = 7;
};

// What was there before, and what is done meanwhile.
struct Scenario {
    kit::SimDisk::Image before;
    Model model;        // of `before`
    bool opens = true;  // the fault may hit the start as well as the steps
    std::vector<Step> steps;
};

struct SweepSums {
    std::int64_t runs = 0;
    std::int64_t failures = 0;  // calls that were made to fail
    std::int64_t refused = 0;   // steps and starts that answered with an error
    std::string trouble = {};   // the first difference
};

SweepSums sweep(const Scenario& scenario, const Sweep& what);

// From now on the n-th call of that kind fails, on this disk or in SQLite's memory; until disarm(),
// which answers how many have failed.
void arm(kit::SimDisk& disk, const Sweep& what, std::int64_t nth);
std::int64_t disarm(kit::SimDisk& disk, const Sweep& what);

// A store after some days: `steps` drawn from the seed.
Scenario lived_in(std::uint64_t seed, int steps);
// A database as an earlier version left it, without rows; and the very first start (0).
Scenario of_schema(std::size_t schema);
// Steps that a scenario's store goes on with.
std::vector<Step> next_steps(const Scenario& scenario, std::uint64_t seed, int count);

store::StoreSettings sweep_settings(kit::SimDisk& disk);

}  // namespace aisle::fault
