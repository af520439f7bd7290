#include "agent/staff/offer_desk.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "agent/staff/answers.hpp"
#include "agent/staff/card.hpp"
#include "agent/staff/code_svg.hpp"

namespace aisle::staff {
namespace {

namespace json = boost::json;
using runtime::HttpReply;
using runtime::HttpRequest;
using runtime::HttpResponse;

struct Step {
    OfferAction action;
    std::string_view name;
    OfferState leads_to;
};
constexpr std::array kSteps{
    Step{OfferAction::Accept, "accept", OfferState::Accepted},
    Step{OfferAction::Present, "present", OfferState::Presented},
    Step{OfferAction::Redeem, "redeem", OfferState::Redeemed},
    Step{OfferAction::Decline, "decline", OfferState::Declined},
};

OfferState leads_to(OfferAction action) {
    return std::ranges::find(kSteps, action, &Step::action)->leads_to;
}

HttpResponse unknown_offer() { return refuse({404, "Not Found", "no such offer"}); }

HttpResponse card_answer(const Offer& offer, const Stamp& now) {
    json::object body;
    body["now"] = milliseconds_of(now.mono);
    body["card"] = card_of(offer, now);
    return json_answer(body);
}

// Who has it and how far it is: the page shows this instead of the card.
json::object standing_of(const Offer& offer) {
    json::object out;
    out["by"] = offer.by;
    out["state"] = to_text(offer.state);
    return out;
}

// A tablet that lost its connection asks again and must not be told that somebody, namely itself,
// was first.
bool is_own_echo(const OfferAct& act, const Offer& offer) {
    return offer.by == act.by && offer.state == leads_to(act.action);
}

HttpResponse response_to(const OfferAct& act, const ActAnswer& answer, const Stamp& now) {
    const bool told = answer.offer.has_value() && !answer.offer->ghost;
    switch (answer.outcome) {
        case ActOutcome::Done:
            return told ? card_answer(*answer.offer, now) : unknown_offer();
        case ActOutcome::Taken:
            if (!told) return unknown_offer();
            if (is_own_echo(act, *answer.offer)) return card_answer(*answer.offer, now);
            return refuse({409, "Conflict", "somebody was first"}, standing_of(*answer.offer));
        case ActOutcome::Over:
            return refuse({410, "Gone", "the offer has expired"},
                          told ? standing_of(*answer.offer) : json::object{});
        case ActOutcome::NotNow:
            return runtime::problem(full("nothing was changed, try again"));
        case ActOutcome::Unknown:
            break;
    }
    return unknown_offer();
}

}  // namespace

OfferDesk::OfferDesk(const StaffSettings& settings, const Staff::Around& around, const Live& live,
                     const Feed& feed)
    : settings_{settings},
      clock_{around.loop.clock()},
      shop_{around.shop},
      live_{live},
      feed_{feed} {}

void OfferDesk::hang_into(runtime::HttpRoutes& routes) {
    routes.on("GET", "/api/v1/offers",
              [this](const HttpRequest&, const HttpReply& reply) { reply(list()); });
    routes.on("GET", "/api/v1/offers/{id}/code.svg",
              [this](const HttpRequest& request, const HttpReply& reply) { reply(code(request)); });
    for (const Step& step : kSteps) {
        routes.on("POST", "/api/v1/offers/{id}:" + std::string{step.name},
                  [this, action = step.action](const HttpRequest& request, HttpReply reply) {
                      act(action, request, std::move(reply));
                  });
    }
}

HttpResponse OfferDesk::list() const {
    json::object body;
    body["epoch"] = feed_.epoch();
    body["rev"] = feed_.rev();
    body["now"] = milliseconds_of(clock_.now().mono);
    body["cards"] = live_.cards();
    return json_answer(body);
}

HttpResponse OfferDesk::code(const HttpRequest& request) const {
    const auto kind = request.query.find("kind");
    const std::string wanted = kind == request.query.end() ? "ean13" : kind->second;
    if (wanted != "ean13" && wanted != "qr")
        return refuse({400, "Bad Request", "kind is ean13 or qr"});

    const Offer* offer = feed_.find(OfferId{request.wild.at("id")});
    if (offer == nullptr || passed(offer->expires, clock_.now())) return unknown_offer();
    auto svg = wanted == "qr" ? qr_svg(offer->code) : ean13_svg(offer->code);
    if (!svg) return refuse({404, "Not Found", "this offer has no such code"});

    HttpResponse response{.type = "image/svg+xml", .body = *std::move(svg)};
    response.headers["Cache-Control"] = "private, max-age=900";
    response.headers["X-Content-Type-Options"] = "nosniff";
    return response;
}

Result<OfferAct> OfferDesk::act_in(OfferAction action, const HttpRequest& request) const {
    const auto body = body_of(request);
    if (!body) return body.error();
    auto by = by_in(*body);
    if (!by) return by.error();
    OfferAct act{.offer = OfferId{request.wild.at("id")}, .action = action, .by = *std::move(by)};
    act.choice = text_in(*body, "choice").value_or("");
    if (action != OfferAction::Decline) return act;

    act.reason = text_in(*body, "reason").value_or("other");
    // A campaign's own list takes the place of the shop's, on the card and here.
    const Offer* const offer = feed_.find(act.offer);
    const auto& allowed = offer != nullptr && !offer->decline_reasons.empty()
                              ? offer->decline_reasons
                              : settings_.decline_reasons;
    if (std::ranges::find(allowed, act.reason) == allowed.end())
        return malformed("reason: not one of the decline reasons");
    return act;
}

void OfferDesk::act(OfferAction action, const HttpRequest& request, HttpReply reply) {
    const auto act = act_in(action, request);
    if (!act) return reply(runtime::problem(act.error()));
    shop_.act(*act, [act = *act, &clock = clock_, reply = std::move(reply)](
                        const ActAnswer& answer) { reply(response_to(act, answer, clock.now())); });
}

}  // namespace aisle::staff
