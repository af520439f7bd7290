#pragma once

#include <array>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sync/uplink/dataset_steps.hpp"
#include "sync/uplink/row_digests.hpp"
#include "sync/wire/dataset.hpp"
#include "sync/wire/seal.hpp"

// The chain's own data as a shop holds it (docs/downlink.md): snapshots and deltas, versions,
// validity. Pure: a value and the time in, steps out.
namespace aisle::uplink {

struct DatasetSettings {
    StoreId store;
    // The shop's key ids, the present one first: under these a pseudonym is one of ours.
    std::vector<std::string> member_keys;
    // A chain's member id as this shop's pseudonym; empty: not usable.
    std::function<std::string(std::string_view)> pseudonym;
};

// On the loop. What the steps make durable, restored, gives the same engine; a crash between the
// steps of one load leaves a dataset without a version, and a snapshot is asked for.
class DatasetEngine {
public:
    explicit DatasetEngine(DatasetSettings settings) : settings_{std::move(settings)} {}

    // From the rows of room kDatasetRoom. Answers what the other engines must be told again:
    // products and facts, whose rows live nowhere else.
    std::vector<DatasetStep> restore(std::span<const StateChange> rows);

    // One part. With the last missing one of a version the whole load.
    DatasetEffects received(std::string_view sealed, const wire::Keyring& keys, const Stamp& now);
    // Tells once of each dataset whose time is over.
    DatasetEffects tick(const Stamp& now);
    // That HQ should send a snapshot of what was left half loaded.
    DatasetEffects started(const Stamp& now);

    // In order of name; only what is or was held.
    [[nodiscard]] std::vector<HeldDataset> held() const;
    [[nodiscard]] bool holds(wire::Dataset name) const;
    // Its rows are unknown from then on. A clock known to be wrong ends nothing.
    [[nodiscard]] bool over(wire::Dataset name, const Stamp& now) const;

private:
    struct Loading {
        wire::DatasetHeader header;  // of the first part that came
        std::map<std::int64_t, std::string> parts;
        std::size_t bytes = 0;
    };
    struct Known {
        DatasetHead head;
        RowDigests digests;  // by row key
        std::optional<Loading> loading;
        bool told_over = false;
        MonoTime told{};  // when HQ was last told of a refusal, so that repetitions stay quiet
        wire::Refused told_why{};
    };

    std::optional<wire::Refusal> judge(const wire::DatasetHeader& header, const Stamp& now) const;
    DatasetEffects add_part(wire::DatasetPart part, const Stamp& now);
    DatasetEffects load(const wire::DatasetHeader& header, std::vector<std::string> parts,
                        const Stamp& now);
    DatasetEffects merge(const wire::DatasetHeader& header, std::vector<wire::DatasetRow> rows,
                         const Stamp& now);
    std::optional<wire::Refusal> own(const wire::DatasetHeader& header,
                                     std::vector<wire::DatasetRow>& rows) const;
    [[nodiscard]] DatasetEffects refuse(const wire::DatasetHeader& header, const wire::Refusal& why,
                                        const Stamp& now);
    [[nodiscard]] DatasetNote note(wire::Dataset name, std::int64_t version,
                                   std::string state) const;
    [[nodiscard]] Known& known(wire::Dataset name) {
        return known_.at(static_cast<std::size_t>(name));
    }
    [[nodiscard]] const Known& known(wire::Dataset name) const {
        return known_.at(static_cast<std::size_t>(name));
    }

    DatasetSettings settings_;
    std::array<Known, wire::kDatasets> known_;
};

}  // namespace aisle::uplink
