#pragma once

#include <concepts>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "agent/core/error.hpp"

struct sqlite3;
struct sqlite3_stmt;

namespace aisle::sqlite {

// A prepared statement. Parameters count from 1, columns from 0, as in SQLite.
//
// Text and blobs are bound without a copy: the bytes must live until the statement is reset (run()
// and once() do that themselves). A bind that fails (too big) shows at the next step. A wrong index
// is a programmer's error.
class Statement {
public:
    Statement() = default;  // empty: only to be assigned to
    Statement(Statement&&) noexcept = default;
    Statement& operator=(Statement&&) noexcept = default;

    Statement& bind(int parameter, std::string_view text);
    Statement& bind_blob(int parameter, std::string_view bytes);
    Statement& bind_null(int parameter);
    template <std::integral Number>
    Statement& bind(int parameter, Number number) {
        return bind_integer(parameter, static_cast<std::int64_t>(number));
    }
    template <typename Value>
    Statement& bind(int parameter, const std::optional<Value>& value) {
        return value ? bind(parameter, *value) : bind_null(parameter);
    }

    // true: a row is there to be read. false: the end; the statement is reset. An error resets it
    // too.
    Result<bool> step();
    // Steps to the end and resets: for statements that give no rows.
    Status run();
    // Resets early, when the remaining rows are not wanted. Bound values stay.
    void reset();

    [[nodiscard]] std::int64_t integer(int column) const;
    [[nodiscard]] std::string text(int column) const;
    // Text or blob, valid until the next step or reset.
    [[nodiscard]] std::string_view view(int column) const;
    [[nodiscard]] bool is_null(int column) const;

private:
    friend class Database;
    struct Finalizer {
        void operator()(sqlite3_stmt* handle) const;
    };
    explicit Statement(sqlite3_stmt* handle) : handle_{handle} {}
    Statement& bind_integer(int parameter, std::int64_t number);
    void note(int code);
    Error failure(int code);

    std::unique_ptr<sqlite3_stmt, Finalizer> handle_;
    int bind_code_ = 0;  // the first bind that failed since the last step
};

// Resets when it goes: for reading that may stop before the last row. A statement that is left in
// the middle of its rows keeps its snapshot, and no checkpoint gets past that.
class ResetAtEnd {
public:
    explicit ResetAtEnd(Statement& statement) : statement_{statement} {}
    ResetAtEnd(const ResetAtEnd&) = delete;
    ResetAtEnd& operator=(const ResetAtEnd&) = delete;
    ~ResetAtEnd() { statement_.reset(); }

private:
    Statement& statement_;
};

}  // namespace aisle::sqlite
