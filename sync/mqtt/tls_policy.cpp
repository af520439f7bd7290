#include "sync/mqtt/tls_policy.hpp"

#include <netinet/in.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <atomic>
#include <map>
#include <mutex>

#include "sync/mqtt/socket_options.hpp"

namespace aisle::mqtt {
namespace {

constexpr std::size_t kVerdictsMax = 64;

struct Verdicts {
    std::mutex mutex;
    std::map<std::string, std::string> by_peer;
    std::atomic<std::int64_t> judging_s = 0;  // seconds since 1970
};

// Never destroyed: Paho's threads may outlive main().
Verdicts& verdicts() {
    static auto* const kept = new Verdicts;
    return *kept;
}

std::string name_of(const std::string& host, std::uint16_t port) {
    return host + ":" + std::to_string(port);
}

void keep(const std::string& peer, std::string why) {
    const std::lock_guard lock{verdicts().mutex};
    auto& all = verdicts().by_peer;
    if (all.size() >= kVerdictsMax) all.clear();
    all[peer] = std::move(why);
}

std::string words_for(int error) {
    switch (error) {
        case X509_V_ERR_CERT_HAS_EXPIRED:
            return "certificate expired";
        case X509_V_ERR_CERT_NOT_YET_VALID:
            return "certificate not yet valid";
        case X509_V_ERR_HOSTNAME_MISMATCH:
        case X509_V_ERR_IP_ADDRESS_MISMATCH:
            return "host name";
        default:
            return std::string{"not trusted: "} + X509_verify_cert_error_string(error);
    }
}

bool names(X509* certificate, const char* host) {
    return X509_check_host(certificate, host, 0, 0, nullptr) == 1 ||
           X509_check_ip_asc(certificate, host, 0) == 1;
}

int port_slot() {
    static const int slot = SSL_get_ex_new_index(0, nullptr, nullptr, nullptr, nullptr);
    return slot;
}

// The port as it was when the handshake began: once the peer has gone, its socket names none.
std::string peer_of(const SSL* ssl) {
    const char* const asked = SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name);
    const auto port = reinterpret_cast<std::uintptr_t>(SSL_get_ex_data(ssl, port_slot()));
    return name_of(asked == nullptr ? "" : asked, static_cast<std::uint16_t>(port));
}

void note_port(SSL* ssl) {
    const auto port = peer_port_of(SSL_get_fd(ssl));
    if (port != 0) SSL_set_ex_data(ssl, port_slot(), reinterpret_cast<void*>(std::uintptr_t{port}));
}

// Says nothing yet: it is replaced by whatever follows.
void note_handshake(const std::string& peer) {
    const std::lock_guard lock{verdicts().mutex};
    if (verdicts().by_peer.size() < kVerdictsMax) verdicts().by_peer.emplace(peer, kHungUp);
}

// With TLS 1.3 the broker's refusal of our certificate comes after the handshake, as an alert that
// Paho reads and forgets.
void hear(const SSL* ssl, int where, int alert) {
    if ((where & SSL_CB_HANDSHAKE_START) != 0) return note_port(const_cast<SSL*>(ssl));
    if ((where & SSL_CB_HANDSHAKE_DONE) != 0) return note_handshake(peer_of(ssl));
    if ((where & SSL_CB_ALERT) == 0 || (where & SSL_CB_READ) == 0) return;
    const std::string words = SSL_alert_desc_string_long(alert);
    if (words.find("certificate") == std::string::npos && words != "unknown CA" &&
        words != "access denied")
        return;
    keep(peer_of(ssl), "refused by the broker: " + words);
}

// OpenSSL asks once for each certificate of the chain, the broker's own last.
int judge(int good, X509_STORE_CTX* store) {
    auto* const ssl =
        static_cast<SSL*>(X509_STORE_CTX_get_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx()));
    const char* const asked = SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name);
    const std::string host = asked == nullptr ? "" : asked;
    const bool last = X509_STORE_CTX_get_error_depth(store) == 0;
    if (good == 1 && last && !names(X509_STORE_CTX_get_current_cert(store), host.c_str())) {
        X509_STORE_CTX_set_error(store, X509_V_ERR_HOSTNAME_MISMATCH);
        good = 0;
    }
    if (good != 1) keep(peer_of(ssl), words_for(X509_STORE_CTX_get_error(store)));
    return good;
}

void on_new(void* parent, void*, CRYPTO_EX_DATA*, int, long, void*) {
    auto* const ssl = static_cast<SSL*>(parent);
    const int mode = SSL_get_verify_mode(ssl);
    if ((mode & SSL_VERIFY_PEER) == 0 || SSL_get_verify_callback(ssl) != nullptr) return;
    SSL_set_verify(ssl, mode, judge);
    SSL_set_info_callback(ssl, hear);
    SSL_set_min_proto_version(ssl, TLS1_2_VERSION);
    if (const auto time = verdicts().judging_s.load(); time != 0)
        X509_VERIFY_PARAM_set_time(SSL_get0_param(ssl), static_cast<time_t>(time));
}

}  // namespace

void judge_certificates_by(WallTime time) {
    (void)port_slot();
    static const int once = SSL_get_ex_new_index(0, nullptr, on_new, nullptr, nullptr);
    (void)once;
    verdicts().judging_s = std::chrono::floor<seconds>(time.time_since_epoch()).count();
}

std::string take_verdict(const std::string& host, std::uint16_t port) {
    const std::lock_guard lock{verdicts().mutex};
    auto found = verdicts().by_peer.extract(name_of(host, port));
    return found.empty() ? "" : std::move(found.mapped());
}

}  // namespace aisle::mqtt
