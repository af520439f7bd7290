#include <span>
#include <sstream>

#include "tests/fault/model.hpp"

namespace aisle::fault {
namespace {

bool same(const Record& a, const Record& b) {
    return a.stream == b.stream && a.kind == b.kind && a.event_id == b.event_id &&
           a.revision == b.revision && a.at == b.at && a.body == b.body && a.digest == b.digest;
}

std::string in_words(const auto&... parts) {
    std::ostringstream text;
    (text << ... << parts);
    return text.str();
}

std::vector<OutboxRow> outbox_of(store::Store& store, Stream stream) {
    auto rows = store.read(OutboxRead{
        .stream = stream, .from_seq = 1, .rows_max = 1'000'000, .bytes_max = 1'000'000'000});
    return rows ? std::move(*rows) : std::vector<OutboxRow>{};
}

}  // namespace

std::map<std::int64_t, Record> journal_of(store::Store& store) {
    std::map<std::int64_t, Record> all;
    JournalQuery query;
    for (;;) {
        auto rows = store.read(query);
        // Ids that do not ascend are those of a damaged tree.
        if (!rows || rows->empty() || rows->back().id <= query.after_id) return all;
        query.after_id = rows->back().id;
        for (JournalRow& row : *rows) all[row.id] = std::move(row.record);
    }
}

std::int64_t Model::missing_in(store::Store& store) const {
    const auto there = journal_of(store);
    std::int64_t missing = 0;
    for (const auto& [id, kept] : journal_) {
        const auto found = there.find(id);
        const bool gone = found == there.end();
        if (gone ? !may_be_gone_.contains(id) : !same(found->second, kept.record)) ++missing;
    }
    return missing;
}

std::string Model::journal_difference(store::Store& store) const {
    const auto there = journal_of(store);
    for (const auto& [id, kept] : journal_) {
        const auto found = there.find(id);
        if (found == there.end()) {
            if (may_be_gone_.contains(id)) continue;
            return in_words("journal row ", id, " (", kept.record.kind, ") is gone");
        }
        if (!same(found->second, kept.record)) return in_words("journal row ", id, " is another");
    }
    for (const auto& [id, record] : there)
        if (!journal_.contains(id)) return in_words("journal row ", id, " was never acknowledged");
    return {};
}

std::string Model::lane_difference(store::Store& store, Stream stream) const {
    const Lane& expected = lane(stream);
    const auto depths = store.depths();
    if (!depths) return "depths: " + depths.error().detail;
    const StreamDepth& depth = depths->at(static_cast<std::size_t>(stream));
    const auto name = aisle::to_text(stream);
    if (depth.first != expected.first || depth.next != expected.next ||
        depth.frozen_to != expected.frozen_to || depth.acked_check != expected.check) {
        return in_words(name, ": first ", depth.first, " next ", depth.next, " frozen ",
                        depth.frozen_to, " check ", depth.acked_check, ", but ", expected.first,
                        " ", expected.next, " ", expected.frozen_to, " ", expected.check);
    }
    const auto rows = outbox_of(store, stream);
    if (rows.size() != expected.items.size())
        return in_words(name, ": ", rows.size(), " rows, not ", expected.items.size());
    std::int64_t dense = expected.first;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const OutboxRow& row = rows[i];
        const Item& item = expected.items[i];
        if (row.from != dense) return in_words(name, ": not dense at ", row.from);
        dense = row.seq + 1;
        if (row.from != item.from || row.seq != item.seq)
            return in_words(name, ": row ", row.from, "..", row.seq, " is another");
        const bool right = item.journal == 0
                               ? row.record.kind == "gap" &&
                                     row.record.body.starts_with("{\"reason\":\"" + item.reason)
                               : same(row.record, journal_.at(item.journal).record);
        if (!right) return in_words(name, ": the record of row ", row.seq, " is another");
    }
    return dense == expected.next ? "" : in_words(name, ": ends at ", dense);
}

std::string Model::rooms_difference(store::Store& store) const {
    std::map<Name, std::string> state;
    std::map<Name, std::string> positions;
    for (const char* room : {"footfall", "offers"}) {
        const auto rows = store.read_state(room);
        if (!rows) return "state: " + rows.error().detail;
        for (const auto& row : *rows) state[{room, row.key}] = row.bytes;
    }
    const auto found = store.positions("till");
    if (!found) return "positions: " + found.error().detail;
    for (const auto& at : *found) positions[{at.source, at.item}] = at.position;
    const auto quarantined = store.quarantined({.limit = 1'000'000});
    if (!quarantined) return "quarantine: " + quarantined.error().detail;
    std::vector<std::string> details;
    for (const auto& row : *quarantined) details.push_back(row.item.detail);
    if (state != state_) return "the rooms' state is another";
    if (positions != positions_) return "the sources' positions are others";
    if (details != quarantine_) return "the quarantine is another";
    return {};
}

std::string Model::keys_difference(store::Store& store) const {
    for (const auto& [name, latest] : latest_) {
        const RecordKey key{name.first, name.second, latest.digest};
        const auto found = store.find(std::span{&key, 1});
        if (!found) return "find: " + found.error().detail;
        if (found->at(0).known != Known::Same || found->at(0).earlier.revision != latest.revision)
            return in_words(name.first, " ", name.second, " is not found");
    }
    return {};
}

std::string Model::difference_from(store::Store& store) const {
    const auto epoch = store.epoch();
    if (!epoch) return "epoch: " + epoch.error().detail;
    if (*epoch != epoch_) return in_words("epoch ", *epoch, ", not ", epoch_);
    for (const Stream stream : kUpStreams)
        if (auto told = lane_difference(store, stream); !told.empty()) return told;
    if (auto told = journal_difference(store); !told.empty()) return told;
    if (auto told = rooms_difference(store); !told.empty()) return told;
    return keys_difference(store);
}

}  // namespace aisle::fault
