#pragma once

#include <string>
#include <string_view>

#include "agent/core/error.hpp"

namespace aisle::runtime {

// A secret of at most 64 KB, without its last line end. Denied if group or others have any right to
// the file or it belongs to another user; files in systemd's $CREDENTIALS_DIRECTORY may belong to
// root and be readable by an ACL. Unavailable if it is not there. Errors name the path, never the
// content.
Result<std::string> read_secret_file(const std::string& path);

// Makes a new file with mode 0600 and syncs it. Denied if there is one already: secrets are never
// overwritten.
Status create_secret_file(const std::string& path, std::string_view secret);

}  // namespace aisle::runtime
