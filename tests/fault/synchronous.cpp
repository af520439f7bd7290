#include "tests/fault/synchronous.hpp"

#include <cassert>
#include <cstring>
#include <utility>

#include <sqlite3.h>

namespace aisle::fault {
namespace {

std::string forced;  // empty: nobody forces anything

// Drops the program's own PRAGMA synchronous without an error.
int deaf_to_synchronous(void*, int action, const char* name, const char*, const char*,
                        const char*) {
    const bool is_it = action == SQLITE_PRAGMA && std::strcmp(name, "synchronous") == 0;
    return is_it ? SQLITE_IGNORE : SQLITE_OK;
}

int on_open(sqlite3* database, char**, const sqlite3_api_routines*) {
    const std::string sql = "PRAGMA synchronous = " + forced;
    const int code = sqlite3_exec(database, sql.c_str(), nullptr, nullptr, nullptr);
    sqlite3_set_authorizer(database, deaf_to_synchronous, nullptr);
    return code;
}

// SQLite wants it as a function of no arguments: https://www.sqlite.org/c3ref/auto_extension.html
using Extension = void (*)();
Extension extension() { return reinterpret_cast<Extension>(&on_open); }

}  // namespace

Synchronous::Synchronous(std::string level) {
    assert(forced.empty());
    forced = std::move(level);
    sqlite3_auto_extension(extension());
}

Synchronous::~Synchronous() {
    sqlite3_cancel_auto_extension(extension());
    forced.clear();
}

}  // namespace aisle::fault
