// aislectl bundle: hands a signed bundle to the running agent, for shops without uplink.
#include <CLI/CLI.hpp>
#include <memory>

#include "agent/app/aislectl/tool.hpp"
#include "agent/runtime/http.hpp"

namespace aisle::app::ctl {
namespace {

struct BundleCall {
    std::string socket = "/run/aisle/aisled.sock";
    std::string file;
};

int call(const BundleCall& options, runtime::HttpRequest request, const Outcome& outcome) {
    const auto answer = runtime::http_call("unix:" + options.socket, request, milliseconds{15'000});
    if (!answer)
        return fail(unavailable("the agent does not answer on " + options.socket + " (" +
                                answer.error().detail + ")"));
    if (answer->status == 503) return fail(full(answer->body));
    if (answer->status >= 300) return fail(malformed(answer->body));
    print(answer->body, outcome);
    return kOk;
}

int load(const BundleCall& options, const Outcome& outcome) {
    auto bytes = read_input(options.file);
    if (!bytes) {
        (void)fail(bytes.error());
        return kNoInput;
    }
    return call(options, {.method = "POST", .path = "/api/v1/bundles", .body = std::move(*bytes)},
                outcome);
}

}  // namespace

void add_bundle(CLI::App& app, Outcome& outcome) {
    auto options = std::make_shared<BundleCall>();
    auto* bundle = app.add_subcommand("bundle", "signed campaigns and settings from HQ");
    bundle->require_subcommand(1);
    bundle->add_option("--socket", options->socket, "the agent's socket")->capture_default_str();
    auto* take = bundle->add_subcommand("load", "hand in a bundle from a file");
    take->add_option("file", options->file, "as aisle-hq has signed it")->required();
    take->callback([options, &outcome] { outcome.exit = load(*options, outcome); });
    auto* status = bundle->add_subcommand("status", "what runs, what waits, datasets and leases");
    status->callback([options, &outcome] {
        outcome.exit = call(*options, {.method = "GET", .path = "/api/v1/bundles"}, outcome);
    });
    auto* back = bundle->add_subcommand("rollback", "go back to what ran before");
    back->callback([options, &outcome] {
        outcome.exit =
            call(*options, {.method = "POST", .path = "/api/v1/bundles:rollback"}, outcome);
    });
}

}  // namespace aisle::app::ctl
