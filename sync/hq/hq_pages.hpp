#pragma once

#include <string_view>

#include "agent/core/time.hpp"
#include "agent/runtime/executor.hpp"
#include "agent/runtime/http.hpp"
#include "agent/runtime/metrics.hpp"
#include "sync/hq/collector.hpp"
#include "sync/hq/event_store.hpp"

namespace aisle::hq {

struct PageParts {
    Collector& collector;
    EventStore& store;
    runtime::Executor& loop;
    runtime::Metrics& metrics;
    StorageRunner storage;
    std::function<Today(WallTime)> today;
};

// GET /, /hq.css, /hq.js, /api/v1/stores, /api/v1/completeness, /api/v1/openapi.json, /livez,
// /readyz, /metrics. All of `parts` outlives the server.
void add_pages(runtime::HttpRoutes& routes, PageParts parts);

// The page itself: loads nothing from anywhere else.
struct PageFiles {
    std::string_view html;
    std::string_view style;
    std::string_view script;
};
PageFiles page_files();
// Describes every route but the pages' files, those of the downlink too: tested against what is
// served.
std::string_view openapi_json();

}  // namespace aisle::hq
