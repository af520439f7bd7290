#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>

#include "agent/sqlite/database.hpp"
#include "agent/sqlite/row_feed.hpp"
#include "sync/hq/event_table.hpp"

namespace aisle::hq {

// The one collector's table, in SQLite: nobody else writes, so marks are kept in memory as they are
// committed.
class SqliteEventTable final : public EventTable {
public:
    // `database` outlives it, holds our tables, and is not moved meanwhile.
    explicit SqliteEventTable(sqlite::Database& database) : database_{database} {}
    // First of all.
    Status prepare();

    Status begin() override;
    Status commit() override;
    void roll_back() override;

    Result<StreamState> stream(const StreamName& name, WallTime received) override;
    Status insert(std::int64_t stream_key, std::span<const EventLine> rows,
                  WallTime received) override;
    Status move_mark(std::int64_t stream_key, const StreamMark& mark, const Tally& more,
                     WallTime received) override;
    Status count_gap(std::int64_t stream_key, const GapCount& more) override;
    Status notice(std::span<const Place> rows) override;

    Result<std::optional<ShownRow>> row_at(const Place& place) override;
    Result<std::optional<Place>> elsewhere(const Place& place) override;
    Status add_elsewhere(const ElsewhereRun& run) override;
    Result<std::vector<ElsewhereRun>> remove_elsewhere(const Numbers& numbers) override;
    Result<std::vector<Place>> rivals(const Place& place) override;
    Status add_rivals(const ElsewhereRun& run) override;

    Status each_with_id(std::string_view store, Stream stream,
                        const std::function<Status(const ShownRow&)>& look) override;
    Status list_id(const IdName& name, const ListedId& id) override;
    Result<std::vector<ListedId>> listed(const IdName& name) override;
    Status mark_listed(std::string_view store, Stream stream) override;

    Result<std::vector<BootClock>> boots(std::string_view store) override;
    Status set_boot(std::string_view store, const BootClock& clock) override;
    Result<std::int64_t> quarantine(const Rejected& rejected) override;

private:
    struct Known {
        std::int64_t key = 0;
        StreamMark mark;
    };
    struct Family {
        int epochs = 0;
        bool listed = false;
    };
    using FamilyName = std::pair<std::string, Stream>;
    // What is known of the streams: as committed, or what this transaction has made of them.
    struct Memory {
        std::map<StreamName, Known> streams;
        std::map<std::int64_t, StreamName> names;
        std::map<FamilyName, Family> families;
    };

    // The rows of one insert() as a table.
    struct Arrived final : sqlite::RowFeed {
        [[nodiscard]] std::size_t rows() const override { return lines.size(); }
        void give(std::size_t row, int column, sqlite::FeedCell& cell) const override;

        std::span<const EventLine> lines;
        std::int64_t stream_key = 0;
        WallTime received{};
    };

    Status prepare_statements();
    Status load();
    Status load_listed();
    Result<Known> known(const StreamName& name, WallTime received, bool& born);
    [[nodiscard]] Family family(const FamilyName& name) const;
    Status cut_run(const ElsewhereRun& run, const Numbers& out);

    sqlite::Database& database_;
    std::optional<sqlite::Transaction> transaction_;
    Memory committed_;
    Memory fresh_;
    Arrived arrived_;
    sqlite::Statement insert_event_;
    sqlite::Statement insert_stream_;
    sqlite::Statement move_mark_;
    sqlite::Statement insert_day_;
    sqlite::Statement count_gap_;
    sqlite::Statement notice_;
    sqlite::Statement row_at_;
    sqlite::Statement run_at_;
    sqlite::Statement add_run_;
    sqlite::Statement drop_run_;
    sqlite::Statement rivals_;
    sqlite::Statement add_rival_;
    sqlite::Statement list_id_;
    sqlite::Statement listed_;
    sqlite::Statement boots_;
    sqlite::Statement set_boot_;
    sqlite::Statement quarantine_;
    sqlite::Statement quarantined_;
};

}  // namespace aisle::hq
