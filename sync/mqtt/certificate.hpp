#pragma once

#include <optional>
#include <string>

#include "agent/core/error.hpp"
#include "agent/core/time.hpp"
#include "sync/mqtt/transport.hpp"

// The files that TLS needs, looked at before they are used, so that a fault has a name. Private to
// mqtt.
namespace aisle::mqtt {

// Of our own certificate.
struct Validity {
    WallTime from{};
    WallTime to{};
};

// Nothing where no certificate is named. Unavailable: a file is not there; Denied: the key may be
// read by others; Malformed: no PEM, or a key that is not the certificate's.
Result<std::optional<Validity>> check_files(const TlsSettings& settings);

// Whole days until `to`, rounded down; negative once it is over.
int days_left(const Validity& validity, WallTime now);

// The alarm that is due at so many days: 30, 14, 7, 1, 0 (over); nothing above 30.
std::optional<int> alarm_at(int days);

// What the broker's certificate is judged by: judging_time(); but a clock that no server has set
// and that is past our own certificate's last day is more likely wrong than we are forgotten, so
// the latest time that is known to have been takes its place. The broker, whose clock is right,
// judges ours.
WallTime broker_judging_time(const Stamp& now, WallTime known, const std::optional<Validity>& own);

// What our own certificate is judged by. A clock that was set by a server is believed; another one
// cannot be earlier than what is known to have been: this program's file, our certificate's first
// day, and `known`, where somebody has kept it.
WallTime judging_time(const Stamp& now, WallTime known, const std::optional<Validity>& own);

}  // namespace aisle::mqtt
