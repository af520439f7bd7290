#include "sync/uplink/dataset_steps.hpp"

#include <array>
#include <boost/json.hpp>

namespace aisle::uplink {
namespace {

namespace json = boost::json;

constexpr std::uint64_t kFnvBasis = 14'695'981'039'346'656'037ULL;
constexpr std::uint64_t kFnvPrime = 1'099'511'628'211ULL;

}  // namespace

std::string to_row(const DatasetHead& head) {
    json::object row;
    row["version"] = head.version;
    row["valid_until"] = head.valid_until.time_since_epoch().count();
    row["rows"] = head.rows;
    row["loaded"] = head.loaded.time_since_epoch().count();
    return json::serialize(row);
}

std::optional<DatasetHead> dataset_head_from(std::string_view text) try {
    const json::value value = json::parse(json::string_view{text.data(), text.size()});
    const json::object& row = value.as_object();
    const auto time = [&](const char* name) {
        return WallTime{milliseconds{row.at(name).as_int64()}};
    };
    return DatasetHead{.version = row.at("version").as_int64(),
                       .valid_until = time("valid_until"),
                       .rows = row.at("rows").as_int64(),
                       .loaded = time("loaded")};
} catch (const std::exception&) {
    return std::nullopt;
}

std::string row_key(wire::Dataset name, std::string_view key) {
    return "row/" + std::string{wire::to_text(name)} + "/" + std::string{key};
}

std::string head_key(wire::Dataset name) { return "head/" + std::string{wire::to_text(name)}; }

std::string row_digest(std::string_view text) {
    std::uint64_t hash = kFnvBasis;
    for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * kFnvPrime;
    constexpr std::string_view kHex = "0123456789abcdef";
    std::string out(16, '0');
    for (std::size_t i = out.size(); i-- > 0; hash >>= 4U) out[i] = kHex[hash & 0xFU];
    return out;
}

}  // namespace aisle::uplink
