#include "sync/hq/postgresql_copy.hpp"

#include <algorithm>
#include <type_traits>

namespace aisle::hq {
namespace {

using namespace std::string_view_literals;

// Signature, flags, length of the header's extension.
constexpr std::string_view kHeader = "PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0\0"sv;
constexpr std::int16_t kColumns = 12;
constexpr char kJsonbVersion = 1;
// PostgreSQL counts microseconds from 2000-01-01.
constexpr std::int64_t kPostgresEpochMs = 946'684'800'000;
template <typename Number>
void put(std::string& bytes, Number value) {
    const auto bits = static_cast<std::make_unsigned_t<Number>>(value);
    for (std::size_t byte = sizeof value; byte-- > 0;)
        bytes += static_cast<char>(static_cast<unsigned char>(bits >> (8 * byte)));
}

void put_size(std::string& bytes, std::size_t size) { put(bytes, static_cast<std::int32_t>(size)); }

}  // namespace

void CopyRows::clear() {
    bytes_ = kHeader;
    taken_ = 0;
    rows_.clear();
    begins_.clear();
}

std::string_view CopyRows::trailer() { return "\377\377"sv; }

void CopyRows::field(std::int64_t value) {
    put_size(bytes_, sizeof value);
    put(bytes_, value);
}

void CopyRows::field(std::optional<std::int64_t> value) {
    if (value) return field(*value);
    put(bytes_, std::int32_t{-1});
}

void CopyRows::field_time(std::optional<WallTime> time) {
    if (!time) return put(bytes_, std::int32_t{-1});
    field((time->time_since_epoch().count() - kPostgresEpochMs) * 1'000);
}

// A text of PostgreSQL holds no NUL, which JSON can spell.
void CopyRows::field_text(std::string_view text) {
    if (text.empty()) return put(bytes_, std::int32_t{-1});
    put_size(bytes_, text.size());
    const std::size_t begin = bytes_.size();
    bytes_ += text;
    std::replace(bytes_.begin() + static_cast<std::ptrdiff_t>(begin), bytes_.end(), '\0', '?');
}

void CopyRows::field_jsonb(std::string_view text) {
    put_size(bytes_, text.size() + 1);
    bytes_ += kJsonbVersion;
    bytes_ += text;
}

void CopyRows::add(std::int64_t stream_key, const EventLine& line, WallTime received) {
    begins_.push_back(bytes_.size());
    put(bytes_, kColumns);
    field_time(received);
    field(line.seq);
    field(line.mono_us);
    field(line.boot);
    field_time(line.at);
    field(line.from < line.seq ? std::optional{line.from} : std::nullopt);
    field(line.revision);
    field(stream_key);
    field_text(line.kind.empty() ? "?" : line.kind);
    field_text(line.event_id);
    field_text(line.clock);
    field_jsonb(line.body);
    rows_.push_back({.stream_key = stream_key,
                     .seq = line.seq,
                     .from = std::min(line.from, line.seq),
                     .gap = line.kind == "gap",
                     .received = received,
                     .body_at = bytes_.size() - line.body.size(),
                     .body_size = line.body.size()});
}

CopyRows CopyRows::with_gaps(const std::vector<std::size_t>& unreadable) const {
    CopyRows other;
    for (std::size_t i = 0; i < rows_.size(); ++i) {
        const Row& row = rows_[i];
        if (std::ranges::binary_search(unreadable, i)) {
            const std::string body = gap_body("unreadable", row.seq - row.from + 1);
            other.add(row.stream_key,
                      {.seq = row.seq, .from = row.from, .kind = "gap", .body = body},
                      row.received);
            continue;
        }
        const std::size_t end = i + 1 < rows_.size() ? begins_[i + 1] : bytes_.size();
        Row moved = row;
        moved.body_at = row.body_at - begins_[i] + other.bytes_.size();
        other.begins_.push_back(other.bytes_.size());
        other.bytes_.append(bytes_, begins_[i], end - begins_[i]);
        other.rows_.push_back(moved);
    }
    return other;
}

}  // namespace aisle::hq
