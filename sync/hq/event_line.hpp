#pragma once

#include <cstdint>
#include <memory>
#include <optional>
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
    std::string_view body;  // verbatim
};

// One thread at a time; keeps its buffers between batches.
class LineReader {
public:
    LineReader();
    ~LineReader();
    LineReader(const LineReader&) = delete;
    LineReader& operator=(const LineReader&) = delete;

    // All lines, dense from header.first to header.last, which is at most kSeqMax; Malformed names
    // the first line that is not readable or does not follow on. `batch` must outlive the result.
    Result<std::vector<EventLine>> read(const wire::OpenBatch& batch);

private:
    struct Parser;
    [[nodiscard]] Status read_line(std::string_view text, EventLine& line);
    std::unique_ptr<Parser> parser_;
};

}  // namespace aisle::hq
