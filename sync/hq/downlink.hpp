#pragma once

#include <functional>
#include <memory>
#include <string>

#include "agent/core/transport.hpp"
#include "agent/runtime/executor.hpp"
#include "agent/runtime/http.hpp"
#include "agent/runtime/metrics.hpp"
#include "sync/hq/collector.hpp"
#include "sync/hq/rollout.hpp"

namespace aisle::hq {

struct DownlinkSettings {
    // Keys and secrets (keys.hpp); empty: nothing that is uploaded is believed.
    std::string keys_dir;
    // DIR/<key id>.secret. Only with it does HQ itself sign: data, leases, erasures, commands and
    // going back. Empty: what is uploaded must be signed already.
    std::string signing_key;
    // NAME.csv and NAME.jsonl in here are datasets; empty: only HTTP.
    std::string datasets_dir;
    seconds datasets_scan{10};
    // A secret file: whoever changes something over HTTP must show it (Authorization: Bearer ...).
    // Empty: the listener's own bounds are enough (loopback).
    std::string token_file;
    bool active = true;  // false: until set_active(true) it only answers that another one does it
};

// HQ's side of the downlink: bundles ring by ring, commands, datasets, budget leases, erasure
// (docs/rollout.md). On the loop; all references outlive it and every task that it gave away.
//
// What it decides becomes true in one transaction with the cursor of the notices that made it
// decide, and only then is anything said. One process of a chain does it: on PostgreSQL the holder
// of the lease `rollout`; when the lease goes, all in memory is dropped and read again later.
//
// Metrics: aisle_hq_down_sent_total{what}, aisle_hq_down_dropped_total,
// aisle_hq_down_waiting{what}, aisle_hq_down_commit_failures_total, aisle_hq_down_notices_total,
// aisle_hq_dataset_version{name}, aisle_hq_dataset_faults_total{name}, aisle_hq_exposure_minor.
class Downlink {
public:
    struct Parts {
        EventStore& store;  // on the storage thread only
        StorageRunner storage;
        StorageRunner worker;  // packs and reads datasets: up to a second at a time
        runtime::Executor& loop;
        runtime::Metrics& metrics;
        runtime::RandomSource random;
        // Collector::publish.
        std::function<Status(Message, std::function<void(Status)>)> publish;
    };

    Downlink(Parts parts, DownlinkSettings settings);
    ~Downlink();
    Downlink(const Downlink&) = delete;
    Downlink& operator=(const Downlink&) = delete;

    // Reads keys; Denied or Malformed says which file is wrong. Then state is read in the
    // background, and once a second it does what is due.
    Status start();
    // The handlers of the HTTP API and of the page (docs/rollout.md).
    void add_routes(runtime::HttpRoutes& routes);
    void set_active(bool active);

    // From Collector's hooks.
    void presence(const std::string& store, const Presence& presence);
    void noticed();

    struct Core;  // downlink_core.hpp, private to the room

private:
    std::shared_ptr<Core> core_;
};

}  // namespace aisle::hq
