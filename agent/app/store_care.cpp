#include "agent/app/store_care.hpp"

#include "agent/app/audit_check.hpp"
#include "agent/runtime/log.hpp"

namespace aisle::app {
namespace {

// Between two slices, so that sales find the storage thread free.
constexpr milliseconds kBetweenSlices{25};
// A disk without room: what is not yet read waits for it.
constexpr seconds kAgainWhenFull{30};
// Journal rows whose audit entries are looked at in a start; `aislectl audit verify` walks them
// all.
constexpr std::int64_t kAuditRowsBack = 100'000;

}  // namespace

StoreCare::StoreCare(const Parts& parts)
    : parts_{parts},
      salvaged_{parts_.metrics.counter("aisle_salvaged_rows_total",
                                       "Journal rows taken over from a damaged database")},
      breaks_{parts_.metrics.gauge("aisle_audit_breaks",
                                   "Places where the chain of audit entries does not hold")} {}

void StoreCare::start(const store::Opening& opening) {
    if (opening.salvaging) return salvage();
    look_at_audit();
}

void StoreCare::salvage() {
    parts_.storage.salvage_more([this](const Result<store::SalvageWork>& work) {
        if (!work) {
            log::warn("salvage_waits", {{"why", work.error().detail}});
            again_ = parts_.loop.after(kAgainWhenFull, [this] { salvage(); });
            return;
        }
        salvaged_.add(static_cast<double>(work->rows_saved));
        if (work->more) {
            again_ = parts_.loop.after(kBetweenSlices, [this] { salvage(); });
            return;
        }
        log::info("salvage_ended", {{"rows", static_cast<std::int64_t>(salvaged_.value())}});
        look_at_audit();
    });
}

// On the reader thread: it may take as long as reading those rows.
void StoreCare::look_at_audit() {
    const auto first = std::make_shared<std::string>();
    parts_.storage.ask(
        [&reader = parts_.reader, first]() -> Result<std::int64_t> {
            const auto report = check_audit(reader, kAuditRowsBack);
            if (!report) return report.error();
            *first = report->first_break;
            return report->breaks;
        },
        [this, first](const Result<std::int64_t>& breaks) {
            if (!breaks) return log::warn("audit_unchecked", {{"why", breaks.error().detail}});
            breaks_.set(static_cast<double>(*breaks));
            if (*breaks > 0) tell_break(*breaks, *first);
        });
}

// The chain goes on behind the break, and HQ hears of it as of anything that was done.
void StoreCare::tell_break(std::int64_t breaks, const std::string& first) {
    log::error("audit_broken", {{"breaks", breaks}, {"first", first}});
    parts_.pipeline.submit_inner({.apply = [this, first](Turn& turn, std::span<const Found>) {
        parts_.floor.audit(
            turn,
            {.actor = "agent", .action = "audit.broken", .subject = "chain", .detail = first});
    }});
}

}  // namespace aisle::app
