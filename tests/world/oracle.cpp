#include "tests/world/oracle.hpp"

#include <algorithm>
#include <array>

#include "agent/store/reads.hpp"

namespace aisle::world {
namespace {

constexpr std::size_t kComplaintsMax = 20;
constexpr std::array<std::string_view, 5> kDeclared{"too_large", "quota", "rolled_up", "erased",
                                                    "rejected"};

RowName name_of(const std::string& kind, const std::string& event_id, std::int64_t boot,
                std::int64_t mono_us, const std::string& body) {
    Trace trace;
    trace.add(kind);
    trace.add(event_id);
    trace.add(std::to_string(boot));
    trace.add(std::to_string(mono_us));
    trace.add(body);
    return {trace.hash()};
}

void add(Rows& rows, const RowName& name, const RowCount& row, std::int64_t n = 1) {
    RowCount& count = rows[name];
    if (count.example.empty()) count = {0, row.example, row.stream, row.event_id};
    count.n += n;
}

std::int64_t count(const Rows& rows, const RowName& name) {
    const auto found = rows.find(name);
    return found == rows.end() ? 0 : found->second.n;
}

std::string example_of(const std::string& kind, std::int64_t boot, std::int64_t mono_us,
                       const std::string& body) {
    return kind + " boot " + std::to_string(boot) + " mono " + std::to_string(mono_us) + " " +
           body.substr(0, 160);
}

// "reason":"..." of a gap's body, and how many it says it stands for.
bool is_declared(const std::string& body) {
    return std::ranges::any_of(kDeclared, [&](std::string_view reason) {
        return body.find("\"reason\":\"" + std::string{reason}) != std::string::npos;
    });
}

}  // namespace

Rows rows_of(const std::vector<HqRow>& events, const std::string& store) {
    Rows rows;
    for (const HqRow& event : events) {
        if (event.store != store || event.kind == "gap") continue;
        add(rows, name_of(event.kind, event.event_id, event.boot, event.mono_us, event.body),
            {0, example_of(event.kind, event.boot, event.mono_us, event.body), event.stream,
             event.event_id});
    }
    return rows;
}

Rows Oracle::read(Site& site) {
    Rows rows;
    const auto reader = store::StoreReader::open(Site::kDataDir, site.disk.vfs());
    if (!reader) return rows;
    std::int64_t after = 0;
    for (;;) {
        const auto some = (*reader)->read(JournalQuery{.after_id = after, .limit = 2'000});
        if (!some || some->empty()) return rows;
        after = some->back().id;
        for (const JournalRow& row : *some) {
            const Record& record = row.record;
            if (record.stream == Stream::Local) continue;
            const std::int64_t mono_us = record.at.mono.time_since_epoch().count();
            add(rows, name_of(record.kind, record.event_id, record.at.boot, mono_us, record.body),
                {0, example_of(record.kind, record.at.boot, mono_us, record.body),
                 std::string{to_text(record.stream)}, record.event_id});
        }
    }
}

void Oracle::note(Site& site) {
    Shop& shop = shops_[site.settings().store];
    Rows& seen = lineages_[&site];
    for (const auto& [name, row] : read(site)) {
        const std::int64_t more = row.n - count(seen, name);
        if (more <= 0) continue;
        add(seen, name, row, more);
        add(shop.ever, name, row, more);
    }
}

void Oracle::note_copy(Site& site, Site& copy) {
    note(site);
    lineages_[&copy] = lineages_[&site];
}

Rows Oracle::lineage(const Site& site) const {
    const auto found = lineages_.find(&site);
    return found == lineages_.end() ? Rows{} : found->second;
}

void Oracle::excuse(Shop& shop, const RowName& name, const RowCount& row, std::int64_t n) {
    add(shop.excused, name, row, n);
    if (!row.event_id.empty()) excused_ids_.insert(row.event_id);
}

void Oracle::set_back(Site& site, const Rows& lineage) {
    note(site);
    Shop& shop = shops_[site.settings().store];
    for (const auto& [name, row] : lineages_[&site]) {
        const std::int64_t lost = row.n - count(lineage, name);
        if (lost > 0) excuse(shop, name, row, lost);
    }
    lineages_[&site] = lineage;
}

void Oracle::damaged(Site& site, Headquarters& hq) {
    note(site);
    Shop& shop = shops_[site.settings().store];
    const Rows there = rows_of(hq.events(), site.settings().store);
    for (const auto& [name, row] : lineages_[&site]) {
        const std::int64_t not_there = row.n - count(there, name);
        if (not_there > 0) excuse(shop, name, row, not_there);
    }
}

void Oracle::hq_set_back(const std::vector<HqRow>& before, const std::vector<HqRow>& after) {
    for (auto& [store, shop] : shops_) {
        const Rows now = rows_of(after, store);
        for (const auto& [name, row] : rows_of(before, store)) {
            const std::int64_t lost = row.n - count(now, name);
            if (lost > 0) excuse(shop, name, row, lost);
        }
    }
}

void Oracle::compare_rows(const std::string& store, const Rows& must, const Rows& at_hq,
                          std::int64_t declared, std::vector<std::string>& faults) const {
    const Shop& shop = shops_.at(store);
    for (const auto& [name, row] : at_hq) {
        const std::int64_t ever = count(shop.ever, name);
        if (row.n <= ever || faults.size() >= kComplaintsMax) continue;
        faults.push_back(store +
                         (ever == 0 ? ": HQ has what nobody committed: " : ": HQ has twice: ") +
                         row.example);
    }
    std::vector<std::string> missing;
    for (const auto& [name, row] : must) {
        const std::int64_t lost = row.n - count(at_hq, name) - count(shop.excused, name);
        for (std::int64_t i = 0; i < lost; ++i) missing.push_back(row.stream + " " + row.example);
    }
    if (static_cast<std::int64_t>(missing.size()) <= declared) return;
    faults.push_back(store + ": " + std::to_string(missing.size()) + " missing at HQ, " +
                     std::to_string(declared) + " declared");
    for (const std::string& one : missing) {
        if (faults.size() >= kComplaintsMax) return;
        faults.push_back("  " + one);
    }
}

std::vector<std::string> Oracle::compare(const std::vector<Site*>& sites,
                                         const std::vector<const Customers*>& customers,
                                         Headquarters& hq) const {
    std::vector<std::string> faults;
    const std::vector<HqRow> events = hq.events();
    for (const auto& [store, shop] : shops_) {
        std::int64_t declared = 0;
        for (const HqRow& row : events) {
            if (row.store == store && row.kind == "gap" && is_declared(row.body))
                declared += row.seq - row.from + 1;
        }
        Rows must;
        for (Site* site : sites) {
            if (site->settings().store != store) continue;
            for (const auto& [name, row] : read(*site)) {
                const std::int64_t more = row.n - count(must, name);
                if (more > 0) add(must, name, row, more);
            }
        }
        compare_rows(store, must, rows_of(events, store), declared, faults);
    }
    // The tills' own memory: independent of every disk.
    std::map<std::string, std::int64_t> sales;
    std::set<std::pair<std::string, std::int64_t>> revisions;
    for (const HqRow& row : events) {
        if (row.kind != "sale") continue;
        ++sales[row.event_id];
        if (!revisions.emplace(row.event_id, row.revision).second)
            faults.push_back("a revision twice: " + row.event_id);
    }
    const std::int64_t dead_letters = std::ranges::count_if(
        events, [](const HqRow& row) { return row.kind == "gap" && is_declared(row.body); });
    std::int64_t missing = 0;
    std::string example;
    for (const Customers* shop : customers) {
        for (const Sold& sale : shop->sold()) {
            const bool there = sales.contains(sale.id);
            if (there || excused_ids_.contains(sale.id)) continue;
            if (!sale.answered && sale.answered_times == 0) continue;
            ++missing;
            example = sale.id + " " + sale.body.substr(0, 200);
        }
    }
    if (missing > dead_letters)
        faults.push_back(std::to_string(missing) + " answered sales are not at HQ, " +
                         std::to_string(dead_letters) + " declared: " + example);
    return faults;
}

}  // namespace aisle::world
