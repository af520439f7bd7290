#include "agent/records/audit_chain.hpp"

#include <utility>

namespace aisle::records {

std::string chain_of(std::string_view before, const AuditEntry& entry, const Digest& digest) {
    std::string text{before};
    for (const std::string& part : {std::to_string(entry.n), entry.actor, entry.action,
                                    entry.subject, entry.detail, to_rfc3339(entry.at.wall)}) {
        text += '\n';
        text += part;
    }
    return digest(text);
}

std::optional<std::string> AuditWalk::step(const AuditEntry& entry) {
    const AuditHead before = std::exchange(last_, {entry.n, entry.chain});
    const bool behind_erased = std::exchange(erased_, false);
    const bool begins = before.n == 0;
    if (!begins && entry.n != before.n + 1) {
        return "entry " + std::to_string(before.n) + " is followed by " + std::to_string(entry.n);
    }
    if (behind_erased || (begins && entry.n != 1)) return std::nullopt;
    if (chain_of(before.chain, entry, digest_) == entry.chain) return std::nullopt;
    return "entry " + std::to_string(entry.n) + " is not what was written";
}

void AuditWalk::step_over_erased() {
    if (last_.n > 0) ++last_.n;  // before the first that is kept nothing is known anyway
    erased_ = true;
}

std::optional<std::string> AuditWalk::end(const AuditHead& head) const {
    if (erased_ && (head.n == last_.n || last_.n == 0)) return std::nullopt;
    if (head.n == last_.n && head.chain == last_.chain) return std::nullopt;
    return "the last entry is " + std::to_string(last_.n) + ", but " + std::to_string(head.n) +
           " were written";
}

}  // namespace aisle::records
