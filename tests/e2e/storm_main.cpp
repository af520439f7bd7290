// storm_driver: storms over a store and its headquarters, one for each seed (storm.hpp). Prints one
// JSON object a storm and one for all; exit 0 if nothing was lost, doubled or bad, 1 if something
// was, 77 where there is no broker.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <iostream>

#include "agent/runtime/log.hpp"
#include "storm.hpp"
#include "tests/kit/mosquitto.hpp"

int main(int argc, char** argv) {
    using namespace aisle;
    std::uint64_t first = 1;
    int storms = 50;
    int squalls = 12;
    bool talk = false;
    CLI::App app{"bad networks between a store, a broker and headquarters"};
    app.add_option("--first", first, "seed of the first storm");
    app.add_option("--storms", storms)->check(CLI::Range(1, 100'000));
    app.add_option("--squalls", squalls)->check(CLI::Range(1, 1'000));
    app.add_flag("--log", talk, "what both ends say");
    CLI11_PARSE(app, argc, argv);
    if (!kit::Mosquitto::available()) return std::cerr << "storm_driver: no mosquitto\n", 77;
    if (!talk) log::set_level(log::Level::Error);

    int held = 0;
    std::int64_t rows = 0;
    std::int64_t bytes = 0;
    double slowest_s = 0;
    for (int i = 0; i < storms; ++i) {
        const e2e::StormSettings settings{first + static_cast<std::uint64_t>(i), squalls};
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
                storms, held, static_cast<long long>(rows), static_cast<long long>(bytes),
                slowest_s);
    return held == storms ? 0 : 1;
}
