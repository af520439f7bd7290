#include <algorithm>

#include "agent/app/bundles.hpp"

// A candidate's dry run: the journal is read on the reader thread, its sales are read and decided
// again on the low-priority worker, and only the facts about customers are gathered on the loop, in
// slices.
namespace aisle::app {
namespace {

constexpr std::int64_t kRowsBack = 50'000;  // of the journal: a day of a large shop
constexpr std::size_t kRowsAtOnce = 1'000;
constexpr std::size_t kCasesAtOnce = 100;
constexpr milliseconds kAgain{10'000};
constexpr std::chrono::hours kLastDay{24};

}  // namespace

void Bundles::try_later() {
    again_ = parts_.loop.after(kAgain, [this] { begin_dry_run(); });
}

void Bundles::begin_dry_run() {
    if (engine_.candidate() == nullptr) return;
    const std::int64_t version = engine_.candidate()->version;
    parts_.storage.sizes([this, version](const Result<store::StoreSizes>& sizes) {
        if (!sizes) return try_later();
        gather(version, std::max<std::int64_t>(0, sizes->journal_rows - kRowsBack),
               std::make_shared<std::vector<JournalRow>>());
    });
}

void Bundles::gather(std::int64_t version, std::int64_t after_id,
                     std::shared_ptr<std::vector<JournalRow>> rows) {
    const JournalQuery query{.kind = "sale", .after_id = after_id, .limit = kRowsAtOnce};
    parts_.storage.read(query, [this, version, rows](Result<std::vector<JournalRow>> page) {
        if (!page) return try_later();
        std::ranges::move(*page, std::back_inserter(*rows));
        const bool more = page->size() == kRowsAtOnce;
        // Twice the bound, as revisions and returns fall out.
        if (rows->size() > 2 * kDryRunSalesMax)
            rows->erase(rows->begin(),
                        rows->end() - static_cast<std::ptrdiff_t>(2 * kDryRunSalesMax));
        if (more) return gather(version, rows->back().id, rows);
        prepare(version, rows);
    });
}

void Bundles::prepare(std::int64_t version, std::shared_ptr<std::vector<JournalRow>> rows) {
    const WallTime since = parts_.loop.clock().now().wall - kLastDay;
    const auto sales = std::make_shared<std::vector<Sale>>();
    const bool taken = parts_.slow([this, version, rows, sales, since] {
        *sales = sales_of(*rows, since);
        parts_.loop.post([this, version, sales] {
            fill(version, sales, std::make_shared<std::vector<DryCase>>());
        });
    });
    if (!taken) try_later();
}

void Bundles::fill(std::int64_t version, std::shared_ptr<std::vector<Sale>> sales,
                   std::shared_ptr<std::vector<DryCase>> cases) {
    const Stamp now = parts_.loop.clock().now();
    const std::size_t to = std::min(sales->size(), cases->size() + kCasesAtOnce);
    while (cases->size() < to) {
        DryCase one = case_of(sales->at(cases->size()));
        for (BasketLine& line : one.basket.lines) {
            const ProductRow* const product = parts_.engines.known_product(line.sku);
            if (product == nullptr) continue;
            line.category = product->category;
            line.brand = product->brand;
        }
        if (!one.basket.member.empty()) {
            one.customer = parts_.engines.known_customer(one.basket.member, now);
            one.agrees = one.customer.lists("cust.consent", kConsentMarketing, now.wall);
        }
        cases->push_back(std::move(one));
    }
    if (cases->size() == sales->size()) return decide(version, cases);
    parts_.loop.post([this, version, sales, cases] { fill(version, sales, cases); });
}

void Bundles::decide(std::int64_t version, std::shared_ptr<std::vector<DryCase>> cases) {
    const wire::Bundle* const candidate = engine_.candidate();
    if (candidate == nullptr || candidate->version != version) return;
    const auto set = compiled(*candidate);
    if (!set) return tried(version, {.faults = 1});
    const auto context = std::make_shared<conditions::Facts>(
        parts_.engines.known_context(parts_.loop.clock().now(), **set));
    const bool taken = parts_.slow([this, version, cases, set = *set, context] {
        const auto figures = dry_run(*set, *cases, *context, parts_.loop.clock());
        parts_.loop.post([this, version, figures] { tried(version, figures); });
    });
    if (!taken) try_later();
}

void Bundles::tried(std::int64_t version, const uplink::GuardFigures& figures) {
    parts_.slots.commit([this, version, figures](const Stamp& now) {
        return step(engine_.dry_run_done(version, figures, now), now);
    });
}

}  // namespace aisle::app
