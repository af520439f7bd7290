#include "sync/hq/command_words.hpp"

#include "sync/wire/line.hpp"

namespace aisle::hq {

Result<wire::CommandArgs> command_args(const std::string& type, const std::string& args_json) {
    // A whole command around it, so that there is one reader of args and no second list of types.
    const std::string whole =
        R"({"aisle_command":1,"id":"x","store":"x","issued":"2026-01-01T00:00:00.000Z",)"
        R"("expires":"2026-01-01T00:00:01.000Z","type":)" +
        wire::quoted(type) + ",\"args\":" + args_json + "}";
    auto read = wire::parse_command(whole);
    if (!read) return malformed(to_text(read.error().refusal));
    return std::move(read->args);
}

}  // namespace aisle::hq
