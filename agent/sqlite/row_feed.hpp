#pragma once

#include <cstdint>
#include <string_view>

#include "agent/core/error.hpp"

struct sqlite3_context;

namespace aisle::sqlite {

class Database;

// Where one value of a fed row goes. Text is not copied: it lives until the statement has ended. A
// cell that is given nothing is NULL.
class FeedCell {
public:
    explicit FeedCell(sqlite3_context* context) : context_{context} {}
    void integer(std::int64_t number);
    void text(std::string_view text);

private:
    sqlite3_context* context_;
};

// Rows of ours as a table that a statement reads: "INSERT INTO event SELECT * FROM arrived" puts in
// a whole batch at the cost of one statement. Binding and stepping row by row costs half as much
// again, and looks for each row's place from the root of the tree.
class RowFeed {
public:
    virtual ~RowFeed() = default;
    // The rows that the next statement over the feed will see.
    [[nodiscard]] virtual std::size_t rows() const = 0;
    virtual void give(std::size_t row, int column, FeedCell& cell) const = 0;

    // Makes the table `name` with so many columns, for this connection only; nothing of it is
    // stored. The feed outlives the connection, and stays where it is.
    static Status attach(Database& database, const char* name, int columns, RowFeed& feed);
};

}  // namespace aisle::sqlite
