#include "sync/hq/dataset_load.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include "agent/records/json_text.hpp"
#include "sync/hq/dataset_csv.hpp"
#include "sync/wire/topics.hpp"

namespace aisle::hq {
namespace {

namespace json = boost::json;
using wire::Dataset;

constexpr std::size_t kFaultTextMax = 256;
constexpr std::size_t kKeyBytesMax = 200;
// Stands for the pseudonym while a row of `members` is looked over.
constexpr std::string_view kNobody = "00000000000000000000000000000000";

// What is sent down, in this order; the first is the key.
std::span<const std::string_view> fields_of(Dataset name) {
    static constexpr std::array<std::string_view, 6> kProducts{"sku",   "gtin",  "category",
                                                               "brand", "price", "cost"};
    static constexpr std::array<std::string_view, 2> kStock{"sku", "qty"};
    static constexpr std::array<std::string_view, 7> kMembers{
        "member", "tags", "segments", "tier", "consent", "scores", "birthday"};
    static constexpr std::array<std::string_view, 4> kFacts{"key", "value", "valid_from",
                                                            "valid_to"};
    switch (name) {
        case Dataset::Products:
            return kProducts;
        case Dataset::Stock:
            return kStock;
        case Dataset::Members:
            return kMembers;
        case Dataset::Calendar:
        case Dataset::Weather:
            break;
    }
    return kFacts;
}

std::string text_at(const json::object& object, std::string_view key) {
    const auto* value = object.if_contains(json::string_view{key.data(), key.size()});
    if (value == nullptr || !value->is_string()) return {};
    const auto& text = value->get_string();
    return {text.data(), text.size()};
}

bool is_plain(std::string_view text) {
    return std::ranges::none_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x20; });
}

// The line as it goes down; members under a stand-in.
std::string line_of(Dataset name, const json::object& object) {
    json::object out;
    for (const auto field : fields_of(name)) {
        const auto* value = object.if_contains(json::string_view{field.data(), field.size()});
        if (value != nullptr && !value->is_null()) records::put(out, field, *value);
    }
    if (name == Dataset::Members) out["member"] = json::string_view{kNobody.data(), kNobody.size()};
    return json::serialize(out);
}

// What follows the member's value in its line.
std::string rest_of(const std::string& line) {
    const auto at = line.find(kNobody);
    return line.substr(at + kNobody.size() + 1);
}

Result<MasterRow> gone_row(Dataset name, const json::object& object, MasterRow row) {
    row.gone = true;
    row.key = text_at(object, fields_of(name).front());
    const auto from = parse_rfc3339(text_at(object, "valid_from"));
    if (from && fields_of(name).front() == "key") row.key += '|' + to_rfc3339(*from);
    if (row.key.empty()) return malformed("no key");
    return row;
}

bool flag_at(const json::object& object, std::string_view key) {
    const auto* value = object.if_contains(json::string_view{key.data(), key.size()});
    return value != nullptr && value->is_bool() && value->get_bool();
}

// A row as the shops will read it: their own reader judges it, so that what is taken here is taken
// there.
Result<MasterRow> row_from(Dataset name, const json::object& object) {
    MasterRow row{.store = text_at(object, "store")};
    if (!row.store.empty() && !wire::valid_store_id(row.store)) return malformed("bad store id");
    if (name == Dataset::Stock && row.store.empty()) return malformed("stock needs a store");
    const auto own_key = text_at(object, fields_of(name).front());
    if (own_key.empty()) return malformed("no " + std::string{fields_of(name).front()});
    if (own_key.size() > kKeyBytesMax || !is_plain(own_key)) return malformed("bad key");
    if (flag_at(object, "gone")) return gone_row(name, object, std::move(row));

    std::string line = line_of(name, object);
    if (line.size() > wire::kDatasetRowBytesMax) return malformed("the row is too long");
    const auto read = wire::parse_dataset_rows(name, line + '\n');
    if (!read) return malformed(read.error().detail);
    if (read->size() != 1) return malformed("no row");
    row.key = name == Dataset::Members ? own_key : read->front().key;
    row.text = name == Dataset::Members ? rest_of(line) : std::move(line);
    return row;
}

class Reading {
public:
    explicit Reading(Dataset name) : name_{name} {}

