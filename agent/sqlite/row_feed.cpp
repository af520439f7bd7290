#include "agent/sqlite/row_feed.hpp"

#include <memory>
#include <string>

#include <sqlite3.h>

#include "agent/sqlite/database.hpp"
#include "agent/sqlite/fault.hpp"

// The smallest virtual table that can be read (https://www.sqlite.org/vtab.html): eponymous, one
// pass from the first row to the last, no constraints.
namespace aisle::sqlite {
namespace {

struct Fed {
    RowFeed* feed = nullptr;
    std::string declared;
};

struct Table : sqlite3_vtab {
    const RowFeed* feed = nullptr;
};

struct Cursor : sqlite3_vtab_cursor {
    std::size_t row = 0;
    std::size_t rows = 0;
};

Table& table_of(sqlite3_vtab* table) { return *static_cast<Table*>(table); }
Cursor& cursor_of(sqlite3_vtab_cursor* cursor) { return *static_cast<Cursor*>(cursor); }

int connect(sqlite3* handle, void* with, int, const char* const*, sqlite3_vtab** made, char**) {
    const auto& fed = *static_cast<Fed*>(with);
    if (const int code = sqlite3_declare_vtab(handle, fed.declared.c_str()); code != SQLITE_OK)
        return code;
    auto table = std::make_unique<Table>();
    table->feed = fed.feed;
    *made = table.release();
    return SQLITE_OK;
}

int disconnect(sqlite3_vtab* table) {
    delete &table_of(table);
    return SQLITE_OK;
}

// All of it, in its own order, is the only way there is.
int best_index(sqlite3_vtab*, sqlite3_index_info* plan) {
    plan->estimatedCost = 1'000.0;
    plan->estimatedRows = 500;
    return SQLITE_OK;
}

int open(sqlite3_vtab*, sqlite3_vtab_cursor** made) {
    *made = std::make_unique<Cursor>().release();
    return SQLITE_OK;
}

int close(sqlite3_vtab_cursor* cursor) {
    delete &cursor_of(cursor);
    return SQLITE_OK;
}

int filter(sqlite3_vtab_cursor* cursor, int, const char*, int, sqlite3_value**) {
    Cursor& at = cursor_of(cursor);
    at.row = 0;
    at.rows = table_of(cursor->pVtab).feed->rows();
    return SQLITE_OK;
}

int next(sqlite3_vtab_cursor* cursor) {
    ++cursor_of(cursor).row;
    return SQLITE_OK;
}

int at_end(sqlite3_vtab_cursor* cursor) {
    const Cursor& at = cursor_of(cursor);
    return at.row >= at.rows ? 1 : 0;
}

int column(sqlite3_vtab_cursor* cursor, sqlite3_context* context, int index) {
    FeedCell cell{context};
    table_of(cursor->pVtab).feed->give(cursor_of(cursor).row, index, cell);
    return SQLITE_OK;
}

int row_id(sqlite3_vtab_cursor* cursor, sqlite3_int64* id) {
    *id = static_cast<sqlite3_int64>(cursor_of(cursor).row);
    return SQLITE_OK;
}

// Without a way to create it is there by its name alone.
sqlite3_module make_module() {
    sqlite3_module module{};
    module.xConnect = connect;
    module.xBestIndex = best_index;
    module.xDisconnect = disconnect;
    module.xOpen = open;
    module.xClose = close;
    module.xFilter = filter;
    module.xNext = next;
    module.xEof = at_end;
    module.xColumn = column;
    module.xRowid = row_id;
    return module;
}

const sqlite3_module kModule = make_module();

}  // namespace

void FeedCell::integer(std::int64_t number) { sqlite3_result_int64(context_, number); }

void FeedCell::text(std::string_view text) {
    sqlite3_result_text64(context_, text.empty() ? "" : text.data(), text.size(), SQLITE_STATIC,
                          SQLITE_UTF8);
}

Status RowFeed::attach(Database& database, const char* name, int columns, RowFeed& feed) {
    auto fed = std::make_unique<Fed>();
    fed->feed = &feed;
    fed->declared = "CREATE TABLE fed(";
    for (int i = 0; i < columns; ++i) fed->declared += (i == 0 ? "c" : ",c") + std::to_string(i);
    fed->declared += ")";
    // The destroyer runs even where this fails.
    const int code = sqlite3_create_module_v2(database.handle_.get(), name, &kModule, fed.release(),
                                              [](void* with) { delete static_cast<Fed*>(with); });
    if (code != SQLITE_OK) return last_error(database.handle_.get(), code);
    return {};
}

}  // namespace aisle::sqlite
