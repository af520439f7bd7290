#include "sync/wire/state.hpp"

#include <algorithm>
#include <span>

#include "sync/wire/fields.hpp"
#include "sync/wire/line.hpp"

namespace aisle::wire {
namespace {

constexpr std::size_t kKeyIdMax = 32;

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

void append_number(std::string& out, std::string_view name,
                   const std::optional<std::int64_t>& number) {
    if (!number) return;
    out += ",";
    out += quoted(name) + ":" + std::to_string(*number);
}

void append_health(std::string& out, const Health& health) {
    append_number(out, "bundle", health.bundle);
    if (health.datasets) {
        std::string versions;
        for (const auto& dataset :
             std::span{*health.datasets}.first(std::min(health.datasets->size(), kDatasetsMax)))
            versions += (versions.empty() ? "" : ",") + quoted(dataset.name) + ":" +
                        std::to_string(dataset.version);
        out += ",\"datasets\":{" + versions + "}";
    }
    append_number(out, "lag_s", health.lag_s);
    append_number(out, "dropped", health.dropped);
    append_number(out, "disk_free_bytes", health.disk_free_bytes);
    if (health.clock) out += ",\"clock\":" + quoted(aisle::to_text(*health.clock));
    append_number(out, "boot", health.boot);
    if (!health.member_key.empty()) out += ",\"key\":" + quoted(health.member_key);
}

std::optional<std::int64_t> read_number(Fields& fields, std::string_view name) {
    if (!fields.has(name)) return std::nullopt;
    return fields.integer(name);
}

void read_datasets(Fields& fields, Health& health) {
    if (!fields.has("datasets")) return;
    auto& datasets = health.datasets.emplace();
    const std::string all = fields.object_or_empty("datasets");
    if (all.empty()) return;
    Fields by_name{all};
    for (const auto& name : by_name.names()) {
        if (datasets.size() >= kDatasetsMax) return fields.reject("too many datasets");
        datasets.push_back({name, by_name.integer(name)});
    }
    if (by_name.bad()) fields.reject("bad version of a dataset");
}

void read_health(Fields& fields, Health& health) {
    health.bundle = read_number(fields, "bundle");
    read_datasets(fields, health);
    health.lag_s = read_number(fields, "lag_s");
    health.dropped = read_number(fields, "dropped");
    health.disk_free_bytes = read_number(fields, "disk_free_bytes");
    health.boot = read_number(fields, "boot");
    health.member_key = fields.text_or("key", "");
    if (health.member_key.size() > kKeyIdMax) fields.reject("bad id of a key");
    if (!fields.has("clock")) return;
    health.clock = clock_quality_from(fields.text("clock"));
    if (!health.clock) fields.reject("no such clock quality");
}

}  // namespace

std::string to_json(const StoreState& state) {
    std::string out = R"({"state":)" + quoted(state.alive ? "birth" : "death") +
                      ",\"epoch\":" + quoted(state.epoch) + ",\"version\":" + quoted(state.version);
    if (!state.run.empty()) out += ",\"run\":" + quoted(state.run);
    if (state.alive) {
        out += ",\"at\":\"" + to_rfc3339(state.at) + "\"";
        append_health(out, state.health);
        out += ",\"streams\":" + extents_json(state.streams);
    }
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
    state.run = fields.text_or("run", "");
    if (!is_hex16(state.epoch)) fields.reject("bad epoch");
    if (!state.run.empty() && !is_hex16(state.run)) fields.reject("bad run");
    if (state.alive) {
        state.at = fields.time("at");
        read_health(fields, state.health);
        read_extents(fields, state.streams);
    }
    if (fields.bad()) return fields.error();
    return state;
}

}  // namespace aisle::wire
