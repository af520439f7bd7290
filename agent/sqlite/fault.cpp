#include "agent/sqlite/fault.hpp"

#include <sqlite3.h>

namespace aisle::sqlite {
namespace {

Fault fault_of(int code) {
    switch (code & 0xff) {
        case SQLITE_FULL:
        case SQLITE_IOERR:  // a full disk shows as IOERR_SHMSIZE while the WAL index grows
            return Fault::Full;
        case SQLITE_READONLY:
        case SQLITE_CONSTRAINT:
        case SQLITE_MISMATCH:  // a value that its column cannot hold: refused as by a constraint
        case SQLITE_PERM:
        case SQLITE_AUTH:
            return Fault::Denied;
        case SQLITE_BUSY:
        case SQLITE_LOCKED:
        case SQLITE_CANTOPEN:
        case SQLITE_NOMEM:
        case SQLITE_INTERRUPT:
        case SQLITE_PROTOCOL:
            return Fault::Unavailable;
        default:
            return Fault::Malformed;
    }
}

}  // namespace

Error last_error(sqlite3* handle, int code) {
    std::string detail = handle != nullptr ? sqlite3_errmsg(handle) : sqlite3_errstr(code);
    detail += " (sqlite " + std::to_string(code) + ")";
    return {fault_of(code), std::move(detail)};
}

}  // namespace aisle::sqlite
