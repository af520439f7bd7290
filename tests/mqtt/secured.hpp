#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "peers.hpp"
#include "tests/kit/program.hpp"

namespace aisle::mqtt {

inline std::string text_of(const std::filesystem::path& path) {
    std::ostringstream text;
    text << std::ifstream{path}.rdbuf();
    return text.str();
}

inline std::filesystem::path shipped(const std::string& name) {
    return std::filesystem::path{AISLE_SOURCE_DIR} / "config/mosquitto" / name;
}

// A broker as config/mosquitto/chain.conf makes it, with certificates by make-certificates.sh.
struct Secured {
    Secured() : broker{kit::Mosquitto::Whole{text_of(shipped("chain.conf"))}} {
        std::filesystem::copy_file(shipped("acl"), broker.folder() / "acl");
        make({"ca"});
        make({"broker", "localhost", "127.0.0.1"});
        make({"client", "s-0001", "s-0002", "aisle-hq"});
    }
    // What the script is told; `with` goes before it: DAYS=-1, NAME=...
    void make(std::vector<std::string> words, const std::vector<std::string>& with = {}) const {
        std::vector<std::string> command{"env", "DIR=" + broker.folder().string()};
        command.insert(command.end(), with.begin(), with.end());
        command.push_back(shipped("make-certificates.sh"));
        command.insert(command.end(), words.begin(), words.end());
        ASSERT_EQ((kit::Program{command, file("openssl.log")}.wait()), 0)
            << text_of(file("openssl.log"));
    }
    [[nodiscard]] std::string file(const std::string& name) const {
        return (broker.folder() / name).string();
    }
    [[nodiscard]] TransportSettings settings(const std::string& name) const {
        return {.name = name,
                .host = "127.0.0.1",
                .port = broker.port(),
                .client_id = name,
                .first_wait = milliseconds{20},
                .last_wait = milliseconds{100},
                .denied_wait = milliseconds{20},
                .tls = {.enabled = true,
                        .ca_file = file("ca.pem"),
                        .cert_file = file(name + ".pem"),
                        .key_file = file(name + ".key")}};
    }

    kit::Mosquitto broker;
};

// Why it does not come up.
inline std::string refusal(Machine& machine, const TransportSettings& settings) {
    Peer peer{machine, settings};
    peer.transport->start();
    kit::run_until(machine.loop,
                   [&] { return peer.up() || !peer.transport->link().reason.empty(); });
    EXPECT_FALSE(peer.up());
    return peer.transport->link().reason;
}

#define NEEDS_OPENSSL() \
    if (std::system("openssl version > /dev/null 2>&1") != 0) GTEST_SKIP() << "no openssl"

}  // namespace aisle::mqtt
