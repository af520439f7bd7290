#include "agent/app/audit.hpp"

#include <charconv>

#include "agent/intake/digest.hpp"

namespace aisle::app {

void Audit::record(Turn& turn, const Deed& deed) {
    records::AuditEntry entry{.n = last_.n + 1,
                              .actor = deed.actor,
                              .action = deed.action,
                              .subject = deed.subject,
                              .detail = deed.detail,
                              .at = turn.now};
    entry.chain = records::chain_of(
        last_.chain, entry, [](std::string_view bytes) { return intake::sha256_hex(bytes); });
    turn.add(records::audit_record(entry));
    last_ = {entry.n, entry.chain};
    turn.batch.state.push_back({std::string{kAuditRoom}, std::string{kAuditHeadKey},
                                std::to_string(last_.n) + " " + last_.chain});
}

void Audit::restore(std::span<const StateChange> rows) {
    for (const StateChange& row : rows) {
        if (row.key == kAuditHeadKey) last_ = parse_audit_head(row.bytes);
    }
}

records::AuditHead parse_audit_head(std::string_view bytes) {
    records::AuditHead head;
    const auto space = bytes.find(' ');
    if (space == std::string_view::npos) return head;
    std::from_chars(bytes.data(), bytes.data() + space, head.n);
    head.chain = bytes.substr(space + 1);
    return head;
}

}  // namespace aisle::app
