#include "sync/hq/downlink_api.hpp"

#include <utility>

#include "agent/runtime/hmac.hpp"

namespace aisle::hq {
namespace {

using runtime::HttpReply;
using runtime::HttpRequest;
using runtime::HttpResponse;

bool may_change(const Downlink::Core& core, const HttpRequest& request) {
    if (core.token.empty()) return true;
    constexpr std::string_view kBearer = "Bearer ";
    const auto header = request.headers.find("authorization");
    if (header == request.headers.end() || !header->second.starts_with(kBearer)) return false;
    return runtime::equal_in_constant_time(std::string_view{header->second}.substr(kBearer.size()),
                                           core.token);
}

runtime::HttpHandler when_running(const std::shared_ptr<Downlink::Core>& core,
                                  DownlinkHandler handler) {
    return [weak = std::weak_ptr{core}, handler = std::move(handler)](const HttpRequest& request,
                                                                      HttpReply reply) {
        const auto self = weak.lock();
        if (!self) return reply(runtime::problem(unavailable("HQ is stopping")));
        if (!self->active)
            return reply(runtime::problem(unavailable("another aisle-hq holds the roll-out")));
        if (!self->running())
            return reply(runtime::problem(unavailable("the state is being read")));
        handler(*self, request, std::move(reply));
    };
}

}  // namespace

runtime::HttpHandler showing(const std::shared_ptr<Downlink::Core>& core, DownlinkHandler handler) {
    return when_running(core, std::move(handler));
}

runtime::HttpHandler changing(const std::shared_ptr<Downlink::Core>& core,
                              DownlinkHandler handler) {
    return when_running(core, [handler = std::move(handler)](Downlink::Core& self,
                                                             const HttpRequest& request,
                                                             HttpReply reply) {
        if (!may_change(self, request))
            return reply(runtime::problem(401, "Unauthorized", "the token is missing or wrong"));
        if (self.post.busy()) return reply(runtime::problem(full("the disk does not keep up")));
        handler(self, request, std::move(reply));
    });
}

HttpResponse json_response(const boost::json::object& body, int status) {
    return {.status = status,
            .body = boost::json::serialize(body),
            .headers = {{"Cache-Control", "no-store"}}};
}

HttpResponse refusal_response(const Error& error) {
    if (error.fault == Fault::Denied) return runtime::problem(409, "Conflict", error.detail);
    // The desks say Unavailable of what is not there; a disk that is busy is Full.
    if (error.fault == Fault::Unavailable) return runtime::problem(404, "Not Found", error.detail);
    return runtime::problem(error);
}

void answer_when_kept(Downlink::Core& core, Result<DownEffects> effects, HttpReply reply,
                      boost::json::object body) {
    if (!effects) return reply(refusal_response(effects.error()));
    core.commit(std::move(*effects),
                [reply = std::move(reply), body = std::move(body)](const Status& status) {
                    reply(status ? json_response(body) : refusal_response(status.error()));
                });
}

void Downlink::add_routes(runtime::HttpRoutes& routes) {
    add_bundle_routes(routes, core_);
    add_command_routes(routes, core_);
    add_dataset_routes(routes, core_);
    add_budget_routes(routes, core_);
    add_trial_routes(routes, core_);
    add_member_routes(routes, core_);
    add_rollout_page(routes);
}

}  // namespace aisle::hq
