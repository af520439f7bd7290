#include "agent/staff/check_in_desk.hpp"

#include <algorithm>
#include <utility>

#include "agent/staff/answers.hpp"
#include "agent/staff/card.hpp"

namespace aisle::staff {
namespace {

namespace json = boost::json;
using runtime::HttpReply;
using runtime::HttpRequest;
using runtime::HttpResponse;

json::array still_to_ask(const StaffSettings& settings, const CustomerCard& card) {
    json::array out;
    for (const std::string& purpose : settings.purposes) {
        if (!card.consent.contains(purpose)) out.push_back(json::string{purpose});
    }
    return out;
}

json::array cards_of(const std::vector<Offer>& offers, const Stamp& now) {
    json::array out;
    for (const Offer& offer : offers) {
        if (offer.ghost || !is_live(offer.state) || passed(offer.expires, now)) continue;
        out.push_back(card_of(offer, now));
    }
    return out;
}

}  // namespace

CheckInDesk::CheckInDesk(const StaffSettings& settings, const Staff::Around& around)
    : settings_{settings},
      clock_{around.loop.clock()},
      shop_{around.shop},
      check_ins_{std::make_shared<CheckIns>(settings.start_id)} {}

void CheckInDesk::hang_into(runtime::HttpRoutes& routes) {
    routes.on("POST", "/api/v1/checkins", [this](const HttpRequest& request, HttpReply reply) {
        check_in(request, std::move(reply));
    });
    routes.on("POST", "/api/v1/checkins/{key}:consent",
              [this](const HttpRequest& request, HttpReply reply) {
                  consent(request, std::move(reply));
              });
}

void CheckInDesk::check_in(const HttpRequest& request, HttpReply reply) {
    const auto body = body_of(request);
    if (!body) return reply(runtime::problem(body.error()));
    auto by = by_in(*body);
    if (!by) return reply(runtime::problem(by.error()));
    auto member = member_in_scan(text_in(*body, "member").value_or(""));
    // The detail says nothing of what was scanned: it may have been a payment card.
    if (!member) return reply(refuse({400, "Bad Request", "this is no member number"}));

    auto answered = [settings = settings_, &clock = clock_, check_ins = check_ins_,
                     reply = std::move(reply)](const Result<CheckedIn>& found) {
        if (!found) return reply(runtime::problem(found.error()));
        const Stamp now = clock.now();
        json::object out;
        out["key"] = check_ins->open(found->card.member, now);
        out["now"] = milliseconds_of(now.mono);
        out["profile"] = profile_of(found->card);
        out["offers"] = cards_of(found->offers, now);
        out["ask"] = still_to_ask(settings, found->card);
        out["why_not"] = verdicts_of(found->why_not);
        reply(json_answer(out));
    };
    shop_.check_in({.member = *std::move(member), .by = *std::move(by)}, std::move(answered));
}

Result<ConsentChange> CheckInDesk::change_in(const HttpRequest& request) const {
    const auto body = body_of(request);
    if (!body) return body.error();
    auto by = by_in(*body);
    if (!by) return by.error();
    ConsentChange change{.version = settings_.consent_version, .by = *std::move(by)};
    change.purpose = text_in(*body, "purpose").value_or("");
    if (std::ranges::find(settings_.purposes, change.purpose) == settings_.purposes.end())
        return malformed("purpose: not one that is asked for");
    const json::value* granted = body->if_contains("granted");
    if (granted == nullptr || !granted->is_bool()) return malformed("granted: true or false");
    change.granted = granted->as_bool();
    return change;
}

void CheckInDesk::consent(const HttpRequest& request, HttpReply reply) {
    auto change = change_in(request);
    if (!change) return reply(runtime::problem(change.error()));
    const Stamp now = clock_.now();
    auto member = check_ins_->find(request.wild.at("key"), now);
    if (!member) return reply(refuse({404, "Not Found", "this check-in is over, scan again"}));

    change->member = *std::move(member);
    change->at = now;
    json::object done;
    done["purpose"] = change->purpose;
    done["granted"] = change->granted;
    shop_.set_consent(*std::move(change),
                      [done = std::move(done), reply = std::move(reply)](const Status& status) {
                          reply(status ? json_answer(done) : runtime::problem(status.error()));
                      });
}

}  // namespace aisle::staff
