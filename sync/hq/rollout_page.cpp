#include <string_view>

#include "sync/hq/downlink_api.hpp"

// The page of what goes down: plain files inside the program; it loads nothing from elsewhere and
// changes nothing.
namespace aisle::hq {
namespace {

constexpr std::string_view kHtml =
#include "sync/hq/page/rollout.inc"
    ;
constexpr std::string_view kStyle =
#include "sync/hq/page/rollout_css.inc"
    ;
constexpr std::string_view kScript =
#include "sync/hq/page/rollout_js.inc"
    ;
// Bars are drawn by the script: their widths are styles of elements.
constexpr std::string_view kPolicy =
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'";

void add_file(runtime::HttpRoutes& routes, const char* path, std::string_view type,
              std::string_view content) {
    routes.on("GET", path,
              [type, content](const runtime::HttpRequest&, const runtime::HttpReply& reply) {
                  reply({.type = std::string{type} + "; charset=utf-8",
                         .body = std::string{content},
                         .headers = {{"Content-Security-Policy", std::string{kPolicy}},
                                     {"X-Content-Type-Options", "nosniff"},
                                     {"Referrer-Policy", "no-referrer"},
                                     {"Cache-Control", "no-cache"}}});
              });
}

}  // namespace

void add_rollout_page(runtime::HttpRoutes& routes) {
    add_file(routes, "/rollout", "text/html", kHtml);
    add_file(routes, "/rollout.css", "text/css", kStyle);
    add_file(routes, "/rollout.js", "text/javascript", kScript);
}

}  // namespace aisle::hq
