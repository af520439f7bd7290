#include <boost/json.hpp>

#include "agent/core/time.hpp"
#include "event_store_contract.hpp"
#include "postgresql_kit.hpp"
#include "sync/hq/postgresql_connection.hpp"

// What every store must hold, held by PostgreSQL.
namespace aisle::hq::contract {
namespace {

class PostgresqlBench final : public Bench {
public:
    EventStore& store() override { return *shelf_.store; }
    void reopen() override { shelf_.open(); }
    std::vector<ShownEvent> events() override;

private:
    ChainShelf shelf_;
};

// jsonb has blanks of its own.
std::string without_blanks(std::string_view body) {
    return boost::json::serialize(boost::json::parse({body.data(), body.size()}));
}

std::vector<ShownEvent> PostgresqlBench::events() {
    auto connection = *PostgresqlConnection::open(shelf_.url);
    const auto rows = *connection.run(
        "SELECT epoch, stream, seq, from_seq, kind, event_id, revision, "
        "(extract(epoch FROM at) * 1000)::bigint, body FROM events ORDER BY epoch, stream, seq");
    std::vector<ShownEvent> all;
    for (int i = 0; i < rows.size(); ++i)
        all.push_back({.epoch = std::string{rows.text(i, 0)},
                       .stream = std::string{rows.text(i, 1)},
                       .seq = rows.integer(i, 2),
                       .from = rows.integer(i, 3),
                       .kind = std::string{rows.text(i, 4)},
                       .event_id = std::string{rows.text(i, 5)},
                       .revision = rows.integer(i, 6),
                       .at = to_rfc3339(WallTime{milliseconds{rows.integer(i, 7)}}),
                       .body = without_blanks(rows.text(i, 8))});
    return all;
}

class PostgresqlContract : public testing::TestWithParam<Check> {};

TEST_P(PostgresqlContract, Holds) {
    NEEDS_POSTGRES();
    PostgresqlBench bench;
    GetParam().run(bench);
}

INSTANTIATE_TEST_SUITE_P(Every, PostgresqlContract, testing::ValuesIn(all_checks()), check_name);

class PostgresqlEpochs : public testing::TestWithParam<std::uint64_t> {};

TEST_P(PostgresqlEpochs, AreShownAsTheModelSays) {
    NEEDS_POSTGRES();
    PostgresqlBench bench;
    play_epochs(bench, GetParam(), 60);
}

INSTANTIATE_TEST_SUITE_P(Seeds, PostgresqlEpochs, testing::Range<std::uint64_t>(1, 4));

}  // namespace
}  // namespace aisle::hq::contract
