#include <CLI/CLI.hpp>
#include <cstdio>
#include <string>

#include "agent/runtime/log.hpp"
#include "config/hq_config.hpp"
#include "sync/hq/hq_service.hpp"

// aisle-hq: collects what the stores send.

namespace {

// sysexits(3)
constexpr int kExitUnavailable = 69;
constexpr int kExitUsage = 64;
constexpr int kExitConfig = 78;

int complain(const std::string& text, int code) {
    std::fprintf(stderr, "aisle-hq: %s\n", text.c_str());
    return code;
}

aisle::log::Level level_of(const std::string& word) {
    using aisle::log::Level;
    if (word == "error") return Level::Error;
    if (word == "warn") return Level::Warn;
    return word == "debug" ? Level::Debug : Level::Info;
}

aisle::hq::HqSettings settings_from(const aisle::config::HqConfig& config) {
    return {.store_url = config.store_url,
            .broker_host = config.broker_host,
            .broker_port = config.broker_port,
            .broker_username = config.broker_username,
            .broker_password_file = config.broker_password_file,
            .client_id = config.client_id,
            .reconnect_max_s = config.reconnect_max_s,
            .listen_host = config.listen_host,
            .listen_port = config.listen_port,
            .zone = config.zone};
}

}  // namespace

int main(int argc, char** argv) {
    CLI::App app{"Collects what Aisle's stores send, exactly once.", "aisle-hq"};
    std::string path = "/etc/aisle/hq.toml";
    app.add_option("--config", path, "the settings, TOML")->capture_default_str();
    app.set_version_flag("--version", "aisle-hq " AISLE_VERSION);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        const bool asked = error.get_exit_code() == 0;  // --help, --version
        app.exit(error);
        return asked ? 0 : kExitUsage;
    }
    const auto config = aisle::config::load_hq_config(path);
    if (!config) return complain(config.error().detail, kExitConfig);
    aisle::log::set_level(level_of(config->log_level));
    const auto served = aisle::hq::run_hq(settings_from(*config));
    if (served) return 0;
    const bool ours = served.error().fault == aisle::Fault::Unavailable;
    return complain(served.error().detail, ours ? kExitUnavailable : kExitConfig);
}
