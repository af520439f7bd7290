#include "tests/fault/failing_memory.hpp"

#include <sqlite3.h>

namespace aisle::fault {
namespace {

sqlite3_mem_methods usual;
std::int64_t left = 0;  // until the one that fails; 0: none will
bool every_later = false;
std::int64_t refused = 0;

bool refuses() {
    if (left == 0 || --left > 0) return false;
    if (every_later) left = 1;
    ++refused;
    return true;
}

void* allocate(int bytes) { return refuses() ? nullptr : usual.xMalloc(bytes); }
void* reallocate(void* old, int bytes) { return refuses() ? nullptr : usual.xRealloc(old, bytes); }

}  // namespace

bool FailingMemory::install() {
    static const bool installed = [] {
        sqlite3_shutdown();
        if (sqlite3_config(SQLITE_CONFIG_GETMALLOC, &usual) != SQLITE_OK) return false;
        sqlite3_mem_methods ours = usual;
        ours.xMalloc = allocate;
        ours.xRealloc = reallocate;
        return sqlite3_config(SQLITE_CONFIG_MALLOC, &ours) == SQLITE_OK &&
               sqlite3_initialize() == SQLITE_OK;
    }();
    return installed;
}

void FailingMemory::fail(std::int64_t nth, bool for_ever) {
    left = nth;
    every_later = for_ever;
    refused = 0;
}

std::int64_t FailingMemory::heal() {
    left = 0;
    return refused;
}

}  // namespace aisle::fault
