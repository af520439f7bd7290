#include "sync/hq/dataset_table.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include "agent/records/json_text.hpp"
#include "agent/records/object_reader.hpp"
#include "sync/wire/line.hpp"

namespace aisle::hq {
namespace {

namespace json = boost::json;
using records::put;

constexpr std::size_t kBuckets = 256;
constexpr char kTab = '\t';  // never inside a key or a JSON text of ours

auto place_of(const MasterRow& row) { return std::tie(row.store, row.key); }

// FNV-1a 32: the same bucket in every process.
std::size_t bucket_of(const MasterRow& row) {
    std::uint32_t hash = 2'166'136'261U;
    for (const char c : row.key) hash = (hash ^ static_cast<unsigned char>(c)) * 16'777'619U;
    return hash % kBuckets;
}

std::string bucket_key(wire::Dataset name, std::size_t bucket) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    return std::string{to_text(name)} + '/' + kDigits[bucket / 16] + kDigits[bucket % 16];
}

void append_row(std::string& out, const MasterRow& row) {
    out += std::to_string(row.changed);
    out += kTab;
    out += row.gone ? '1' : '0';
    out += kTab;
    out += row.store;
    out += kTab;
    out += row.key;
    out += kTab;
    out += row.text;
    out += '\n';
}

std::string_view take_until(std::string_view& text, char end) {
    const auto at = text.find(end);
    const auto piece = text.substr(0, at);
    text.remove_prefix(at == std::string_view::npos ? text.size() : at + 1);
    return piece;
}

std::optional<std::int64_t> integer_from(std::string_view digits) {
    if (digits.empty() || digits.size() > 18 ||
        digits.find_first_not_of("0123456789") != std::string_view::npos)
        return std::nullopt;
    return std::stoll(std::string{digits});
}

Status read_bucket(std::string_view bytes, std::vector<MasterRow>& rows) {
    while (!bytes.empty()) {
        auto line = take_until(bytes, '\n');
        const auto changed = integer_from(take_until(line, kTab));
        if (!changed) return malformed("a row of a dataset cannot be read");
        MasterRow row{.changed = *changed};
        row.gone = take_until(line, kTab) == "1";
        row.store = take_until(line, kTab);
        row.key = take_until(line, kTab);
        row.text = line;
        rows.push_back(std::move(row));
    }
    return {};
}

StateChange course_row(const DatasetTable& table) {
    json::object out;
    put(out, "version", json::value(table.version));
    put(out, "valid_until", table.valid_until);
    put(out, "loaded", table.loaded);
    put(out, "source", table.source);
    put(out, "horizon", json::value(table.horizon));
    put(out, "faults", json::value(table.faults));
    return {kDatasetRoom, std::string{to_text(table.name)}, json::serialize(out)};
}

Status read_course(const std::string& bytes, DatasetTable& table) {
    const auto in = records::ObjectReader::parse(bytes);
    table.version = in.integer<std::int64_t>("version");
    table.valid_until = in.time("valid_until");
    table.loaded = in.time("loaded");
    table.source = in.text("source");
    table.horizon = in.integer<std::int64_t>("horizon");
    table.faults = in.integer<std::int64_t>("faults");
    return in.status();
}

using Touched = std::array<bool, kBuckets>;

// The buckets that were touched, whole; one that has become empty is a row that goes.
void append_buckets(const DatasetTable& table, const Touched& touched,
                    std::vector<StateChange>& rows) {
    std::array<std::string, kBuckets> texts;
    for (const auto& row : table.rows) {
        const auto bucket = bucket_of(row);
        if (touched.at(bucket)) append_row(texts.at(bucket), row);
    }
    for (std::size_t bucket = 0; bucket < kBuckets; ++bucket)
        if (touched.at(bucket))
            rows.push_back(
                {kDatasetRoom, bucket_key(table.name, bucket), std::move(texts.at(bucket))});
}

// The oldest deletions are forgotten; whoever has an older version than they are gets all anew.
void forget_gone(DatasetTable& table) {
    std::vector<std::int64_t> versions;
    for (const auto& row : table.rows)
        if (row.gone) versions.push_back(row.changed);
    if (versions.size() <= kGoneKept) return;
    std::ranges::sort(versions);
    const auto last = versions[versions.size() - kGoneKept - 1];
    std::erase_if(table.rows, [&](const auto& row) { return row.gone && row.changed <= last; });
    table.horizon = std::max(table.horizon, last);
}

// Takes a row of the file over the one that was there.
void take_over(const MasterRow& old, MasterRow fresh, DatasetTable& after) {
    // A deletion that says no more than the one before it changes nothing.
    const bool same =
        old.gone == fresh.gone && (old.text == fresh.text || (fresh.gone && fresh.text.empty()));
    if (same) return after.rows.push_back(old);
    fresh.changed = after.version;
    after.rows.push_back(std::move(fresh));
}

void leave_out(const MasterRow& old, LoadMode mode, DatasetTable& after) {
    after.rows.push_back(old);
    MasterRow& row = after.rows.back();
    if (mode == LoadMode::Merge || row.gone) return;
    row.gone = true;
    row.text.clear();
    row.changed = after.version;
}

}  // namespace

