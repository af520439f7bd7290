#include "sync/uplink/command_rows.hpp"

#include <boost/json.hpp>

namespace aisle::uplink {
namespace {

namespace json = boost::json;

std::string text_at(const json::object& row, const char* name) {
    const auto* const value = row.if_contains(name);
    if (value == nullptr) return {};
    const json::string& text = value->as_string();
    return {text.data(), text.size()};
}

}  // namespace

std::string to_row(const CommandRow& command) {
    json::object row;
    row["type"] = command.type;
    row["status"] = command.status;
    if (!command.detail.empty()) row["detail"] = command.detail;
    row["keep_until"] = command.keep_until.time_since_epoch().count();
    row["answers"] = command.answers;
    if (!command.payload.empty()) row["payload"] = command.payload;
    return json::serialize(row);
}

std::optional<CommandRow> command_row_from(std::string_view text) try {
    const json::value value = json::parse(json::string_view{text.data(), text.size()});
    const json::object& row = value.as_object();
    return CommandRow{.type = text_at(row, "type"),
                      .status = text_at(row, "status"),
                      .detail = text_at(row, "detail"),
                      .keep_until = WallTime{milliseconds{row.at("keep_until").as_int64()}},
                      .answers = row.at("answers").to_number<std::int32_t>(),
                      .payload = text_at(row, "payload")};
} catch (const std::exception&) {
    return std::nullopt;
}

}  // namespace aisle::uplink
