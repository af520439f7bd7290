#include "agent/store/opening.hpp"

#include <boost/json.hpp>

namespace aisle::store {

namespace json = boost::json;

std::string to_json(const Opening& opening) {
    json::object lost;
    for (const Stream stream : kUpStreams) {
        lost[to_text(stream)] = opening.lost.at(static_cast<std::size_t>(stream));
    }
    json::object out;
    out["what"] = opening.salvaged ? "store_salvaged" : "store_epoch";
    out["why"] = opening.why;
    out["rows_saved"] = opening.rows_saved;
    out["rows_lost"] = opening.rows_lost;
    out["rows_left"] = opening.rows_left;
    out["lost"] = lost;
    out["set_aside"] = opening.set_aside;
    out["was_epoch"] = opening.was_epoch;
    return json::serialize(out);
}

}  // namespace aisle::store
