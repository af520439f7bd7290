#include "agent/store/ended_epochs.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <map>
#include <sstream>

namespace aisle::store {
namespace {

// A room of the table `state`, so that a salvage and a backup take it along. The key is a number
// that grows, so that the latest comes last; the bytes are "EPOCH STREAM NEXT CHECK ...".
constexpr std::string_view kRoom = "ended_epochs";
constexpr const char* kNoCheck = "-";

std::string bytes_of(const EndedEpoch& ended) {
    std::string bytes = ended.epoch;
    for (const EndedStream& one : ended.streams) {
        bytes += ' ' + std::string{to_text(one.stream)} + ' ' + std::to_string(one.next) + ' ' +
                 (one.check.empty() ? kNoCheck : one.check);
    }
    return bytes;
}

EndedEpoch ended_from(const std::string& bytes) {
    std::istringstream text{bytes};
    EndedEpoch ended;
    text >> ended.epoch;
    std::string stream, check;
    for (std::int64_t next = 1; text >> stream >> next >> check;) {
        const auto known = stream_from(stream);
        if (known) ended.streams.push_back({*known, next, check == kNoCheck ? "" : check});
    }
    return ended;
}

std::string key_of(std::int64_t number) {
    std::array<char, 24> text{};
    std::snprintf(text.data(), text.size(), "%019lld", static_cast<long long>(number));
    return text.data();
}

void merge(EndedEpoch& into, const EndedEpoch& from) {
    for (const EndedStream& one : from.streams) {
        const auto known = std::ranges::find(into.streams, one.stream, &EndedStream::stream);
        if (known == into.streams.end()) {
            into.streams.push_back(one);
        } else if (known->next < one.next) {
            *known = one;
        }
    }
}

Status put(sqlite::Database& database, const std::string& key, const EndedEpoch& ended) {
    auto insert =
        database.prepare("INSERT OR REPLACE INTO state(room, key, bytes) VALUES (?1, ?2, ?3)");
    if (!insert) return insert.error();
    return insert->bind(1, kRoom).bind(2, key).bind(3, bytes_of(ended)).run();
}

Result<std::map<std::string, EndedEpoch>> read_all(sqlite::Database& database) {
    auto select = database.prepare("SELECT key, bytes FROM state WHERE room = ?1");
    if (!select) return select.error();
    select->bind(1, kRoom);
    std::map<std::string, EndedEpoch> all;
    for (;;) {
        const auto row = select->step();
        if (!row) return row.error();
        if (!*row) return all;
        all[select->text(0)] = ended_from(select->text(1));
    }
}

}  // namespace

Status keep_ended(sqlite::Database& database, const EndedEpoch& ended) {
    if (ended.streams.empty()) return {};
    auto all = read_all(database);
    if (!all) return all.error();
    for (auto& [key, one] : *all) {
        if (one.epoch != ended.epoch) continue;
        merge(one, ended);
        return put(database, key, one);
    }
    const std::int64_t last = all->empty() ? 0 : std::stoll(all->rbegin()->first);
    if (auto done = put(database, key_of(last + 1), ended); !done) return done;
    if (all->size() < kEndedEpochsKept) return {};
    auto forget = database.prepare("DELETE FROM state WHERE room = ?1 AND key = ?2");
    if (!forget) return forget.error();
    return forget->bind(1, kRoom).bind(2, all->begin()->first).run();
}

Result<std::vector<EndedEpoch>> ended_epochs(Reads& store) {
    auto rows = store.read_state(kRoom);
    if (!rows) return rows.error();
    std::vector<EndedEpoch> all;
    for (auto row = rows->rbegin(); row != rows->rend(); ++row)
        all.push_back(ended_from(row->bytes));
    return all;
}

}  // namespace aisle::store
