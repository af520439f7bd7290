#include "sync/wire/state.hpp"

#include "sync/wire/fields.hpp"
#include "sync/wire/line.hpp"

namespace aisle::wire {
namespace {

std::string extents_json(const std::vector<StreamExtent>& streams) {
    std::string out = "{";
    for (const auto& extent : streams) {
        if (out.size() > 1) out += ',';
        out += quoted(aisle::to_text(extent.stream)) +
               ":{\"first\":" + std::to_string(extent.first) +
               ",\"next\":" + std::to_string(extent.next) + "}";
    }
    return out + "}";
}

void read_extents(Fields& fields, std::vector<StreamExtent>& streams) {
    const std::string all = fields.object_or_empty("streams");
    if (all.empty()) return;
    Fields by_name{all};
    for (const Stream stream : kUpStreams) {
        const std::string one = by_name.object_or_empty(aisle::to_text(stream));
        if (one.empty()) continue;
        Fields extent{one};
        streams.push_back({stream, extent.integer("first"), extent.integer("next")});
        if (extent.bad()) fields.reject("bad extent of a stream");
    }
    if (by_name.bad()) fields.reject("bad streams");
}

}  // namespace

std::string to_json(const StoreState& state) {
    std::string out = R"({"state":)" + quoted(state.alive ? "birth" : "death") +
                      ",\"epoch\":" + quoted(state.epoch) + ",\"version\":" + quoted(state.version);
    if (state.alive)
        out +=
            ",\"at\":\"" + to_rfc3339(state.at) + "\",\"streams\":" + extents_json(state.streams);
    return out + "}";
}

Result<StoreState> parse_state(std::string_view json) {
    Fields fields{json};
    StoreState state;
    const std::string word = fields.text("state");
    state.alive = word == "birth";
    if (!state.alive && word != "death") fields.reject("neither birth nor death");
    state.epoch = fields.text("epoch");
    state.version = fields.text_or("version", "");
    if (!is_hex16(state.epoch)) fields.reject("bad epoch");
    if (state.alive) {
        state.at = fields.time("at");
        read_extents(fields, state.streams);
    }
    if (fields.bad()) return fields.error();
    return state;
}

}  // namespace aisle::wire
