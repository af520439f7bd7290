#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "agent/core/error.hpp"
#include "agent/core/money.hpp"
#include "agent/core/time.hpp"
#include "agent/records/downlink_records.hpp"
#include "sync/hq/downlink_effects.hpp"
#include "sync/wire/lease.hpp"

// Chain-wide budgets, given to the stores in leases. What is granted is booked as gone at once and
// comes back only by a store's own word, so that over all partitions and losses
//     spent + exposure <= budget
// where the exposure is the most that the stores can still spend on what they were given. Pure.
namespace aisle::hq {

// What one store was given of one campaign in one epoch. A later epoch of the store begins with
// nothing; what it had before stays booked until somebody reconciles it.
struct LeaseAccount {
    Money granted;   // by HQ, from the moment it decided, whether it has arrived or not
    Money returned;  // as the store said
    Money spent;     // as the store said
    Money taken;     // granted, as the store said
    Money wanted;    // asked for, and nothing was free
    WallTime until{};
    WallTime heard{};     // when the store last said anything of it
    bool closed = false;  // reconciled: whatever the store may still say changes nothing
    std::map<std::string, Money> on_the_way;  // grants without a result, by command id

    [[nodiscard]] Money booked() const { return granted - returned; }
    [[nodiscard]] Money exposure() const;  // what can still be spent
    friend bool operator==(const LeaseAccount&, const LeaseAccount&) = default;
};

struct AccountName {
    std::string store;
    std::string epoch;
    friend auto operator<=>(const AccountName&, const AccountName&) = default;
};

struct Budget {
    Money total;
    std::map<AccountName, LeaseAccount> accounts;
    bool recalled = false;  // nothing more is granted

    [[nodiscard]] Money booked() const;
    [[nodiscard]] Money spent() const;
    [[nodiscard]] Money exposure() const;
    [[nodiscard]] Money free() const { return total - booked(); }
};

// A command to be signed and queued: its id is HQ's to choose and is given here, so that the book
// knows the result when it comes.
struct LeaseOrder {
    std::string command;
    std::string store;
    WallTime expires{};
    wire::LeaseGrant grant;
};

struct LeaseTurn {
    std::vector<StateChange> state;
    std::vector<LeaseOrder> orders;
};

struct LeaseLimits {
    std::int64_t share_permille = 100;  // of what is free goes to one request at most
    std::int64_t least_permille = 5;    // of the whole: what is free is not cut finer than that
    std::chrono::hours valid{24};       // of a lease
    minutes command_valid{60};          // of the command that carries it
    std::size_t budgets_max = 5'000;
    std::size_t accounts_max = 20'000;  // of one budget
};

class BudgetBook {
public:
    static constexpr const char* kRoom = "hq.budget";

    explicit BudgetBook(LeaseLimits limits) : limits_{limits} {}
    Status restore(const std::vector<StateChange>& rows);

    // A new budget or another total. Denied: below what is booked already (recall it first);
    // Malformed: negative; Full: too many.
    Result<LeaseTurn> set(const std::string& campaign, Money total);
    // No more grants; answers the stores that hold something, so that they are told.
    struct Recall {
        std::vector<StateChange> state;
        std::vector<std::string> stores;
    };
    Result<Recall> recall(const std::string& campaign);
    // By hand, for a device that never comes back: of this account so much was spent, the rest is
    // free again. Denied where it is more than was granted or the account is closed.
    struct Reconciliation {
        std::string campaign;
        AccountName account;
        Money spent;
    };
    Result<LeaseTurn> reconcile(const Reconciliation& words);

    // A ledger record `budget` of a store with `what`. A request is granted at once from what is
    // free; a store of which a grant is on the way gets only what is missing.
    LeaseTurn moved(const AccountName& account, const records::LeaseMove& move, const Stamp& now);
    // The result of a command, said in `epoch`. What the store did not take is free again, but only
    // by its word in the epoch of the grant: a device that has lost its database refuses what it
    // may have taken, and spent, before.
    struct Answer {
        std::string command;
        std::string epoch;
        bool taken = false;
    };
    LeaseTurn answered(const Answer& answer);
    // Now and then: who asked when nothing was free, and now something is.
    LeaseTurn serve(const Stamp& now);

    [[nodiscard]] const std::map<std::string, Budget>& budgets() const { return budgets_; }

private:
    struct Carried {
        std::string campaign;
        AccountName account;
    };
    [[nodiscard]] Money grantable(const Budget& budget, Money asked) const;
    void grant(const std::string& campaign, const AccountName& account, Money asked,
               const Stamp& now, LeaseTurn& turn);
    [[nodiscard]] AccountName owner_of(const Budget& budget, const AccountName& speaker,
                                       const records::LeaseMove& move) const;
    [[nodiscard]] bool may_begin(const records::LeaseMove& move) const;
    void begin_epoch(const AccountName& name, LeaseTurn& turn);

    LeaseLimits limits_;
    std::map<std::string, Budget> budgets_;
    std::map<std::string, Carried> carried_;     // by command id
    std::map<std::string, std::string> epochs_;  // the latest of each store
    std::int64_t grants_ = 0;                    // so that no lease id is used twice
};

}  // namespace aisle::hq
