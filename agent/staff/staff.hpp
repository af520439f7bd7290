#pragma once

#include <memory>
#include <string>
#include <vector>

#include "agent/runtime/http.hpp"
#include "agent/runtime/metrics.hpp"
#include "agent/staff/shop.hpp"

// The shop's API for its staff, the live feed and the web page (DESIGN section 7).
//
//   GET  /, /app.js, /app.css, /icon.svg          the page, gzipped in the binary
//   GET  /api/v1/offers                           the live cards
//   POST /api/v1/offers/{id}:accept               {by}; also :present, :redeem
//   POST /api/v1/offers/{id}:decline              {by, reason}
//   GET  /api/v1/offers/{id}/code.svg             ?kind=ean13|qr, for live cards
//   POST /api/v1/checkins                         {member, by}
//   POST /api/v1/checkins/{key}:consent           {purpose, granted, by}
//   GET  /api/v1/campaigns, /api/v1/funnel        how they stand, and today's funnel
//   POST /api/v1/campaigns/{id}:stop              {by}; :resume only over the Unix socket
//   GET  /api/v1/today, /api/v1/status, /api/v1/openapi.json
//   WS   /api/v1/live                             ?since=EPOCH.REV; a welcome, then changes
//
// To the second who accepts an offer the answer is 409 with who has it, 410 once it has expired;
// the rest is in page/openapi.json. What leaves here holds no personal data: a customer is a handle
// ("#7F3A", the end of the pseudonym), a check-in a key that means something for half an hour and
// in this process only. Loop thread only.
namespace aisle::staff {

// Beyond it the oldest card that nobody has taken leaves the page.
inline constexpr std::size_t kLiveCardsMax = 60;
// Changes that a returning page can be told one by one; beyond them it gets a snapshot.
inline constexpr std::size_t kFeedRingMax = 1000;
// Pages at once; one more is closed with a reason.
inline constexpr std::size_t kLiveClientsMax = 64;
// Open check-ins; the oldest is forgotten.
inline constexpr std::size_t kCheckInsMax = 64;
inline constexpr minutes kCheckInKept{30};

struct StaffSettings {
    StoreId store;
    std::string store_name;  // shown at the head of the page; empty: the id
    std::string currency = "CNY";
    std::int32_t minor_digits = 2;
    std::string version;   // of the program
    std::string start_id;  // new with each start: [A-Za-z0-9]{1,32}. A page of another start gets a
                           // snapshot
    std::vector<std::string> purposes{std::string{kConsentMarketing},
                                      std::string{kConsentLocation}};
    std::string consent_version = "1";  // of the wording that the page shows
    std::vector<std::string> decline_reasons{"not_interested", "not_now", "not_found", "has_it",
                                             "other"};
    milliseconds today_every{5'000};
};

class Staff {
public:
    // All outlive the Staff.
    struct Around {
        runtime::Executor& loop;
        runtime::HttpRoutes& routes;
        runtime::Metrics& metrics;
        Shop& shop;
    };

    // Hangs its handlers into the routes: build it before the server listens, and stop the server
    // before it goes.
    Staff(StaffSettings settings, Around around);
    ~Staff();
    Staff(const Staff&) = delete;
    Staff& operator=(const Staff&) = delete;

    // After the commit of an offer's change. Ghosts are ignored; a finished offer leaves the page.
    void changed(const Offer& offer);
    // What is live now, instead of all that was said before: after a restart or when the engine was
    // rebuilt.
    void reset(const std::vector<Offer>& live);

    [[nodiscard]] std::size_t cards() const;
    [[nodiscard]] std::size_t clients() const;

private:
    class Desk;
    std::unique_ptr<Desk> desk_;
};

}  // namespace aisle::staff
