#include "sync/hq/hq_pages.hpp"

// The page's files are string literals around plain HTML, CSS and JavaScript, so that the program
// needs no files.
namespace aisle::hq {
namespace {

constexpr std::string_view kHtml =
#include "sync/hq/page/index.inc"
    ;
constexpr std::string_view kStyle =
#include "sync/hq/page/hq_css.inc"
    ;
constexpr std::string_view kScript =
#include "sync/hq/page/hq_js.inc"
    ;
constexpr std::string_view kOpenApi =
#include "sync/hq/page/openapi.inc"
    ;

}  // namespace

std::string_view openapi_json() { return kOpenApi; }
PageFiles page_files() { return {kHtml, kStyle, kScript}; }

}  // namespace aisle::hq
