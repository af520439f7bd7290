#pragma once

#include <span>

#include "agent/runtime/http.hpp"
#include "agent/staff/page_assets.hpp"

// The web page and the API's description, out of the binary.
namespace aisle::staff {

// Every asset under its path, gzipped as it lies there, and answered 304 where the browser has it
// already.
void hang_pages(runtime::HttpRoutes& routes, std::span<const Asset> assets);

}  // namespace aisle::staff
