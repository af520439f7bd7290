#include "sync/wire/command.hpp"

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <stdexcept>

#include "sync/wire/line.hpp"
#include "sync/wire/seal_fields.hpp"
#include "sync/wire/topics.hpp"

namespace aisle::wire {
namespace {

namespace json = boost::json;

constexpr int kFormat = 1;
constexpr std::size_t kIdMax = 64;
constexpr std::size_t kTextMax = 200;

constexpr std::array<std::string_view, std::variant_size_v<CommandArgs>> kTypes{
    "erase",       "consent_withdraw", "bundle_rollback", "flush",     "diagnose",
    "lease_grant", "lease_recall",     "key_add",         "key_revoke"};

bool valid_id(std::string_view id) {
    const auto good = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '-' || c == '_' || c == '.';
    };
    return !id.empty() && id.size() <= kIdMax && std::ranges::all_of(id, good);
}

bool is_pseudonym(std::string_view text) {
    const auto hex = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); };
    return text.size() == 32 && std::ranges::all_of(text, hex);
}

MemberKey member_of(SealFields& args, const std::string& text) {
    if (!is_pseudonym(text)) args.reject("not a pseudonym");
    return MemberKey{text};
}

std::string short_text(SealFields& args, std::string_view name) {
    std::string text = args.text(name);
    if (text.empty() || text.size() > kTextMax) args.reject("bad \"" + std::string{name} + "\"");
    return text;
}

CommandArgs read_erase(SealFields& args) {
    args.only({"members"});
    EraseArgs out;
    const auto* const value = args.find("members");
    const auto* const all = value == nullptr ? nullptr : value->if_array();
    if (all == nullptr || all->empty() || all->size() > kEraseMembersMax) {
        args.reject("bad \"members\"");
        return out;
    }
    for (const auto& one : *all) {
        const auto* const text = one.if_string();
        out.members.push_back(
            member_of(args, text == nullptr ? "" : std::string{text->data(), text->size()}));
    }
    return out;
}

CommandArgs read_withdraw(SealFields& args) {
    args.only({"member", "purpose", "version", "at"});
    return WithdrawArgs{.member = member_of(args, args.text("member")),
                        .purpose = short_text(args, "purpose"),
                        .version = args.text_or("version", ""),
                        .at = args.time("at")};
}

CommandArgs read_rollback(SealFields& args) {
    args.only({"version", "reason"});
    return BundleRollbackArgs{.version = args.integer("version"),
                              .reason = args.text_or("reason", "")};
}

CommandArgs read_grant(SealFields& args) {
    args.only({"lease", "campaign", "amount", "until", "epoch"});
    LeaseGrant grant{.lease = args.text("lease"),
                     .campaign = CampaignId{short_text(args, "campaign")},
                     .amount = Money::minor(args.integer("amount")),
                     .until = args.time("until"),
                     .epoch = args.text_or("epoch", "")};
    if (!valid_id(grant.lease)) args.reject("bad \"lease\"");
    if (grant.amount <= Money{} || grant.amount > kLeaseMax) args.reject("bad \"amount\"");
    return grant;
}

CommandArgs read_recall(SealFields& args) {
    args.only({"campaign", "reason"});
    return LeaseRecall{.campaign = CampaignId{short_text(args, "campaign")},
                       .reason = args.text_or("reason", "")};
}

CommandArgs read_key_add(SealFields& args) {
    args.only({"key", "public"});
    const auto key = public_key_from(args.text("key"), args.text("public"));
    if (key) return KeyAddArgs{*key};
    args.reject(key.error().detail);
    return KeyAddArgs{};
}

CommandArgs read_key_revoke(SealFields& args) {
    args.only({"key"});
    KeyRevokeArgs out{.key = args.text("key")};
    if (!valid_key_id(out.key)) args.reject("bad \"key\"");
    return out;
}

template <typename Args>
CommandArgs read_nothing(SealFields& args) {
    args.only({});
    return Args{};
}

using ReadArgs = CommandArgs (*)(SealFields&);
constexpr std::array<ReadArgs, kTypes.size()> kReaders{
    read_erase, read_withdraw, read_rollback, read_nothing<FlushArgs>, read_nothing<DiagnoseArgs>,
    read_grant, read_recall,   read_key_add,  read_key_revoke};

