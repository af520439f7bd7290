#include "agent/staff/check_in_desk.hpp"

#include <gtest/gtest.h>

#include "fakes.hpp"

namespace aisle::staff {
namespace {

constexpr const char* kScan = R"({"member":"13800138000","by":"A3"})";

CheckedIn gold(const Stamp& now) {
    CheckedIn found;
    found.card.member = MemberKey{std::string{kMemberKey}};
    found.card.known = true;
    found.card.tier = "gold";
    found.offers.push_back(offer_of(1, now));
    return found;
}

std::string consent_path(const boost::json::object& check_in) {
    return "/api/v1/checkins/" + std::string{check_in.at("key").as_string()} + ":consent";
}

TEST(CheckInDesk, HandsTheRawNumberToTheShopAndNobodyElse) {
    Room room;
    room.shop.found = gold(room.now());
    const auto response = room.routes.call("POST", "/api/v1/checkins", kScan);
    ASSERT_EQ(room.shop.scans.size(), 1U);
    EXPECT_EQ(room.shop.scans[0].member, "13800138000");
    EXPECT_EQ(room.shop.scans[0].by, "A3");
    EXPECT_EQ(response->body.find("13800138000"), std::string::npos);
    EXPECT_EQ(response->body.find(kMemberKey), std::string::npos);
}

TEST(CheckInDesk, ShowsProfileOffersAndWhatIsStillToAsk) {
    Room room;
    room.shop.found = gold(room.now());
    const auto body = json_in(room.routes.call("POST", "/api/v1/checkins", kScan));
    EXPECT_EQ(body.at("profile").at("handle").as_string(), "#7F3A");
    EXPECT_EQ(body.at("offers").as_array().size(), 1U);
    EXPECT_EQ(body.at("ask").as_array().size(), 2U);
}

TEST(CheckInDesk, AsksNoPurposeTwiceWhateverTheAnswerWas) {
    Room room;
    CheckedIn found = gold(room.now());
    found.card.consent[std::string{kConsentMarketing}] = {.granted = false};
    room.shop.found = found;
    const auto body = json_in(room.routes.call("POST", "/api/v1/checkins", kScan));
    ASSERT_EQ(body.at("ask").as_array().size(), 1U);
    EXPECT_EQ(body.at("ask").at(0).as_string(), kConsentLocation);
}

TEST(CheckInDesk, LeavesOutGhostsAndWhatIsOver) {
    Room room;
    CheckedIn found = gold(room.now());
    found.offers.push_back(offer_of(2, room.now()));
    found.offers.back().ghost = true;
    found.offers.push_back(offer_of(3, room.now()));
    found.offers.back().state = OfferState::Redeemed;
    found.offers.push_back(offer_of(4, room.now()));
    found.offers.back().expires.wait = milliseconds{0};
    room.shop.found = found;
    const auto body = json_in(room.routes.call("POST", "/api/v1/checkins", kScan));
    ASSERT_EQ(body.at("offers").as_array().size(), 1U);
    EXPECT_EQ(body.at("offers").at(0).at("id").as_string(), offer_of(1, {}).id.value);
}

TEST(CheckInDesk, RefusesWhatIsNoMemberNumberWithoutRepeatingIt) {
    Room room;
    const auto response =
        room.routes.call("POST", "/api/v1/checkins", R"({"member":"my name is","by":"A3"})");
    EXPECT_EQ(response->status, 400);
    EXPECT_EQ(response->body.find("my name is"), std::string::npos);
    EXPECT_TRUE(room.shop.scans.empty());
}

TEST(CheckInDesk, RefusesAScanByNobodyOrOfNothing) {
    Room room;
    for (const char* body :
         {"{}", R"({"member":"1"})", R"({"by":"A3"})", R"({"member":1,"by":"A3"})"})
        EXPECT_EQ(room.routes.call("POST", "/api/v1/checkins", body)->status, 400) << body;
}

TEST(CheckInDesk, PassesOnThatTheShopHasNoRoom) {
    Room room;
    room.shop.found = full("no space");
    EXPECT_EQ(room.routes.call("POST", "/api/v1/checkins", kScan)->status, 503);
}

TEST(CheckInDesk, KeepsAnAnswerForThePseudonymWithWordingAndWitness) {
    Room room;
    room.shop.found = gold(room.now());
    const auto check_in = json_in(room.routes.call("POST", "/api/v1/checkins", kScan));
    const auto response = room.routes.call(
        "POST", consent_path(check_in), R"({"purpose":"location.link","granted":false,"by":"A3"})");
    EXPECT_EQ(response->status, 200);
    ASSERT_EQ(room.shop.changes.size(), 1U);
    const ConsentChange& change = room.shop.changes[0];
    EXPECT_EQ(change.member.value, kMemberKey);
    EXPECT_EQ(change.purpose, kConsentLocation);
    EXPECT_FALSE(change.granted);
    EXPECT_EQ(change.by, "A3");
    EXPECT_EQ(change.version, "1");
    EXPECT_EQ(change.at, room.now());
}

TEST(CheckInDesk, AsksToScanAgainWhenTheVisitIsOver) {
    Room room;
    room.shop.found = gold(room.now());
    const auto check_in = json_in(room.routes.call("POST", "/api/v1/checkins", kScan));
    const char* yes = R"({"purpose":"location.link","granted":true,"by":"A3"})";
    EXPECT_EQ(room.routes.call("POST", "/api/v1/checkins/zzzz-9:consent", yes)->status, 404);
    room.clock.advance(kCheckInKept);
    EXPECT_EQ(room.routes.call("POST", consent_path(check_in), yes)->status, 404);
    EXPECT_TRUE(room.shop.changes.empty());
}

TEST(CheckInDesk, TakesNoAnswerThatIsNotYesOrNoToSomethingAsked) {
    Room room;
    room.shop.found = gold(room.now());
    const auto check_in = json_in(room.routes.call("POST", "/api/v1/checkins", kScan));
    for (const char* body : {R"({"purpose":"location.link","by":"A3"})",
                             R"({"purpose":"location.link","granted":"yes","by":"A3"})",
                             R"({"purpose":"face.recognition","granted":true,"by":"A3"})",
                             R"({"purpose":"location.link","granted":true})"})
        EXPECT_EQ(room.routes.call("POST", consent_path(check_in), body)->status, 400) << body;
    EXPECT_TRUE(room.shop.changes.empty());
}

TEST(CheckInDesk, DoesNotSayKeptWhenItWasNot) {
    Room room;
    room.shop.found = gold(room.now());
    room.shop.consent_answer = unavailable("the disk");
    const auto check_in = json_in(room.routes.call("POST", "/api/v1/checkins", kScan));
    EXPECT_EQ(room.routes
                  .call("POST", consent_path(check_in),
                        R"({"purpose":"location.link","granted":true,"by":"A3"})")
                  ->status,
              503);
}

}  // namespace
}  // namespace aisle::staff
