#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "agent/core/ids.hpp"
#include "agent/core/time.hpp"
#include "sync/wire/lease.hpp"
#include "sync/wire/seal.hpp"
#include "sync/wire/seal_refusal.hpp"

// What HQ tells one store to do once, the payload of a message sealed for `command`:
// {"aisle_command":1,"id":"<1-64 of [A-Za-z0-9._-]>","store":"s-0001","issued":"…","expires":"…",
//  "type":"erase","args":{…}}. The same id again is answered by the same result and not done twice.
// Pure.
namespace aisle::wire {

inline constexpr std::size_t kCommandBytesMax = 64 * 1024;
inline constexpr std::size_t kEraseMembersMax = 1'000;
// The longest that a command may be valid: the log of done commands remembers for longer.
inline constexpr std::chrono::hours kCommandValidMax{24 * 60};

// Args of the closed list of types.
struct EraseArgs {  // type erase: {"members":["<pseudonym>",…]}
    std::vector<MemberKey> members;
    friend bool operator==(const EraseArgs&, const EraseArgs&) = default;
};
struct WithdrawArgs {  // consent_withdraw: {"member","purpose","version","at"}
    MemberKey member;
    std::string purpose;
    std::string version;
    WallTime at{};
    friend bool operator==(const WithdrawArgs&, const WithdrawArgs&) = default;
};
struct BundleRollbackArgs {  // bundle_rollback: {"version","reason"}: only if `version` is active
    std::int64_t version = 0;
    std::string reason;
    friend bool operator==(const BundleRollbackArgs&, const BundleRollbackArgs&) = default;
};
struct FlushArgs {  // flush: {}: sends what lingers
    friend bool operator==(const FlushArgs&, const FlushArgs&) = default;
};
struct DiagnoseArgs {  // diagnose: {}: the result's detail is a JSON object of figures
    friend bool operator==(const DiagnoseArgs&, const DiagnoseArgs&) = default;
};
struct KeyAddArgs {  // key_add: {"key":"<id>","public":"<64 hex>"}
    PublicKey key;
    friend bool operator==(const KeyAddArgs&, const KeyAddArgs&) = default;
};
struct KeyRevokeArgs {  // key_revoke: {"key":"<id>"}
    std::string key;
    friend bool operator==(const KeyRevokeArgs&, const KeyRevokeArgs&) = default;
};
// lease_grant and lease_recall: sync/wire/lease.hpp
using CommandArgs = std::variant<EraseArgs, WithdrawArgs, BundleRollbackArgs, FlushArgs,
                                 DiagnoseArgs, LeaseGrant, LeaseRecall, KeyAddArgs, KeyRevokeArgs>;
std::string_view type_of(const CommandArgs& args);  // erase, consent_withdraw, ...

struct Command {
    std::string id;
    StoreId store;
    WallTime issued{};
    WallTime expires{};
    CommandArgs args;

    friend bool operator==(const Command&, const Command&) = default;
};

// Erasing and withdrawing are done whatever the clock says, and late rather than never.
bool ignores_time(const CommandArgs& args);

// Malformed, oversized or unknown_type. `id` is filled in where it could be read, so that a signed
// command that cannot be used is answered.
struct UnreadCommand {
    Refusal refusal;
    std::string id;
};
boost::system::result<Command, UnreadCommand> parse_command(std::string_view payload);
[[noreturn]] void throw_exception_from_error(const UnreadCommand& unread,
                                             const boost::source_location& at);
std::string to_json(const Command& command);

}  // namespace aisle::wire
