// aislectl offers stop, resume: one campaign in this shop, through the running agent. What the
// page's button stops, only whoever may use the agent's socket lets run again.
#include <CLI/CLI.hpp>
#include <boost/json.hpp>
#include <iostream>
#include <memory>

#include "agent/app/aislectl/offers_tools.hpp"
#include "agent/runtime/http.hpp"

namespace aisle::app::ctl {
namespace {

namespace json = boost::json;

constexpr milliseconds kAnswerMax{10'000};  // it is answered after the commit

struct StopCall {
    std::string socket = "/run/aisle/aisled.sock";
    std::string campaign;
    std::string by;
};

// Of a problem+json what people read; anything else as it came.
std::string detail_in(const std::string& body) {
    json::error_code error;
    const auto problem = json::parse(body, error);
    const auto* const object = problem.if_object();
    const auto* const detail = object == nullptr ? nullptr : object->if_contains("detail");
    return detail != nullptr && detail->is_string() ? std::string{detail->get_string()} : body;
}

int answered(const runtime::HttpResponse& answer, const StopCall& call, const Outcome& outcome) {
    switch (answer.status) {
        case 200:
            print(answer.body, outcome);
            return kOk;
        case 400:
            return fail(malformed(detail_in(answer.body)));
        case 403:
            return fail(denied(detail_in(answer.body)));
        case 404:
            std::cerr << "aislectl: this shop has no campaign " << call.campaign << "\n";
            return kNoInput;
        case 503:
            return fail(full(detail_in(answer.body)));
        default:
            return fail(unavailable(detail_in(answer.body)));
    }
}

int ask(const StopCall& call, const std::string& what, const Outcome& outcome) {
    json::object body;
    body["by"] = call.by;
    const auto answer =
        runtime::http_call("unix:" + call.socket,
                           {.method = "POST",
                            .path = "/api/v1/campaigns/" + call.campaign + ":" + what,
                            .headers = {{"content-type", "application/json"}},
                            .body = json::serialize(body)},
                           kAnswerMax);
    if (!answer)
        return fail(unavailable("the agent does not answer on " + call.socket + " (" +
                                answer.error().detail + ")"));
    return answered(*answer, call, outcome);
}

}  // namespace

void add_offers_stop(CLI::App& offers, Outcome& outcome) {
    struct Call {
        const char* name;
        const char* help;
    };
    constexpr Call kCalls[] = {
        {"stop", "stop a campaign in this shop; offers that customers have stay good"},
        {"resume", "let a campaign run again that was stopped, here or by a guardrail"}};
    for (const Call& call : kCalls) {
        auto options = std::make_shared<StopCall>();
        auto* const sub = offers.add_subcommand(call.name, call.help);
        sub->add_option("CAMPAIGN", options->campaign, "its id")->required();
        sub->add_option("--by", options->by, "who has it done")->required();
        sub->add_option("--socket", options->socket, "the agent's socket")->capture_default_str();
        sub->callback([options, what = std::string{call.name}, &outcome] {
            outcome.exit = ask(*options, what, outcome);
        });
    }
}

}  // namespace aisle::app::ctl