std::string args_json(const EraseArgs& args) {
    std::string out = "{\"members\":[";
    for (std::size_t i = 0; i < args.members.size(); ++i)
        out += (i == 0 ? "" : ",") + quoted(args.members[i].value);
    return out + "]}";
}
std::string args_json(const WithdrawArgs& args) {
    return "{\"member\":" + quoted(args.member.value) + ",\"purpose\":" + quoted(args.purpose) +
           ",\"version\":" + quoted(args.version) + ",\"at\":" + quoted(to_rfc3339(args.at)) + "}";
}
std::string args_json(const BundleRollbackArgs& args) {
    return "{\"version\":" + std::to_string(args.version) + ",\"reason\":" + quoted(args.reason) +
           "}";
}
std::string args_json(const FlushArgs&) { return "{}"; }
std::string args_json(const DiagnoseArgs&) { return "{}"; }
std::string args_json(const LeaseGrant& grant) {
    return "{\"lease\":" + quoted(grant.lease) + ",\"campaign\":" + quoted(grant.campaign.value) +
           ",\"amount\":" + std::to_string(grant.amount.minor()) +
           ",\"until\":" + quoted(to_rfc3339(grant.until)) +
           (grant.epoch.empty() ? "" : ",\"epoch\":" + quoted(grant.epoch)) + "}";
}
std::string args_json(const LeaseRecall& recall) {
    return "{\"campaign\":" + quoted(recall.campaign.value) +
           ",\"reason\":" + quoted(recall.reason) + "}";
}
std::string args_json(const KeyAddArgs& args) {
    return "{\"key\":" + quoted(args.key.id) + ",\"public\":" + quoted(to_hex(args.key)) + "}";
}
std::string args_json(const KeyRevokeArgs& args) { return "{\"key\":" + quoted(args.key) + "}"; }

void check(SealFields& fields, const Command& command) {
    if (fields.integer("aisle_command") != kFormat) fields.reject("a command that is not ours");
    if (!valid_store_id(command.store.value)) fields.reject("bad store id");
    if (command.expires <= command.issued) fields.reject("it expires before it is issued");
    if (command.expires - command.issued > kCommandValidMax) fields.reject("it is valid too long");
}

}  // namespace

std::string_view type_of(const CommandArgs& args) { return kTypes.at(args.index()); }

bool ignores_time(const CommandArgs& args) {
    return std::holds_alternative<EraseArgs>(args) || std::holds_alternative<WithdrawArgs>(args);
}

void throw_exception_from_error(const UnreadCommand& unread, const boost::source_location& at) {
    throw_exception_from_error(unread.refusal, at);
}

boost::system::result<Command, UnreadCommand> parse_command(std::string_view payload) {
    if (payload.size() > kCommandBytesMax) return UnreadCommand{refusal(Refused::Oversized), {}};
    const auto value = parse_json(payload);
    if (!value) return UnreadCommand{value.error(), {}};
    if (!value->is_object()) return UnreadCommand{refusal(Refused::Malformed, "no object"), {}};
    SealFields fields{value->get_object()};
    Command command{.id = fields.text("id")};
    if (!valid_id(command.id)) return UnreadCommand{refusal(Refused::Malformed, "bad id"), {}};
    command.store = StoreId{fields.text("store")};
    command.issued = fields.time("issued");
    command.expires = fields.time("expires");
    fields.only({"aisle_command", "id", "store", "issued", "expires", "type", "args"});
    check(fields, command);
    const std::string type = fields.text("type");
    const auto* const args = fields.find("args");
    if (args == nullptr || !args->is_object()) fields.reject("no \"args\"");
    if (fields.bad()) return UnreadCommand{fields.refused(), command.id};
    const auto* const known = std::ranges::find(kTypes, type);
    if (known == kTypes.end())
        return UnreadCommand{refusal(Refused::UnknownType, type.substr(0, 40)), command.id};
    SealFields inner{args->get_object()};
    command.args = kReaders.at(static_cast<std::size_t>(known - kTypes.begin()))(inner);
    if (inner.bad()) return UnreadCommand{inner.refused(), command.id};
    return command;
}

std::string to_json(const Command& command) {
    const std::string args =
        std::visit([](const auto& one) { return args_json(one); }, command.args);
    return "{\"aisle_command\":" + std::to_string(kFormat) + ",\"id\":" + quoted(command.id) +
           ",\"store\":" + quoted(command.store.value) +
           ",\"issued\":" + quoted(to_rfc3339(command.issued)) +
           ",\"expires\":" + quoted(to_rfc3339(command.expires)) +
           ",\"type\":" + quoted(type_of(command.args)) + ",\"args\":" + args + "}";
}

}  // namespace aisle::wire
