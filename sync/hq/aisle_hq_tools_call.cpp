#include "sync/hq/aisle_hq_tools_call.hpp"

#include "agent/records/json_text.hpp"
#include "agent/runtime/http.hpp"
#include "agent/runtime/secret_file.hpp"
#include "config/toml_reader.hpp"
#include "sync/hq/keys.hpp"

namespace aisle::hq {
namespace {

namespace json = boost::json;
using records::put;
using runtime::HttpRequest;

constexpr milliseconds kPatience{30'000};

Fault fault_of(int status) {
    if (status == 409 || status == 401 || status == 403) return Fault::Denied;
    return status < 500 ? Fault::Malformed : Fault::Unavailable;
}

Result<std::string> call(const HqAddress& hq, HttpRequest request) {
    if (!hq.token_file.empty()) {
        const auto token = runtime::read_secret_file(hq.token_file);
        if (!token) return token.error();
        request.headers["authorization"] = "Bearer " + *token;
    }
    auto answer = runtime::http_call(hq.address, request, kPatience);
    if (!answer) return answer.error();
    if (answer->status / 100 == 2) return std::move(answer->body);
    boost::system::error_code bad;
    const auto problem = json::parse(answer->body, bad);
    std::string why = "HQ answered " + std::to_string(answer->status);
    if (!bad && problem.is_object())
        if (const auto* detail = problem.get_object().if_contains("detail");
            detail != nullptr && detail->is_string())
            why += ": " + std::string{detail->get_string()};
    return Error{fault_of(answer->status), why};
}

Result<std::string> printed(Result<std::string> body) {
    if (body) *body += '\n';
    return body;
}

}  // namespace

Result<std::string> roll_out(const HqAddress& hq, const std::string& file, const PlanWords& plan) {
    auto bytes = config::read_text_file(file);
    if (!bytes) return bytes.error();
    HttpRequest request{.method = "POST", .path = "/api/v1/bundles", .body = std::move(*bytes)};
    const auto ask = [&](const char* name, const std::string& value) {
        if (!value.empty()) request.query[name] = value;
    };
    ask("canaries", plan.canaries);
    ask("early_permille", plan.early_permille);
    ask("soak_s", plan.soak_s);
    ask("broken_max", plan.broken_max);
    ask("restarts_max", plan.restarts_max);
    ask("errors_max", plan.errors_max);
    ask("withheld_rise_permille", plan.withheld_rise_permille);
    if (plan.roll_back) request.query["roll_back"] = "true";
    return printed(call(hq, std::move(request)));
}

Result<std::string> turn_rollout(const HqAddress& hq, std::int64_t version, const char* how) {
    return printed(call(
        hq, {.method = "POST", .path = "/api/v1/bundles/" + std::to_string(version) + ':' + how}));
}

Result<std::string> send_command(const HqAddress& hq, const CommandToSign& wish) {
    std::vector<std::string> bodies;
    if (wish.key.empty()) {
        json::object body;
        json::array stores;
        for (const auto& store : wish.stores) stores.emplace_back(records::as_text(store));
        put(body, "stores", json::value(std::move(stores)));
        put(body, "type", wish.type);
        put(body, "valid_s", json::value(wish.valid_s));
        boost::system::error_code bad;
        put(body, "args", json::parse(wish.args, bad));
        if (bad) return malformed("--args is no JSON");
        bodies.push_back(json::serialize(body));
    } else {
        auto sealed = sign_commands(wish);
        if (!sealed) return sealed.error();
        bodies = std::move(*sealed);
    }
    if (!wish.out.empty()) {
        if (wish.key.empty() || bodies.size() != 1)
            return malformed("--out needs --key and one store");
        if (auto kept = replace_file({.path = wish.out, .text = bodies.front()}); !kept)
            return kept.error();
        return std::string{};
    }
    std::string lines;
    for (auto& body : bodies) {
        auto answer = printed(
            call(hq, {.method = "POST", .path = "/api/v1/commands", .body = std::move(body)}));
        if (!answer) return answer.error();
        lines += *answer;
    }
    return lines;
}

Result<std::string> set_budget(const HqAddress& hq, const std::string& campaign,
                               std::int64_t total) {
    return printed(call(hq, {.method = "PUT",
                             .path = "/api/v1/budgets/" + campaign,
                             .body = "{\"total\":" + std::to_string(total) + "}"}));
}

Result<std::string> recall_budget(const HqAddress& hq, const std::string& campaign) {
    return printed(call(hq, {.method = "POST", .path = "/api/v1/budgets/" + campaign + ":recall"}));
}

Result<std::string> list_from(const HqAddress& hq, const std::string& path, const char* array) {
    const auto body = call(hq, {.method = "GET", .path = path});
    if (!body) return body.error();
    boost::system::error_code bad;
    const auto value = json::parse(*body, bad);
    if (bad || !value.is_object()) return malformed("HQ's answer is no JSON object");
    const auto* all = value.get_object().if_contains(array);
    if (all == nullptr || !all->is_array()) return malformed("HQ's answer has no list");
    std::string lines;
    for (const auto& one : all->get_array()) lines += json::serialize(one) + '\n';
    return lines;
}

}  // namespace aisle::hq
