#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "agent/core/time.hpp"
#include "sync/wire/ack.hpp"

// HQ may have lost what it had acknowledged: a restored backup. Then it refuses our oldest batch
// and names a place below it. Pure. Private to uplink.
namespace aisle::uplink {

// A refusal of earlier days that a broker kept, doubled or let pass by says the same words, so one
// is not believed. The oldest batch is sent again, and a newer refusal that names the same place is
// HQ's answer to that: newer by HQ's own clock than the acknowledgement that it takes back. Where
// HQ's clock has gone back since then, five such answers over a minute count.
class FallBack {
public:
    enum class Verdict {
        Stale,      // nothing new
        Suspect,    // send the oldest batch again, alone, once the echoes have died away
        Confirmed,  // HQ stands there
    };

    // A NACK below our mark.
    Verdict refused(const wire::Ack& nack, MonoTime now);
    // The oldest batch has been sent again since the last Suspect.
    void resent() { resent_ = true; }
    // An answer at our mark or above it has been believed.
    void acknowledged(const wire::Ack& ack);
    void forget() { suspected_.reset(); }
    [[nodiscard]] bool suspects() const { return suspected_.has_value(); }

private:
    struct Suspicion {
        std::int64_t next = 0;
        std::string check;
        WallTime told{};  // by HQ's clock, the latest time that it said so
        MonoTime since{};
        int answers = 0;  // to a batch that was sent again
    };
    std::optional<Suspicion> suspected_;
    bool resent_ = false;
    WallTime acknowledged_{};  // by HQ's clock
};

}  // namespace aisle::uplink
