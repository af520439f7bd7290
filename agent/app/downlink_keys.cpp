#include "agent/app/downlink_keys.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <vector>

namespace aisle::app {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kRevoked = "revoked";
constexpr std::size_t kKeyFileBytesMax = 128;

std::string first_bytes(const fs::path& file) {
    std::string bytes(kKeyFileBytesMax, '\0');
    std::ifstream in{file, std::ios::binary};
    in.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    bytes.resize(static_cast<std::size_t>(in.gcount()));
    return bytes;
}

StateChange row(const std::string& id, std::string bytes) {
    return {std::string{kHqKeysRoom}, id, std::move(bytes)};
}

}  // namespace

Status DownlinkKeys::load(const std::string& data_dir) {
    std::vector<fs::path> files;
    std::error_code error;
    for (const auto& entry : fs::directory_iterator{data_dir + "/keys/hq", error})
        if (entry.path().extension() == ".pub") files.push_back(entry.path());
    std::ranges::sort(files);
    Status status;
    for (const fs::path& file : files) {
        const auto key = wire::public_key_from(file.stem().string(), first_bytes(file));
        const Status added = key ? ring_.add(*key) : Status{key.error()};
        if (!added) status = malformed(file.string() + ": " + added.error().detail);
    }
    return status;
}

Status DownlinkKeys::restore(std::span<const StateChange> rows) {
    Status status;
    std::vector<std::string> revoked;
    for (const StateChange& change : rows) {
        if (change.bytes.empty()) continue;
        if (change.bytes == kRevoked) {
            revoked.push_back(change.key);
            continue;
        }
        const auto key = wire::public_key_from(change.key, change.bytes);
        const Status added = key ? ring_.add(*key) : Status{key.error()};
        if (!added) status = added;
    }
    // After all that was added: else the last key could not be revoked.
    for (const std::string& id : revoked)
        if (const Status done = ring_.revoke(id); !done) status = done;
    return status;
}

Status DownlinkKeys::add(const wire::PublicKey& key, DownlinkStep& step) {
    if (const Status added = ring_.add(key); !added) return added;
    step.state.push_back(row(key.id, wire::to_hex(key)));
    return {};
}

Status DownlinkKeys::revoke(const std::string& id, DownlinkStep& step) {
    if (const Status done = ring_.revoke(id); !done) return done;
    step.state.push_back(row(id, std::string{kRevoked}));
    return {};
}

}  // namespace aisle::app
