#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "tests/world/customers.hpp"
#include "tests/world/headquarters.hpp"
#include "tests/world/site.hpp"

namespace aisle::world {

// A record, whatever its number: kind, identity, boot, monotonic time, body.
struct RowName {
    std::uint64_t digest = 0;
    friend auto operator<=>(const RowName&, const RowName&) = default;
};
struct RowCount {
    std::int64_t n = 0;
    std::string example;  // for people
    std::string stream;
    std::string event_id;
};
using Rows = std::map<RowName, RowCount>;

// The model that HQ is compared with. It knows what every device ever committed, because it reads
// each disk before anything happens to it, and it knows which records a fault may have taken, and
// by which fault.
class Oracle {
public:
    // Reads what the device's journal holds now. Call it before the disk is copied, put back or
    // damaged, with the device up or not.
    void note(Site& site);
    // `copy` is a copy of `site`'s disk: what both hold was committed once.
    void note_copy(Site& site, Site& copy);
    // What a device had when its disk was copied away.
    [[nodiscard]] Rows lineage(const Site& site) const;
    // The disk was set back to that: what came since may be gone.
    void set_back(Site& site, const Rows& lineage);
    // The disk is damaged or gone: all that HQ has not may be gone.
    void damaged(Site& site, Headquarters& hq);
    // HQ's disk was set back. What it had acknowledged since may be gone for good, but only if a
    // gap `acked_before` says so, at the very number, stream and epoch.
    void hq_set_back(const HqState& before, const HqState& after);

    // Everything has come to rest. Each line is one fault of ours; empty: HQ is the model.
    [[nodiscard]] std::vector<std::string> compare(const std::vector<Site*>& sites,
                                                   const std::vector<const Customers*>& customers,
                                                   Headquarters& hq) const;

private:
    struct Shop {
        Rows ever;     // by whichever device of this identity
        Rows excused;  // may be missing at HQ
        // In images that were put back: what was declared gone, as nobody knew of the image, may
        // come again out of its outbox.
        std::set<RowName> brought_back;
    };
    using Bodies = std::map<RowName, std::string>;
    // `bodies`, if given, gets those of the records that have an id.
    static Rows read(Site& site, Bodies* bodies = nullptr);
    // A shop that was set back takes a sale anew that a till repeats, and HQ has it of the shop's
    // life before, or had until it was set back: it is shown once.
    void leave_out_told_again(Rows& must, const Rows& at_hq, const Bodies& bodies,
                              const std::vector<HqRow>& events, const std::string& store) const;
    // [from, seq] of numbers.
    struct Run {
        std::int64_t from = 0;
        std::int64_t seq = 0;
    };
    using Declared = std::map<std::string, std::int64_t>;  // numbers in gaps, by stream
    // A gap that HQ has, or one that a set-back took from it and that another, `acked_before`, now
    // stands for.
    [[nodiscard]] Declared declared_of(const std::vector<HqRow>& events,
                                       const std::string& store) const;
    // A record by the place at which HQ showed it, so that two gaps that name two of its numbers do
    // not stand for two records.
    struct Named {
        RowName name;
        RowCount row;
        HqPlace shown;
    };
    void excuse(Shop& shop, const RowName& name, const RowCount& row, std::int64_t n);
    [[nodiscard]] bool was_lost(const HqStream& stream, std::int64_t seq) const;
    [[nodiscard]] std::map<std::string, Rows> covered(const std::vector<HqRow>& events,
                                                      std::vector<std::string>& faults) const;
    [[nodiscard]] std::set<RowName> came_late(const std::vector<HqRow>& events,
                                              const std::string& store) const;
    // What HQ need not show of a store.
    struct Gone {
        Rows covered;            // by gaps `acked_before`
        std::set<RowName> late;  // of these, what came all the same
        Declared declared;       // by other gaps
    };
    void compare_rows(const std::string& store, const Rows& must, const Rows& at_hq,
                      const Gone& gone, std::vector<std::string>& faults) const;
    void compare_sales(const std::vector<const Customers*>& customers,
                       const std::vector<HqRow>& events, const std::map<std::string, Rows>& covered,
                       std::vector<std::string>& faults) const;

    std::map<std::string, Shop> shops_;     // by store
    std::map<const Site*, Rows> lineages_;  // what was seen on this device's disk
    std::set<std::string> excused_ids_;     // sales
    // What a restored HQ no longer knew: numbers that it had acknowledged, and what was shown
    // there.
    std::map<HqStream, std::vector<Run>> lost_;
    std::map<HqStream, std::map<std::int64_t, Named>> lost_rows_;
    std::vector<HqRow> lost_with_ids_;  // rows that a set-back took, which have an id
    std::map<HqStream, std::map<std::int64_t, Run>> lost_gaps_;  // that declared something gone
};

Rows rows_of(const std::vector<HqRow>& events, const std::string& store);

}  // namespace aisle::world
