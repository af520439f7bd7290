#include "agent/staff/pages.hpp"

#include <string>

namespace aisle::staff {
namespace {

using runtime::HttpReply;
using runtime::HttpRequest;
using runtime::HttpResponse;

// Nothing inline, nothing from elsewhere, no frame around us.
constexpr std::string_view kPolicy =
    "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; object-src "
    "'none'";

// If-None-Match: a list of tags, weak ones count too (RFC 9110 section 13.1.2).
bool has_already(const HttpRequest& request, std::string_view etag) {
    const auto known = request.headers.find("if-none-match");
    if (known == request.headers.end()) return false;
    return known->second == "*" || known->second.find(etag) != std::string::npos;
}

HttpResponse page_answer(const Asset& asset, const HttpRequest& request) {
    HttpResponse response{.type = std::string{asset.type}};
    response.headers["ETag"] = asset.etag;
    response.headers["Cache-Control"] = "no-cache";
    response.headers["Content-Security-Policy"] = kPolicy;
    response.headers["X-Content-Type-Options"] = "nosniff";
    response.headers["Referrer-Policy"] = "no-referrer";
    if (has_already(request, asset.etag)) {
        response.status = 304;
        return response;
    }
    response.headers["Content-Encoding"] = "gzip";
    response.body.assign(asset.gzip.begin(), asset.gzip.end());
    return response;
}

}  // namespace

void hang_pages(runtime::HttpRoutes& routes, std::span<const Asset> assets) {
    for (const Asset& asset : assets) {
        routes.on("GET", std::string{asset.path},
                  [&asset](const HttpRequest& request, const HttpReply& reply) {
                      reply(page_answer(asset, request));
                  });
    }
    routes.on("GET", "/api/v1/openapi.json", [](const HttpRequest&, const HttpReply& reply) {
        HttpResponse response{.body = std::string{openapi_json()}};
        response.headers["Cache-Control"] = "no-cache";
        reply(std::move(response));
    });
}

}  // namespace aisle::staff
