#include <CLI/CLI.hpp>
#include <cstdio>
#include <string>

#include "agent/runtime/log.hpp"
#include "config/hq_config.hpp"
#include "sync/hq/aisle_hq_tools.hpp"
#include "sync/hq/hq_service.hpp"

// aisle-hq: collects what the stores send.

namespace {

// sysexits(3)
constexpr int kExitUnavailable = 69;
constexpr int kExitUsage = 64;
constexpr int kExitData = 65;
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
            .further_brokers = config.further_brokers,
            .broker_username = config.broker_username,
            .broker_password_file = config.broker_password_file,
            .client_id = config.client_id,
            .reconnect_max_s = config.reconnect_max_s,
            .tls = config.tls,
            .ca_file = config.ca_file,
            .cert_file = config.cert_file,
            .key_file = config.key_file,
            .plaintext_allowed = config.plaintext_allowed,
            .credit_bytes_s = config.credit_bytes_s,
            .keys_dir = config.keys_dir,
            .signing_key = config.signing_key,
            .datasets_dir = config.datasets_dir,
            .token_file = config.token_file,
            .listen_host = config.listen_host,
            .listen_port = config.listen_port,
            .zone = config.zone};
}

int failed(const aisle::Error& error) {
    const bool ours = error.fault == aisle::Fault::Unavailable;
    return complain(error.detail, ours ? kExitUnavailable : kExitConfig);
}

int prove(const std::string& store_url, const std::string& store) {
    const auto complete = aisle::hq::print_completeness(store_url, store);
    if (!complete) return failed(complete.error());
    return *complete ? 0 : complain("records are missing, or an audit chain is broken", kExitData);
}

}  // namespace

int main(int argc, char** argv) {
    CLI::App app{"Collects what Aisle's stores send, exactly once.", "aisle-hq"};
    std::string path = "/etc/aisle/hq.toml";
    app.add_option("--config", path, "the settings, TOML")->capture_default_str();
    bool accept_new = false;
    app.add_flag("--accept-new-database", accept_new,
                 "start although the database is empty or another one than last time");
    auto* completeness = app.add_subcommand(
        "completeness",
        "recount all records, one JSON line a stream, and walk the audit chains; 65 if a record is "
        "missing or a chain is broken");
    std::string store;
    completeness->add_option("--store", store, "only this store");
    completeness->fallthrough();  // --config may come after it
    const aisle::hq::HqTools tools{app};
    app.set_version_flag("--version", "aisle-hq " AISLE_VERSION);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        const bool asked = error.get_exit_code() == 0;  // --help, --version
        app.exit(error);
        return asked ? 0 : kExitUsage;
    }
    if (tools.chosen()) return tools.run();
    const auto config = aisle::config::load_hq_config(path);
    if (!config) return complain(config.error().detail, kExitConfig);
    aisle::log::set_level(level_of(config->log_level));
    if (*completeness) return prove(config->store_url, store);
    auto settings = settings_from(*config);
    settings.accept_new_database = accept_new;
    const auto served = aisle::hq::run_hq(settings);
    return served ? 0 : failed(served.error());
}
