#include "sync/hq/keys.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <sstream>

#include "agent/runtime/random.hpp"
#include "agent/runtime/secret_file.hpp"
#include "config/toml_reader.hpp"
#include "sync/wire/line.hpp"

namespace aisle::hq {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kSeedBytes = 32;
constexpr const char* kPublic = ".pub";
constexpr const char* kSecret = ".secret";

std::string id_for(const std::string& public_hex) {
    return "k" + wire::check_of(public_hex).substr(0, 8);
}

Error cannot(const std::string& what, const std::string& path) {
    return unavailable("cannot " + what + ' ' + path + ": " + std::strerror(errno));
}

std::set<std::string> read_revoked(const std::string& dir) {
    std::set<std::string> ids;
    const auto text = config::read_text_file(dir + "/revoked");
    if (!text) return ids;
    std::istringstream lines{*text};
    for (std::string line; std::getline(lines, line);)
        if (wire::valid_key_id(line)) ids.insert(line);
    return ids;
}

std::string first_line(std::string text) {
    const auto end = text.find_first_of("\r\n");
    return end == std::string::npos ? text : text.substr(0, end);
}

std::vector<fs::path> files_of(const std::string& dir, const char* extension) {
    std::vector<fs::path> files;
    std::error_code error;
    for (const auto& entry : fs::directory_iterator{dir, error})
        if (entry.path().extension() == extension) files.push_back(entry.path());
    std::ranges::sort(files);
    return files;
}

}  // namespace

Status replace_file(const FileContent& content) {
    const std::string beside = content.path + ".new";
    const int file = open(beside.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, content.mode);
    if (file < 0) return cannot("write", beside);
    std::string_view left = content.text;
    bool good = fchmod(file, content.mode) == 0;
    while (good && !left.empty()) {
        const auto wrote = write(file, left.data(), left.size());
        if (wrote < 0 && errno == EINTR) continue;
        good = wrote > 0;
        if (good) left.remove_prefix(static_cast<std::size_t>(wrote));
    }
    good = good && fsync(file) == 0;
    const Error why = good ? Error{} : cannot("write", beside);
    close(file);
    if (!good) return why;
    if (rename(beside.c_str(), content.path.c_str()) != 0) return cannot("rename", beside);
    return {};
}

Result<MadeKey> make_signing_key(const std::string& dir) {
    std::error_code error;
    fs::create_directories(dir, error);
    if (error) return unavailable("cannot make " + dir + ": " + error.message());
    const std::string seed = runtime::random_hex(kSeedBytes);
    const auto draft = wire::signing_key_from("draft", seed);
    if (!draft) return draft.error();
    MadeKey made{.public_hex = wire::to_hex(draft->public_key())};
    made.id = id_for(made.public_hex);
    const std::string stem = dir + '/' + made.id;
    if (auto kept = runtime::create_secret_file(stem + kSecret, seed + '\n'); !kept)
        return kept.error();
    if (auto kept = replace_file({.path = stem + kPublic, .text = made.public_hex + '\n'}); !kept)
        return kept.error();
    return made;
}

Result<wire::SigningKey> load_signing_key(const std::string& path) {
    const auto seed = runtime::read_secret_file(path);
    if (!seed) return seed.error();
    auto key = wire::signing_key_from(fs::path{path}.stem().string(), *seed);
    if (!key) return malformed(path + ": " + key.error().detail);
    return key;
}

Result<wire::Keyring> load_keyring(const std::string& dir) {
    wire::Keyring ring;
    const auto revoked = read_revoked(dir);
    for (const auto& path : files_of(dir, kPublic)) {
        const auto id = path.stem().string();
        if (revoked.contains(id)) continue;
        const auto hex = config::read_text_file(path.string());
        if (!hex) return hex.error();
        const auto key = wire::public_key_from(id, first_line(*hex));
        if (!key) return malformed(path.string() + ": " + key.error().detail);
        if (auto added = ring.add(*key); !added) return added.error();
    }
    return ring;
}

Status revoke_key(const std::string& dir, const std::string& id) {
    if (!wire::valid_key_id(id)) return malformed("no key id: " + id);
    auto revoked = read_revoked(dir);
    if (!revoked.insert(id).second) return {};
    std::string text;
    for (const auto& one : revoked) text += one + '\n';
    return replace_file({.path = dir + "/revoked", .text = text});
}

Result<std::vector<KeyFile>> list_keys(const std::string& dir) {
    const auto revoked = read_revoked(dir);
    std::vector<KeyFile> keys;
    for (const auto& path : files_of(dir, kPublic)) {
        const auto id = path.stem().string();
        std::error_code error;
        keys.push_back({.id = id,
                        .secret = fs::exists(dir + '/' + id + kSecret, error),
                        .revoked = revoked.contains(id)});
    }
    return keys;
}

}  // namespace aisle::hq
