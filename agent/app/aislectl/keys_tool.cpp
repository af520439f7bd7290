// aislectl keys: the store's key for pseudonyms, its rotation and the end of an overlap. With the
// agent stopped, or followed by its restart: a running agent keeps the keys it has read.
#include <CLI/CLI.hpp>
#include <boost/json.hpp>
#include <memory>

#include "agent/app/aislectl/tool.hpp"
#include "agent/app/keys.hpp"

namespace aisle::app::ctl {
namespace {

namespace json = boost::json;

struct KeysCall {
    std::string data = "/var/lib/aisle";
    std::string id;
};

int list(const KeysCall& options, const Outcome& outcome) {
    const auto keys = list_store_keys(options.data);
    if (!keys) return fail(keys.error());
    for (const KeyOnDisk& key : *keys) {
        json::object line;
        line["key"] = key.id;
        line["active"] = key.active;
        print(json::serialize(line), outcome);
    }
    return kOk;
}

int rotate(const KeysCall& options, const Outcome& outcome) {
    const auto id = rotate_store_key(options.data);
    if (!id) return fail(id.error());
    json::object answer;
    answer["key"] = *id;
    answer["active"] = true;
    print(json::serialize(answer), outcome);
    return kOk;
}

int retire(const KeysCall& options, const Outcome& outcome) {
    if (const Status done = retire_store_key(options.data, options.id); !done)
        return fail(done.error());
    json::object answer;
    answer["key"] = options.id;
    answer["retired"] = true;
    print(json::serialize(answer), outcome);
    return kOk;
}

}  // namespace

void add_keys(CLI::App& app, Outcome& outcome) {
    auto options = std::make_shared<KeysCall>();
    auto* keys =
        app.add_subcommand("keys", "the store's keys for pseudonyms")->require_subcommand(1);
    keys->add_option("--data", options->data, "the agent's data directory")->capture_default_str();
    auto* list_call = keys->add_subcommand("list", "one line a key, the one in use first");
    list_call->callback([options, &outcome] { outcome.exit = list(*options, outcome); });
    auto* rotate_call = keys->add_subcommand("rotate", "make a new one and keep the old one");
    rotate_call->callback([options, &outcome] { outcome.exit = rotate(*options, outcome); });
    auto* retire_call = keys->add_subcommand("retire", "end the overlap of an earlier one");
    retire_call->add_option("ID", options->id)->required();
    retire_call->callback([options, &outcome] { outcome.exit = retire(*options, outcome); });
}

}  // namespace aisle::app::ctl
