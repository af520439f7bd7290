#pragma once

#include <array>
#include <cstdint>

#include "agent/core/record.hpp"
#include "agent/core/time.hpp"

// How fast the backlog may go (docs/adr/0011). Pure. Private to uplink.
namespace aisle::uplink {

// Two dials. HQ's credit, in bytes a second, fills a bucket from which all streams are paid; each
// stream has a twentieth of it for itself, and a live ledger record goes out in any case and is
// paid for afterwards. And the window: how many batches of the backlog may be out without HQ's
// answer. It grows while answers come quickly and shrinks when they do not, so that HQ always has
// work and a live record never waits behind much of it.
class Pace {
public:
    struct Bounds {
        std::size_t window_first = 16;
        std::size_t window_least = 4;
        std::size_t window_most = 64;
    };
    explicit Pace(Bounds bounds)
        : bounds_{bounds}, window_{static_cast<double>(bounds.window_first)} {}

    void link_up();
    // 0: no limit.
    void set_credit(std::int64_t bytes_s, MonoTime now);
    [[nodiscard]] std::int64_t credit() const { return credit_; }

    struct Parcel {
        Stream stream = Stream::Ledger;
        std::size_t bytes = 0;
        bool live = false;  // all that its stream has
    };
    [[nodiscard]] bool may_send(const Parcel& parcel, MonoTime now);
    void sent(const Parcel& parcel, MonoTime now);
    // Until the bucket holds something again.
    [[nodiscard]] milliseconds until_credit() const;

    // HQ has answered so many batches, the last of them after `latency`.
    void answered(std::size_t batches, microseconds latency, MonoTime now);
    [[nodiscard]] std::size_t window() const { return static_cast<std::size_t>(window_); }

private:
    void fill(MonoTime now);
    void remember(microseconds latency, MonoTime now);

    Bounds bounds_;
    std::int64_t credit_ = 0;
    double tokens_ = 0;
    std::array<double, 4> own_{};  // each stream's guaranteed part
    MonoTime filled_{};

    double window_;
    bool starting_ = true;  // no answer has been late yet
    MonoTime shrunk_{};
    // The shortest latency of this minute and of the one before.
    microseconds shortest_ = microseconds::max();
    microseconds shortest_before_ = microseconds::max();
    MonoTime minute_{};
};

}  // namespace aisle::uplink
