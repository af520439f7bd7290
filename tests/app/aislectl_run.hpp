#pragma once

#include <gtest/gtest.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <boost/json.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "agent/app/aislectl/tool.hpp"

// aislectl's calls as its main() makes them, in this process.
namespace aisle::app {

using Words = std::vector<std::string>;

struct Ran {
    int exit = 0;
    std::string out;
    std::string err;

    // One JSON value a line.
    [[nodiscard]] std::vector<boost::json::object> lines() const {
        std::vector<boost::json::object> all;
        std::istringstream text{out};
        for (std::string line; std::getline(text, line);)
            all.push_back(boost::json::parse(line).as_object());
        return all;
    }
};

inline Ran aislectl(Words words) {
    Ran ran;
    ctl::Outcome outcome;
    CLI::App app{"aislectl"};
    app.require_subcommand(1);
    app.add_flag("--pretty", outcome.pretty, "");
    app.fallthrough();
    ctl::add_all(app, outcome);
    std::ranges::reverse(words);  // CLI11 takes them from the back
    testing::internal::CaptureStdout();
    testing::internal::CaptureStderr();
    try {
        app.parse(std::move(words));
        ran.exit = outcome.exit;
    } catch (const CLI::ParseError&) {
        ran.exit = ctl::kUsage;
    }
    ran.out = testing::internal::GetCapturedStdout();
    ran.err = testing::internal::GetCapturedStderr();
    return ran;
}

}  // namespace aisle::app
