#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "sync/hq/dataset_pack.hpp"
#include "sync/hq/downlink_effects.hpp"

namespace aisle::hq {

// Which store has which version of what, and who must be told. Pure; packing is somebody else's.
struct DatasetLimits {
    Repeats::Limits repeats{.base = seconds{10}, .cap = minutes{15}};
    std::size_t orders_per_tick = 4;
    std::size_t orders_out_max = 8;  // packs that are being made or sent
};

struct StoreDataset {
    std::int64_t version = 0;  // 0: none
    WallTime shown{};          // when the store said so
    std::string trouble;       // the last refusal
    bool snapshot = false;     // it asked for the whole

    friend bool operator==(const StoreDataset&, const StoreDataset&) = default;
};

// A ledger record `data_state`.
struct DatasetReport {
    std::string store;
    std::string name;
    std::string state;  // loaded, refused, expired
    std::string reason;
    std::int64_t held = 0;
};

class DatasetDesk {
public:
    static constexpr const char* kRoom = "hq.dataset_desk";

    DatasetDesk(DatasetLimits limits, runtime::RandomSource random);
    Status restore(const std::vector<StateChange>& rows);

    // A new version is there (or read back at the start).
    void loaded(SharedTable table);
    // What a birth or heartbeat says; `versions` by name, nothing if it does not tell of datasets.
    DownEffects seen(const std::string& store, bool alive,
                     const std::optional<std::map<std::string, std::int64_t>>& versions,
                     const Stamp& now);
    DownEffects reported(const DatasetReport& report, const Stamp& now);
    // What the store holds is of no use any more: it gets all of it with the next version.
    DownEffects ask_snapshot(const std::string& store, wire::Dataset name);
    // Once a second: what to pack. Each order counts as out until `packed`.
    std::vector<PackOrder> tick(const Stamp& now);
    void packed(const PackOrder& order);

    [[nodiscard]] const std::map<wire::Dataset, SharedTable>& tables() const { return tables_; }
    [[nodiscard]] const std::map<std::string, std::map<wire::Dataset, StoreDataset>>& stores()
        const {
        return stores_;
    }

private:
    [[nodiscard]] bool behind(const DatasetTable& table, const StoreDataset& held,
                              WallTime now) const;
    DownEffects note(const std::string& store, wire::Dataset name, StoreDataset held);

    DatasetLimits limits_;
    Repeats repeats_;
    std::map<wire::Dataset, SharedTable> tables_;
    std::map<std::string, std::map<wire::Dataset, StoreDataset>> stores_;
    std::map<std::string, bool> alive_;
    std::size_t out_ = 0;
    std::string after_;
};

}  // namespace aisle::hq
