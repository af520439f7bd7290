#include "tests/world/verdict.hpp"

#include "agent/store/reads.hpp"
#include "tests/world/chain_keys.hpp"

namespace aisle::world {
namespace {

void look_into_outbox(Site& site, std::vector<std::string>& faults) {
    const std::string& name = site.settings().name;
    if (!site.up()) {
        faults.push_back(name + " does not start: " + site.last_failure());
        return;
    }
    const auto reader = store::StoreReader::open(shop_dir(), site.disk.vfs());
    const auto depths =
        reader ? (*reader)->depths() : Result<std::vector<StreamDepth>>{reader.error()};
    if (!depths) {
        faults.push_back(name + ": " + depths.error().detail);
        return;
    }
    for (const StreamDepth& depth : *depths) {
        if (depth.first < depth.next)
            faults.push_back(name + ": " + std::string{to_text(depth.stream)} + " keeps " +
                             std::to_string(depth.next - depth.first) + " in its outbox");
    }
}

}  // namespace

std::vector<std::string> faults_of_outboxes(const std::vector<Site*>& sites) {
    std::vector<std::string> faults;
    for (Site* site : sites) look_into_outbox(*site, faults);
    return faults;
}

std::vector<std::string> faults_of_completeness(Headquarters& hq) {
    if (!hq.up()) return {"HQ does not start: " + hq.last_failure()};
    const auto all = hq.store()->completeness(hq::EventStore::Proof::Recounted, "");
    if (!all) return {"no completeness: " + all.error().detail};
    std::vector<std::string> faults;
    for (const hq::Completeness& one : *all) {
        if (one.missing != 0)
            faults.push_back(one.store + " " + one.epoch + " " + one.stream + ": " +
                             std::to_string(one.missing) + " missing by HQ's own proof");
    }
    return faults;
}

}  // namespace aisle::world
