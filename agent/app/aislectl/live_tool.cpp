// aislectl status: asks the running agent over its Unix socket.
#include <CLI/CLI.hpp>
#include <memory>

#include "agent/app/aislectl/tool.hpp"
#include "agent/runtime/http.hpp"

namespace aisle::app::ctl {
namespace {

struct LiveCall {
    std::string socket = "/run/aisle/aisled.sock";
};

int ask(const LiveCall& options, const std::string& path, const Outcome& outcome) {
    const auto answer = runtime::http_call("unix:" + options.socket,
                                           {.method = "GET", .path = path}, milliseconds{5000});
    if (!answer) {
        return fail(unavailable("the agent does not answer on " + options.socket + " (" +
                                answer.error().detail + "); with it down, use --data DIR"));
    }
    if (answer->status != 200) return fail(unavailable(answer->body));
    print(answer->body, outcome);
    return kOk;
}

}  // namespace

void add_live(CLI::App& app, Outcome& outcome) {
    struct Call {
        const char* name;
        const char* path;
        const char* help;
    };
    constexpr Call kCalls[] = {{"status", "/api/v1/status", "how the agent is"},
                               {"today", "/api/v1/today", "the day's figures"},
                               {"cards", "/api/v1/offers", "the live offers"}};
    auto options = std::make_shared<LiveCall>();
    for (const Call& call : kCalls) {
        auto* sub = app.add_subcommand(call.name, call.help);
        sub->add_option("--socket", options->socket, "the agent's socket")->capture_default_str();
        sub->callback([options, path = std::string{call.path}, &outcome] {
            outcome.exit = ask(*options, path, outcome);
        });
    }
}

}  // namespace aisle::app::ctl
