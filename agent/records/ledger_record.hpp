#pragma once

#include <string>
#include <utility>

#include <boost/json.hpp>

#include "agent/core/record.hpp"

namespace aisle::records {

// A record of the stream that is never dropped. Kinds with an identity of their own get it from the
// caller.
inline Record ledger_record(std::string kind, const boost::json::object& body, const Stamp& at) {
    return {.stream = Stream::Ledger,
            .kind = std::move(kind),
            .at = at,
            .body = boost::json::serialize(body)};
}

}  // namespace aisle::records
