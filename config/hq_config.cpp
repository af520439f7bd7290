#include "config/hq_config.hpp"

#include "config/endpoint.hpp"

namespace aisle::config {

Result<HqConfig> parse_hq_config(std::string_view text, const std::string& name) {
    TomlFile file{text, name};
    Table root = file.root();
    HqConfig config;

    Table store = root.table("store");
    config.store_url = store.text("url", config.store_url);
    if (!config.store_url.starts_with("sqlite:")) {
        store.fault("url", "must start with sqlite: (postgresql:// comes with a later version)");
    }

    Table broker = root.table("broker");
    const Endpoint address = endpoint(broker, "address", "127.0.0.1:1883");
    config.broker_host = address.host;
    config.broker_port = address.port;
    config.client_id = broker.text("client_id", config.client_id);
    config.broker_username = broker.text("username", "");
    config.broker_password_file = broker.text("password_file", "");
    config.reconnect_max_s = broker.integer("reconnect_max_s", {300, 1, 3600});

    Table http = root.table("http");
    const Endpoint listen = loopback_endpoint(http, "listen", "127.0.0.1:8490");
    config.listen_host = listen.host;
    config.listen_port = listen.port;

    config.zone = root.table("day").text("zone", "");

    Table log = root.table("log");
    constexpr const char* kLevels[] = {"info", "debug", "warn", "error"};
    config.log_level = kLevels[log.choice("level", {"info", "debug", "warn", "error"})];

    if (const Status status = verdict(file); !status) return status.error();
    return config;
}

Result<HqConfig> load_hq_config(const std::string& path) {
    const auto text = read_text_file(path);
    if (!text) return text.error();
    return parse_hq_config(*text, path);
}

}  // namespace aisle::config
