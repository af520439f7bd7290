#include "tests/e2e/kill_chains.hpp"

#include "agent/sqlite/database.hpp"
#include "tests/kit/mosquitto.hpp"

namespace aisle::e2e {
namespace {

Status add_mosquitto(Chain& chain) {
    if (!kit::Mosquitto::available()) return unavailable("no mosquitto");
    auto broker = std::make_shared<kit::Mosquitto>();
    if (!broker->start()) return unavailable("mosquitto does not start");
    chain.addresses = "127.0.0.1:" + std::to_string(broker->port());
    chain.kill_broker = [broker] {
        broker->kill();
        broker->start();
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

}  // namespace

Result<Chain> make_chain(const std::string& broker, const std::string& table,
                         const std::filesystem::path& folder) {
    Chain chain;
    const Status connected =
        broker == "mosquitto" ? add_mosquitto(chain) : Status{unavailable("no such broker")};
    if (!connected) return connected.error();
    const Status kept =
        table == "sqlite" ? add_sqlite(chain, folder) : Status{unavailable("no such table")};
    if (!kept) return kept.error();
    return chain;
}

}  // namespace aisle::e2e
