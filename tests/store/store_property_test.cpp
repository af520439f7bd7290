// Random operations on the store and on a model that fits on a page; both must agree after each of
// them.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>

#include "agent/store/gap_kinds.hpp"
#include "agent/store/store.hpp"
#include "store_kit.hpp"

namespace aisle::store {
namespace {

struct ModelRow {
    std::int64_t from = 0;
    std::int64_t seq = 0;
    std::string body;
    std::string reason;  // of a gap
    KindCounts kinds;
    std::vector<Origin> was = {};

    [[nodiscard]] std::vector<std::string> epochs() const {
        std::vector<std::string> names;
        for (const Origin& origin : was) names.push_back(origin.epoch);
        return names;
    }
};

struct ModelStream {
    std::vector<ModelRow> rows;
    std::int64_t acked_next = 1;
    std::int64_t next = 1;
    std::int64_t frozen_to = 0;
};

class Model {
public:
    void append(const Batch& batch) {
        for (const Record& record : batch.records) {
            ++journal_rows;
            if (!record.event_id.empty()) digests[record.event_id].push_back(record.digest);
            if (record.stream == Stream::Local) continue;
            ModelStream& stream = of(record.stream);
            stream.rows.push_back({stream.next, stream.next, record.body, "", {{record.kind, 1}}});
            ++stream.next;
        }
        for (const StateChange& change : batch.state) {
            if (change.bytes.empty()) {
                state.erase(change.key);
            } else {
                state[change.key] = change.bytes;
            }
        }
    }

    // False: the store has to refuse as well.
    bool acknowledge(ModelStream& stream, std::int64_t next) {
        if (next > stream.next) return false;
        stream.acked_next = std::max(stream.acked_next, next);
        std::erase_if(stream.rows, [&](const ModelRow& row) { return row.seq < next; });
        return true;
    }

    bool replace(ModelStream& stream, std::int64_t from, std::int64_t to,
                 const std::string& reason) {
        const auto first = std::ranges::find(stream.rows, from, &ModelRow::from);
        const auto last = std::ranges::find(stream.rows, to, &ModelRow::seq);
        if (from > to || first == stream.rows.end() || last == stream.rows.end()) return false;
        const bool unsent = first->from > stream.frozen_to;
        if (!unsent && first != last) return false;
        auto begin = first;
        auto end = std::next(last);
        const auto joins = [&](const ModelRow& row) {
            return unsent && row.reason == reason && row.from > stream.frozen_to &&
                   row.epochs() == last->epochs();
        };
        if (begin != stream.rows.begin() && joins(*std::prev(begin))) --begin;
        if (end != stream.rows.end() && joins(*end)) ++end;
        ModelRow gap{begin->from, std::prev(end)->seq, "", reason, {}, std::prev(end)->was};
        for (auto row = begin; row != end; ++row) {
            for (const auto& [kind, n] : row->kinds) gap.kinds[kind] += n;
        }
        gap.body = gap_body(reason, gap.seq - gap.from + 1, to_text(gap.kinds));
        stream.rows.insert(stream.rows.erase(begin, end), gap);
        return true;
    }

    void new_epoch(const std::string& ended) {
        for (ModelStream& stream : streams) {
            const std::int64_t shift = stream.acked_next - 1;
            for (ModelRow& row : stream.rows) {
                row.was.insert(row.was.begin(), Origin{ended, row.seq});
                if (row.was.size() > kOriginsMax) row.was.resize(kOriginsMax);
                row.from -= shift, row.seq -= shift;
            }
            stream.next -= shift, stream.acked_next = 1, stream.frozen_to = 0;
        }
    }

    ModelStream& of(Stream stream) { return streams.at(static_cast<std::size_t>(stream)); }

    std::array<ModelStream, kUpStreams.size()> streams;
    std::map<std::string, std::string> state;
    std::map<std::string, std::vector<std::string>> digests;  // by event id, by revision
    std::size_t journal_rows = 0;
};

// One trial: a store, its model, and a source of choices.
class Trial {
public:
    explicit Trial(unsigned seed) : random_{seed} { store_ = open_store(dir_); }

    void step() {
        switch (pick(0, 11)) {
            case 0:
                return reopen();
            case 1:
                return acknowledge();
            case 2:
                return freeze();
            case 3:
            case 4:
                return replace();
            case 5:
                return append_twice_the_same();
            case 6:
                return pick(0, 2) == 0 ? new_epoch() : append();
            default:
                return append();
        }
    }

    void expect_agreement() {
        for (const Stream stream : kUpStreams) expect_same_stream(stream);
        const auto rows = store_->read_state("room");
        ASSERT_EQ(rows->size(), model_.state.size());
        for (const StateRow& row : *rows) EXPECT_EQ(model_.state.at(row.key), row.bytes);
        EXPECT_EQ(store_->read(JournalQuery{.limit = 1'000'000})->size(), model_.journal_rows);
        expect_same_findings();
    }

private:
    std::int64_t pick(std::int64_t low, std::int64_t high) {
        return std::uniform_int_distribution{low, high}(random_);
    }
    Stream pick_stream() { return kUpStreams.at(static_cast<std::size_t>(pick(0, 3))); }

