#include "sync/hq/dataset_csv.hpp"

#include <algorithm>
#include <charconv>
#include <set>

#include "agent/core/time.hpp"
#include "agent/records/json_text.hpp"

namespace aisle::hq {
namespace {

namespace json = boost::json;
using records::as_text;

template <typename Number>
std::optional<Number> number_from(std::string_view text) {
    Number value{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return value;
}

json::array list_of(std::string_view cell) {
    json::array list;
    while (!cell.empty()) {
        const auto end = cell.find('|');
        if (const auto word = cell.substr(0, end); !word.empty()) list.emplace_back(as_text(word));
        cell.remove_prefix(end == std::string_view::npos ? cell.size() : end + 1);
    }
    return list;
}

json::value value_of(std::string_view cell) {
    if (cell == "true" || cell == "false") return json::value(cell == "true");
    if (const auto whole = number_from<std::int64_t>(cell)) return json::value(*whole);
    if (const auto number = number_from<double>(cell)) return json::value(*number);
    return json::value(as_text(cell));
}

json::object& nested(json::object& out, std::string_view name) {
    auto& value = out[json::string_view{name.data(), name.size()}];
    if (!value.is_object()) value = json::object{};
    return value.get_object();
}

Status put_integer(json::object& out, std::string_view column, std::string_view cell) {
    const auto whole = number_from<std::int64_t>(cell);
    if (!whole) return malformed(std::string{column} + " is no integer");
    records::put(out, column, json::value(*whole));
    return {};
}

Status put_consent(json::object& out, std::string_view purpose, std::string_view cell) {
    const auto at = parse_rfc3339(cell);
    if (!at) return malformed("consent." + std::string{purpose} + " is no time");
    json::object consent;
    records::put(consent, "at", *at);
    records::put(consent, "version", "");
    records::put(consent, "granted", json::value(true));
    records::put(nested(out, "consent"), purpose, json::value(std::move(consent)));
    return {};
}

Status put_cell(json::object& out, std::string_view column, std::string_view cell) {
    constexpr std::string_view kScore = "score.";
    constexpr std::string_view kConsent = "consent.";
    if (cell.empty()) return {};
    if (column == "price" || column == "cost" || column == "qty")
        return put_integer(out, column, cell);
    if (column.starts_with(kScore))
        return put_integer(nested(out, "scores"), column.substr(kScore.size()), cell);
    if (column.starts_with(kConsent)) return put_consent(out, column.substr(kConsent.size()), cell);
    if (column == "tags" || column == "segments")
        records::put(out, column, json::value(list_of(cell)));
    else if (column == "gone")
        records::put(out, column, json::value(cell == "1" || cell == "true"));
    else if (column == "value")
        records::put(out, column, value_of(cell));
    else
        records::put(out, column, cell);
    return {};
}

}  // namespace

Status CsvReader::head() {
    const auto first = left_.substr(0, left_.find('\n'));
    comma_ = std::ranges::count(first, ';') > std::ranges::count(first, ',') ? ';' : ',';
    auto row = take_row();
    if (row.cells.empty() || !row.closed) return malformed("the CSV has no head");
    if (row.cells.size() > kCsvColumnsMax) return malformed("the CSV has too many columns");
    std::set<std::string> names;
    for (const auto& name : row.cells)
        if (!names.insert(name).second) return malformed("the CSV has a column twice: " + name);
    columns_ = std::move(row.cells);
    return {};
}

std::optional<CsvRow> CsvReader::next() {
    for (;;) {
        const auto line = line_;
        if (left_.empty()) return std::nullopt;
        const auto row = take_row();
        if (row.cells.size() == 1 && row.cells.front().empty()) continue;
        return CsvRow{.line = line, .text = row.text, .object = object_of(row)};
    }
}

// One row with its line's end. A quoted cell may hold commas, quotes (doubled) and line ends.
CsvReader::Cells CsvReader::take_row() {
    Cells row;
    if (left_.empty()) return row;
    row.cells.emplace_back();
    bool quoted = false;
    std::size_t at = 0;
    for (; at < left_.size(); ++at) {
        const char c = left_[at];
        if (c == '\n') ++line_;
        if (quoted) {
            if (c != '"')
                row.cells.back() += c;
            else if (at + 1 < left_.size() && left_[at + 1] == '"')
                row.cells.back() += left_[++at];
            else
                quoted = false;
        } else if (c == '"' && row.cells.back().empty()) {
            quoted = true;
        } else if (c == comma_) {
            row.cells.emplace_back();
        } else if (c == '\n') {
            break;
        } else if (c != '\r') {
            row.cells.back() += c;
        }
    }
    row.closed = !quoted;
    row.text = left_.substr(0, at);
    left_.remove_prefix(std::min(at + 1, left_.size()));
    return row;
}

Result<json::object> CsvReader::object_of(const Cells& row) const {
    if (!row.closed) return malformed("a quote is not closed");
    if (row.cells.size() != columns_.size())
        return malformed("it has " + std::to_string(row.cells.size()) + " cells, the head " +
                         std::to_string(columns_.size()));
    json::object out;
    for (std::size_t i = 0; i < columns_.size(); ++i)
        if (auto put = put_cell(out, columns_[i], row.cells[i]); !put) return put.error();
    return out;
}

}  // namespace aisle::hq
