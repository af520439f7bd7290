#pragma once

#include <algorithm>

#include "agent/store/appender.hpp"
#include "agent/store/manifest.hpp"
#include "agent/store/outbox_table.hpp"
#include "agent/store/salvage.hpp"
#include "agent/store/space.hpp"
#include "agent/store/start.hpp"
#include "agent/store/store.hpp"

namespace aisle::store {

class Erasure;

// The writer's parts. For the .cpp files of Store alone.
struct Store::Inside {
    Inside(Store& store, std::string data_dir, const StoreSettings& its_settings)
        : self{store},
          settings{its_settings},
          dir{std::move(data_dir)},
          database{store.database_},
          appender{store.database_, store.keys_, outbox},
          space{*settings.disk, dir, {settings.ballast_bytes, settings.ledger_reserve_bytes}},
          manifest_file{*settings.disk, dir} {}

    using Nexts = std::array<std::int64_t, kUpStreams.size()>;  // a seq for each stream

    // Opening
    Status tell_lost(const Start& start, const std::string& had, const Nexts& next);
    Status set_up(Start& start);
    Status settle(Start& start);
    Status begin_new(Start& start);
    Status take_over(Start& start, Salvaged& report);
    Result<Salvaged> take_what_engines_need(sqlite::Database& from, const Start& start);
    Status judge_old(const Start& start);
    Status name_it(WallTime now);
    Status tell(WallTime now, std::string_view what);
    Status prepare();
    Status load();

    // The rest of a salvage, see store_salvage.cpp
    Status keep_rest(const SalvageRest& made);
    Status load_rest();
    Status give_up(const SalvageRest& lost);
    Status note_origins(Stream stream, SeqRange old, std::int64_t first);
    Status salvage_outbox(Salvage& salvage, Stream stream);
    Status salvage_slice();
    Status salvage_step();
    Status end_salvage();
    [[nodiscard]] Result<Manifest> manifest_now(WallTime now);

    // Outbox
    Result<StreamDepth> depth_of(Stream stream);  // without `oldest`
    struct GapPlan {
        SeqRange range;
        std::string reason;
    };
    Result<GapPlan> plan_gap(const StreamDepth& depth, SeqRange range, std::string_view reason);
    Status put_gap(Stream stream, const GapPlan& plan);
    Result<std::string> epoch_or_random(std::string_view epoch);
    // `certain_next` is a salvage's: rows from there on have no past.
    Status begin_epoch(std::string_view why, const std::string& was,
                       const std::optional<Nexts>& certain_next = std::nullopt);

    // Erasure
    Result<std::int64_t> gap_erased(Stream stream, std::span<const std::int64_t> ids);
    Status erase_rows(Erasure& erasure, std::int64_t after_id, ErasureWork& work);
    Result<bool> overwrite_the_rest();

    // All or nothing, in the tables and in what is kept of them in memory.
    template <typename Work>
    Status transact(Work work) {
        const OutboxTable::Memory before = outbox.memory();
        Status done = within_transaction(work);
        if (done) return done;
        outbox.restore(before);
        (void)appender.load();
        return done;
    }
    Status within_transaction(const std::function<Status()>& work);

    // Quota
    struct QuotaStep;

    // Space
    Status make_room(WallTime now);
    // The journal ids from which on each stream's rows are needed; computed anew only after rows
    // left the outbox.
    Result<std::span<const std::int64_t>> held_from();

    Store& self;
    StoreSettings settings;
    std::string dir;
    sqlite::Database& database;
    Opening opening;
    std::optional<SalvageRest> rest;            // of a damaged database, still to be read
    std::optional<sqlite::Database> rest_from;  // it, open while it is being read
    OutboxTable outbox;
    Origins origins;
    Appender appender;
    Space space;
    ManifestFile manifest_file;
    std::string suspect;
    std::string new_epoch_name;  // of the epoch that settle() begins; empty: random
    std::array<std::int64_t, kUpStreams.size() + 1> held_ids{};
    std::uint64_t held_at = 0;   // removals when `held_ids` was computed; 0: never
    std::int64_t rolled_to = 0;  // seqs of footfall up to here have been looked at for roll-ups
    bool over_quota = false;     // until it is below by kQuotaFreePercent
    WallTime last_wall{};
};

}  // namespace aisle::store
