// aislectl: the agent's tool for people.
#include <CLI/CLI.hpp>

#include "agent/app/aislectl/tool.hpp"

int main(int argc, char** argv) {
    using namespace aisle::app::ctl;
    Outcome outcome;
    CLI::App app{"aislectl: ask the agent, look into its files, try its engines on files"};
    app.require_subcommand(1);
    app.set_version_flag("--version", "aislectl " AISLE_VERSION);
    app.add_flag("--pretty", outcome.pretty, "for people: indented");
    app.fallthrough();
    add_all(app, outcome);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? kOk : kUsage;
    }
    return outcome.exit;
}
