#pragma once

#include <memory>
#include <string>

#include "sync/hq/event_store.hpp"

namespace aisle::hq {

// One collector: the file is locked. See open_event_store.
Result<std::unique_ptr<EventStore>> open_sqlite_store(const std::string& path,
                                                      const StoreOptions& options);

}  // namespace aisle::hq
