#include "agent/app/audit.hpp"

#include <charconv>

#include "agent/intake/digest.hpp"
#include "agent/records/ledger_records.hpp"

namespace aisle::app {

void Audit::record(Turn& turn, const Deed& deed) {
    records::AuditEntry entry{.n = last_n_ + 1,
                              .actor = deed.actor,
                              .action = deed.action,
                              .subject = deed.subject,
                              .detail = deed.detail,
                              .at = turn.now};
    entry.chain = intake::sha256_hex(last_chain_ + '\n' + std::to_string(entry.n) + '\n' +
                                     entry.actor + '\n' + entry.action + '\n' + entry.subject +
                                     '\n' + entry.detail + '\n' + to_rfc3339(entry.at.wall));
    turn.add(records::audit_record(entry));
    last_n_ = entry.n;
    last_chain_ = entry.chain;
    turn.batch.state.push_back(
        {std::string{kAuditRoom}, "head", std::to_string(last_n_) + " " + last_chain_});
}

void Audit::restore(std::span<const StateChange> rows) {
    for (const StateChange& row : rows) {
        const auto space = row.bytes.find(' ');
        if (row.key != "head" || space == std::string::npos) continue;
        std::from_chars(row.bytes.data(), row.bytes.data() + space, last_n_);
        last_chain_ = row.bytes.substr(space + 1);
    }
}

}  // namespace aisle::app
