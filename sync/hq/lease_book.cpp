#include "sync/hq/lease_book.hpp"

#include <algorithm>
#include <utility>

#include "sync/hq/lease_book_rows.hpp"

namespace aisle::hq {
namespace {

constexpr std::int64_t kPermille = 1'000;

// "<epoch>-<n>": a lease tells for which epoch it was booked.
std::string epoch_of_lease(const std::string& lease) {
    const auto dash = lease.find('-');
    return dash == std::string::npos ? std::string{} : lease.substr(0, dash);
}

std::string command_of_lease(const std::string& lease) { return "lease-" + lease; }

Money on_the_way(const LeaseAccount& account) {
    Money sum;
    for (const auto& [command, amount] : account.on_the_way) sum += amount;
    return sum;
}

}  // namespace

Money LeaseAccount::exposure() const { return closed ? Money{} : booked() - spent; }

Money Budget::booked() const {
    Money sum;
    for (const auto& [name, account] : accounts) sum += account.booked();
    return sum;
}

Money Budget::spent() const {
    Money sum;
    for (const auto& [name, account] : accounts) sum += account.spent;
    return sum;
}

Money Budget::exposure() const {
    Money sum;
    for (const auto& [name, account] : accounts) sum += account.exposure();
    return sum;
}

Status BudgetBook::restore(const std::vector<StateChange>& rows) {
    for (const auto& row : rows) {
        if (row.key == kLeaseCounterKey) {
            const auto counted = lease_counter_from(row);
            if (!counted) return counted.error();
            grants_ = *counted;
            continue;
        }
        auto read = lease_row_from(row);
        if (!read) return read.error();
        Budget& budget = budgets_[read->campaign];
        if (!read->account) {
            budget.total = read->budget.total;
            budget.recalled = read->budget.recalled;
            continue;
        }
        const auto& [name, account] = *read->account;
        for (const auto& [command, amount] : account.on_the_way)
            carried_[command] = {read->campaign, name};
        if (read->latest) epochs_[name.store] = name.epoch;
        budget.accounts[name] = account;
    }
    return {};
}

Result<LeaseTurn> BudgetBook::set(const std::string& campaign, Money total) {
    if (campaign.empty() || campaign.size() > kCampaignIdMax) return malformed("bad campaign id");
    if (total < Money{} || total > kMoneyMax) return malformed("a budget is 0 to 10^13");
    const auto found = budgets_.find(campaign);
    if (found == budgets_.end() && budgets_.size() >= limits_.budgets_max)
        return full("too many budgets");
    if (found != budgets_.end() && total < found->second.booked())
        return denied("the stores hold or have spent " +
                      std::to_string(found->second.booked().minor()) + " of it: recall it first");
    Budget& budget = budgets_[campaign];
    budget.total = total;
    budget.recalled = false;
    return LeaseTurn{.state = {budget_row(campaign, budget)}};
}

Result<BudgetBook::Recall> BudgetBook::recall(const std::string& campaign) {
    const auto found = budgets_.find(campaign);
    if (found == budgets_.end()) return unavailable("no budget of this campaign");
    found->second.recalled = true;
    Recall done{.state = {budget_row(campaign, found->second)}};
    for (const auto& [name, account] : found->second.accounts)
        if (account.exposure() > Money{} &&
            (done.stores.empty() || done.stores.back() != name.store))
            done.stores.push_back(name.store);
    return done;
}

Result<LeaseTurn> BudgetBook::reconcile(const Reconciliation& words) {
    const auto budget = budgets_.find(words.campaign);
    if (budget == budgets_.end()) return unavailable("no budget of this campaign");
    const auto found = budget->second.accounts.find(words.account);
    if (found == budget->second.accounts.end()) return unavailable("no such lease");
    LeaseAccount& account = found->second;
    if (account.closed) return denied("it is closed already");
    if (words.spent < account.spent || words.spent > account.booked())
        return denied("it has spent " + std::to_string(account.spent.minor()) + " to " +
                      std::to_string(account.booked().minor()));
    account.spent = words.spent;
    account.returned = account.granted - words.spent;
    account.wanted = Money{};
    account.closed = true;
    for (const auto& [command, amount] : account.on_the_way) carried_.erase(command);
    account.on_the_way.clear();
    return LeaseTurn{.state = {account_row(words.campaign, words.account, account, false)}};
}

// A row that was numbered again in a later epoch still tells of its own: of the epoch that its
// lease names, or, without a lease, of the one which was granted as much as it says.
AccountName BudgetBook::owner_of(const Budget& budget, const AccountName& speaker,
                                 const records::LeaseMove& move) const {
    if (const auto epoch = epoch_of_lease(move.lease); !epoch.empty())
        return {speaker.store, epoch};
    const auto here = budget.accounts.find(speaker);
    const Money known = here == budget.accounts.end() ? Money{} : here->second.granted;
    if (move.granted <= known) return speaker;
    for (auto one = budget.accounts.lower_bound({speaker.store, {}});
         one != budget.accounts.end() && one->first.store == speaker.store; ++one)
        if (one->first != speaker && one->second.granted >= move.granted) return one->first;
    return speaker;
}

// What a store wanted in an earlier epoch nobody wants any more.
void BudgetBook::begin_epoch(const AccountName& name, LeaseTurn& turn) {
    auto& latest = epochs_[name.store];
    if (latest == name.epoch) return;
    latest = name.epoch;
    for (auto& [campaign, budget] : budgets_)
        for (auto one = budget.accounts.lower_bound({name.store, {}});
             one != budget.accounts.end() && one->first.store == name.store; ++one) {
            if (one->first.epoch == name.epoch || one->second.wanted == Money{}) continue;
            one->second.wanted = Money{};
            turn.state.push_back(account_row(campaign, one->first, one->second, false));
        }
}

// A shop may ask before anybody has set the budget: it is remembered at nothing, so that people see
// that money is wanted and the shop is served once there is some.
bool BudgetBook::may_begin(const records::LeaseMove& move) const {
    const auto& campaign = move.campaign.value;
    return move.what == "lease_request" && !campaign.empty() && campaign.size() <= kCampaignIdMax &&
           budgets_.size() < limits_.budgets_max;
}

LeaseTurn BudgetBook::moved(const AccountName& speaker, const records::LeaseMove& move,
                            const Stamp& now) {
    LeaseTurn turn;
    begin_epoch(speaker, turn);
    auto found = budgets_.find(move.campaign.value);
    if (found == budgets_.end()) {
        if (!may_begin(move)) return turn;
        found = budgets_.try_emplace(move.campaign.value).first;
        turn.state.push_back(budget_row(found->first, found->second));
    }
    Budget& budget = found->second;
    const AccountName name = owner_of(budget, speaker, move);
    if (!budget.accounts.contains(name) && budget.accounts.size() >= limits_.accounts_max)
        return turn;
    LeaseAccount& account = budget.accounts[name];
    account.heard = now.wall;
    if (!account.closed) {
        account.taken = std::max(account.taken, move.granted);
        // An HQ that was restored has forgotten what it gave: the store's word counts.
        account.granted = std::max(account.granted, move.granted);
        account.spent =
            std::clamp(move.spent, account.spent, std::max(account.spent, account.granted));
        account.returned = std::clamp(move.returned, account.returned,
                                      std::max(account.returned, account.granted - account.spent));
        if (!move.lease.empty()) {
            account.on_the_way.erase(command_of_lease(move.lease));
            carried_.erase(command_of_lease(move.lease));
        }
    }
    if (move.what == "lease_request") grant(found->first, speaker, move.amount, now, turn);
    turn.state.push_back(
        account_row(found->first, name, account, epochs_[name.store] == name.epoch));
    return turn;
}

Money BudgetBook::grantable(const Budget& budget, Money asked) const {
    const Money free = budget.free();
    if (budget.recalled || free <= Money{}) return {};
    const Money share = Money::minor(free.minor() * limits_.share_permille / kPermille);
    const Money least = Money::minor(budget.total.minor() * limits_.least_permille / kPermille);
    return std::min({asked, std::max({share, least, Money::minor(1)}), free, wire::kLeaseMax});
}

void BudgetBook::grant(const std::string& campaign, const AccountName& name, Money asked,
                       const Stamp& now, LeaseTurn& turn) {
    Budget& budget = budgets_.at(campaign);
    LeaseAccount& account = budget.accounts[name];
    const Money missing = asked - on_the_way(account);
    if (account.closed || missing <= Money{}) return;
    const Money amount = grantable(budget, missing);
    account.wanted = amount == Money{} ? missing : Money{};
    if (amount > Money{}) {
        // Seconds since 1970 or more, so that a restored HQ gives no lease a name twice.
        grants_ = std::max(grants_ + 1, now.wall.time_since_epoch().count() / kPermille);
        const auto lease = name.epoch + '-' + std::to_string(grants_);
        const auto command = command_of_lease(lease);
        account.granted += amount;
        account.until = now.wall + limits_.valid;
        account.on_the_way[command] = amount;
        carried_[command] = {campaign, name};
        turn.orders.push_back({.command = command,
                               .store = name.store,
                               .expires = now.wall + limits_.command_valid,
                               .grant = {.lease = lease,
                                         .campaign = CampaignId{campaign},
                                         .amount = amount,
                                         .until = account.until,
                                         .epoch = name.epoch}});
        turn.state.push_back(lease_counter_row(grants_));
    }
    turn.state.push_back(account_row(campaign, name, account, true));
}

LeaseTurn BudgetBook::answered(const Answer& answer) {
    LeaseTurn turn;
    const auto found = carried_.find(answer.command);
    if (found == carried_.end()) return turn;
    const auto [campaign, name] = found->second;
    carried_.erase(found);
    LeaseAccount& account = budgets_.at(campaign).accounts.at(name);
    const auto amount = account.on_the_way.find(answer.command);
    if (amount == account.on_the_way.end()) return turn;
    if (!answer.taken && answer.epoch == name.epoch) account.granted -= amount->second;
    account.on_the_way.erase(amount);
    turn.state.push_back(account_row(campaign, name, account, epochs_[name.store] == name.epoch));
    return turn;
}

LeaseTurn BudgetBook::serve(const Stamp& now) {
    LeaseTurn turn;
    for (auto& [campaign, budget] : budgets_) {
        if (budget.recalled || budget.free() <= Money{}) continue;
        for (auto& [name, account] : budget.accounts)
            if (account.wanted > Money{}) grant(campaign, name, account.wanted, now, turn);
    }
    return turn;
}

}  // namespace aisle::hq
