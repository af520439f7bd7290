#pragma once

#include <functional>
#include <memory>
#include <string>

#include <boost/json.hpp>

#include "agent/records/json_text.hpp"
#include "agent/runtime/http.hpp"
#include "sync/hq/downlink_core.hpp"

// What the handlers of the downlink's API have in common. Private to the room.
namespace aisle::hq {

// The words in which all handlers are written.
namespace api {
namespace json = boost::json;
using records::put;
using runtime::HttpReply;
using runtime::HttpRequest;
}  // namespace api

using DownlinkHandler =
    std::function<void(Downlink::Core&, const runtime::HttpRequest&, runtime::HttpReply)>;

// 503 while another process does it or the state is being read.
runtime::HttpHandler showing(const std::shared_ptr<Downlink::Core>& core, DownlinkHandler handler);
// The same, and 401 without the token where one is set, 503 while the disk does not keep up.
runtime::HttpHandler changing(const std::shared_ptr<Downlink::Core>& core, DownlinkHandler handler);

runtime::HttpResponse json_response(const boost::json::object& body, int status = 200);
// Refusals of this API: 409 for Denied, 404 for what is not there, else as runtime::problem.
runtime::HttpResponse refusal_response(const Error& error);
// Answers once the effects are durable.
void answer_when_kept(Downlink::Core& core, Result<DownEffects> effects, runtime::HttpReply reply,
                      boost::json::object body);

void add_bundle_routes(runtime::HttpRoutes& routes, const std::shared_ptr<Downlink::Core>& core);
void add_command_routes(runtime::HttpRoutes& routes, const std::shared_ptr<Downlink::Core>& core);
void add_dataset_routes(runtime::HttpRoutes& routes, const std::shared_ptr<Downlink::Core>& core);
void add_budget_routes(runtime::HttpRoutes& routes, const std::shared_ptr<Downlink::Core>& core);
void add_member_routes(runtime::HttpRoutes& routes, const std::shared_ptr<Downlink::Core>& core);
void add_trial_routes(runtime::HttpRoutes& routes, const std::shared_ptr<Downlink::Core>& core);
void add_rollout_page(runtime::HttpRoutes& routes);

}  // namespace aisle::hq