std::int64_t DatasetTable::size() const {
    return std::ranges::count_if(rows, [](const auto& row) { return !row.gone; });
}

DatasetTable next_table(const DatasetTable& before, LoadedRows loaded, LoadMode mode,
                        WallTime now) {
    DatasetTable after{
        .name = before.name,
        .version = std::max(before.version + 1,
                            std::chrono::floor<seconds>(now).time_since_epoch() / seconds{1}),
        .valid_until = loaded.valid_until,
        .loaded = now,
        .source = std::move(loaded.source),
        .horizon = before.horizon,
        .faults = loaded.faults};
    if (before.version == 0) after.horizon = after.version;
    after.rows.reserve(before.rows.size() + loaded.rows.size());
    auto old = before.rows.begin();
    for (auto& row : loaded.rows) {
        while (old != before.rows.end() && place_of(*old) < place_of(row))
            leave_out(*old++, mode, after);
        if (old != before.rows.end() && place_of(*old) == place_of(row)) {
            take_over(*old++, std::move(row), after);
        } else if (!row.gone) {
            row.changed = after.version;
            after.rows.push_back(std::move(row));
        }
    }
    while (old != before.rows.end()) leave_out(*old++, mode, after);
    forget_gone(after);
    return after;
}

std::vector<StateChange> dataset_rows(const DatasetTable& before, const DatasetTable& after) {
    Touched touched{};
    // Forgotten deletions can lie anywhere.
    const bool all = before.version == 0 || before.horizon != after.horizon;
    for (const auto& row : after.rows)
        if (row.changed == after.version) touched.at(bucket_of(row)) = true;
    if (all) touched.fill(true);
    std::vector<StateChange> rows{course_row(after)};
    append_buckets(after, touched, rows);
    return rows;
}

std::optional<WithoutErased> without_erased(const DatasetTable& table, std::string_view erasure) {
    Touched touched{};
    WithoutErased left{.table = table};
    const auto dropped = std::erase_if(left.table.rows, [&](const MasterRow& row) {
        const bool its = row.gone && row.text == erasure;
        if (!its) return false;
        touched.at(bucket_of(row)) = true;
        // A shop that has not heard of the deletion yet cannot hear of it any more: it gets a
        // snapshot. For all others nothing changes.
        left.table.horizon = std::max(left.table.horizon, row.changed);
        return true;
    });
    if (dropped == 0) return std::nullopt;
    left.state.push_back(course_row(left.table));
    append_buckets(left.table, touched, left.state);
    return left;
}

Result<std::map<wire::Dataset, SharedTable>> tables_from(const std::vector<StateChange>& rows) {
    std::map<wire::Dataset, DatasetTable> tables;
    for (const auto& row : rows) {
        const auto slash = row.key.find('/');
        const auto name = wire::dataset_from(row.key.substr(0, slash));
        if (!name) return malformed("a row of no dataset: " + row.key);
        DatasetTable& table = tables[*name];
        table.name = *name;
        const Status read = slash == std::string::npos ? read_course(row.bytes, table)
                                                       : read_bucket(row.bytes, table.rows);
        if (!read) return malformed(row.key + ": " + read.error().detail);
    }
    std::map<wire::Dataset, SharedTable> shared;
    for (auto& [name, table] : tables) {
        std::ranges::sort(table.rows, {}, [](const auto& row) { return place_of(row); });
        shared[name] = std::make_shared<const DatasetTable>(std::move(table));
    }
    return shared;
}

}  // namespace aisle::hq
