#include "agent/store/opening.hpp"

#include <boost/json.hpp>

namespace aisle::store {

namespace json = boost::json;

std::string to_json(const Opening& opening) {
    return to_json(opening, opening.salvaged ? kSalvaged : kEpochBegan);
}

bool is_told_by_store(std::string_view audit_body) {
    for (const std::string_view what : {kSalvaged, kEpochBegan, kSalvageEnded}) {
        if (audit_body.starts_with("{\"what\":\"" + std::string{what} + '"')) return true;
    }
    return false;
}

std::string to_json(const Opening& opening, std::string_view what) {
    json::object lost;
    for (const Stream stream : kUpStreams) {
        lost[to_text(stream)] = opening.lost.at(static_cast<std::size_t>(stream));
    }
    json::object out;
    out["what"] = what;
    out["why"] = opening.why;
    out["rows_saved"] = opening.rows_saved;
    out["rows_lost"] = opening.rows_lost;
    out["rows_left"] = opening.rows_left;
    out["lost"] = lost;
    out["salvaging"] = opening.salvaging;
    out["set_aside"] = opening.set_aside;
    out["was_epoch"] = opening.was_epoch;
    return json::serialize(out);
}

}  // namespace aisle::store
