#pragma once

#include "agent/app/counting_json.hpp"
#include "agent/core/clock.hpp"
#include "agent/runtime/http.hpp"

namespace aisle::app {

// The counting over HTTP: figures, and the people who stand at a door and tap.
//
//   GET  /api/v1/footfall                     doors, why their figures are worth what they are,
//                                             zones, ways, heat
//   POST /api/v1/calibrations                 {door, by}: begins, or goes on with one's own
//   GET  /api/v1/calibrations/{id}            how far it is, in the end with the result
//   POST /api/v1/calibrations/{id}:tap        {taps: [{n, kind: in|out|undo, ago_ms}]}
//   POST /api/v1/calibrations/{id}:end        {by}
//   POST /api/v1/calibrations/{id}:cancel     {by}
//
// Taps are numbered, so that a page which heard no answer tells them again without harm. They live
// in memory until the session ends. Loop thread only.
class TapDesk {
public:
    struct Parts {
        const Clock& clock;
        const footfall::Footfall& footfall;
        footfall::Commissioning& commissioning;
        const footfall::ZonesNow& zones_now;
        const Cameras& cameras;
    };
    explicit TapDesk(Parts parts) : parts_{parts} {}
    void hang_into(runtime::HttpRoutes& routes);

private:
    [[nodiscard]] CountingView view() const {
        return {parts_.footfall, parts_.commissioning, parts_.zones_now, parts_.cameras};
    }
    runtime::HttpResponse begin(const runtime::HttpRequest& request);
    runtime::HttpResponse tap(const runtime::HttpRequest& request);
    runtime::HttpResponse end(const runtime::HttpRequest& request);
    runtime::HttpResponse cancel(const runtime::HttpRequest& request);
    [[nodiscard]] runtime::HttpResponse progress(const std::string& id) const;

    Parts parts_;
};

inline constexpr std::size_t kTapsPerCallMax = 64;

}  // namespace aisle::app
