#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "agent/core/error.hpp"

namespace CLI {
class App;
}

// aislectl: one file a family of calls, one line each in kTools (tools.cpp). A call prints one JSON
// object a line to stdout, messages go to stderr.
namespace aisle::app::ctl {

// sysexits.h
inline constexpr int kOk = 0;
inline constexpr int kUsage = 64;
inline constexpr int kBadInput = 65;
inline constexpr int kNoInput = 66;
inline constexpr int kUnavailable = 69;
inline constexpr int kIo = 74;
inline constexpr int kAgain = 75;
inline constexpr int kConfig = 78;

// What the call that was asked for gives back to the shell.
struct Outcome {
    int exit = kOk;
    bool pretty = false;
};

// One JSON text as a line, or indented with --pretty.
void print(std::string_view json, const Outcome& outcome);
// Says why on stderr and answers the exit code that fits: 65 Malformed, 69 Unavailable, 75 Full, 77
// Denied.
int fail(const Error& error);
// 66 if it cannot be read.
Result<std::string> read_input(const std::string& path);

using AddTool = void (*)(CLI::App& app, Outcome& outcome);
void add_pos(CLI::App& app, Outcome& outcome);
void add_footfall(CLI::App& app, Outcome& outcome);
// Below `aislectl footfall`.
void add_calibrate(CLI::App& footfall, Outcome& outcome);
void add_beacon(CLI::App& app, Outcome& outcome);
void add_offers(CLI::App& app, Outcome& outcome);
// Below `aislectl offers`.
void add_fairness(CLI::App& offers, Outcome& outcome);
void add_bundle(CLI::App& app, Outcome& outcome);
void add_live(CLI::App& app, Outcome& outcome);
void add_files(CLI::App& app, Outcome& outcome);
void add_audit(CLI::App& app, Outcome& outcome);
void add_keys(CLI::App& app, Outcome& outcome);
void add_setup(CLI::App& app, Outcome& outcome);
void add_backup(CLI::App& app, Outcome& outcome);
void add_customers(CLI::App& app, Outcome& outcome);
void add_all(CLI::App& app, Outcome& outcome);

}  // namespace aisle::app::ctl
