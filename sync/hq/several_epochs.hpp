#pragma once

#include <map>
#include <optional>
#include <set>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "agent/core/outbox.hpp"
#include "sync/hq/event_table.hpp"

// A store that began a new epoch (its database was new, salvaged, restored, or a clone's) sends
// what it numbered again, and what its tills told it once more. HQ counts such a record as received
// and shows it once.
namespace aisle::hq {

// The value of `was`, the latest place first; what is not of our form is left out.
std::vector<Origin> origins_of(std::string_view was);

// A new record with an identity beside those that are listed.
struct IdJudgement {
    std::optional<Place> same;             // it is shown there
    std::optional<std::int64_t> revision;  // else this is what it is shown as
};
// The same content under the same revision, or that of the highest one, in another epoch: the same
// record. Another content: the next revision, or its own if that is higher. What one epoch says
// twice is the agent's own business. Pure.
IdJudgement judge_id(std::span<const ListedId> listed, const ListedId& fresh);

// One thread, one transaction at a time.
class SeveralEpochs {
public:
    explicit SeveralEpochs(EventTable& table) : table_{table} {}

    struct Sorted {
        std::vector<EventLine> shown;
        std::int64_t again = 0;  // numbers
    };
    // `lines` are new and will be inserted, as far as they are shown, before the transaction ends.
    Result<Sorted> sort_out(const StreamName& name, StreamState& state,
                            std::span<const EventLine> lines, WallTime received);

private:
    struct Batch;
    struct Earlier {
        std::optional<Place> shown;  // the same record, at HQ already
        std::vector<Place> to_come;  // its earlier places that HQ has not reached
        std::vector<Place> taken;    // those that HQ has from another record
    };
    Result<Earlier> look_back(const Batch& batch, const EventLine& line);
    enum class Standing { Fresh, Committed };  // of a place: at or above the mark, or below it
    Result<std::optional<Place>> same_at(const Place& place, Standing standing,
                                         const EventLine& line);
    Result<std::optional<Place>> same_as(const Place& shown, const EventLine& line);
    Status list_all(const Batch& batch);
    Status sort_one(Batch& batch, EventLine line);
    Status show(Batch& batch, const EventLine& line, const Earlier& earlier);
    Status lead(const Place& from, const Place& shown);
    Status replace(const Numbers& numbers, const ElsewhereRun* by);
    Status again(Batch& batch, const EventLine& line, const Place& shown);
    Status flush(Batch& batch);

    EventTable& table_;
};

}  // namespace aisle::hq
