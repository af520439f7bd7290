#include "sync/hq/exposure.hpp"

#include "agent/records/json_text.hpp"

namespace aisle::hq {
namespace {

namespace json = boost::json;
using records::put;

json::object account_object(const AccountName& name, const LeaseAccount& account, bool away) {
    json::object out;
    put(out, "store", name.store);
    put(out, "epoch", name.epoch);
    put(out, "granted", account.granted);
    put(out, "taken", account.taken);
    put(out, "returned", account.returned);
    put(out, "spent", account.spent);
    put(out, "exposure", account.exposure());
    put(out, "wanted", account.wanted);
    put(out, "away", json::value(away));
    if (account.until != WallTime{}) put(out, "until", account.until);
    if (account.heard != WallTime{}) put(out, "heard", account.heard);
    put(out, "closed", json::value(account.closed));
    return out;
}

}  // namespace

std::string budgets_json(const BudgetBook& book,
                         const std::function<bool(const std::string& store)>& away, WallTime now) {
    json::array all;
    for (const auto& [campaign, budget] : book.budgets()) {
        json::array stores;
        Money silent;
        for (const auto& [name, account] : budget.accounts) {
            const bool gone = away(name.store);
            if (gone) silent += account.exposure();
            stores.emplace_back(account_object(name, account, gone));
        }
        json::object one;
        put(one, "campaign", campaign);
        put(one, "total", budget.total);
        put(one, "spent", budget.spent());
        put(one, "exposure", budget.exposure());
        put(one, "silent", silent);
        put(one, "free", budget.free());
        put(one, "recalled", json::value(budget.recalled));
        put(one, "stores", json::value(std::move(stores)));
        all.emplace_back(std::move(one));
    }
    json::object out;
    put(out, "now", now);
    put(out, "budgets", json::value(std::move(all)));
    return json::serialize(out);
}

}  // namespace aisle::hq
