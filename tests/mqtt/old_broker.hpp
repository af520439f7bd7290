#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <cstdint>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace aisle::mqtt {

// A broker that speaks MQTT 3.1.1 only, and says so as it is told: a few bytes of the protocol on a
// thread of its own, one client at a time. What real brokers of today do not do any more.
class OldBroker {
public:
    enum class ToVersion5 { HangUp, SayNo, SayNothing };
    struct Manners {
        ToVersion5 to_version5 = ToVersion5::HangUp;
        std::uint8_t subscription = 1;  // the granted QoS; 0x80: refused
    };

    explicit OldBroker(Manners manners) : manners_{manners} {
        listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        auto* const any = reinterpret_cast<sockaddr*>(&address);
        if (::bind(listener_, any, size) == 0 && ::listen(listener_, 8) == 0 &&
            ::getsockname(listener_, any, &size) == 0)
            port_ = ntohs(address.sin_port);
        thread_ = std::thread{[this] { serve(); }};
    }
    ~OldBroker() {
        stopping_ = true;
        ::shutdown(listener_, SHUT_RDWR);
        {
            const std::lock_guard lock{mutex_};
            if (client_ >= 0) ::shutdown(client_, SHUT_RDWR);
        }
        thread_.join();
        ::close(listener_);
    }
    OldBroker(const OldBroker&) = delete;
    OldBroker& operator=(const OldBroker&) = delete;

    [[nodiscard]] std::uint16_t port() const { return port_; }
    // Protocol levels of the CONNECTs so far: 4 is 3.1.1.
    [[nodiscard]] std::vector<int> levels() const {
        const std::lock_guard lock{mutex_};
        return levels_;
    }

private:
    struct Packet {
        int type = 0;  // 0: the connection has ended
        std::string body;
    };

    void serve() {
        while (!stopping_) {
            const int client = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
            if (client < 0) return;
            hold(client);
            while (answer(read_packet(client))) {
            }
            hold(-1);
            ::close(client);
        }
    }
    void hold(int client) {
        const std::lock_guard lock{mutex_};
        client_ = client;
    }
    bool say(const std::string& bytes) const {
        return ::send(client_, bytes.data(), bytes.size(), MSG_NOSIGNAL) ==
               static_cast<ssize_t>(bytes.size());
    }
    static bool read_bytes(int client, char* into, std::size_t size) {
        return size == 0 || ::recv(client, into, size, MSG_WAITALL) == static_cast<ssize_t>(size);
    }
    static Packet read_packet(int client) {
        unsigned char byte = 0;
        if (!read_bytes(client, reinterpret_cast<char*>(&byte), 1)) return {};
        Packet packet{.type = byte >> 4U};
        std::size_t size = 0;
        for (unsigned shift = 0; shift < 28; shift += 7) {
            if (!read_bytes(client, reinterpret_cast<char*>(&byte), 1)) return {};
            size |= static_cast<std::size_t>(byte & 0x7FU) << shift;
            if ((byte & 0x80U) == 0) break;
        }
        packet.body.resize(size);
        return read_bytes(client, packet.body.data(), size) ? packet : Packet{};
    }
    bool answer(const Packet& packet) {
        switch (packet.type) {
            case 1:  // CONNECT: two bytes of length, "MQTT", the level
                return greet(packet.body.at(6));
            case 3: {  // PUBLISH, QoS 1: the id stands behind the topic
                const auto topic =
                    static_cast<std::size_t>(static_cast<unsigned char>(packet.body[0]) * 256 +
                                             static_cast<unsigned char>(packet.body[1]));
                return say(std::string{"\x40\x02", 2} + packet.body.substr(2 + topic, 2));
            }
            case 8:  // SUBSCRIBE of one filter
                return say(std::string{"\x90\x03", 2} + packet.body.substr(0, 2) +
                           static_cast<char>(manners_.subscription));
            case 12:  // PINGREQ
                return say(std::string{"\xD0\x00", 2});
            default:
                return false;
        }
    }
    bool greet(int level) {
        {
            const std::lock_guard lock{mutex_};
            levels_.push_back(level);
        }
        if (level == 4) return say(std::string{"\x20\x02\x00\x00", 4});
        if (manners_.to_version5 == ToVersion5::SayNo) say(std::string{"\x20\x02\x00\x01", 4});
        return manners_.to_version5 == ToVersion5::SayNothing;
    }

    Manners manners_;
    int listener_ = -1;
    std::uint16_t port_ = 0;
    std::atomic<bool> stopping_ = false;
    mutable std::mutex mutex_;
    int client_ = -1;
    std::vector<int> levels_;
    std::thread thread_;
};

}  // namespace aisle::mqtt
