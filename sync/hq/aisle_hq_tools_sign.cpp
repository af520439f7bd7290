#include "sync/hq/aisle_hq_tools_sign.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <filesystem>

#include "agent/records/json_text.hpp"
#include "agent/runtime/random.hpp"
#include "agent/runtime/system_clock.hpp"
#include "config/toml_reader.hpp"
#include "sync/hq/command_words.hpp"
#include "sync/hq/keys.hpp"
#include "sync/wire/bundle.hpp"

namespace aisle::hq {
namespace {

namespace json = boost::json;

Result<std::vector<std::string>> campaigns_of(const std::string& folder) {
    std::vector<std::string> campaigns;
    if (folder.empty()) return campaigns;
    std::vector<std::filesystem::path> files;
    std::error_code error;
    for (const auto& entry : std::filesystem::directory_iterator{folder, error})
        if (entry.path().extension() == ".json") files.push_back(entry.path());
    if (error) return unavailable(folder + ": " + error.message());
    std::ranges::sort(files);
    for (const auto& path : files) {
        const auto text = config::read_text_file(path.string());
        if (!text) return text.error();
        boost::system::error_code bad;
        const auto value = json::parse(*text, bad);
        if (bad || !value.is_object()) return malformed(path.string() + " is no JSON object");
        campaigns.push_back(json::serialize(value));
    }
    return campaigns;
}

Status read_settings(const std::string& path, wire::Bundle& bundle) {
    if (path.empty()) return {};
    const auto text = config::read_text_file(path);
    if (!text) return text.error();
    boost::system::error_code bad;
    const auto value = json::parse(*text, bad);
    if (bad || !value.is_object()) return malformed(path + " is no JSON object");
    for (const auto& one : value.get_object()) {
        if (!one.value().is_int64())
            return malformed(path + ": " + std::string{one.key()} + " is no integer");
        bundle.settings[{one.key().data(), one.key().size()}] = one.value().get_int64();
    }
    return {};
}

Status read_time(const std::string& text, const char* option, std::optional<WallTime>& into) {
    if (text.empty()) return {};
    into = parse_rfc3339(text);
    if (!into) return malformed(std::string{option} + " is no RFC 3339 time");
    return {};
}

}  // namespace

Result<std::string> sign_bundle(const BundleToSign& wish) {
    const auto key = load_signing_key(wish.key);
    if (!key) return key.error();
    wire::Bundle bundle{
        .version = wish.version, .stores = wish.stores, .min_agent = wish.min_agent};
    auto campaigns = campaigns_of(wish.campaigns);
    if (!campaigns) return campaigns.error();
    bundle.campaigns = std::move(*campaigns);
    if (wish.rollback_to > 0) bundle.rollback_to = wish.rollback_to;
    for (const auto& read : {read_settings(wish.settings, bundle),
                             read_time(wish.not_before, "--not-before", bundle.not_before),
                             read_time(wish.expires, "--expires", bundle.expires)})
        if (!read) return read.error();
    const auto payload = wire::to_json(bundle);
    if (payload.size() > wire::kBundleBytesMax) return malformed("the bundle is too large");
    if (const auto judged = wire::parse_bundle(payload); !judged)
        return malformed(to_text(judged.error()));
    const auto sealed = wire::seal(wire::Purpose::Bundle, *key, payload);
    if (auto written = replace_file({.path = wish.out, .text = sealed}); !written)
        return written.error();
    json::object out;
    records::put(out, "version", json::value(wish.version));
    records::put(out, "key", key->id);
    records::put(out, "campaigns", json::value(static_cast<std::int64_t>(bundle.campaigns.size())));
    records::put(out, "bytes", json::value(static_cast<std::int64_t>(sealed.size())));
    records::put(out, "file", wish.out);
    return json::serialize(out) + '\n';
}

Result<std::vector<std::string>> sign_commands(const CommandToSign& wish) {
    const auto key = load_signing_key(wish.key);
    if (!key) return key.error();
    auto args = command_args(wish.type, wish.args);
    if (!args) return args.error();
    const runtime::SystemClock clock{0};
    const WallTime now = clock.now().wall;
    std::vector<std::string> sealed;
    for (const auto& store : wish.stores) {
        const auto payload = wire::to_json({.id = "c" + runtime::random_hex(8),
                                            .store = StoreId{store},
                                            .issued = now,
                                            .expires = now + seconds{wish.valid_s},
                                            .args = *args});
        if (const auto judged = wire::parse_command(payload); !judged)
            return malformed(to_text(judged.error().refusal));
        sealed.push_back(wire::seal(wire::Purpose::Command, *key, payload));
    }
    return sealed;
}

}  // namespace aisle::hq
