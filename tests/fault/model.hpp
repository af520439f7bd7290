#pragma once

#include <array>
#include <deque>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "tests/fault/steps.hpp"

// What the store has promised: the oracle of the power-cut tests. It knows the promises of
// store.hpp and none of the tables.
namespace aisle::fault {

class Model {
public:
    // What a batch of the outbox looks like from outside.
    struct Item {
        std::int64_t from = 0;
        std::int64_t seq = 0;
        std::int64_t journal = 0;  // 0: a gap
        std::string reason = {};
    };
    struct Lane {
        std::deque<Item> items;
        std::int64_t first = 1;
        std::int64_t next = 1;
        std::int64_t frozen_to = 0;
        std::string check;
        std::deque<std::int64_t> epoch_ends = {};  // the last row left of each earlier epoch

        // In how many earlier epochs the row had a number: each of them moved all rows there were,
        // so that two rows with the same count have the same past.
        [[nodiscard]] std::int64_t pasts(std::int64_t row) const;
    };
    struct Kept {
        Record record;
        WallTime committed;
    };
    struct Latest {
        std::int32_t revision = 0;
        std::string digest;
    };
    using Name = std::pair<std::string, std::string>;  // room and key, source and item, kind and id

    // What becomes true when the store has done it.
    void apply(const Step& step);
    // Whether the store cannot do it without a commit.
    [[nodiscard]] bool surely_written_by(const Step& step) const;
    // A store whose database is new.
    void named(std::string epoch) { epoch_ = std::move(epoch); }

    // Empty: the store holds just this. Else the first difference, for people.
    std::string difference_from(store::Store& store) const;
    // Records of the model that the store has not, or not as they were.
    std::int64_t missing_in(store::Store& store) const;
    // Rows that prune() was allowed to take and has taken.
    void forget_pruned(store::Store& store);

    [[nodiscard]] const Lane& lane(Stream stream) const {
        return lanes_.at(static_cast<std::size_t>(stream));
    }
    [[nodiscard]] const std::map<Name, Latest>& latest() const { return latest_; }
    [[nodiscard]] std::int64_t records() const { return last_id_; }
    [[nodiscard]] const std::string& epoch() const { return epoch_; }

private:
    Lane& lane_of(Stream stream) { return lanes_.at(static_cast<std::size_t>(stream)); }
    void append(const Batch& batch, WallTime committed);
    void append(const Record& record, WallTime committed);
    void acknowledge(const Step& step);
    void drop(const Step& step);
    void gap_before(const Step& step);
    void new_epoch(const Step& step);
    void allow_pruning(const Stamp& now);

    std::string journal_difference(store::Store& store) const;
    std::string lane_difference(store::Store& store, Stream stream) const;
    std::string rooms_difference(store::Store& store) const;
    std::string keys_difference(store::Store& store) const;

    std::string epoch_;
    std::int64_t last_id_ = 0;
    std::map<std::int64_t, Kept> journal_;
    std::set<std::int64_t> may_be_gone_;
    std::array<Lane, kUpStreams.size()> lanes_;
    std::map<Name, Latest> latest_;
    std::map<Name, std::string> state_;
    std::map<Name, std::string> positions_;
    std::vector<std::string> quarantine_;  // details
    std::vector<std::string> boots_;       // ids, by number - 1
};

// All rows of the journal, by id.
std::map<std::int64_t, Record> journal_of(store::Store& store);

}  // namespace aisle::fault
