#include "agent/app/audit_check.hpp"

#include "agent/app/audit.hpp"
#include "agent/intake/digest.hpp"
#include "agent/records/audit_chain.hpp"

namespace aisle::app {
namespace {

constexpr std::size_t kRowsPerRead = 500;

void note(AuditReport& report, const std::string& why) {
    if (report.breaks++ == 0) report.first_break = why;
}

void step(AuditReport& report, records::AuditWalk& walk, const Record& record) {
    ++report.entries;
    const auto entry = records::audit_from_json(record.body);
    if (!entry) return note(report, "an entry cannot be read: " + entry.error().detail);
    if (const auto broken = walk.step(*entry)) note(report, *broken);
}

}  // namespace

Result<AuditReport> check_audit(store::Reads& store) {
    const auto rows = store.read_state(kAuditRoom);
    if (!rows) return rows.error();
    records::AuditHead head;
    for (const store::StateRow& row : *rows) {
        if (row.key == kAuditHeadKey) head = parse_audit_head(row.bytes);
    }
    AuditReport report;
    records::AuditWalk walk{[](std::string_view bytes) { return intake::sha256_hex(bytes); }};
    JournalQuery query{.kind = "audit", .limit = kRowsPerRead};
    for (;;) {
        const auto page = store.read(query);
        if (!page) return page.error();
        for (const JournalRow& row : *page) step(report, walk, row.record);
        if (page->size() < kRowsPerRead) break;
        query.after_id = page->back().id;
    }
    if (const auto broken = walk.end(head)) note(report, *broken);
    return report;
}

}  // namespace aisle::app
