#include "agent/store/salvage_rest.hpp"

#include "agent/records/object_reader.hpp"

namespace aisle::store {

namespace json = boost::json;

std::string to_json(const SalvageRest& rest) {
    json::object streams;
    for (const Stream stream : kUpStreams) {
        const SalvageRest::Part& part = rest.parts.at(static_cast<std::size_t>(stream));
        json::object object;
        object["next"] = part.next;
        object["end"] = part.end;
        object["id_last"] = part.id_last;
        object["lost"] = part.lost;
        object["done"] = part.done;
        streams[to_text(stream)] = object;
    }
    json::object out;
    out["file"] = rest.file;
    out["epoch"] = rest.epoch;
    out["streams"] = streams;
    out["last_id"] = rest.last_id;
    out["journal_to"] = rest.journal_to;
    out["first_id"] = rest.first_id;
    out["rows_saved"] = rest.rows_saved;
    out["rows_lost"] = rest.rows_lost;
    out["quarantine_next"] = rest.quarantine_next;
    out["quarantine_end"] = rest.quarantine_end;
    return json::serialize(out);
}

Result<SalvageRest> salvage_rest_from_json(std::string_view text) {
    using Number = std::int64_t;
    const auto in = records::ObjectReader::parse(text);
    in.require({"file", "streams", "last_id", "journal_to"});
    SalvageRest rest{.file = in.text("file"),
                     .epoch = in.text("epoch"),
                     .last_id = in.integer<Number>("last_id"),
                     .journal_to = in.integer<Number>("journal_to"),
                     .first_id = in.integer<Number>("first_id", 1),
                     .rows_saved = in.integer<Number>("rows_saved"),
                     .rows_lost = in.integer<Number>("rows_lost"),
                     .quarantine_next = in.integer<Number>("quarantine_next", 1),
                     .quarantine_end = in.integer<Number>("quarantine_end", 1)};
    const auto streams = in.object("streams");
    for (const Stream stream : kUpStreams) {
        const auto part = streams.object(to_text(stream));
        rest.parts.at(static_cast<std::size_t>(stream)) = {
            .next = part.integer<Number>("next", 1),
            .end = part.integer<Number>("end", 1),
            .id_last = part.integer<Number>("id_last"),
            .lost = part.integer<Number>("lost"),
            .done = part.flag("done")};
    }
    return in.finish(std::move(rest));
}

}  // namespace aisle::store
