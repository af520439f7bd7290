#include "drivers/counter/http_login.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <map>
#include <optional>
#include <span>
#include <vector>

#include "agent/core/hex.hpp"

namespace aisle::counter {
namespace {

constexpr std::size_t kChallengeMax = 4096;

std::string lower(std::string_view text) {
    std::string out{text};
    std::ranges::transform(out, out.begin(),
                           [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return out;
}

std::string hex_digest(const EVP_MD* how, std::string_view text) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned int size = 0;
    ::EVP_Digest(text.data(), text.size(), digest.data(), &size, how, nullptr);
    return to_hex(std::span{digest}.first(size));
}

std::string base64(std::string_view text) {
    std::vector<unsigned char> out(4 * (text.size() / 3 + 1) + 1);
    const int size =
        ::EVP_EncodeBlock(out.data(), reinterpret_cast<const unsigned char*>(text.data()),
                          static_cast<int>(text.size()));
    return {out.begin(), out.begin() + size};
}

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && (text.front() == ' ' || text.front() == ',')) text.remove_prefix(1);
    while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
    return text;
}

// `name="a \"b\"", other=token, ...`; what is not of this form ends it.
std::map<std::string, std::string> parameters_of(std::string_view text) {
    std::map<std::string, std::string> all;
    while (!(text = trimmed(text)).empty()) {
        const auto equals = text.find('=');
        if (equals == std::string_view::npos) break;
        const std::string name = lower(trimmed(text.substr(0, equals)));
        text = trimmed(text.substr(equals + 1));
        std::string value;
        if (text.starts_with('"')) {
            std::size_t at = 1;
            for (; at < text.size() && text[at] != '"'; ++at) {
                if (text[at] == '\\' && at + 1 < text.size()) ++at;
                value += text[at];
            }
            text.remove_prefix(std::min(text.size(), at + 1));
        } else {
            value = trimmed(text.substr(0, text.find(',')));
            text.remove_prefix(std::min(text.size(), text.find(',')));
        }
        all.emplace(name, value);
    }
    return all;
}

std::string quoted(std::string_view text) {
    std::string out{"\""};
    for (const char c : text) {
        if (c == '"' || c == '\\') out += '\\';
        out += c;
    }
    return out + '"';
}

// RFC 7616 3.4: response = H(H(user:realm:password):nonce:nc:cnonce:qop:H(method:uri)), and
// RFC 2069's form without a qop.
std::string digest_answer(std::map<std::string, std::string> told, const Login& login,
                          const Asked& asked) {
    const std::string algorithm = lower(told["algorithm"]);
    const bool sha = algorithm == "sha-256";
    if (told["nonce"].empty() || (!sha && !algorithm.empty() && algorithm != "md5")) return {};
    const EVP_MD* const how = sha ? ::EVP_sha256() : ::EVP_md5();
    const std::string qops = "," + lower(told["qop"]) + ",";
    const bool with_qop = qops.find("auth,") != std::string::npos;
    if (!with_qop && !told["qop"].empty()) return {};  // auth-int alone

    const std::string who =
        hex_digest(how, login.username + ":" + told["realm"] + ":" + login.password);
    const std::string what =
        hex_digest(how, std::string{asked.method} + ":" + std::string{asked.uri});
    const std::string cnonce{asked.cnonce};
    const std::string counted = with_qop ? ":00000001:" + cnonce + ":auth" : "";
    std::string header = "Digest username=" + quoted(login.username) +
                         ", realm=" + quoted(told["realm"]) + ", nonce=" + quoted(told["nonce"]) +
                         ", uri=" + quoted(asked.uri) + ", response=\"" +
                         hex_digest(how, who + ":" + told["nonce"] + counted + ":" + what) + "\"";
    if (with_qop) header += ", qop=auth, nc=00000001, cnonce=" + quoted(cnonce);
    if (!algorithm.empty()) header += std::string{", algorithm="} + (sha ? "SHA-256" : "MD5");
    if (!told["opaque"].empty()) header += ", opaque=" + quoted(told["opaque"]);
    return header;
}

}  // namespace

std::string answer_to(std::string_view challenge, const Login& login, const Asked& asked) {
    challenge = trimmed(challenge);
    if (login.username.empty() || challenge.size() > kChallengeMax) return {};
    const std::string scheme = lower(challenge.substr(0, challenge.find(' ')));
    if (scheme == "basic") return "Basic " + base64(login.username + ":" + login.password);
    if (scheme != "digest") return {};
    return digest_answer(parameters_of(challenge.substr(scheme.size())), login, asked);
}

}  // namespace aisle::counter
