#include "tests/world/oracle.hpp"

#include <algorithm>
#include <array>

#include <boost/json.hpp>

#include "agent/store/reads.hpp"
#include "tests/world/chain_keys.hpp"

namespace aisle::world {
namespace {

constexpr std::size_t kComplaintsMax = 20;
constexpr std::array<std::string_view, 5> kDeclared{"too_large", "quota", "rolled_up", "erased",
                                                    "refused"};
constexpr std::string_view kAckedBefore = "acked_before";

RowName name_of(const std::string& kind, const std::string& event_id, std::int64_t boot,
                std::int64_t mono_us, const std::string& body) {
    Trace trace;
    trace.add(kind);
    trace.add(event_id);
    trace.add(std::to_string(boot));
    trace.add(std::to_string(mono_us));
    // Who is forgotten leaves these without their bodies. What a store tells of its own start names
    // nobody, and has neither boot nor time to be known by.
    const bool of_a_person = kind == "consent" || kind == "erasure" || kind == "audit";
    if (!of_a_person || body.starts_with(R"({"what":"store_)")) trace.add(body);
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
bool is_for(const std::string& body, std::string_view reason) {
    return body.find("\"reason\":\"" + std::string{reason} + '"') != std::string::npos;
}

bool is_declared(const std::string& body) {
    return std::ranges::any_of(kDeclared,
                               [&](std::string_view reason) { return is_for(body, reason); });
}

// What was read, without by whom and how often: our own words, not those of HQ's own judgement.
std::string content_of(const std::string& id, const std::string& body) {
    boost::system::error_code error;
    auto value = boost::json::parse(body, error);
    if (error || !value.is_object()) return id + body;
    value.as_object().erase("lineage");
    value.as_object().erase("revision");
    return id + boost::json::serialize(value);
}

RowCount count_of(const HqRow& row) {
    return {0, example_of(row.kind, row.boot, row.mono_us, row.body), row.stream, row.event_id};
}

}  // namespace

Rows rows_of(const std::vector<HqRow>& events, const std::string& store) {
    Rows rows;
    for (const HqRow& event : events) {
        if (event.store != store || event.kind == "gap") continue;
        add(rows, name_of(event.kind, event.event_id, event.boot, event.mono_us, event.body),
            count_of(event));
    }
    return rows;
}

Rows Oracle::read(Site& site, Bodies* bodies) {
    Rows rows;
    const auto reader = store::StoreReader::open(shop_dir(), site.disk.vfs());
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
            const RowName name =
                name_of(record.kind, record.event_id, record.at.boot, mono_us, record.body);
            if (bodies != nullptr && !record.event_id.empty()) (*bodies)[name] = record.body;
            add(rows, name,
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
    for (const auto& [name, row] : lineage) shop.brought_back.insert(name);
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

void Oracle::hq_set_back(const HqState& before, const HqState& after) {
    for (const auto& [stream, next] : before.marks) {
        const auto found = after.marks.find(stream);
        const std::int64_t kept = found == after.marks.end() ? 1 : found->second;
        if (kept < next) lost_[stream].push_back({kept, next - 1});
    }
    const auto lost = [&](const HqPlace& place) {
        const auto found = after.marks.find(place.stream);
        return found == after.marks.end() || place.seq >= found->second;
    };
    std::map<HqPlace, Named> shown;
    for (const HqRow& row : before.events) {
        const HqPlace place{{row.store, row.epoch, row.stream}, row.seq};
        if (row.kind == "gap") {
            if (is_declared(row.body) && lost(place))
                lost_gaps_[place.stream][row.seq] = {row.from, row.seq};
            continue;
        }
        const Named named{name_of(row.kind, row.event_id, row.boot, row.mono_us, row.body),
                          count_of(row), place};
        shown.emplace(place, named);
        if (lost(place)) lost_rows_[place.stream][place.seq] = named;
        if (lost(place) && !row.event_id.empty()) lost_with_ids_.push_back(row);
    }
    for (const auto& [place, at] : before.elsewhere) {
        const auto record = shown.find(at);
        if (record != shown.end() && lost(place) && lost(at))
            lost_rows_[place.stream][place.seq] = record->second;
    }
}

bool Oracle::was_lost(const HqStream& stream, std::int64_t seq) const {
    const auto runs = lost_.find(stream);
    return runs != lost_.end() && std::ranges::any_of(runs->second, [&](const Run& run) {
               return run.from <= seq && seq <= run.seq;
           });
}

// By store: the records that a gap `acked_before` stands for. Each number of such a gap must be one
// that a restored HQ had acknowledged.
std::map<std::string, Rows> Oracle::covered(const std::vector<HqRow>& events,
                                            std::vector<std::string>& faults) const {
    std::map<std::string, Rows> covered;
    std::set<HqPlace> counted;
    for (const HqRow& gap : events) {
        if (gap.kind != "gap" || !is_for(gap.body, kAckedBefore)) continue;
        const HqStream stream{gap.store, gap.epoch, gap.stream};
        const std::string where = gap.store + " " + gap.epoch + " " + gap.stream + " " +
                                  std::to_string(gap.from) + ".." + std::to_string(gap.seq);
        std::int64_t unknown = 0;
        for (std::int64_t seq = gap.from; seq <= gap.seq; ++seq) unknown += !was_lost(stream, seq);
        if (unknown > 0)
            faults.push_back(where + " is declared acked_before, and HQ never lost " +
                             std::to_string(unknown) + " of it");
        if (gap.body.find("\"n\":" + std::to_string(gap.seq - gap.from + 1)) == std::string::npos)
            faults.push_back(where + " does not count right: " + gap.body);
        const auto rows = lost_rows_.find(stream);
        if (rows == lost_rows_.end()) continue;
        const auto end = rows->second.upper_bound(gap.seq);
        for (auto row = rows->second.lower_bound(gap.from); row != end; ++row)
            if (counted.insert(row->second.shown).second)
                add(covered[gap.store], row->second.name, row->second.row);
    }
    return covered;
}

void Oracle::leave_out_told_again(Rows& must, const Rows& at_hq, const Bodies& bodies,
                                  const std::vector<HqRow>& events,
                                  const std::string& store) const {
    std::map<std::string, std::vector<RowName>> missing;
    for (const auto& [name, body] : bodies) {
        const auto row = must.find(name);
        if (row != must.end() && count(at_hq, name) == 0)
            missing[row->second.event_id].push_back(name);
    }
    const auto look_at = [&](const HqRow& event) {
        if (event.store != store || event.event_id.empty()) return;
        const auto found = missing.find(event.event_id);
        if (found == missing.end()) return;
        const std::string there = content_of(event.kind + event.event_id, event.body);
        for (const RowName& name : found->second) {
            const bool same = content_of(event.kind + event.event_id, bodies.at(name)) == there;
            if (same) must.erase(name);
        }
    };
    std::ranges::for_each(events, look_at);
    // Of what a set-back took, the gap that stands for it is looked for under the first one's name.
    std::ranges::for_each(lost_with_ids_, look_at);
}

// A batch of an epoch that has ended may still be on its way when HQ is set back. The shop cannot
// know of it, and declares gone what it was told that HQ had under the next epoch's number.
std::set<RowName> Oracle::came_late(const std::vector<HqRow>& events,
                                    const std::string& store) const {
    std::map<RowName, std::set<std::string>> lost_in;  // epochs
    for (const auto& [stream, rows] : lost_rows_)
        if (stream.store == store)
            for (const auto& [seq, row] : rows) lost_in[row.name].insert(row.shown.stream.epoch);
    std::set<RowName> late;
    for (const HqRow& row : events) {
        if (row.store != store || row.kind == "gap") continue;
        const RowName name = name_of(row.kind, row.event_id, row.boot, row.mono_us, row.body);
        const auto lost = lost_in.find(name);
        if (lost != lost_in.end() && !lost->second.contains(row.epoch)) late.insert(name);
    }
    return late;
}

Oracle::Declared Oracle::declared_of(const std::vector<HqRow>& events,
                                     const std::string& store) const {
    Declared declared;
    std::set<HqPlace> counted;
    for (const HqRow& row : events) {
        if (row.store != store || row.kind != "gap") continue;
        if (is_declared(row.body)) declared[row.stream] += row.seq - row.from + 1;
        const HqStream stream{row.store, row.epoch, row.stream};
        const auto gone = lost_gaps_.find(stream);
        if (!is_for(row.body, kAckedBefore) || gone == lost_gaps_.end()) continue;
        const auto end = gone->second.upper_bound(row.seq);
        for (auto gap = gone->second.lower_bound(row.from); gap != end; ++gap)
            if (counted.insert({stream, gap->first}).second)
                declared[row.stream] += gap->second.seq - gap->second.from + 1;
    }
    return declared;
}

void Oracle::compare_rows(const std::string& store, const Rows& must, const Rows& at_hq,
                          const Gone& gone, std::vector<std::string>& faults) const {
    const auto& [covered, late, declared] = gone;
    const Shop& shop = shops_.at(store);
    for (const auto& [name, row] : at_hq) {
        const std::int64_t ever = count(shop.ever, name);
        if (row.n <= ever || faults.size() >= kComplaintsMax) continue;
        faults.push_back(store +
                         (ever == 0 ? ": HQ has what nobody committed: " : ": HQ has twice: ") +
                         row.example);
    }
    for (const auto& [name, row] : covered) {
        const std::int64_t both = row.n + count(at_hq, name) - count(shop.ever, name);
        const bool may_be = shop.brought_back.contains(name) || late.contains(name);
        if (both > 0 && !may_be && faults.size() < kComplaintsMax)
            faults.push_back(store + ": declared gone and there: " + row.example);
    }
    std::map<std::string, std::vector<std::string>> missing;  // by stream
    for (const auto& [name, row] : must) {
        const std::int64_t lost =
            row.n - count(at_hq, name) - count(shop.excused, name) - count(covered, name);
        for (std::int64_t i = 0; i < lost; ++i) missing[row.stream].push_back(row.example);
    }
    for (const auto& [stream, rows] : missing) {
        const auto found = declared.find(stream);
        const std::int64_t known = found == declared.end() ? 0 : found->second;
        if (static_cast<std::int64_t>(rows.size()) <= known) continue;
        faults.push_back(store + " " + stream + ": " + std::to_string(rows.size()) +
                         " missing at HQ, " + std::to_string(known) + " declared");
        for (const std::string& one : rows)
            if (faults.size() < kComplaintsMax) faults.push_back("  " + one);
    }
}

std::vector<std::string> Oracle::compare(const std::vector<Site*>& sites,
                                         const std::vector<const Customers*>& customers,
                                         Headquarters& hq) const {
    std::vector<std::string> faults;
    const std::vector<HqRow> events = hq.events();
    auto declared_lost = covered(events, faults);
    for (const auto& [store, shop] : shops_) {
        Rows must;
        Bodies bodies;
        for (Site* site : sites) {
            if (site->settings().store != store) continue;
            for (const auto& [name, row] : read(*site, &bodies)) {
                const std::int64_t more = row.n - count(must, name);
                if (more > 0) add(must, name, row, more);
            }
        }
        const Rows at_hq = rows_of(events, store);
        leave_out_told_again(must, at_hq, bodies, events, store);
        compare_rows(store, must, at_hq,
                     {declared_lost[store], came_late(events, store), declared_of(events, store)},
                     faults);
    }
    compare_sales(customers, events, declared_lost, faults);
    return faults;
}

// The tills' own memory: independent of every disk.
void Oracle::compare_sales(const std::vector<const Customers*>& customers,
                           const std::vector<HqRow>& events,
                           const std::map<std::string, Rows>& covered,
                           std::vector<std::string>& faults) const {
    std::set<std::string> accounted = excused_ids_;
    for (const auto& [store, rows] : covered)
        for (const auto& [name, row] : rows) accounted.insert(row.event_id);
    std::set<std::pair<std::string, std::int64_t>> revisions;
    std::int64_t dead_letters = 0;
    for (const auto& [store, shop] : shops_) {
        const Declared declared = declared_of(events, store);
        if (const auto ledger = declared.find("ledger"); ledger != declared.end())
            dead_letters += ledger->second;
    }
    for (const HqRow& row : events) {
        if (row.kind != "sale") continue;
        accounted.insert(row.event_id);
        if (!revisions.emplace(row.event_id, row.revision).second)
            faults.push_back("a revision twice: " + row.event_id);
    }
    std::int64_t missing = 0;
    std::string example;
    for (const Customers* shop : customers) {
        for (const Sold& sale : shop->sold()) {
            if (sale.answered_times == 0 || accounted.contains(sale.id)) continue;
            ++missing;
            example = sale.id + " " + sale.body.substr(0, 200);
        }
    }
    if (missing > dead_letters)
        faults.push_back(std::to_string(missing) + " answered sales are not at HQ, " +
                         std::to_string(dead_letters) + " declared: " + example);
}

}  // namespace aisle::world
