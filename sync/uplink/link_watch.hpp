#pragma once

#include <cstddef>
#include <string>

#include "agent/core/time.hpp"
#include "agent/runtime/random.hpp"

// Whether a link that is up leads anywhere. Pure: the random source is injected. Private to uplink.
namespace aisle::uplink {

struct Patience {
    milliseconds puback_max{};
    milliseconds hq_silent_max{};
};

// TCP tells of a black hole after a quarter of an hour. Two signs are earlier: the broker
// acknowledges nothing (then the link is dead), and HQ answers nothing (then the link may be half
// dead, or HQ is away: the second time in a row this counts later, and later again, up to half an
// hour).
class LinkWatch {
public:
    LinkWatch(Patience patience, runtime::RandomSource random)
        : patience_{patience}, random_{std::move(random)} {}

    void link_up(MonoTime now);
    void link_down() { up_ = false; }
    void published(MonoTime now);  // each publish, and one of the next two follows
    void answered(MonoTime now);   // by the broker, whatever it says
    void heard();                  // HQ

    // Why the connection should be made anew; empty: it is well. `waits`: batches are out that HQ
    // has not answered. `listened`: the broker does not say that HQ is away.
    struct Hq {
        bool waits = false;
        bool listened = true;
    };
    [[nodiscard]] std::string fault(MonoTime now, Hq hq);

private:
    Patience patience_;
    runtime::RandomSource random_;
    bool up_ = false;
    std::size_t outstanding_ = 0;
    MonoTime progress_{};  // the last answer of the broker, or the first publish after it
    bool waiting_ = false;
    MonoTime waiting_since_{};
    int in_vain_ = 0;
    milliseconds hq_wait_{};
};

}  // namespace aisle::uplink
