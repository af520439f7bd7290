#include "tests/kit/model_outbox.hpp"

#include <algorithm>
#include <utility>

#include "tests/kit/builders.hpp"

namespace aisle::kit {

std::int64_t ModelOutbox::add(Stream stream, Record record) {
    auto& lane = at(stream);
    const std::int64_t seq = lane.next++;
    record.stream = stream;
    lane.rows[seq] = {.seq = seq, .from = seq, .record = std::move(record)};
    return seq;
}

std::int64_t ModelOutbox::add(Stream stream, const std::string& body) {
    return add(stream, Record{.kind = "test", .at = kit::at(), .body = body});
}

bool ModelOutbox::fails() { return failing_ > 0 && failing_-- > 0; }

bool ModelOutbox::empty() const {
    return std::ranges::all_of(lanes_, [](const Lane& lane) { return lane.rows.empty(); });
}

void ModelOutbox::depths(std::function<void(Result<std::vector<StreamDepth>>)> answer) {
    std::vector<StreamDepth> all;
    for (const Stream stream : kUpStreams) {
        const auto& lane = at(stream);
        const bool none = lane.rows.empty();
        all.push_back({.stream = stream,
                       .first = lane.first,
                       .next = lane.next,
                       .frozen_to = lane.frozen_to,
                       .oldest = none ? WallTime{} : lane.rows.begin()->second.record.at.wall,
                       .acked_check = lane.acked_check});
    }
    using Answer = Result<std::vector<StreamDepth>>;
    reply<Answer>(std::move(answer),
                  fails() ? Answer{unavailable("busy")} : Answer{std::move(all)});
}

void ModelOutbox::read(OutboxRead what,
                       std::function<void(Result<std::vector<OutboxRow>>)> answer) {
    std::vector<OutboxRow> rows;
    const auto& lane = at(what.stream);
    for (auto row = lane.rows.lower_bound(what.from_seq);
         row != lane.rows.end() && rows.size() < what.rows_max; ++row)
        rows.push_back(row->second);
    using Answer = Result<std::vector<OutboxRow>>;
    reply<Answer>(std::move(answer),
                  fails() ? Answer{unavailable("busy")} : Answer{std::move(rows)});
}

void ModelOutbox::freeze(Stream stream, std::int64_t to_seq, std::function<void(Status)> answer) {
    if (fails()) return reply<Status>(std::move(answer), unavailable("busy"));
    ++freezes_;
    at(stream).frozen_to = std::max(at(stream).frozen_to, to_seq);
    reply<Status>(std::move(answer), {});
}

void ModelOutbox::acknowledged(Stream stream, std::int64_t next, std::function<void(Status)> answer,
                               std::string check) {
    auto& lane = at(stream);
    if (fails()) return reply<Status>(std::move(answer), unavailable("busy"));
    if (next > lane.next) return reply<Status>(std::move(answer), malformed("never given out"));
    lane.rows.erase(lane.rows.begin(), lane.rows.lower_bound(next));
    if (next > lane.first) {
        lane.first = next;
        lane.acked_check = std::move(check);
    }
    reply<Status>(std::move(answer), {});
}

void ModelOutbox::replace_by_gap(Stream stream, std::int64_t from, std::int64_t to,
                                 std::string reason, std::function<void(Status)> answer) {
    auto& lane = at(stream);
    const auto begin = lane.rows.lower_bound(from);
    const auto end = lane.rows.upper_bound(to);
    if (begin == end) return reply<Status>(std::move(answer), malformed("not there"));
    const auto n = std::to_string(std::distance(begin, end));
    lane.rows.erase(begin, end);
    OutboxRow gap{.seq = to, .from = from};
    gap.record = {
        .stream = stream, .kind = "gap", .body = R"({"reason":")" + reason + R"(","n":)" + n + "}"};
    lane.rows[to] = gap;
    reply<Status>(std::move(answer), {});
}

void ModelOutbox::gap_before(Stream stream, std::int64_t next, std::string check,
                             std::string reason, std::function<void(Status)> answer) {
    auto& lane = at(stream);
    if (fails()) return reply<Status>(std::move(answer), unavailable("busy"));
    if (next < 1 || next >= lane.first)
        return reply<Status>(std::move(answer), malformed("nothing is missing"));
    const std::string n = std::to_string(lane.first - next);
    OutboxRow gap{.seq = lane.first - 1, .from = next};
    gap.record = {
        .stream = stream, .kind = "gap", .body = R"({"reason":")" + reason + R"(","n":)" + n + "}"};
    lane.rows[gap.seq] = gap;
    lane.first = next;
    lane.acked_check = std::move(check);
    reply<Status>(std::move(answer), {});
}

void ModelOutbox::begin_epoch(std::string, std::function<void(Result<std::string>)> answer) {
    if (fails()) return reply<Result<std::string>>(std::move(answer), unavailable("busy"));
    const std::string before = epoch_;
    constexpr std::string_view kDigits = "0123456789abcdef";
    const auto digit = kDigits.find(epoch_.back());
    epoch_.back() = kDigits[(digit + 1) % kDigits.size()];
    ++epochs_begun_;
    for (auto& lane : lanes_) {
        std::map<std::int64_t, OutboxRow> moved;
        const std::int64_t shift = lane.first - 1;
        for (auto& [seq, row] : lane.rows) {
            row.was.insert(row.was.begin(), {before, seq});
            row.was.resize(std::min(row.was.size(), kOriginsMax));
            row.seq -= shift;
            if (row.from > 0) row.from -= shift;
            moved[row.seq] = std::move(row);
        }
        lane = {.rows = std::move(moved), .next = lane.next - shift};
    }
    reply<Result<std::string>>(std::move(answer), epoch_);
}

}  // namespace aisle::kit
