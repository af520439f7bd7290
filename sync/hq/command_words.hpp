#pragma once

#include <string>

#include "agent/core/error.hpp"
#include "sync/wire/command.hpp"

namespace aisle::hq {

// The args of a command as people write them: a type of the closed list and its JSON object, judged
// by the reader that the shops have. Pure.
Result<wire::CommandArgs> command_args(const std::string& type, const std::string& args_json);

}  // namespace aisle::hq
