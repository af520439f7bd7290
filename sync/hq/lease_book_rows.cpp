#include "sync/hq/lease_book_rows.hpp"

#include "agent/records/json_text.hpp"
#include "agent/records/object_reader.hpp"

namespace aisle::hq {
namespace {

namespace json = boost::json;
using records::ObjectReader;
using records::put;

LeaseAccount account_from(const ObjectReader& in) {
    LeaseAccount account{.granted = in.money("granted"),
                         .returned = in.money("returned"),
                         .spent = in.money("spent"),
                         .taken = in.money("taken"),
                         .wanted = in.money("wanted"),
                         .until = in.time("until"),
                         .heard = in.time("heard"),
                         .closed = in.flag("closed")};
    const auto way = in.object("on_the_way");
    for (const auto& [key, value] : way.raw()) {
        const std::string command{key.data(), key.size()};
        account.on_the_way[command] = way.money(command);
    }
    return account;
}

}  // namespace

StateChange budget_row(const std::string& campaign, const Budget& budget) {
    json::object out;
    put(out, "total", budget.total);
    put(out, "recalled", json::value(budget.recalled));
    return {BudgetBook::kRoom, "b/" + campaign, json::serialize(out)};
}

// Store and epoch come first in the key: a campaign's id may hold a slash.
StateChange account_row(const std::string& campaign, const AccountName& name,
                        const LeaseAccount& account, bool latest) {
    json::object out;
    put(out, "granted", account.granted);
    put(out, "returned", account.returned);
    put(out, "spent", account.spent);
    put(out, "taken", account.taken);
    put(out, "wanted", account.wanted);
    put(out, "until", account.until);
    put(out, "heard", account.heard);
    put(out, "closed", json::value(account.closed));
    put(out, "latest", json::value(latest));
    json::object way;
    for (const auto& [command, amount] : account.on_the_way) put(way, command, amount);
    put(out, "on_the_way", json::value(std::move(way)));
    return {BudgetBook::kRoom, "a/" + name.store + '/' + name.epoch + '/' + campaign,
            json::serialize(out)};
}

StateChange lease_counter_row(std::int64_t grants) {
    return {BudgetBook::kRoom, kLeaseCounterKey, std::to_string(grants)};
}

Result<std::int64_t> lease_counter_from(const StateChange& row) {
    const bool digits = !row.bytes.empty() && row.bytes.size() < 19 &&
                        row.bytes.find_first_not_of("0123456789") == std::string::npos;
    if (!digits) return malformed("the count of leases is no number");
    return std::stoll(row.bytes);
}

Result<LeaseRow> lease_row_from(const StateChange& row) {
    const auto in = ObjectReader::parse(row.bytes);
    LeaseRow read;
    if (row.key.starts_with("b/")) {
        read.campaign = row.key.substr(2);
        read.budget.total = in.money("total");
        read.budget.recalled = in.flag("recalled");
        return in.finish(std::move(read));
    }
    const auto store_end = row.key.find('/', 2);
    const auto epoch_end =
        store_end == std::string::npos ? store_end : row.key.find('/', store_end + 1);
    if (!row.key.starts_with("a/") || epoch_end == std::string::npos)
        return malformed("a row of the budgets has a bad key: " + row.key);
    read.campaign = row.key.substr(epoch_end + 1);
    read.latest = in.flag("latest");
    AccountName name{row.key.substr(2, store_end - 2),
                     row.key.substr(store_end + 1, epoch_end - store_end - 1)};
    read.account.emplace(std::move(name), account_from(in));
    return in.finish(std::move(read));
}

}  // namespace aisle::hq
