#include "agent/store/manifest.hpp"

#include <cstdio>

#include "agent/records/object_reader.hpp"

namespace aisle::store {
namespace {

namespace json = boost::json;

// {"check":"0123456789abcdef",...}: FNV-1a 64 of all that follows it, so that a flipped bit is not
// taken for knowledge.
constexpr std::string_view kCheckStart = "{\"check\":\"";
constexpr std::size_t kCheckDigits = 16;

std::string check_of(std::string_view rest) {
    std::uint64_t hash = 0xcbf29ce484222325;
    for (const char c : rest) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
    char text[kCheckDigits + 1];
    std::snprintf(text, sizeof text, "%016llx", static_cast<unsigned long long>(hash));
    return text;
}

json::object streams_of(const Manifest& manifest) {
    json::object streams;
    for (const Stream stream : kUpStreams) {
        const Manifest::Mark& mark = manifest.marks.at(static_cast<std::size_t>(stream));
        json::object object;
        object["acked"] = mark.acked;
        object["next"] = mark.next;
        streams[to_text(stream)] = object;
    }
    return streams;
}

bool worth_writing(const Manifest& now, const Manifest& written) {
    if (now.epoch != written.epoch || now.schema != written.schema ||
        now.set_aside != written.set_aside || now.suspect != written.suspect ||
        now.wall >= written.wall + kManifestEvery) {
        return true;
    }
    for (std::size_t i = 0; i < now.marks.size(); ++i) {
        if (now.marks.at(i).next >= written.marks.at(i).next + kManifestSeqStep) return true;
    }
    return false;
}

}  // namespace

std::string to_json(const Manifest& manifest) {
    json::object out;
    out["store"] = manifest.store;
    out["epoch"] = manifest.epoch;
    out["schema"] = manifest.schema;
    out["streams"] = streams_of(manifest);
    out["wall"] = to_rfc3339(manifest.wall);
    out["set_aside"] = manifest.set_aside;
    out["suspect"] = manifest.suspect;
    const std::string rest = "\"," + json::serialize(out).substr(1) + "\n";
    return std::string{kCheckStart} + check_of(rest) + rest;
}

Result<Manifest> manifest_from_json(std::string_view text) {
    const std::size_t rest = kCheckStart.size() + kCheckDigits;
    if (!text.starts_with(kCheckStart) || text.size() < rest ||
        text.substr(kCheckStart.size(), kCheckDigits) != check_of(text.substr(rest))) {
        return malformed("the manifest is damaged");
    }
    const auto in = records::ObjectReader::parse(text);
    in.require({"epoch", "streams"});
    Manifest manifest{.store = in.text("store"),
                      .epoch = in.text("epoch"),
                      .schema = in.integer<std::int64_t>("schema"),
                      .wall = in.time("wall"),
                      .set_aside = in.text("set_aside"),
                      .suspect = in.text("suspect")};
    const auto streams = in.object("streams");
    for (const Stream stream : kUpStreams) {
        const auto mark = streams.object(to_text(stream));
        manifest.marks.at(static_cast<std::size_t>(stream)) = {
            mark.integer<std::int64_t>("acked", 1), mark.integer<std::int64_t>("next", 1)};
    }
    return in.finish(std::move(manifest));
}

std::optional<Manifest> ManifestFile::read() {
    const auto text = disk_.read(path_);
    if (!text) return std::nullopt;
    auto manifest = manifest_from_json(*text);
    if (!manifest) return std::nullopt;
    written_ = *manifest;
    return std::move(*manifest);
}

Status ManifestFile::write(const Manifest& manifest) {
    auto done = disk_.replace(path_, to_json(manifest));
    if (done) written_ = manifest;
    return done;
}

Status ManifestFile::keep(const Manifest& manifest) {
    if (!worth_writing(manifest, written_)) return {};
    return write(manifest);
}

}  // namespace aisle::store
