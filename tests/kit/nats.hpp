#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "tests/kit/program.hpp"

namespace aisle::kit {

// Three nats-server nodes with JetStream and an MQTT 3.1.1 listener each, on loopback.
class NatsCluster {
public:
    static constexpr std::size_t kNodes = 3;

    static bool available();

    NatsCluster();
    ~NatsCluster();
    NatsCluster(const NatsCluster&) = delete;
    NatsCluster& operator=(const NatsCluster&) = delete;

    // Starts all; they still elect their leaders then, so the first clients may be refused for
    // some seconds.
    void start();
    void start(std::size_t node);
    void kill(std::size_t node);  // -9; its files stay
    [[nodiscard]] std::uint16_t mqtt_port(std::size_t node) const { return nodes_[node].mqtt; }

private:
    struct Node {
        std::uint16_t client = 0;
        std::uint16_t route = 0;
        std::uint16_t mqtt = 0;
        Program server;
    };
    void write_config(std::size_t node) const;
    [[nodiscard]] std::string file(std::size_t node, const char* kind) const;

    std::filesystem::path folder_;
    std::array<Node, kNodes> nodes_;
};

#define NEEDS_NATS() \
    if (!kit::NatsCluster::available()) GTEST_SKIP() << "nats-server is not installed"

}  // namespace aisle::kit
