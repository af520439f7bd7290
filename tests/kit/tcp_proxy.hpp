#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>

namespace aisle::kit {

// A bad network between two programs: what connects to port() reaches `target` on loopback, with
// the faults that the test asks for. A thread of its own carries the bytes; all calls may come
// from any thread. The same seed corrupts the same places of the same stream.
class TcpProxy {
public:
    struct Faults {
        std::chrono::milliseconds delay{0};   // each way, for every byte
        std::size_t corrupt_per_million = 0;  // bytes that get another value
        std::size_t reset_after_bytes = 0;    // of a connection, both ways; 0: never
        bool black_hole = false;              // takes everything, passes nothing on
        bool refuse = false;                  // hangs up on new connections
    };

    TcpProxy(std::uint16_t target, std::uint64_t seed = 1);
    ~TcpProxy();
    TcpProxy(const TcpProxy&) = delete;
    TcpProxy& operator=(const TcpProxy&) = delete;

    [[nodiscard]] std::uint16_t port() const;
    void set(const Faults& faults);                 // from now on, also for what is connected
    void aim(std::uint16_t target);                 // new connections go there
    void cut();                                     // all connections end, in order (FIN)
    void reset();                                   // all connections end with RST
    [[nodiscard]] std::size_t connections() const;  // so far
    [[nodiscard]] std::size_t corrupted() const;    // bytes so far
    [[nodiscard]] std::size_t passed() const;       // bytes so far, both ways

private:
    struct Core;
    std::unique_ptr<Core> core_;
};

}  // namespace aisle::kit
