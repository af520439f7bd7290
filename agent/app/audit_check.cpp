#include "agent/app/audit_check.hpp"

#include <algorithm>

#include "agent/app/audit.hpp"
#include "agent/intake/digest.hpp"
#include "agent/records/audit_chain.hpp"
#include "agent/store/erasure.hpp"
#include "agent/store/opening.hpp"

namespace aisle::app {
namespace {

constexpr std::size_t kRowsPerRead = 500;

void note(AuditReport& report, const std::string& why) {
    if (report.breaks++ == 0) report.first_break = why;
}

void step(AuditReport& report, records::AuditWalk& walk, const Record& record) {
    if (store::is_told_by_store(record.body)) {
        ++report.beside;
        return;
    }
    ++report.entries;
    if (record.body == store::kErasedBody) {
        ++report.erased;
        return walk.step_over_erased();
    }
    const auto entry = records::audit_from_json(record.body);
    if (!entry) return note(report, "an entry cannot be read: " + entry.error().detail);
    if (const auto broken = walk.step(*entry)) note(report, *broken);
}

}  // namespace

Result<AuditReport> check_audit(store::Reads& store, std::int64_t rows_back) {
    const auto rows = store.read_state(kAuditRoom);
    if (!rows) return rows.error();
    records::AuditHead head;
    for (const store::StateRow& row : *rows) {
        if (row.key == kAuditHeadKey) head = parse_audit_head(row.bytes);
    }
    AuditReport report;
    records::AuditWalk walk{[](std::string_view bytes) { return intake::sha256_hex(bytes); }};
    JournalQuery query{.kind = "audit", .limit = kRowsPerRead};
    if (rows_back > 0) {
        const auto sizes = store.sizes();
        if (!sizes) return sizes.error();
        query.after_id = std::max<std::int64_t>(0, sizes->journal_rows - rows_back);
    }
    for (;;) {
        const auto page = store.read(query);
        if (!page) return page.error();
        for (const JournalRow& row : *page) step(report, walk, row.record);
        if (page->size() < kRowsPerRead) break;
        query.after_id = page->back().id;
    }
    // Nothing among the rows that were looked at says nothing of those before.
    const bool seen = rows_back == 0 || walk.last().n > 0;
    const auto broken = seen ? walk.end(head) : std::nullopt;
    if (broken) note(report, *broken);
    return report;
}

}  // namespace aisle::app
