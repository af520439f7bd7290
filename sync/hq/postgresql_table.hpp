#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "sync/hq/event_table.hpp"
#include "sync/hq/lease.hpp"
#include "sync/hq/postgresql_connection.hpp"
#include "sync/hq/postgresql_copy.hpp"

namespace aisle::hq {

// EventTable over PostgreSQL. Rows are streamed by COPY while the next batch is still being read;
// marks, counters and notices are gathered and written by the commit. The store's rows are held by
// an advisory lock, and each partition's lease by a lock on its row, until the transaction ends.
class PostgresqlTable final : public EventTable {
public:
    // `connection` outlives it. A null `claim`: everything is ours.
    PostgresqlTable(PostgresqlConnection& connection, std::shared_ptr<const Claim> claim);

    // Whether this collector has the lease for what comes under this topic, as far as it knows.
    [[nodiscard]] bool holds(const std::string& topic) const;

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
    // What the commit will write of a stream.
    struct Move {
        StreamMark mark;
        Tally tally;
        WallTime received{};
    };
    struct Gathered {
        std::map<std::int64_t, Move> moves;
        std::map<std::int64_t, Tally> aside;  // to be added to them: rows that were set aside
        std::map<std::pair<std::int64_t, std::string>, GapCount> gaps;
        std::vector<Place> notices;
        std::set<std::string> stores;   // held
        std::set<unsigned> partitions;  // whose leases are held
        std::map<std::int64_t, StreamName> names;
        std::set<int> months;  // made by this transaction
    };

    [[nodiscard]] Result<PostgresqlRows> ask(const std::string& sql,
                                             const std::vector<PostgresqlValue>& values);
    [[nodiscard]] Status tell(const std::string& sql, const std::vector<PostgresqlValue>& values);
    [[nodiscard]] Status hold_lease(const std::string& store);
    [[nodiscard]] Status begin_copy();
    [[nodiscard]] Status end_copy();
    [[nodiscard]] Status mend_copy();
    [[nodiscard]] Result<std::vector<std::size_t>> unreadable_rows();
    [[nodiscard]] Status set_aside(const CopyRows::Row& row, std::string_view body);
    [[nodiscard]] Status write_all();
    [[nodiscard]] Status write_moves();
    [[nodiscard]] Status write_gaps();
    [[nodiscard]] Status write_notices();

    PostgresqlConnection& connection_;
    std::shared_ptr<const Claim> claim_;
    Gathered gathered_;
    CopyRows rows_;
    bool copying_ = false;
    std::set<int> months_;  // that have their partitions
};

}  // namespace aisle::hq
