#pragma once

#include <memory>
#include <string>

namespace CLI {
class App;
}

namespace aisle::hq {

// The sub-commands of aisle-hq that make keys, sign, and talk to a running aisle-hq:
//   keys make|list|revoke|add-store|revoke-store|relink     bundle sign|rollout|status|halt|resume
//   command send|list                                       budget set|status|recall
class HqTools {
public:
    // Adds them; `app` outlives this.
    explicit HqTools(CLI::App& app);
    ~HqTools();
    HqTools(const HqTools&) = delete;
    HqTools& operator=(const HqTools&) = delete;

    // One of them was named on the command line.
    [[nodiscard]] bool chosen() const;
    // Runs it: JSON to stdout, messages to stderr. The exit code of sysexits(3).
    [[nodiscard]] int run() const;

private:
    struct Core;
    std::unique_ptr<Core> core_;
};

}  // namespace aisle::hq
