#include <string>
#include <utility>

#include "drivers/counter/counter.hpp"

namespace aisle::counter {
namespace {

// problem() knows the statuses: 400 Malformed, 503 Full and Unavailable.
runtime::HttpResponse response_to(const Result<Receipt>& receipt) {
    if (!receipt) return runtime::problem(receipt.error());
    runtime::HttpResponse response;
    response.body = "{\"counted\":" + std::to_string(receipt->counted) +
                    ",\"duplicates\":" + std::to_string(receipt->duplicates) +
                    ",\"rejected\":" + std::to_string(receipt->rejected) +
                    ",\"dropped\":" + std::to_string(receipt->dropped) + "}";
    return response;
}

}  // namespace

void register_counter_http(runtime::HttpRoutes& routes, Counter& counter) {
    routes.on("POST", "/api/v1/counts/{source}",
              [&counter](const runtime::HttpRequest& request, runtime::HttpReply reply) {
                  const auto source = request.wild.find("source");
                  if (source == request.wild.end() || !counter.serves_http(source->second)) {
                      return reply(
                          runtime::problem(404, "Not Found", "no counter of this name takes HTTP"));
                  }
                  // The body is copied nowhere: receive() reads it before it returns.
                  counter.receive(source->second, request.body,
                                  [reply = std::move(reply)](Result<Receipt> receipt) {
                                      reply(response_to(receipt));
                                  });
              });
}

}  // namespace aisle::counter
