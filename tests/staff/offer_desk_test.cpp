#include "agent/staff/offer_desk.hpp"

#include <gtest/gtest.h>

#include "fakes.hpp"

namespace aisle::staff {
namespace {

std::string path_of(int n, const std::string& rest) {
    return "/api/v1/offers/" + offer_of(n, {}).id.value + rest;
}

Offer in_state(Room& room, OfferState state, std::string by) {
    Offer offer = offer_of(1, room.now());
    offer.state = state;
    offer.by = std::move(by);
    ++offer.revision;
    return offer;
}

TEST(OfferDesk, ListsTheLiveCardsWithWhereTheFeedStands) {
    Room room;
    room.staff.changed(offer_of(1, room.now()));
    room.staff.changed(offer_of(2, room.now()));
    const auto list = json_in(room.routes.call("GET", "/api/v1/offers"));
    EXPECT_EQ(list.at("cards").as_array().size(), 2U);
    EXPECT_EQ(list.at("epoch").as_string(), "aaaa");
    EXPECT_EQ(list.at("rev").as_int64(), 2);
}

TEST(OfferDesk, ListsNothingThatHasRunOut) {
    Room room;
    room.staff.changed(offer_of(1, room.now()));
    room.clock.advance(minutes{15});
    EXPECT_TRUE(json_in(room.routes.call("GET", "/api/v1/offers")).at("cards").as_array().empty());
}

TEST(OfferDesk, HandsEachStepToTheShopWithWhoDidIt) {
    Room room;
    room.shop.answer = {ActOutcome::Done, in_state(room, OfferState::Accepted, "A3")};
    for (const char* step : {":accept", ":present", ":redeem", ":decline"})
        room.routes.call("POST", path_of(1, step), R"({"by":"A3"})");
    ASSERT_EQ(room.shop.acts.size(), 4U);
    EXPECT_EQ(room.shop.acts[0].action, OfferAction::Accept);
    EXPECT_EQ(room.shop.acts[1].action, OfferAction::Present);
    EXPECT_EQ(room.shop.acts[2].action, OfferAction::Redeem);
    EXPECT_EQ(room.shop.acts[3].action, OfferAction::Decline);
    EXPECT_EQ(room.shop.acts[0].by, "A3");
    EXPECT_EQ(room.shop.acts[0].offer, offer_of(1, {}).id);
}

TEST(OfferDesk, AnswersWithTheCardAsItStands) {
    Room room;
    room.shop.answer = {ActOutcome::Done, in_state(room, OfferState::Accepted, "A3")};
    const auto response = room.routes.call("POST", path_of(1, ":accept"), R"({"by":"A3"})");
    EXPECT_EQ(response->status, 200);
    EXPECT_EQ(json_in(response).at("card").at("state").as_string(), "accepted");
}

TEST(OfferDesk, AnswersOnlyWhenTheShopHasCommitted) {
    Room room;
    room.shop.late = true;
    EXPECT_FALSE(room.routes.call("POST", path_of(1, ":accept"), R"({"by":"A3"})"));
    EXPECT_EQ(room.shop.late_replies.size(), 1U);
}

TEST(OfferDesk, TellsTheSecondWhoWasFirst) {
    Room room;
    room.shop.answer = {ActOutcome::Taken, in_state(room, OfferState::Accepted, "A3")};
    const auto response = room.routes.call("POST", path_of(1, ":accept"), R"({"by":"B7"})");
    EXPECT_EQ(response->status, 409);
    EXPECT_EQ(response->type, "application/problem+json");
    EXPECT_EQ(json_in(response).at("by").as_string(), "A3");
    EXPECT_EQ(json_in(response).at("state").as_string(), "accepted");
}

TEST(OfferDesk, TakesARepetitionByTheSamePersonForDone) {
    Room room;
    room.shop.answer = {ActOutcome::Taken, in_state(room, OfferState::Accepted, "A3")};
    EXPECT_EQ(room.routes.call("POST", path_of(1, ":accept"), R"({"by":"A3"})")->status, 200);
}

TEST(OfferDesk, RefusesAStepBackByTheSamePerson) {
    Room room;
    room.shop.answer = {ActOutcome::Taken, in_state(room, OfferState::Redeemed, "A3")};
    EXPECT_EQ(room.routes.call("POST", path_of(1, ":accept"), R"({"by":"A3"})")->status, 409);
}

TEST(OfferDesk, SaysGoneForAnExpiredOffer) {
    Room room;
    room.shop.answer = {ActOutcome::Over, in_state(room, OfferState::Expired, "")};
    EXPECT_EQ(room.routes.call("POST", path_of(1, ":accept"), R"({"by":"A3"})")->status, 410);
}

TEST(OfferDesk, SaysNotFoundForAnUnknownOfferAndForAGhost) {
    Room room;
    room.shop.answer = {ActOutcome::Unknown, std::nullopt};
    EXPECT_EQ(room.routes.call("POST", path_of(1, ":accept"), R"({"by":"A3"})")->status, 404);
    Offer ghost = in_state(room, OfferState::Offered, "");
    ghost.ghost = true;
    for (const ActOutcome outcome : {ActOutcome::Done, ActOutcome::Taken}) {
        room.shop.answer = {outcome, ghost};
        EXPECT_EQ(room.routes.call("POST", path_of(1, ":accept"), R"({"by":"A3"})")->status, 404);
    }
}

TEST(OfferDesk, AsksToTryAgainWhenTheShopHasNoRoom) {
    Room room;
    room.shop.answer = {ActOutcome::NotNow, std::nullopt};
    const auto response = room.routes.call("POST", path_of(1, ":accept"), R"({"by":"A3"})");
    EXPECT_EQ(response->status, 503);
    EXPECT_TRUE(response->headers.contains("Retry-After"));
}

TEST(OfferDesk, DeclinesWithAReasonOfTheList) {
    Room room;
    room.shop.answer = {ActOutcome::Done, in_state(room, OfferState::Declined, "A3")};
    room.routes.call("POST", path_of(1, ":decline"), R"({"by":"A3","reason":"not_found"})");
    EXPECT_EQ(room.shop.acts.at(0).reason, "not_found");
    room.routes.call("POST", path_of(1, ":decline"), R"({"by":"A3"})");
    EXPECT_EQ(room.shop.acts.at(1).reason, "other");
}

TEST(OfferDesk, RefusesAReasonThatIsNotOnTheList) {
    Room room;
    const auto response =
        room.routes.call("POST", path_of(1, ":decline"), R"({"by":"A3","reason":"call 138"})");
    EXPECT_EQ(response->status, 400);
    EXPECT_TRUE(room.shop.acts.empty());
}

TEST(OfferDesk, TakesTheCampaignsListWhereTheOfferHasOne) {
    Room room;
    Offer offer = offer_of(1, room.now());
    offer.decline_reasons = {"no_dog"};
    room.staff.changed(offer);
    room.shop.answer = {ActOutcome::Done, in_state(room, OfferState::Declined, "A3")};
    EXPECT_EQ(
        room.routes.call("POST", path_of(1, ":decline"), R"({"by":"A3","reason":"not_found"})")
            ->status,
        400);
    EXPECT_TRUE(room.shop.acts.empty());
    room.routes.call("POST", path_of(1, ":decline"), R"({"by":"A3","reason":"no_dog"})");
    ASSERT_EQ(room.shop.acts.size(), 1U);
    EXPECT_EQ(room.shop.acts.at(0).reason, "no_dog");
}

TEST(OfferDesk, RefusesAStepByNobody) {
    Room room;
    EXPECT_EQ(room.routes.call("POST", path_of(1, ":accept"), "{}")->status, 400);
    EXPECT_EQ(room.routes.call("POST", path_of(1, ":accept"))->status, 400);
    EXPECT_TRUE(room.shop.acts.empty());
}

TEST(OfferDesk, DrawsTheCodeOfALiveCard) {
    Room room;
    room.staff.changed(offer_of(1, room.now()));
    const auto bars = room.routes.call("GET", path_of(1, "/code.svg"));
    const auto qr = room.routes.call("GET", path_of(1, "/code.svg?kind=qr"));
    EXPECT_EQ(bars->type, "image/svg+xml");
    EXPECT_TRUE(bars->body.starts_with("<svg"));
    EXPECT_NE(bars->body, qr->body);
    EXPECT_EQ(bars->body, room.routes.call("GET", path_of(1, "/code.svg?kind=ean13"))->body);
}

TEST(OfferDesk, DrawsNoCodeThatIsNotThereOrNoLongerGood) {
    Room room;
    Offer without = offer_of(2, room.now());
    without.code.clear();
    room.staff.changed(offer_of(1, room.now()));
    room.staff.changed(without);
    EXPECT_EQ(room.routes.call("GET", path_of(2, "/code.svg?kind=qr"))->status, 404);
    EXPECT_EQ(room.routes.call("GET", path_of(3, "/code.svg"))->status, 404);
    EXPECT_EQ(room.routes.call("GET", path_of(1, "/code.svg?kind=gif"))->status, 400);
    room.clock.advance(minutes{15});
    EXPECT_EQ(room.routes.call("GET", path_of(1, "/code.svg"))->status, 404);
}

}  // namespace
}  // namespace aisle::staff
