#pragma once

#include <deque>
#include <optional>
#include <set>

#include "sync/hq/command_desk.hpp"
#include "sync/hq/dataset_desk.hpp"
#include "sync/hq/dataset_load.hpp"
#include "sync/hq/downlink.hpp"
#include "sync/hq/downlink_post.hpp"
#include "sync/hq/erasure_desk.hpp"
#include "sync/hq/lease_book.hpp"
#include "sync/hq/trial_book.hpp"
#include "sync/wire/command.hpp"

// The inside of Downlink. Private to the room.
namespace aisle::hq {

// What the downlink knows; dropped and read again as a whole.
struct DownlinkDesks {
    DownlinkDesks(const runtime::RandomSource& random)
        : rollout{{}, random}, commands{{}, random}, budgets{{}}, datasets{{}, random} {}

    RolloutEngine rollout;
    CommandDesk commands;
    BudgetBook budgets;
    ErasureDesk erasures;
    DatasetDesk datasets;
    TrialBook trials;
    std::int64_t cursor = 0;                          // of the notices
    std::set<std::string> stores;                     // all that were ever heard of
    std::map<std::string, std::string> files;         // digest of each dataset file by its name
    std::map<wire::Dataset, std::string> quarantine;  // faults_json of the last load
    std::map<std::string, std::string> keys_in_use;   // by store: what its births name
};

// How people ask for a command.
struct CommandWish {
    std::vector<std::string> stores;
    wire::CommandArgs args;
    std::chrono::milliseconds valid{};
    bool until_answered = false;
};

struct Downlink::Core : std::enable_shared_from_this<Downlink::Core> {
    Core(Parts given, DownlinkSettings with);

    // downlink.cpp: life, state, the second's tick
    Status start();
    Status load_keys();
    void reload_keys();
    void take_keys(wire::Keyring fresh_ring, StoreKeys fresh_stores);
    // downlink_keys.cpp: a store says under which key it makes pseudonyms
    void note_store_key(const std::string& store, const std::string& key);
    void renew_members();
    // The key under which members go down to the store. Denied: HQ does not have, or no longer
    // believes, the one that the store uses.
    [[nodiscard]] Result<PseudonymKey> key_for(const std::string& store) const;
    void set_active(bool wanted);
    void read_state();
    void restore(const std::map<std::string, std::vector<StateChange>>& rooms,
                 const std::vector<StreamView>& streams);
    void tick();
    void poll_notices();
    void show_gauges();
    void commit(DownEffects effects, std::function<void(Status)> then = {});
    void presence(const std::string& store, const Presence& presence);
    [[nodiscard]] bool running() const { return desks.has_value(); }
    [[nodiscard]] Stamp now() const { return parts.loop.clock().now(); }
    [[nodiscard]] bool away(const std::string& store) const { return desks->rollout.away(store); }

    // downlink_notices.cpp: what stores have said
    DownEffects take(const Notice& notice);
    DownEffects take_bundle_state(const Notice& notice);
    std::optional<DownEffects> had_it_already(const std::string& store, std::int64_t version,
                                              std::int64_t running);
    DownEffects take_result(const Notice& notice);
    DownEffects take_budget(const Notice& notice);
    DownEffects take_erasure(const Notice& notice);
    DownEffects take_data_state(const Notice& notice);
    DownEffects take_health(const Notice& notice);

    // downlink_duties.cpp: what HQ signs itself
    Result<QueuedCommand> sign(const wire::Command& command) const;
    Result<DownEffects> command(const CommandWish& wish, std::vector<std::string>& ids);
    DownEffects carry_out(LeaseTurn turn);
    void go_back();
    void sweep();
    void run_sweep(Sweep sweep, std::int64_t after);
    void swept(Sweep sweep);
    void overwrite();
    void order_packs();
    void pack(const PackOrder& order);

    // downlink_datasets.cpp: data coming in
    struct Upload {
        wire::Dataset name = wire::Dataset::Products;
        DatasetFormat format = DatasetFormat::JsonLines;
        LoadMode mode = LoadMode::Replace;
        std::optional<WallTime> valid_until;
        std::string source;
        std::string text;
        std::string digest;  // of a file that is watched; empty: none
    };
    using Loaded = std::function<void(Status, const DatasetTable&, const DatasetReading&)>;
    void load(Upload upload, Loaded loaded);
    void take_over(const std::shared_ptr<Upload>& upload, DatasetReading reading,
                   std::shared_ptr<const DatasetTable> table, std::vector<StateChange> rows,
                   Loaded loaded);
    void keep_faults(const Upload& upload, const DatasetReading& read);
    void scan_folder();

    Parts parts;
    DownlinkSettings settings;
    wire::Keyring ring;
    std::optional<wire::SigningKey> signing;
    StoreKeys store_keys;
    std::map<std::string, Presence> seen;  // what the collector has told of each store
    std::string token;                     // empty: none is asked for
    bool active = true;
    bool restoring = false;
    bool polling = false;
    std::uint64_t generation = 0;  // answers for an earlier one come too late
    std::optional<DownlinkDesks> desks;
    DownlinkPost post;
    runtime::TimerHandle ticking;
    runtime::TimerHandle again;
    MonoTime scanned{};
    MonoTime served{};
    MonoTime keyed{};      // when the keys were looked at
    bool loading = false;  // one dataset at a time
    // Erased bytes may still lie in freed pages or in the log. True at a start: an earlier life may
    // have ended between an erasure and this.
    bool residue = true;
    bool overwriting = false;
    int unwritten = 0;  // last sweeps whose rows are not committed yet
    [[nodiscard]] bool overwritten() const { return !residue && !overwriting && unwritten == 0; }
    std::map<std::string, std::string> settling;  // files that changed: their digest a scan ago
};

// Room of the cursor and of what belongs to no engine.
inline constexpr const char* kDownlinkRoom = "hq.downlink";

}  // namespace aisle::hq
