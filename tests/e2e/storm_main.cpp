// storm_driver: storms over a store and its headquarters, one for each seed (storm.hpp). Prints one
// JSON object a storm and one for all; exit 0 if nothing was lost, doubled or bad, 1 if something
// was, 77 where there is no broker. --black-hole and --flap look at the shipped settings instead
// (black_hole.hpp).
#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <iostream>

#include "agent/runtime/log.hpp"
#include "black_hole.hpp"
#include "storm.hpp"
#include "tests/kit/mosquitto.hpp"

namespace {

using namespace aisle;

struct Options {
    std::uint64_t first = 1;
    int storms = 50;
    int squalls = 12;
    bool talk = false;
    bool black_hole = false;
    int flap_s = 0;
};

constexpr double kFoundMaxS = 30;

int look_into_the_hole() {
    bool found = true;
    for (const bool busy : {false, true}) {
        const double took = e2e::black_hole_s(busy);
        std::printf(R"({"black_hole":"%s","found_after_s":%.1f})"
                    "\n",
                    busy ? "busy" : "idle", took);
        found &= took >= 0 && took <= kFoundMaxS;
    }
    return found ? 0 : 1;
}

// Two conditions may speak, each once a minute and at its start: the link, and HQ's silence.
int count_lines(int seconds) {
    constexpr int kConditions = 2;
    const e2e::FlapResult result = e2e::flap(seconds);
    std::printf("%s\n", e2e::to_json(result).c_str());
    return result.cuts > 0 && result.lines <= kConditions * (1 + seconds / 60) ? 0 : 1;
}

int brave(const Options& options) {
    int held = 0;
    std::int64_t rows = 0;
    std::int64_t bytes = 0;
    double slowest_s = 0;
    for (int i = 0; i < options.storms; ++i) {
        const e2e::StormSettings settings{options.first + static_cast<std::uint64_t>(i),
                                          options.squalls};
        const e2e::StormResult result = e2e::storm(settings);
        std::printf("%s\n", e2e::to_json(settings, result).c_str());
        std::fflush(stdout);
        held += result.held() ? 1 : 0;
        rows += result.rows;
        bytes += result.bytes;
        slowest_s = std::max(slowest_s, result.drain_s);
    }
    std::printf(R"({"storms":%d,"held":%d,"rows":%lld,"bytes_damaged":%lld,"slowest_drain_s":%.1f})"
                "\n",
                options.storms, held, static_cast<long long>(rows), static_cast<long long>(bytes),
                slowest_s);
    return held == options.storms ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
    Options options;
    CLI::App app{"bad networks between a store, a broker and headquarters"};
    app.add_option("--first", options.first, "seed of the first storm");
    app.add_option("--storms", options.storms)->check(CLI::Range(1, 100'000));
    app.add_option("--squalls", options.squalls)->check(CLI::Range(1, 1'000));
    app.add_flag("--log", options.talk, "what both ends say");
    app.add_flag("--black-hole", options.black_hole, "seconds until one is found");
    app.add_option("--flap", options.flap_s, "seconds of a link that is cut every half second");
    CLI11_PARSE(app, argc, argv);
    if (!kit::Mosquitto::available()) return std::cerr << "storm_driver: no mosquitto\n", 77;
    if (options.flap_s > 0) return count_lines(options.flap_s);
    if (!options.talk) log::set_level(log::Level::Error);
    return options.black_hole ? look_into_the_hole() : brave(options);
}
