#pragma once

#include "agent/app/floor.hpp"
#include "agent/app/pipeline.hpp"
#include "agent/app/storage.hpp"

namespace aisle::app {

// What a start leaves to be done with the store while the shop is open: the rest of a damaged
// database, slice by slice, and then a look at the chain of audit entries. Loop thread only.
//
// Metrics: aisle_salvaged_rows_total, aisle_audit_breaks.
class StoreCare {
public:
    struct Parts {
        Storage& storage;
        store::Reads& reader;  // on the reader thread only
        runtime::Executor& loop;
        runtime::Metrics& metrics;
        Pipeline& pipeline;
        Floor& floor;
    };
    explicit StoreCare(const Parts& parts);

    void start(const store::Opening& opening);
    void stop() { again_.cancel(); }

private:
    void salvage();
    void look_at_audit();
    void tell_break(std::int64_t breaks, const std::string& first);

    Parts parts_;
    runtime::TimerHandle again_;
    runtime::Counter& salvaged_;
    runtime::Gauge& breaks_;
};

}  // namespace aisle::app
