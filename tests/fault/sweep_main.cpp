// sweep_driver: the n-th call of each kind fails, over everything that a store goes through.
//   sweep_driver [--memory-stride N] [--only WORD]   one JSON line a sweep; exit 1 if anything was
//   lost or doubled, or did not come up again. All calls of a disk are swept; of SQLite's
//   allocations every N-th (1: all).
#include <cstdlib>
#include <functional>
#include <iostream>
#include <map>
#include <string>
#include <vector>

#include "tests/fault/bundle_switch.hpp"
#include "tests/fault/chain.hpp"
#include "tests/fault/failing_memory.hpp"

namespace {

using aisle::fault::Scenario;
using aisle::fault::Side;
using aisle::fault::Sweep;
using aisle::fault::SweepSums;
using aisle::kit::DiskCall;
using aisle::kit::DiskFault;

struct Over {
    std::string name;
    std::function<SweepSums(const Sweep&)> run;
};

std::vector<Over> all() {
    const auto start = aisle::fault::lived_in(7, 25);
    Scenario work = aisle::fault::lived_in(8, 10);
    work.steps = aisle::fault::next_steps(work, 80, 14);
    work.opens = false;
    const auto both = aisle::fault::unsent(9, 12);
    const auto empty_hq = aisle::fault::lived_in_alone(9, 25);
    const auto of = [](Scenario scenario) {
        return [scenario = std::move(scenario)](const Sweep& what) {
            return aisle::fault::sweep(scenario, what);
        };
    };
    return {
        {"first start", of(aisle::fault::of_schema(0))},
        {"start", of(start)},
        {"migration from 1", of(aisle::fault::of_schema(1))},
        {"migration from 2", of(aisle::fault::of_schema(2))},
        {"ingest", of(work)},
        {"sync, shop", [both](const Sweep& what) { return sweep_sync(both, Side::Shop, what); }},
        {"sync, headquarters",
         [both](const Sweep& what) { return sweep_sync(both, Side::Headquarters, what); }},
        {"empty headquarters, shop",
         [empty_hq](const Sweep& what) { return sweep_sync(empty_hq, Side::Shop, what); }},
        {"empty headquarters, headquarters",
         [empty_hq](const Sweep& what) { return sweep_sync(empty_hq, Side::Headquarters, what); }},
        {"bundle switch", aisle::fault::sweep_switch}};
}

struct Call {
    const char* name;
    std::optional<DiskCall> call;
    DiskFault fault = DiskFault::IoError;
};

const std::vector<Call> kCalls{{"write", DiskCall::Write},
                               {"write, no space", DiskCall::Write, DiskFault::NoSpace},
                               {"short write", DiskCall::Write, DiskFault::ShortWrite},
                               {"sync", DiskCall::Sync},
                               {"open", DiskCall::Open},
                               {"unlink", DiskCall::Delete},
                               {"truncate", DiskCall::Truncate},
                               {"rename", DiskCall::Rename},
                               {"read", DiskCall::Read},
                               {"shared memory", DiskCall::ShmGrow, DiskFault::NoSpace},
                               {"malloc", std::nullopt}};

}  // namespace

int main(int count, char** arguments) {
    std::map<std::string, std::string> options;
    for (int i = 1; i + 1 < count; i += 2) options[arguments[i]] = arguments[i + 1];
    const std::int64_t given = std::strtoll(options["--memory-stride"].c_str(), nullptr, 10);
    const std::int64_t stride = given > 0 ? given : 1;
    if (!aisle::fault::FailingMemory::install()) return 1;
    bool whole = true;
    for (const Over& over : all()) {
        if (over.name.find(options["--only"]) == std::string::npos) continue;
        for (const Call& call : kCalls) {
            for (const bool for_ever : {false, true}) {
                const bool memory = !call.call;
                const SweepSums sums = over.run({.call = call.call,
                                                 .fault = call.fault,
                                                 .for_ever = for_ever,
                                                 .each_up_to = memory && stride > 1 ? 10 : 1 << 30,
                                                 .stride = memory ? stride : 1});
                whole &= sums.trouble.empty();
                std::cout << R"({"sweep":")" << over.name << R"(","call":")" << call.name
                          << R"(","for_ever":)" << (for_ever ? "true" : "false") << R"(,"points":)"
                          << sums.runs << R"(,"failures":)" << sums.failures << R"(,"refused":)"
                          << sums.refused << R"(,"trouble":")" << sums.trouble << "\"}"
                          << std::endl;
            }
        }
    }
    const SweepSums cuts = aisle::fault::cut_switch(1);
    std::cout << R"({"sweep":"bundle switch","call":"power cut","points":)" << cuts.runs
              << R"(,"trouble":")" << cuts.trouble << "\"}" << std::endl;
    return whole && cuts.trouble.empty() ? 0 : 1;
}
