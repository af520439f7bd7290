#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agent/core/error.hpp"

struct pg_conn;    // libpq's PGconn
struct pg_result;  // libpq's PGresult

namespace aisle::hq {

// The rows of one answer, as text.
class PostgresqlRows {
public:
    explicit PostgresqlRows(pg_result* result);
    [[nodiscard]] int size() const;
    [[nodiscard]] bool null(int row, int column) const;
    // Empty for NULL; good as long as this lives.
    [[nodiscard]] std::string_view text(int row, int column) const;
    [[nodiscard]] std::int64_t integer(int row, int column) const;  // 0 for NULL
    [[nodiscard]] std::int64_t touched() const;  // rows that an UPDATE, INSERT or DELETE changed
    [[nodiscard]] std::string_view tag() const;  // INSERT 0 1, COMMIT ...

private:
    std::shared_ptr<pg_result> result_;
};

using PostgresqlValue = std::optional<std::string>;  // nothing: NULL

// One connection, on one thread. Nothing here waits for ever: a server that is silent for
// `silence_max` is given up, and from then on everything is Unavailable; the owner makes a new one.
class PostgresqlConnection {
public:
    static Result<PostgresqlConnection> open(const std::string& url, int silence_max_ms = 35'000);

    PostgresqlConnection(PostgresqlConnection&&) noexcept = default;
    PostgresqlConnection& operator=(PostgresqlConnection&&) noexcept = default;

    // One or more statements; the answer to the last one.
    Result<PostgresqlRows> run(const std::string& sql);
    // One statement with $1, $2 ...
    Result<PostgresqlRows> query(const std::string& sql,
                                 const std::vector<PostgresqlValue>& values);
    // COPY ... FROM STDIN in pieces, so that the server reads while we still write. Nothing else
    // may be asked before the end, which returns the rows that were copied or what was wrong.
    Status begin_copy(const std::string& sql);
    Status put(std::string_view bytes);
    Result<std::int64_t> end_copy();

    // SQLSTATE of the last failure, whatever has worked since; empty where it was not the server
    // that said no.
    [[nodiscard]] const std::string& state() const { return state_; }
    // The connection is of no use any more.
    [[nodiscard]] bool broken() const;

private:
    struct Closer {
        void operator()(pg_conn* connection) const;
    };
    PostgresqlConnection(pg_conn* connection, int silence_max_ms);
    [[nodiscard]] Status sent(int done);
    [[nodiscard]] Status wait(short events);
    [[nodiscard]] Status flush();
    [[nodiscard]] Result<pg_result*> next();  // null: the answer is complete
    [[nodiscard]] Result<PostgresqlRows> finish();
    [[nodiscard]] Error failed(pg_result* result);
    [[nodiscard]] Error give_up(const std::string& why);

    std::unique_ptr<pg_conn, Closer> connection_;
    int silence_max_ms_ = 0;
    std::string state_;
};

// What it may hold as text: no NUL, which JSON can spell.
std::string postgresql_text(std::string_view text);
// For people only: what is not printable ASCII becomes '?'.
std::string postgresql_printable(std::string_view text);

// \x and two digits a byte, as bytea is written; and digits alone back to bytes.
std::string postgresql_hex(std::string_view bytes);
std::string postgresql_unhex(std::string_view digits);

// A value for a text array: {"a","b"}.
std::string postgresql_array(const std::vector<std::string>& values);

}  // namespace aisle::hq