    Record random_record() {
        if (pick(0, 2) == 0) {
            const std::string id = "id" + std::to_string(pick(0, 20));
            const auto revision = static_cast<std::int32_t>(model_.digests[id].size()) + 1;
            return sale_record(id, revision, "d" + std::to_string(pick(0, 4)));
        }
        const auto stream = static_cast<Stream>(pick(0, 4));
        return record_of(stream, "any", static_cast<int>(pick(0, 1'000'000)));
    }

    void append() {
        Batch batch;
        // At most one record with an identity: the next one's revision is the model's to say.
        batch.records.push_back(random_record());
        for (auto more = pick(0, 6); more > 0; --more)
            batch.records.push_back(record_of(pick_stream(), "any", static_cast<int>(pick(0, 99))));
        batch.state.push_back({"room", std::to_string(pick(0, 9)),
                               pick(0, 3) == 0 ? "" : "v" + std::to_string(pick(0, 99))});
        ASSERT_TRUE(store_->append(batch, kit::kNoon));
        model_.append(batch);
    }

    void append_twice_the_same() {
        const Record record = sale_record("twice", 1, "d");
        EXPECT_FALSE(store_->append(batch_of({record_of(pick_stream(), "any", 1), record, record}),
                                    kit::kNoon));
    }

    void acknowledge() {
        const Stream stream = pick_stream();
        const auto next = pick(1, model_.of(stream).next + 1);
        // HQ never acknowledges the inside of a gap.
        const bool inside = std::ranges::any_of(model_.of(stream).rows, [&](const ModelRow& row) {
            return row.from < next && next <= row.seq;
        });
        if (inside) return;
        const bool expected = model_.acknowledge(model_.of(stream), next);
        EXPECT_EQ(store_->acknowledged(stream, next).has_value(), expected);
    }

    void freeze() {
        const Stream stream = pick_stream();
        const auto to = pick(0, model_.of(stream).next + 2);
        ASSERT_TRUE(store_->freeze(stream, to));
        model_.of(stream).frozen_to = std::max(model_.of(stream).frozen_to, to);
    }

    void replace() {
        const Stream stream = pick_stream();
        const auto from = pick(1, model_.of(stream).next);
        const auto to = from + pick(-1, 4);
        const std::string reason = pick(0, 1) == 0 ? "quota" : "erased";
        const bool expected = model_.replace(model_.of(stream), from, to, reason);
        EXPECT_EQ(store_->replace_by_gap(stream, from, to, reason).has_value(), expected)
            << from << ".." << to;
    }

    void new_epoch() {
        const std::string ended = *store_->epoch();
        ASSERT_TRUE(store_->new_epoch(""));
        EXPECT_NE(*store_->epoch(), ended);
        model_.new_epoch(ended);
    }

    void reopen() {
        store_.reset();
        store_ = open_store(dir_);
    }

    void expect_same_stream(Stream stream) {
        const ModelStream& model = model_.of(stream);
        const auto depth = depth_of(*store_, stream);
        EXPECT_EQ(depth.first, model.acked_next);
        EXPECT_EQ(depth.next, model.next);
        EXPECT_EQ(depth.frozen_to, model.frozen_to);
        const auto rows = store_->read(OutboxRead{.stream = stream, .rows_max = 1'000'000});
        ASSERT_EQ(rows->size(), model.rows.size());
        for (std::size_t i = 0; i < rows->size(); ++i) {
            EXPECT_EQ(rows->at(i).from, model.rows[i].from);
            EXPECT_EQ(rows->at(i).seq, model.rows[i].seq);
            EXPECT_EQ(rows->at(i).record.body, model.rows[i].body);
            EXPECT_EQ(rows->at(i).was, model.rows[i].was);
        }
    }

    void expect_same_findings() {
        for (const auto& [id, digests] : model_.digests) {
            const auto found = store_->find(std::vector<RecordKey>{{"sale", id, "d0"}})->at(0);
            const bool same = std::ranges::find(digests, "d0") != digests.end();
            EXPECT_EQ(found.known, digests.empty() ? Known::Absent
                                   : same          ? Known::Same
                                                   : Known::Other);
            EXPECT_EQ(found.earlier.revision, static_cast<std::int32_t>(digests.size()));
        }
    }

    TempDir dir_;
    std::unique_ptr<Store> store_;
    Model model_;
    std::mt19937 random_;
};

class StoreAgainstItsModel : public testing::TestWithParam<unsigned> {};

TEST_P(StoreAgainstItsModel, AgreesAfterEveryOperation) {
    Trial trial{GetParam()};
    for (int step = 0; step < 150 && !HasFailure(); ++step) {
        trial.step();
        trial.expect_agreement();
    }
}

INSTANTIATE_TEST_SUITE_P(Seeds, StoreAgainstItsModel, testing::Range(1u, 7u));

}  // namespace
}  // namespace aisle::store
