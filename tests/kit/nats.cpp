#include "tests/kit/nats.hpp"

#include <unistd.h>

#include <cstdlib>
#include <fstream>

namespace aisle::kit {
namespace {

constexpr const char* kProgram = "/usr/sbin/nats-server";

std::uint16_t any_port() { return static_cast<std::uint16_t>(free_port()); }

}  // namespace

bool NatsCluster::available() { return access(kProgram, X_OK) == 0; }

NatsCluster::NatsCluster() {
    std::string name = (std::filesystem::temp_directory_path() / "aisle-nats-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) std::abort();
    folder_ = name;
    for (auto& node : nodes_) {
        node.client = any_port();
        node.route = any_port();
        node.mqtt = any_port();
    }
    for (std::size_t node = 0; node < kNodes; ++node) write_config(node);
}

NatsCluster::~NatsCluster() {
    for (std::size_t node = 0; node < kNodes; ++node) kill(node);
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
}

std::string NatsCluster::file(std::size_t node, const char* kind) const {
    return folder_ / ("n" + std::to_string(node + 1) + kind);
}

void NatsCluster::write_config(std::size_t node) const {
    std::ofstream config{file(node, ".conf")};
    config << "server_name: n" << node + 1 << "\nlisten: 127.0.0.1:" << nodes_[node].client
           << "\njetstream { store_dir: \"" << file(node, "")
           << "\", max_mem: 64MB, max_file: 1GB }"
           << "\nmqtt { host: 127.0.0.1, port: " << nodes_[node].mqtt
           << ", ack_wait: \"30s\", max_ack_pending: 1000 }"
           << "\ncluster { name: hq, listen: 127.0.0.1:" << nodes_[node].route << ", routes: [";
    for (const auto& other : nodes_) config << "\"nats://127.0.0.1:" << other.route << "\", ";
    config << "] }\n";
}

void NatsCluster::start() {
    for (std::size_t node = 0; node < kNodes; ++node) start(node);
}

void NatsCluster::start(std::size_t node) {
    nodes_[node].server = Program{{kProgram, "-c", file(node, ".conf")}, file(node, ".log")};
}

void NatsCluster::kill(std::size_t node) {
    if (nodes_[node].server.running()) nodes_[node].server.kill();
}

}  // namespace aisle::kit
