#include "sync/wire/command.hpp"

#include <gtest/gtest.h>

#include "tests/kit/builders.hpp"

namespace aisle::wire {
namespace {

const std::string kMember(32, 'a');

Command command_of(CommandArgs args) {
    return {.id = "c-1",
            .store = StoreId{"s-0001"},
            .issued = kit::kNoon,
            .expires = kit::kNoon + std::chrono::hours{1},
            .args = std::move(args)};
}

std::vector<CommandArgs> one_of_each() {
    SigningKey key = signing_key("hq-2", {});
    return {EraseArgs{{MemberKey{kMember}, MemberKey{std::string(32, 'b')}}},
            WithdrawArgs{MemberKey{kMember}, "marketing.personal", "v2", kit::kNoon},
            BundleRollbackArgs{7, "too dear"},
            FlushArgs{},
            DiagnoseArgs{},
            LeaseGrant{"l-1", CampaignId{"c"}, Money::minor(500'00), kit::kNoon},
            LeaseRecall{CampaignId{"c"}, "over"},
            KeyAddArgs{key.public_key()},
            KeyRevokeArgs{"hq-1"}};
}

std::string with(std::string_view args, std::string_view type) {
    return R"({"aisle_command":1,"id":"c-1","store":"s-0001","issued":"2026-06-12T04:00:00.000Z",)"
           R"("expires":"2026-06-12T05:00:00.000Z","type":")" +
           std::string{type} + R"(","args":)" + std::string{args} + "}";
}

TEST(Command, ReadsWhatItWritesOfEveryType) {
    for (const CommandArgs& args : one_of_each()) {
        const auto read = parse_command(to_json(command_of(args)));
        ASSERT_TRUE(read) << type_of(args) << ": " << read.error().refusal.detail;
        EXPECT_EQ(*read, command_of(args)) << type_of(args);
    }
    EXPECT_EQ(one_of_each().size(), std::variant_size_v<CommandArgs>);
}

TEST(Command, OfAnUnknownTypeKeepsItsIdForTheAnswer) {
    const auto read = parse_command(with("{}", "reboot"));
    ASSERT_FALSE(read);
    EXPECT_EQ(read.error().refusal.why, Refused::UnknownType);
    EXPECT_EQ(read.error().id, "c-1");
}

TEST(Command, RefusesBadArguments) {
    for (const auto& [args, type] : std::vector<std::pair<std::string, std::string>>{
             {"{}", "erase"},
             {R"({"members":[]})", "erase"},
             {R"({"members":["M-1001"]})", "erase"},
             {R"({"members":[1]})", "erase"},
             {R"({"members":")" + kMember + R"("})", "erase"},
             {R"({"x":1})", "flush"},
             {R"({"lease":"l","campaign":"c","amount":0,"until":"2026-06-12T04:00:00Z"})",
              "lease_grant"},
             {R"({"lease":"l","campaign":"c","amount":-5,"until":"2026-06-12T04:00:00Z"})",
              "lease_grant"},
             {R"({"lease":"l","campaign":"c","amount":1.5,"until":"2026-06-12T04:00:00Z"})",
              "lease_grant"},
             {R"({"lease":"l","campaign":"c","amount":5,"until":"soon"})", "lease_grant"},
             {R"({"key":"hq-2","public":"00"})", "key_add"},
             {R"({"key":"../hq"})", "key_revoke"},
             {R"([])", "diagnose"},
         }) {
        EXPECT_FALSE(parse_command(with(args, type))) << type << args;
    }
}

TEST(Command, IsNotValidForLongerThanItsAnswerIsRemembered) {
    Command command = command_of(FlushArgs{});
    command.expires = command.issued + kCommandValidMax;
    EXPECT_TRUE(parse_command(to_json(command)));
    command.expires += milliseconds{1};
    EXPECT_FALSE(parse_command(to_json(command)));
    command.expires = command.issued;
    EXPECT_FALSE(parse_command(to_json(command)));
}

TEST(Command, ErasureAndWithdrawalAskNoClock) {
    for (const CommandArgs& args : one_of_each()) {
        const bool privacy = type_of(args) == "erase" || type_of(args) == "consent_withdraw";
        EXPECT_EQ(ignores_time(args), privacy) << type_of(args);
    }
}

}  // namespace
}  // namespace aisle::wire
