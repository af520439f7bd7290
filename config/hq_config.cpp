#include "config/hq_config.hpp"

#include "config/endpoint.hpp"

namespace aisle::config {

namespace {

void read_tls(Table& broker, HqConfig& config) {
    config.tls = broker.flag("tls", false);
    config.ca_file = broker.text("ca_file", "");
    config.cert_file = broker.text("cert_file", "");
    config.key_file = broker.text("key_file", "");
    config.plaintext_allowed = broker.flag("plaintext_allowed", false);
    if (config.cert_file.empty() != config.key_file.empty())
        broker.fault(config.cert_file.empty() ? "key_file" : "cert_file",
                     "cert_file and key_file come together");
    if (!config.tls && !(config.ca_file + config.cert_file).empty())
        broker.fault("tls", "must be true where ca_file or cert_file is told");
}

void read_downlink(Table downlink, HqConfig& config) {
    config.keys_dir = downlink.text("keys_dir", "");
    config.signing_key = downlink.text("signing_key", "");
    config.datasets_dir = downlink.text("datasets_dir", "");
    config.token_file = downlink.text("token_file", "");
    if (!config.signing_key.empty() && config.keys_dir.empty())
        downlink.fault("keys_dir", "must be told where signing_key is");
}

}  // namespace

Result<HqConfig> parse_hq_config(std::string_view text, const std::string& name) {
    TomlFile file{text, name};
    Table root = file.root();
    HqConfig config;

    Table store = root.table("store");
    config.store_url = store.text("url", config.store_url);
    if (!config.store_url.starts_with("sqlite:") && !config.store_url.starts_with("postgresql://"))
        store.fault("url", "must start with sqlite: or postgresql://");

    Table broker = root.table("broker");
    const Endpoint address = endpoint(broker, "address", "127.0.0.1:1883");
    config.broker_host = address.host;
    config.broker_port = address.port;
    for (const Endpoint& other : further_endpoints(broker, "further_addresses"))
        config.further_brokers.emplace_back(other.host, other.port);
    config.client_id = broker.text("client_id", config.client_id);
    config.broker_username = broker.text("username", "");
    config.broker_password_file = broker.text("password_file", "");
    config.reconnect_max_s = broker.integer("reconnect_max_s", {300, 1, 3600});
    read_tls(broker, config);

    config.credit_bytes_s =
        root.table("collect").integer("credit_kb_s", {65'536, 0, 10'000'000}) * 1024;
    read_downlink(root.table("downlink"), config);

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
