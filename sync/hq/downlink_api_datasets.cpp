#include <utility>

#include "sync/hq/downlink_api.hpp"

namespace aisle::hq {
namespace {

using namespace api;

bool is_csv(const HttpRequest& request) {
    const auto type = request.headers.find("content-type");
    return type != request.headers.end() && type->second.starts_with("text/csv");
}

std::optional<wire::Dataset> name_of(const HttpRequest& request) {
    return wire::dataset_from(request.wild.at("name"));
}

runtime::HttpResponse unknown_name() {
    return runtime::problem(404, "Not Found",
                            "datasets are products, stock, members, calendar, weather");
}

// ?valid_until=RFC 3339 or ?valid_s=N.
Result<std::optional<WallTime>> validity(const HttpRequest& request, WallTime now) {
    const auto until = request.query.find("valid_until");
    const auto lasting = request.query.find("valid_s");
    std::optional<WallTime> end;
    if (until != request.query.end()) {
        end = parse_rfc3339(until->second);
        if (!end) return malformed("valid_until is no RFC 3339 time");
    } else if (lasting != request.query.end()) {
        const auto& text = lasting->second;
        if (text.empty() || text.size() > 9 ||
            text.find_first_not_of("0123456789") != std::string::npos)
            return malformed("valid_s is no number");
        end = now + seconds{std::stoll(text)};
    }
    if (end && *end <= now) return malformed("it would be over already");
    return end;
}

json::value faults_value(const DatasetReading& read) {
    auto parsed = json::parse(faults_json(read.faults));
    return std::move(parsed.at("faults"));
}

void answer_load(const HttpReply& reply, const Status& status, const DatasetTable& table,
                 const DatasetReading& read) {
    json::object body;
    put(body, "dataset", to_text(table.name));
    put(body, "faults", json::value(read.loaded.faults));
    put(body, "bad_rows", faults_value(read));
    if (status) {
        put(body, "version", json::value(table.version));
        put(body, "rows", json::value(table.size()));
        put(body, "valid_until", table.valid_until);
        return reply(json_response(body));
    }
    if (status.error().fault != Fault::Malformed) return reply(refusal_response(status.error()));
    put(body, "title", "Unprocessable Content");
    put(body, "status", json::value(422));
    put(body, "detail", status.error().detail);
    auto response = json_response(body, 422);
    response.type = "application/problem+json";
    reply(std::move(response));
}

DownlinkHandler take(LoadMode mode) {
    return [mode](Downlink::Core& core, const HttpRequest& request, HttpReply reply) {
        const auto name = name_of(request);
        if (!name) return reply(unknown_name());
        const auto valid_until = validity(request, core.now().wall);
        if (!valid_until) return reply(refusal_response(valid_until.error()));
        core.load({.name = *name,
                   .format = is_csv(request) ? DatasetFormat::Csv : DatasetFormat::JsonLines,
                   .mode = mode,
                   .valid_until = *valid_until,
                   .source = "http",
                   .text = request.body},
                  [reply = std::move(reply)](const Status& status, const DatasetTable& table,
                                             const DatasetReading& read) {
                      answer_load(reply, status, table, read);
                  });
    };
}

json::object store_object(const std::string& store, const StoreDataset& held,
                          const DatasetTable& table, WallTime now) {
    json::object one;
    put(one, "store", store);
    put(one, "version", json::value(held.version));
    put(one, "current", json::value(held.version >= table.version));
    if (held.shown != WallTime{}) put(one, "shown", held.shown);
    // A version counts seconds, so what a store has tells how old it is.
    if (held.version > 0)
        put(one, "age_s", json::value(now.time_since_epoch() / seconds{1} - held.version));
    put(one, "trouble", held.trouble);
    return one;
}

StoreDataset held_by(const Downlink::Core& core, const std::string& store, wire::Dataset name) {
    const auto known = core.desks->datasets.stores().find(store);
    if (known == core.desks->datasets.stores().end()) return {};
    const auto held = known->second.find(name);
    return held == known->second.end() ? StoreDataset{} : held->second;
}

json::object table_object(const Downlink::Core& core, const DatasetTable& table) {
    const WallTime now = core.now().wall;
    json::object one;
    put(one, "name", to_text(table.name));
    put(one, "version", json::value(table.version));
    put(one, "rows", json::value(table.size()));
    put(one, "faults", json::value(table.faults));
    put(one, "source", table.source);
    put(one, "loaded", table.loaded);
    put(one, "age_s", json::value((now - table.loaded) / seconds{1}));
    put(one, "valid_until", table.valid_until);
    put(one, "expired", json::value(table.valid_until <= now));
    std::int64_t current = 0;
    for (const auto& store : core.desks->stores)
        current += held_by(core, store, table.name).version >= table.version ? 1 : 0;
    put(one, "shops", json::value(static_cast<std::int64_t>(core.desks->stores.size())));
    put(one, "shops_current", json::value(current));
    return one;
}

void list(Downlink::Core& core, const HttpRequest&, const HttpReply& reply) {
    json::array all;
    for (const auto& [name, table] : core.desks->datasets.tables())
        all.emplace_back(table_object(core, *table));
    json::object body;
    put(body, "now", core.now().wall);
    put(body, "signing", json::value(core.signing.has_value()));
    put(body, "datasets", json::value(std::move(all)));
    reply(json_response(body));
}

void show(Downlink::Core& core, const HttpRequest& request, const HttpReply& reply) {
    const auto name = name_of(request);
    if (!name) return reply(unknown_name());
    const auto found = core.desks->datasets.tables().find(*name);
    if (found == core.desks->datasets.tables().end())
        return reply(runtime::problem(404, "Not Found", "nothing was loaded yet"));
    json::object body = table_object(core, *found->second);
    json::array stores;
    for (const auto& store : core.desks->stores)
        stores.emplace_back(
            store_object(store, held_by(core, store, *name), *found->second, core.now().wall));
    put(body, "stores", json::value(std::move(stores)));
    reply(json_response(body));
}

void quarantine(Downlink::Core& core, const HttpRequest& request, const HttpReply& reply) {
    const auto name = name_of(request);
    if (!name) return reply(unknown_name());
    const auto kept = core.desks->quarantine.find(*name);
    reply({.body = kept == core.desks->quarantine.end() ? R"({"faults":[]})" : kept->second,
           .headers = {{"Cache-Control", "no-store"}}});
}

}  // namespace

void add_dataset_routes(runtime::HttpRoutes& routes, const std::shared_ptr<Downlink::Core>& core) {
    routes.on("PUT", "/api/v1/datasets/{name}", changing(core, take(LoadMode::Replace)));
    routes.on("PATCH", "/api/v1/datasets/{name}", changing(core, take(LoadMode::Merge)));
    routes.on("GET", "/api/v1/datasets", showing(core, list));
    routes.on("GET", "/api/v1/datasets/{name}", showing(core, show));
    routes.on("GET", "/api/v1/datasets/{name}/quarantine", showing(core, quarantine));
}

}  // namespace aisle::hq