    void take(std::int64_t line, std::string_view text, const Result<json::object>& object) {
        if (!object) return fault(line, object.error().detail, text);
        auto row = row_from(name_, *object);
        if (!row) return fault(line, row.error().detail, text);
        rows_.push_back({std::move(*row), line});
    }
    void fault(std::int64_t line, std::string reason, std::string_view text) {
        ++reading_.loaded.faults;
        if (reading_.faults.size() >= kFaultsKept) return;
        reading_.faults.push_back(
            {line, std::move(reason), std::string{text.substr(0, kFaultTextMax)}});
    }
    ReadingOrFaults finish() {
        const auto seen = static_cast<std::int64_t>(rows_.size()) + reading_.loaded.faults;
        settle();
        ReadingOrFaults done{.reading = std::move(reading_)};
        const auto bad = done.reading.loaded.faults;
        if (bad > std::max(kFaultsLeast, seen * kFaultsPermille / 1'000) || bad == seen)
            done.status = malformed(seen == 0 ? std::string{"no rows"}
                                              : std::to_string(bad) + " of " +
                                                    std::to_string(seen) + " rows cannot be used");
        if (done.reading.loaded.rows.size() > wire::kDatasetRowsMax)
            done.status = malformed("too many rows");
        return done;
    }

private:
    struct Numbered {
        MasterRow row;
        std::int64_t line = 0;
    };
    // By place; of the same place the last line counts.
    void settle() {
        std::ranges::stable_sort(
            rows_, {}, [](const auto& one) { return std::tie(one.row.store, one.row.key); });
        for (std::size_t i = 0; i < rows_.size(); ++i) {
            const bool again = i + 1 < rows_.size() && rows_[i].row.key == rows_[i + 1].row.key &&
                               rows_[i].row.store == rows_[i + 1].row.store;
            if (again)
                fault(rows_[i].line, "the same key comes again below", {});
            else
                reading_.loaded.rows.push_back(std::move(rows_[i].row));
        }
    }

    Dataset name_;
    std::vector<Numbered> rows_;
    DatasetReading reading_;
};

Result<json::object> object_from(std::string_view line) {
    boost::system::error_code error;
    json::parse_options options;
    options.max_depth = 8;
    auto value = json::parse(json::string_view{line.data(), line.size()}, error, {}, options);
    if (error) return malformed("no JSON: " + error.message());
    if (!value.is_object()) return malformed("no JSON object");
    return std::move(value.get_object());
}

void read_json_lines(std::string_view text, Reading& reading) {
    std::int64_t number = 0;
    while (!text.empty()) {
        const auto end = text.find('\n');
        auto line = text.substr(0, end);
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
        ++number;
        if (line.ends_with('\r')) line.remove_suffix(1);
        if (line.find_first_not_of(" \t") == std::string_view::npos) continue;
        if (line.size() > wire::kDatasetRowBytesMax)
            reading.fault(number, "the line is too long", line);
        else
            reading.take(number, line, object_from(line));
    }
}

}  // namespace

ReadingOrFaults read_dataset(const DatasetFile& file) {
    auto text = file.text;
    if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);  // spreadsheets write it
    Reading reading{file.name};
    if (text.size() > kDatasetUploadBytesMax) return {.status = malformed("the file is too long")};
    if (file.format == DatasetFormat::JsonLines) {
        read_json_lines(text, reading);
        return reading.finish();
    }
    CsvReader csv{text};
    if (auto head = csv.head(); !head) return {.status = head.error()};
    while (auto row = csv.next()) reading.take(row->line, row->text, row->object);
    return reading.finish();
}

std::string faults_json(const std::vector<RowFault>& faults) {
    json::array all;
    for (const auto& fault : faults) {
        json::object one;
        records::put(one, "line", json::value(fault.line));
        records::put(one, "reason", fault.reason);
        records::put(one, "text", fault.text);
        all.emplace_back(std::move(one));
    }
    json::object out;
    records::put(out, "faults", json::value(std::move(all)));
    return json::serialize(out);
}

std::chrono::hours usual_validity(wire::Dataset name) {
    using std::chrono::hours;
    switch (name) {
        case Dataset::Products:
            return hours{24 * 30};
        case Dataset::Stock:
            return hours{24};
        case Dataset::Members:
            return hours{24 * 7};
        case Dataset::Calendar:
            return hours{24 * 400};
        case Dataset::Weather:
            break;
    }
    return hours{6};
}

}  // namespace aisle::hq
