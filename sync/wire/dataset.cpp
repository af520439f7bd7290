#include "sync/wire/dataset.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <memory>

#include "sync/wire/line.hpp"
#include "sync/wire/seal_fields.hpp"
#include "sync/wire/topics.hpp"

namespace aisle::wire {
namespace {

constexpr int kFormat = 1;
constexpr std::size_t kHeaderBytesMax = 1024;
constexpr std::array<std::string_view, kDatasets> kNames{"products", "stock", "members", "calendar",
                                                         "weather"};

bool is_sha256(std::string_view text) {
    const auto hex = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); };
    return text.size() == 64 && std::ranges::all_of(text, hex);
}

void check(SealFields& fields, const DatasetHeader& header) {
    if (fields.integer("aisle_data") != kFormat) fields.reject("a dataset that is not ours");
    if (header.store != "*" && !valid_store_id(header.store)) fields.reject("bad store id");
    if (!dataset_from(fields.text("name"))) fields.reject("no dataset of this name");
    if (header.version < 1) fields.reject("bad version");
    if (header.base && (*header.base < 1 || *header.base >= header.version))
        fields.reject("\"base\" is not older than \"version\"");
    if (header.parts < 1 || header.parts > kDatasetPartsMax) fields.reject("bad \"parts\"");
    if (header.part < 1 || header.part > header.parts) fields.reject("bad \"part\"");
    if (header.n < 0 || header.n > static_cast<std::int64_t>(kDatasetRowsMax))
        fields.reject("bad \"n\"");
    if (!is_sha256(header.sha256)) fields.reject("bad \"sha256\"");
}

Judged<DatasetHeader> parse_header(std::string_view line) {
    const auto value = parse_json(line);
    if (!value) return value.error();
    if (!value->is_object()) return refusal(Refused::Malformed, "the header is no object");
    SealFields fields{value->get_object()};
    fields.only({"aisle_data", "store", "name", "version", "base", "part", "parts", "valid_until",
                 "n", "sha256", "member_key"});
    DatasetHeader header{.store = fields.text("store"),
                         .name = dataset_from(fields.text("name")).value_or(Dataset::Products),
                         .version = fields.integer("version"),
                         .part = fields.integer_or("part", 1),
                         .parts = fields.integer_or("parts", 1),
                         .valid_until = fields.time("valid_until"),
                         .n = fields.integer("n"),
                         .sha256 = fields.text("sha256"),
                         .member_key = fields.text_or("member_key", "")};
    if (fields.has("base")) header.base = fields.integer("base");
    check(fields, header);
    if (fields.bad()) return fields.refused();
    return header;
}

}  // namespace

std::string_view to_text(Dataset name) { return kNames.at(static_cast<std::size_t>(name)); }

std::optional<Dataset> dataset_from(std::string_view text) {
    const auto* const found = std::ranges::find(kNames, text);
    if (found == kNames.end()) return std::nullopt;
    return static_cast<Dataset>(found - kNames.begin());
}

std::string rows_digest(std::span<const std::string> parts) {
    constexpr std::string_view kHex = "0123456789abcdef";
    const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context{EVP_MD_CTX_new(),
                                                                          EVP_MD_CTX_free};
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned size = 0;
    EVP_DigestInit_ex(context.get(), EVP_sha256(), nullptr);
    for (const std::string& part : parts) EVP_DigestUpdate(context.get(), part.data(), part.size());
    EVP_DigestFinal_ex(context.get(), digest.data(), &size);
    std::string hex;
    for (unsigned i = 0; i < size; ++i) {
        hex += kHex[digest.at(i) >> 4U];
        hex += kHex[digest.at(i) & 0xFU];
    }
    return hex;
}

std::string header_line(const DatasetHeader& header) {
    std::string out = "{\"aisle_data\":" + std::to_string(kFormat) +
                      ",\"store\":" + quoted(header.store) +
                      ",\"name\":" + quoted(to_text(header.name)) +
                      ",\"version\":" + std::to_string(header.version);
    if (header.base) out += ",\"base\":" + std::to_string(*header.base);
    out += ",\"part\":" + std::to_string(header.part) +
           ",\"parts\":" + std::to_string(header.parts) +
           ",\"valid_until\":" + quoted(to_rfc3339(header.valid_until)) +
           ",\"n\":" + std::to_string(header.n) + ",\"sha256\":" + quoted(header.sha256);
    if (!header.member_key.empty()) out += ",\"member_key\":" + quoted(header.member_key);
    return out + "}";
}

Judged<DatasetPart> parse_dataset(std::string_view payload) {
    if (payload.size() > kDatasetPartBytesMax) return refusal(Refused::Oversized);
    const auto end = payload.substr(0, kHeaderBytesMax).find('\n');
    if (end == std::string_view::npos) return refusal(Refused::Malformed, "no header");
    auto header = parse_header(payload.substr(0, end));
    if (!header) return header.error();
    const std::string_view rows = payload.substr(end + 1);
    if (!rows.empty() && rows.back() != '\n')
        return refusal(Refused::Malformed, "the last row has no end");
    return DatasetPart{.header = std::move(*header), .rows = std::string{rows}};
}

}  // namespace aisle::wire
