#include "agent/sqlite/statement.hpp"

#include <cassert>
#include <utility>

#include <sqlite3.h>

#include "agent/sqlite/fault.hpp"

namespace aisle::sqlite {
namespace {

// A null pointer would bind NULL, and an empty string_view may well hold one.
const char* bytes_of(std::string_view view) { return view.empty() ? "" : view.data(); }

}  // namespace

void Statement::Finalizer::operator()(sqlite3_stmt* handle) const { sqlite3_finalize(handle); }

void Statement::note(int code) {
    assert(code != SQLITE_RANGE && "no such parameter");
    assert(code != SQLITE_MISUSE && "bound while rows are being read");
    if (bind_code_ == SQLITE_OK) bind_code_ = code;
}

Statement& Statement::bind(int parameter, std::string_view text) {
    note(sqlite3_bind_text64(handle_.get(), parameter, bytes_of(text), text.size(), SQLITE_STATIC,
                             SQLITE_UTF8));
    return *this;
}

Statement& Statement::bind_blob(int parameter, std::string_view bytes) {
    note(sqlite3_bind_blob64(handle_.get(), parameter, bytes_of(bytes), bytes.size(),
                             SQLITE_STATIC));
    return *this;
}

Statement& Statement::bind_null(int parameter) {
    note(sqlite3_bind_null(handle_.get(), parameter));
    return *this;
}

Statement& Statement::bind_integer(int parameter, std::int64_t number) {
    note(sqlite3_bind_int64(handle_.get(), parameter, number));
    return *this;
}

Error Statement::failure(int code) {
    Error error = last_error(sqlite3_db_handle(handle_.get()), code);
    sqlite3_reset(handle_.get());
    return error;
}

Result<bool> Statement::step() {
    assert(handle_ != nullptr);
    if (bind_code_ != SQLITE_OK) return failure(std::exchange(bind_code_, SQLITE_OK));
    const int code = sqlite3_step(handle_.get());
    if (code == SQLITE_ROW) return true;
    if (code != SQLITE_DONE) return failure(code);
    sqlite3_reset(handle_.get());
    return false;
}

Status Statement::run() {
    for (;;) {
        auto row = step();
        if (!row) return row.error();
        if (!*row) return {};
    }
}

void Statement::reset() { sqlite3_reset(handle_.get()); }

std::int64_t Statement::integer(int column) const {
    return sqlite3_column_int64(handle_.get(), column);
}

std::string Statement::text(int column) const { return std::string{view(column)}; }

std::string_view Statement::view(int column) const {
    const void* bytes = sqlite3_column_blob(handle_.get(), column);  // text too: the file is UTF-8
    const int size = sqlite3_column_bytes(handle_.get(), column);
    if (bytes == nullptr) return {};
    return {static_cast<const char*>(bytes), static_cast<std::size_t>(size)};
}

bool Statement::is_null(int column) const {
    return sqlite3_column_type(handle_.get(), column) == SQLITE_NULL;
}

}  // namespace aisle::sqlite
