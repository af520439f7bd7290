#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agent/core/error.hpp"
#include "agent/core/time.hpp"
#include "sync/wire/batch.hpp"

// Lines of a batch, read as far as HQ's columns need. simdjson stays in the .cpp.
namespace aisle::hq {

// Views point into the opened batch.
struct EventLine {
    std::string_view text;  // the whole line: its digest is the check
    std::int64_t seq = 0;
    std::int64_t from = 0;  // `seq` where the line names none
    std::string_view kind;
    std::string_view event_id;             // empty: none
    std::optional<std::int64_t> revision;  // only with an id, from the body
    std::optional<WallTime> at;
    std::int64_t boot = 0;
    std::int64_t mono_us = 0;
    std::string_view clock;
    std::string_view was;   // earlier places, the JSON object as it stands; empty: none
    std::string_view body;  // verbatim, and JSON to its last byte
};

struct ReadLines {
    std::vector<EventLine> lines;  // dense from header.first to header.last
    // Lines that are not readable, but whose numbers follow from their neighbours: in `lines` a gap
    // `unreadable` stands for each.
    std::size_t unreadable = 0;
    std::string fault;  // of the first of them

    std::deque<std::string> made;  // bodies of those gaps
};

// The body of a gap that stands for `rows` records.
std::string gap_body(std::string_view reason, std::int64_t rows);

// One thread at a time; keeps its buffers between batches.
class LineReader {
public:
    LineReader();
    ~LineReader();
    LineReader(const LineReader&) = delete;
    LineReader& operator=(const LineReader&) = delete;

    // Malformed names the first line that does not follow on, or that is not readable in a batch of
    // which nothing is. header.last is at most kSeqMax. `batch` must outlive the result.
    Result<ReadLines> read(const wire::OpenBatch& batch);

private:
    struct Parser;
    // What is wrong with the line; null: nothing.
    [[nodiscard]] const char* read_line(std::string_view text, EventLine& line);
    [[nodiscard]] bool read_usual_line(std::string_view text, EventLine& line);
    std::unique_ptr<Parser> parser_;
};

}  // namespace aisle::hq
