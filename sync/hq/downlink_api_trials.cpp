#include "sync/hq/downlink_api.hpp"

namespace aisle::hq {
namespace {

using namespace api;

void list(Downlink::Core& core, const HttpRequest&, const HttpReply& reply) {
    reply({.body = trials_json(core.desks->trials, core.now().wall),
           .headers = {{"Cache-Control", "no-store"}}});
}

}  // namespace

void add_trial_routes(runtime::HttpRoutes& routes, const std::shared_ptr<Downlink::Core>& core) {
    routes.on("GET", "/api/v1/experiments", showing(core, list));
}

}  // namespace aisle::hq
