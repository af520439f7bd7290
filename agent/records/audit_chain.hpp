#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "agent/records/ledger_records.hpp"

// The chain through a shop's audit entries: each carries the digest of itself and of the one
// before, so that one that is edited, left out or put in shows, here and at headquarters. Pure.
namespace aisle::records {

// SHA-256 as 64 hex digits: this room knows no library for it.
using Digest = std::function<std::string(std::string_view)>;

// `before` is the chain of entry n - 1; empty for the first.
std::string chain_of(std::string_view before, const AuditEntry& entry, const Digest& digest);

// The last entry that was written, as it is kept beside the journal.
struct AuditHead {
    std::int64_t n = 0;
    std::string chain;
};

// Walks a chain in the order of `n`. The first entry that is seen is believed if it is not the
// first of all: retention may have taken those before it.
class AuditWalk {
public:
    explicit AuditWalk(Digest digest) : digest_{std::move(digest)} {}

    // Why the chain is broken at this entry; nothing if it holds. After a break the walk goes on
    // from what it was given.
    std::optional<std::string> step(const AuditEntry& entry);
    // An entry stood here and was emptied because it was about somebody who was forgotten: nobody
    // can say any more what it was. The one behind it is believed.
    void step_over_erased();
    // Why the walk does not end where it should; nothing if it does, and where nothing is known.
    [[nodiscard]] std::optional<std::string> end(const AuditHead& head) const;
    [[nodiscard]] const AuditHead& last() const { return last_; }

private:
    Digest digest_;
    AuditHead last_;
    bool erased_ = false;  // the last one: its chain is not known
};

}  // namespace aisle::records
