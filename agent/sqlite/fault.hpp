#pragma once

#include "agent/core/error.hpp"

struct sqlite3;

namespace aisle::sqlite {

// What the last call on `handle` failed with, in our words.
// `handle` may be null (out of memory at open).
Error last_error(sqlite3* handle, int code);

}  // namespace aisle::sqlite
