#include "agent/app/tap_desk.hpp"

#include <algorithm>

#include "agent/staff/answers.hpp"

namespace aisle::app {
namespace {

namespace json = boost::json;
using footfall::TapKind;
using footfall::TapVerdict;
using runtime::HttpRequest;
using runtime::HttpResponse;

HttpResponse over() {
    return staff::refuse({404, "Not Found", "no such calibration, begin again"});
}

std::optional<std::int64_t> number_in(const json::object& body, std::string_view name) {
    const json::value* value = body.if_contains(name);
    if (value == nullptr || !value->is_int64()) return std::nullopt;
    return value->as_int64();
}

Result<footfall::Tap> tap_from(const json::value& value) {
    if (!value.is_object()) return malformed("taps: objects");
    const auto& fields = value.as_object();
    const auto n = number_in(fields, "n");
    const auto kind = staff::text_in(fields, "kind").value_or("");
    if (!n || *n < 1) return malformed("taps: n counts from 1");
    footfall::Tap tap{.n = *n, .ago = milliseconds{number_in(fields, "ago_ms").value_or(0)}};
    if (kind == "in") {
        tap.kind = TapKind::In;
    } else if (kind == "out") {
        tap.kind = TapKind::Out;
    } else if (kind == "undo") {
        tap.kind = TapKind::Undo;
    } else {
        return malformed("taps: kind is in, out or undo");
    }
    return tap;
}

Result<std::vector<footfall::Tap>> taps_in(const HttpRequest& request) {
    const auto body = staff::body_of(request);
    if (!body) return body.error();
    const json::value* list = body->if_contains("taps");
    if (list == nullptr || !list->is_array()) return malformed("taps: a list");
    if (list->as_array().size() > kTapsPerCallMax) return malformed("taps: too many at once");
    std::vector<footfall::Tap> taps;
    for (const json::value& each : list->as_array()) {
        const auto tap = tap_from(each);
        if (!tap) return tap.error();
        taps.push_back(*tap);
    }
    return taps;
}

}  // namespace

void TapDesk::hang_into(runtime::HttpRoutes& routes) {
    const auto answer = [&](const char* method, const char* pattern, auto handler) {
        routes.on(method, pattern,
                  [this, handler](const HttpRequest& request, const runtime::HttpReply& reply) {
                      reply((this->*handler)(request));
                  });
    };
    routes.on("GET", "/api/v1/footfall",
              [this](const HttpRequest&, const runtime::HttpReply& reply) {
                  reply(staff::json_answer(counting_json(view(), parts_.clock.now())));
              });
    routes.on("GET", "/api/v1/calibrations/{id}",
              [this](const HttpRequest& request, const runtime::HttpReply& reply) {
                  reply(progress(request.wild.at("id")));
              });
    answer("POST", "/api/v1/calibrations", &TapDesk::begin);
    answer("POST", "/api/v1/calibrations/{id}:tap", &TapDesk::tap);
    answer("POST", "/api/v1/calibrations/{id}:end", &TapDesk::end);
    answer("POST", "/api/v1/calibrations/{id}:cancel", &TapDesk::cancel);
}

HttpResponse TapDesk::begin(const HttpRequest& request) {
    const auto body = staff::body_of(request);
    if (!body) return runtime::problem(body.error());
    const auto by = staff::by_in(*body);
    if (!by) return runtime::problem(by.error());
    const DoorId door{staff::text_in(*body, "door").value_or("")};
    const WallTime now = parts_.clock.now().wall;
    const auto doors = doors_of(view(), now);
    if (std::ranges::find(doors, door) == doors.end())
        return staff::refuse({404, "Not Found", "door: none of this shop's"});
    const auto session = parts_.commissioning.begin(door, *by, now);
    if (session) return staff::json_answer(session_json(*session));
    if (session.error().fault != Fault::Denied) return runtime::problem(session.error());
    return staff::refuse({409, "Conflict", session.error().detail});
}

HttpResponse TapDesk::tap(const HttpRequest& request) {
    const auto taps = taps_in(request);
    if (!taps) return runtime::problem(taps.error());
    const std::string& id = request.wild.at("id");
    for (const footfall::Tap& tap : *taps) {
        const TapVerdict verdict = parts_.commissioning.tap(id, tap, parts_.clock.now().wall);
        if (verdict == TapVerdict::Unknown) return over();
        if (verdict == TapVerdict::Full) return runtime::problem(full("too many taps"));
        if (verdict != TapVerdict::Gap) continue;
        const auto session = parts_.commissioning.session(id);
        json::object more;
        more["taps"] = session ? session->taps_told : 0;
        return staff::refuse({409, "Conflict", "taps before this one have not come"}, more);
    }
    return progress(id);
}

HttpResponse TapDesk::end(const HttpRequest& request) {
    const auto body = staff::body_of(request);
    if (!body) return runtime::problem(body.error());
    const auto by = staff::by_in(*body);
    if (!by) return runtime::problem(by.error());
    const std::string& id = request.wild.at("id");
    if (!parts_.commissioning.end(id, parts_.clock.now().wall)) return over();
    return progress(id);
}

HttpResponse TapDesk::cancel(const HttpRequest& request) {
    const auto body = staff::body_of(request);
    if (!body) return runtime::problem(body.error());
    const auto by = staff::by_in(*body);
    if (!by) return runtime::problem(by.error());
    const std::string& id = request.wild.at("id");
    if (!parts_.commissioning.cancel(id)) return over();
    json::object out;
    out["id"] = id;
    out["state"] = "cancelled";
    return staff::json_answer(out);
}

HttpResponse TapDesk::progress(const std::string& id) const {
    if (const auto session = parts_.commissioning.session(id))
        return staff::json_answer(session_json(*session));
    const footfall::Measurement* found = parts_.commissioning.last(id);
    if (found == nullptr) return over();
    json::object out;
    out["id"] = id;
    out["state"] = "done";
    out["result"] = measurement_json(*found);
    return staff::json_answer(out);
}

}  // namespace aisle::app
