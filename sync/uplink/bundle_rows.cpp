#include "sync/uplink/bundle_rows.hpp"

#include <boost/json.hpp>

namespace aisle::uplink {

namespace json = boost::json;

std::string slot_key(char slot) { return std::string{"slot/"} + slot; }

std::string to_row(const BundlePointer& pointer) {
    json::object row;
    row["active"] = json::string(1, pointer.active);
    row["newest"] = pointer.newest;
    row["trial"] = pointer.trial;
    row["starts"] = pointer.starts;
    row["expired"] = pointer.expired;
    row["good"] = json::string(1, pointer.good);
    return json::serialize(row);
}

std::optional<BundlePointer> pointer_from(std::string_view text) try {
    const json::value value = json::parse(json::string_view{text.data(), text.size()});
    const json::object& row = value.as_object();
    const auto slot = [&](const char* name) {
        const json::string& word = row.at(name).as_string();
        return word.size() == 1 ? word[0] : '?';
    };
    BundlePointer pointer{.active = slot("active"),
                          .newest = row.at("newest").as_int64(),
                          .trial = row.at("trial").as_bool(),
                          .starts = row.at("starts").as_int64(),
                          .expired = row.at("expired").as_bool(),
                          .good = slot("good")};
    const auto known = [](char c) { return c == 'a' || c == 'b' || c == '-'; };
    if (!known(pointer.active) || !known(pointer.good)) return std::nullopt;
    return pointer;
} catch (const std::exception&) {
    return std::nullopt;
}

}  // namespace aisle::uplink
