#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "tests/kit/mosquitto.hpp"
#include "tests/kit/program.hpp"

// The real programs of a chain with one shop, set up as docs/rollout.md tells people: broker, keys,
// headquarters, an agent.
namespace aisle::kit {

struct Answered {
    int status = 0;  // 0: nobody answered
    std::string body;
};

// CPU and memory of a process, from /proc.
struct Spent {
    double cpu_s = 0;    // user and system
    double rss_mb = 0;   // now
    double peak_mb = 0;  // the most since its start
};
Spent spent_by(pid_t pid);

class RealChain {
public:
    struct Settings {
        std::string bin;     // where the programs are
        std::string folder;  // everything lies in it; must be there
        bool with_hq = true;
        std::string campaigns_dir;  // of the shop itself; empty: none
    };
    explicit RealChain(Settings settings);
    ~RealChain();
    RealChain(const RealChain&) = delete;
    RealChain& operator=(const RealChain&) = delete;

    void start_agent();
    Program& agent() { return agent_; }
    Program& hq() { return hq_; }
    // Polls until it answers 200 here; false after `limit`.
    bool ready(std::chrono::milliseconds limit = std::chrono::seconds{30}) const;

    // One of our programs with these words; its output in `folder`/tool.log. The exit code.
    int tool(const std::vector<std::string>& words) const;
    // "GET /api/v1/status"
    Answered shop(const std::string& what, std::string body = {}) const;
    Answered at_hq(const std::string& what, std::string body = {},
                   const std::string& type = "application/json") const;
    // Signs a bundle with HQ's key: the file's name.
    std::string sign(int version, const std::string& campaigns_dir,
                     const std::string& settings = {}) const;
    // aislectl bundle load
    int hand_in(const std::string& file) const;
    [[nodiscard]] std::string file(const std::string& name) const {
        return settings_.folder + "/" + name;
    }
    // What the programs said, for people.
    void tell() const;

private:
    void make_keys();
    void write_settings() const;

    Settings settings_;
    int agent_port_;
    int hq_port_;
    std::string key_;  // the file of HQ's signing key
    std::unique_ptr<Mosquitto> broker_;
    Program hq_;
    Program agent_;
};

// Sleeps a little between looks; false after `limit`.
bool wait_for(const std::function<bool()>& holds, std::chrono::milliseconds limit,
              std::chrono::milliseconds look = std::chrono::milliseconds{5});

}  // namespace aisle::kit
