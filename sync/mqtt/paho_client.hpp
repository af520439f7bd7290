#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <variant>

#include "agent/runtime/executor.hpp"
#include "agent/runtime/metrics.hpp"
#include "sync/mqtt/transport.hpp"

// One Paho client object: one attempt to connect and the connection it leads to. Private to mqtt.
namespace aisle::mqtt {

struct Connected {
    std::size_t receive_max = 65'535;  // the broker's Receive Maximum (MQTT 5)
    std::size_t packet_bytes_max =
        0x0FFF'FFFF;      // what the protocol allows, if the broker names no less
    bool retains = true;  // Retain Available (MQTT 5, 3.2.2.3.5); 3.1.1 does not tell
};
struct ConnectFailed {
    std::string reason;
    bool reached =
        false;  // something answered at the address: perhaps it does not speak our version
    bool denied = false;  // it knows us and does not want us, or the other way round
};
struct Lost {
    std::string reason;
};
struct Arrived {
    Message message;
};
struct Published {
    int token = 0;
    Status status;
    bool heard = true;  // somebody subscribes to it, as far as the broker says
};
struct Subscribed {
    Status status;
};
struct Disconnected {};
using Event =
    std::variant<Connected, ConnectFailed, Lost, Arrived, Published, Subscribed, Disconnected>;

struct ClientOptions {
    std::string host;
    std::uint16_t port = 0;
    std::string client_id;
    bool version5 = true;
    const TlsSettings* tls = nullptr;     // none: plaintext
    runtime::Counter* dropped = nullptr;  // counts arrivals beyond kInboxBytesMax
};

struct ConnectOptions {
    std::string username;
    std::string password;
    const Message* will = nullptr;  // none
    seconds keep_alive{20};
    milliseconds timeout{15'000};
};

// On the loop thread. Paho's threads reach it through a mailbox that is closed before the client
// goes, so an event of an abandoned client is never seen. The handle itself is destroyed some
// seconds later, by a later open(): Paho 1.3.12 touches it once more after a callback has returned,
// and destroying the last one would block.
class PahoClient {
public:
    using Handler = std::function<void(Event)>;

    static Result<std::unique_ptr<PahoClient>> open(runtime::Executor& executor,
                                                    const ClientOptions& options, Handler handler);
    ~PahoClient();  // drops the connection; a broker of version 5 then publishes the will
    PahoClient(const PahoClient&) = delete;
    PahoClient& operator=(const PahoClient&) = delete;

    Status connect(const ConnectOptions& options);
    // What Paho itself thinks of the connection, for losses of which it does not tell.
    [[nodiscard]] bool alive() const;
    Status subscribe(const std::string& filter);
    Status unsubscribe(const std::string& filter);
    Result<int> publish(const Message& message);
    // At once; Disconnected comes afterwards. The will is not published.
    Status disconnect();

private:
    struct Mailbox;
    struct Calls;
    PahoClient() = default;

    runtime::Executor* executor_ = nullptr;
    void* handle_ = nullptr;
    std::uintptr_t id_ = 0;  // what Paho is given as context: a number cannot dangle
    bool version5_ = true;
    const TlsSettings* tls_ = nullptr;
    std::shared_ptr<Mailbox> mailbox_;
};

}  // namespace aisle::mqtt
