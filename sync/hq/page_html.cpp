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

}  // namespace

PageFiles page_files() { return {kHtml, kStyle, kScript}; }

}  // namespace aisle::hq
