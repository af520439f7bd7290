// aislectl beacon decode: captures and gateway payloads into adverts.
#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>

#include "agent/app/aislectl/tool.hpp"
#include "drivers/beacon/capture.hpp"

namespace aisle::app::ctl {
namespace {

struct BeaconDecode {
    std::string format = "auto";
    std::string file;
};

int run(const BeaconDecode& options, const Outcome& outcome) {
    const auto format = beacon::capture_format_from(options.format);
    if (!format) {
        return fail(malformed("--format must be auto, hex, btsnoop, h4, theengs or minew")), kUsage;
    }
    const auto bytes = read_input(options.file);
    if (!bytes) return fail(bytes.error()), kNoInput;
    const beacon::Decoded decoded = beacon::decode_capture(*format, *bytes);
    for (const Advert& advert : decoded.adverts) print(beacon::advert_json(advert), outcome);
    for (const auto& problem : decoded.problems) std::cerr << beacon::problem_json(problem) << "\n";
    return decoded.adverts.empty() && !decoded.problems.empty() ? kBadInput : kOk;
}

}  // namespace

void add_beacon(CLI::App& app, Outcome& outcome) {
    auto* beacon = app.add_subcommand("beacon", "Bluetooth adverts")->require_subcommand(1);
    auto options = std::make_shared<BeaconDecode>();
    auto* decode = beacon->add_subcommand("decode", "one advert a line");
    decode->add_option("--format", options->format, "auto, hex, btsnoop, h4, theengs, minew")
        ->capture_default_str();
    decode->add_option("file", options->file, "capture or payload")->required();
    decode->callback([options, &outcome] { outcome.exit = run(*options, outcome); });
}

}  // namespace aisle::app::ctl
