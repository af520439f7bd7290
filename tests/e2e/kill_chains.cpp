#include "kill_chains.hpp"

#include <charconv>
#include <utility>

#include "agent/sqlite/database.hpp"
#include "tests/kit/mosquitto.hpp"
#include "tests/kit/nats.hpp"
#include "tests/kit/postgres.hpp"

namespace aisle::e2e {
namespace {

std::string on_loopback(int port) { return "127.0.0.1:" + std::to_string(port); }

Status add_mosquitto(Chain& chain) {
    if (!kit::Mosquitto::available()) return unavailable("no mosquitto");
    auto broker = std::make_shared<kit::Mosquitto>();
    if (!broker->start()) return unavailable("mosquitto does not start");
    chain.addresses = {on_loopback(broker->port())};
    chain.kill_broker = [broker] {
        broker->kill();
        broker->start();
    };
    return {};
}

// One node at a time: the one that died last is up again before the next is taken.
Status add_nats(Chain& chain) {
    if (!kit::NatsCluster::available()) return unavailable("no nats-server");
    auto cluster = std::make_shared<kit::NatsCluster>();
    cluster->start();
    for (std::size_t node = 0; node < kit::NatsCluster::kNodes; ++node)
        chain.addresses.push_back(on_loopback(cluster->mqtt_port(node)));
    chain.kill_broker = [cluster, node = std::size_t{0}]() mutable {
        cluster->kill(node);
        cluster->start(node);
        node = (node + 1) % kit::NatsCluster::kNodes;
    };
    return {};
}

Status add_sqlite(Chain& chain, const std::filesystem::path& folder) {
    const std::string path = (folder / "hq.db").string();
    chain.store_url = "sqlite:" + path;
    chain.ask = [path](const std::string& sql) -> std::optional<std::int64_t> {
        auto database = sqlite::Database::open(path, {.read_only = true});
        if (!database) return std::nullopt;
        const auto answer = database->integer(sql);
        return answer ? std::optional{*answer} : std::nullopt;
    };
    return {};
}

Status add_postgresql(Chain& chain) {
    if (!kit::Postgres::available()) return unavailable("no postgresql-15");
    auto server = std::make_shared<kit::Postgres>();
    if (!server->start()) return unavailable("postgresql does not start");
    chain.store_url = server->fresh_database();
    chain.kill_table = [server] {
        server->kill();
        server->start();
    };
    chain.ask = [url = chain.store_url](const std::string& sql) -> std::optional<std::int64_t> {
        const std::string text = kit::pg_text(url, sql);
        std::int64_t number = 0;
        const auto end = text.data() + text.size();
        const auto read = std::from_chars(text.data(), end, number);
        return read.ec == std::errc{} && read.ptr == end ? std::optional{number} : std::nullopt;
    };
    return {};
}

}  // namespace

Result<Chain> make_chain(const std::string& broker, const std::string& table,
                         const std::filesystem::path& folder) {
    Chain chain;
    const Status connected = broker == "nats" ? add_nats(chain) : add_mosquitto(chain);
    if (!connected) return connected.error();
    const Status kept = table == "postgresql" ? add_postgresql(chain) : add_sqlite(chain, folder);
    if (!kept) return kept.error();
    return chain;
}

}  // namespace aisle::e2e
