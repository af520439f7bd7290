#include "drivers/tracking/mot.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <utility>

namespace aisle::tracking {
namespace {

constexpr std::size_t kFieldsRead = 7;
constexpr double kNumberMax = 1e12;  // a double still tells whole numbers apart there
constexpr std::string_view kBlanks = " \t\r";

// The next field, without the comma or the blanks that end it.
std::string_view take_field(std::string_view& line) {
    line.remove_prefix(std::min(line.find_first_not_of(kBlanks), line.size()));
    const auto end = std::min(line.find_first_of(", \t\r"), line.size());
    const auto field = line.substr(0, end);
    line.remove_prefix(end);
    line.remove_prefix(std::min(line.find_first_not_of(kBlanks), line.size()));
    if (line.starts_with(',')) line.remove_prefix(1);
    return field;
}

Error wrong(std::size_t line, const std::string& why) {
    return malformed("line " + std::to_string(line) + ": " + why);
}

// Some tools write whole numbers as `12.0`, so every field is read as a real one.
Result<double> number(std::string_view field) {
    double value = 0;
    const auto [end, error] = std::from_chars(field.data(), field.data() + field.size(), value);
    if (error != std::errc{} || end != field.data() + field.size() || !std::isfinite(value)) {
        return malformed("not a number: " + std::string{field.substr(0, 20)});
    }
    if (std::abs(value) > kNumberMax) return malformed("a number out of all bounds");
    return value;
}

bool whole(double value) { return value == std::floor(value); }

Result<MotRow> parse_row(std::string_view line) {
    std::array<double, kFieldsRead> fields{0, 0, 0, 0, 0, 0, 1};
    for (std::size_t i = 0; i < kFieldsRead; ++i) {
        const auto field = take_field(line);
        if (field.empty() && i + 1 == kFieldsRead) break;
        if (field.empty()) return malformed("fewer than six fields");
        const auto value = number(field);
        if (!value) return value.error();
        fields[i] = *value;
    }
    const auto [frame, id, x, y, w, h, score] = fields;
    if (!whole(frame) || frame < 1) return malformed("frames count from 1");
    if (frame > kMotFramesMax) return malformed("a frame beyond all bounds");
    if (!whole(id)) return malformed("an id is a whole number");
    return MotRow{.frame = static_cast<std::int64_t>(frame),
                  .id = static_cast<std::int64_t>(id),
                  .box = {.x = x, .y = y, .w = w, .h = h, .score = score}};
}

}  // namespace

Result<std::vector<MotRow>> parse_mot(std::string_view text) {
    std::vector<MotRow> rows;
    for (std::size_t n = 1; !text.empty(); ++n) {
        const auto end = std::min(text.find('\n'), text.size());
        const auto line = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        const auto begin = line.find_first_not_of(kBlanks);
        if (begin == std::string_view::npos || line[begin] == '#') continue;
        const auto row = parse_row(line);
        if (!row) return wrong(n, row.error().detail);
        if (rows.size() == kMotRowsMax) return wrong(n, "too many rows");
        rows.push_back(*row);
    }
    return rows;
}

std::string mot_line(const MotRow& row) {
    std::array<char, 192> text{};
    const int size =
        std::snprintf(text.data(), text.size(), "%lld,%lld,%.2f,%.2f,%.2f,%.2f,%.3f,-1,-1,-1\n",
                      static_cast<long long>(row.frame), static_cast<long long>(row.id), row.box.x,
                      row.box.y, row.box.w, row.box.h, row.box.score);
    return {text.data(), std::min(static_cast<std::size_t>(size), text.size() - 1)};
}

namespace {

double between(double from, double to, double share) { return from + share * (to - from); }

MotRow row_between(const MotRow& from, const MotRow& to, std::int64_t frame) {
    const double share =
        static_cast<double>(frame - from.frame) / static_cast<double>(to.frame - from.frame);
    return {.frame = frame,
            .id = from.id,
            .box = {.x = between(from.box.x, to.box.x, share),
                    .y = between(from.box.y, to.box.y, share),
                    .w = between(from.box.w, to.box.w, share),
                    .h = between(from.box.h, to.box.h, share),
                    .score = std::min(from.box.score, to.box.score)}};
}

}  // namespace

std::vector<MotRow> fill_gaps(std::vector<MotRow> rows, std::int64_t frames_max) {
    std::ranges::stable_sort(rows, {}, [](const MotRow& row) {
        return std::pair{row.id, row.frame};
    });
    const auto seen = rows.size();
    for (std::size_t i = 1; i < seen; ++i) {
        const MotRow from = rows[i - 1];
        const MotRow to = rows[i];
        if (from.id != to.id || to.frame - from.frame > frames_max + 1) continue;
        for (auto n = from.frame + 1; n < to.frame; ++n) rows.push_back(row_between(from, to, n));
    }
    std::ranges::stable_sort(rows, {}, [](const MotRow& row) {
        return std::pair{row.frame, row.id};
    });
    return rows;
}

std::vector<std::vector<MotRow>> by_frame(std::span<const MotRow> rows, std::int64_t last) {
    std::vector<std::vector<MotRow>> frames(
        static_cast<std::size_t>(std::max<std::int64_t>(0, last)) + 1);
    for (const MotRow& row : rows) {
        if (row.frame < 1 || row.frame > last) continue;
        frames[static_cast<std::size_t>(row.frame)].push_back(row);
    }
    return frames;
}

}  // namespace aisle::tracking
