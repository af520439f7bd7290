// aisled: the agent in the shop.
#include <CLI/CLI.hpp>
#include <iostream>

#include "agent/app/agent.hpp"

int main(int argc, char** argv) {
    using aisle::app::Exit;
    CLI::App cli{"aisled, Aisle's agent in the shop"};
    std::string path = "/etc/aisle/aisle.toml";
    bool check = false;
    cli.add_option("--config", path, "settings")->capture_default_str();
    cli.add_flag("--check-config", check, "say what is wrong with the settings and end");
    cli.set_version_flag("--version", "aisled " AISLE_VERSION);
    try {
        cli.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return cli.exit(error) == 0 ? 0 : 64;
    }
    auto config = aisle::config::load_agent_config(path);
    if (!config) {
        std::cerr << config.error().detail << "\n";
        return static_cast<int>(Exit::Config);
    }
    if (check) {
        std::cout << path << ": good\n";
        return 0;
    }
    auto opened = aisle::app::open_here(std::move(*config));
    if (!opened) {
        std::cerr << "aisled: " << opened.error().why << "\n";
        return static_cast<int>(opened.error().exit);
    }
    return static_cast<int>(aisle::app::Agent{std::move(*opened), path}.run());
}
