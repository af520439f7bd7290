#include <gtest/gtest.h>

#include <random>

#include "agent/staff/card.hpp"
#include "fakes.hpp"

// Every answer of the shop, every step and every state, as the page gets them.
namespace aisle::staff {
namespace {

constexpr const char* kByA3 = R"({"by":"A3"})";

std::string path_of(const std::string& rest) {
    return "/api/v1/offers/" + offer_of(1, {}).id.value + rest;
}

Offer standing(Room& room, OfferState state, const std::string& by) {
    Offer offer = offer_of(1, room.now());
    offer.state = state;
    offer.by = by;
    ++offer.revision;
    return offer;
}

struct Outcome {
    ActOutcome outcome;
    bool offer;  // the shop names it
    int status;
};

class EachOutcome : public testing::TestWithParam<Outcome> {};

TEST_P(EachOutcome, HasItsStatusForEveryStep) {
    for (const char* step : {":accept", ":present", ":redeem", ":decline"}) {
        Room room;
        room.shop.answer.outcome = GetParam().outcome;
        if (GetParam().offer)
            room.shop.answer.offer = standing(room, OfferState::Expired, "somebody");
        const auto response = room.routes.call("POST", path_of(step), kByA3);
        ASSERT_TRUE(response);
        EXPECT_EQ(response->status, GetParam().status) << step;
    }
}

INSTANTIATE_TEST_SUITE_P(
    All, EachOutcome,
    testing::Values(Outcome{ActOutcome::Done, true, 200}, Outcome{ActOutcome::Done, false, 404},
                    Outcome{ActOutcome::Taken, true, 409}, Outcome{ActOutcome::Taken, false, 404},
                    Outcome{ActOutcome::Over, true, 410}, Outcome{ActOutcome::Over, false, 410},
                    Outcome{ActOutcome::Unknown, false, 404},
                    Outcome{ActOutcome::Unknown, true, 404},
                    Outcome{ActOutcome::NotNow, false, 503},
                    Outcome{ActOutcome::NotNow, true, 503}));

// A ghost must not be seen even in an answer about it.
class EachOutcomeOfAGhost : public testing::TestWithParam<ActOutcome> {};

TEST_P(EachOutcomeOfAGhost, SaysNothingOfIt) {
    Room room;
    Offer ghost = standing(room, OfferState::Accepted, "B7");
    ghost.ghost = true;
    room.shop.answer = {GetParam(), ghost};
    const auto response = room.routes.call("POST", path_of(":accept"), kByA3);
    ASSERT_TRUE(response);
    EXPECT_NE(response->status, 200);
    EXPECT_EQ(response->body.find("B7"), std::string::npos);
    EXPECT_EQ(response->body.find("accepted"), std::string::npos);
}

INSTANTIATE_TEST_SUITE_P(All, EachOutcomeOfAGhost,
                         testing::Values(ActOutcome::Done, ActOutcome::Taken, ActOutcome::Over,
                                         ActOutcome::Unknown, ActOutcome::NotNow));

struct Echo {
    const char* step;
    OfferState state;
    const char* by;
    int status;
};

class EchoOfAStep : public testing::TestWithParam<Echo> {};

TEST_P(EchoOfAStep, IsDoneOnlyForTheSamePersonAndTheSameStep) {
    Room room;
    room.shop.answer = {ActOutcome::Taken, standing(room, GetParam().state, GetParam().by)};
    EXPECT_EQ(room.routes.call("POST", path_of(GetParam().step), kByA3)->status, GetParam().status);
}

INSTANTIATE_TEST_SUITE_P(All, EchoOfAStep,
                         testing::Values(Echo{":accept", OfferState::Accepted, "A3", 200},
                                         Echo{":accept", OfferState::Accepted, "B7", 409},
                                         Echo{":accept", OfferState::Presented, "A3", 409},
                                         Echo{":present", OfferState::Presented, "A3", 200},
                                         Echo{":present", OfferState::Accepted, "A3", 409},
                                         Echo{":redeem", OfferState::Redeemed, "A3", 200},
                                         Echo{":redeem", OfferState::Redeemed, "", 409},
                                         Echo{":decline", OfferState::Declined, "A3", 200},
                                         Echo{":decline", OfferState::Redeemed, "A3", 409}));

TEST(ActRequests, WithoutANameAreRefusedBeforeTheShopIsAsked) {
    Room room;
    for (const char* body : {"", "{}", R"({"by":""})", R"({"by":7})", "[]", R"({"by":"a)"})
        EXPECT_EQ(room.routes.call("POST", path_of(":accept"), body)->status, 400) << body;
    EXPECT_TRUE(room.shop.acts.empty());
}

TEST(ActRequests, DeclineWithEachOfTheShopsReasons) {
    const StaffSettings settings;
    for (const std::string& reason : settings.decline_reasons) {
        Room room;
        room.routes.call("POST", path_of(":decline"), R"({"by":"A3","reason":")" + reason + "\"}");
        ASSERT_EQ(room.shop.acts.size(), 1U) << reason;
        EXPECT_EQ(room.shop.acts[0].reason, reason);
    }
}

TEST(ActRequests, DeclineForNoReasonForOtherReasons) {
    Room room;
    room.routes.call("POST", path_of(":decline"), kByA3);
    ASSERT_EQ(room.shop.acts.size(), 1U);
    EXPECT_EQ(room.shop.acts[0].reason, "other");
}

TEST(ActRequests, TakeAReasonForADeclineOnly) {
    Room room;
    room.routes.call("POST", path_of(":accept"), R"({"by":"A3","reason":"nonsense"})");
    ASSERT_EQ(room.shop.acts.size(), 1U);
    EXPECT_EQ(room.shop.acts[0].reason, "");
}

TEST(ActRequests, PassOverMembersThatTheyDoNotKnow) {
    Room room;
    room.routes.call("POST", path_of(":accept"), R"({"by":"A3","x":{"y":[1]}})");
    EXPECT_EQ(room.shop.acts.size(), 1U);
}

TEST(LateAnswers, ComeWithTheClockOfTheirOwnMoment) {
    Room room;
    room.shop.late = true;
    std::optional<runtime::HttpResponse> told;
    runtime::HttpRequest request;
    request.method = "POST";
    request.headers["content-type"] = "application/json";
    request.body = kByA3;
    request.wild["id"] = offer_of(1, {}).id.value;
    for (const auto& route : room.routes.routes) {
        if (route.pattern == "/api/v1/offers/{id}:accept")
            route.handler(request, [&](runtime::HttpResponse answer) { told = std::move(answer); });
    }
    ASSERT_EQ(room.shop.late_replies.size(), 1U);
    EXPECT_FALSE(told);
    room.clock.advance(seconds{60});
    room.shop.late_replies[0]({ActOutcome::Done, standing(room, OfferState::Accepted, "A3")});
    ASSERT_TRUE(told);
    EXPECT_EQ(json_in(told).at("now").as_int64(), milliseconds_of(room.now().mono));
}

struct CodeCase {
    const char* query;
    int status;
};

class CodePictures : public testing::TestWithParam<CodeCase> {};

TEST_P(CodePictures, AreDrawnForTheKindsThatThereAre) {
    Room room;
    room.staff.changed(offer_of(1, room.now()));
    const auto response =
        room.routes.call("GET", path_of("/code.svg" + std::string{GetParam().query}));
    ASSERT_TRUE(response);
    EXPECT_EQ(response->status, GetParam().status);
    EXPECT_EQ(response->type == "image/svg+xml", GetParam().status == 200);
}

INSTANTIATE_TEST_SUITE_P(All, CodePictures,
                         testing::Values(CodeCase{"", 200}, CodeCase{"?kind=ean13", 200},
                                         CodeCase{"?kind=qr", 200}, CodeCase{"?kind=", 400},
                                         CodeCase{"?kind=EAN13", 400},
                                         CodeCase{"?kind=code128", 400}));

TEST(CodePicturesOf, OffersWithoutACodeAreNotThere) {
    Room room;
    Offer plain = offer_of(1, room.now());
    plain.code.clear();
    room.staff.changed(plain);
    for (const char* kind : {"?kind=ean13", "?kind=qr"})
        EXPECT_EQ(room.routes.call("GET", path_of(std::string{"/code.svg"} + kind))->status, 404);
}

TEST(CodePicturesOf, OffersThatAreGoneOrOverAreNotThere) {
    Room room;
    EXPECT_EQ(room.routes.call("GET", path_of("/code.svg"))->status, 404);
    room.staff.changed(offer_of(1, room.now()));
    room.clock.advance(minutes{15});
    EXPECT_EQ(room.routes.call("GET", path_of("/code.svg"))->status, 404);
}

}  // namespace
}  // namespace aisle::staff
