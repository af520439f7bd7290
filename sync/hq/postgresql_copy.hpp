#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sync/hq/event_line.hpp"

namespace aisle::hq {

// Rows of `event` in the binary form of COPY (PostgreSQL 15, "COPY", Binary Format). Pure.
class CopyRows {
public:
    CopyRows() { clear(); }
    void clear();
    void add(std::int64_t stream_key, const EventLine& line, WallTime received);

    // What has been added since the last take(); the first includes the header.
    [[nodiscard]] std::string_view fresh() const { return std::string_view{bytes_}.substr(taken_); }
    void take() { taken_ = bytes_.size(); }
    // What ends it.
    static std::string_view trailer();

    struct Row {
        std::int64_t stream_key = 0;
        std::int64_t seq = 0;
        std::int64_t from = 0;
        bool gap = false;
        WallTime received{};
        std::size_t body_at = 0;
        std::size_t body_size = 0;
    };
    [[nodiscard]] const std::vector<Row>& rows() const { return rows_; }
    [[nodiscard]] std::string_view body(const Row& row) const {
        return std::string_view{bytes_}.substr(row.body_at, row.body_size);
    }
    [[nodiscard]] std::size_t size() const { return bytes_.size(); }
    // The same rows but for the named ones (ascending), which become gaps `unreadable`.
    [[nodiscard]] CopyRows with_gaps(const std::vector<std::size_t>& unreadable) const;

private:
    void field(std::int64_t value);
    void field(std::optional<std::int64_t> value);
    void field_text(std::string_view text);  // empty: NULL
    void field_time(std::optional<WallTime> time);
    void field_jsonb(std::string_view text);

    std::string bytes_;
    std::size_t taken_ = 0;
    std::vector<Row> rows_;
    std::vector<std::size_t> begins_;  // of each row in bytes_
};

// The columns in the order of add().
inline constexpr const char* kEventColumns =
    "received_at, seq, mono, boot, at, from_seq, revision, stream_key, kind, event_id, clock, body";

}  // namespace aisle::hq
