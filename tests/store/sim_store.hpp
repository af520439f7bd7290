#pragma once

#include "agent/store/store.hpp"
#include "store_kit.hpp"
#include "tests/kit/sim_disk.hpp"

// Stores on the simulated disk.
namespace aisle::store {

inline const std::string kSimDir = "/data";
inline const std::string kSimDatabase = kSimDir + "/aisle.db";

inline StoreSettings on(kit::SimDisk& disk, StoreSettings settings = {}) {
    settings.disk = &disk;
    if (settings.ballast_bytes == kBallastBytes) settings.ballast_bytes = 0;
    return settings;
}

inline std::unique_ptr<Store> open_on(kit::SimDisk& disk, const StoreSettings& settings = {},
                                      WallTime now = kit::kNoon) {
    auto opened = Store::open(kSimDir, on(disk, settings), now);
    if (!opened) ADD_FAILURE() << opened.error().detail;
    return opened ? std::move(*opened) : nullptr;
}

// All records of a kind, oldest first.
inline std::vector<Record> records_of(Reads& store, const std::string& kind) {
    std::vector<Record> records;
    const auto rows = store.read(JournalQuery{.kind = kind, .limit = 10'000'000});
    if (!rows) ADD_FAILURE() << rows.error().detail;
    if (rows) {
        for (const JournalRow& row : *rows) records.push_back(row.record);
    }
    return records;
}

}  // namespace aisle::store
