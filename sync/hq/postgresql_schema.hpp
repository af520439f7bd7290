#pragma once

#include <string>

#include "agent/core/time.hpp"
#include "sync/hq/postgresql_connection.hpp"

namespace aisle::hq {

// Makes the tables where there are none, or checks that they are of this version. Several
// collectors may come at the same time.
Status set_up_schema(PostgresqlConnection& connection);

// Whether the tables are there already.
Result<bool> has_schema(PostgresqlConnection& connection);

// Months since year 0: which partition of `event` a record goes to.
int month_of(WallTime received);

// Makes the partitions of this month and the next where they are missing, in the transaction that
// is open. It locks out other makers of partitions, and no writer.
Status make_partitions(PostgresqlConnection& connection, int month);

}  // namespace aisle::hq
