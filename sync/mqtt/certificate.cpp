#include "sync/mqtt/certificate.hpp"

#include <openssl/pem.h>
#include <openssl/x509.h>
#include <sys/stat.h>

#include <algorithm>
#include <cstdio>
#include <ctime>
#include <memory>

#include "agent/runtime/secret_file.hpp"

namespace aisle::mqtt {
namespace {

struct Closer {
    void operator()(std::FILE* file) const { std::fclose(file); }
    void operator()(X509* certificate) const { X509_free(certificate); }
    void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
    void operator()(BIO* bio) const { BIO_free(bio); }
};
template <typename Thing>
using Owned = std::unique_ptr<Thing, Closer>;

Result<Owned<X509>> first_certificate(const std::string& path) {
    const Owned<std::FILE> file{std::fopen(path.c_str(), "re")};
    if (!file) return unavailable(path + ": cannot be read");
    Owned<X509> certificate{PEM_read_X509(file.get(), nullptr, nullptr, nullptr)};
    if (!certificate) return malformed(path + ": holds no certificate in PEM");
    return certificate;
}

Result<Owned<EVP_PKEY>> private_key(const std::string& path) {
    const auto text = runtime::read_secret_file(path);
    if (!text) return text.error();
    const Owned<BIO> bio{BIO_new_mem_buf(text->data(), static_cast<int>(text->size()))};
    // A passphrase would have to be typed by somebody: nobody is there.
    const auto no_passphrase = [](char*, int, int, void*) { return -1; };
    Owned<EVP_PKEY> key{PEM_read_bio_PrivateKey(bio.get(), nullptr, no_passphrase, nullptr)};
    if (!key) return malformed(path + ": holds no private key in PEM without a passphrase");
    return key;
}

WallTime wall_of(const ASN1_TIME* time) {
    std::tm parts{};
    if (ASN1_TIME_to_tm(time, &parts) != 1) return {};
    return WallTime{seconds{timegm(&parts)}};
}

// The program cannot be younger than its file; a package keeps the time of its build.
WallTime program_time() {
    struct stat file {};
    if (stat("/proc/self/exe", &file) != 0) return {};
    return WallTime{seconds{file.st_mtim.tv_sec}};
}

}  // namespace

Result<std::optional<Validity>> check_files(const TlsSettings& settings) {
    if (!settings.ca_file.empty())
        if (const auto trusted = first_certificate(settings.ca_file); !trusted)
            return trusted.error();
    if (settings.cert_file.empty()) return std::optional<Validity>{};
    const auto certificate = first_certificate(settings.cert_file);
    if (!certificate) return certificate.error();
    const auto key = private_key(settings.key_file);
    if (!key) return key.error();
    if (X509_check_private_key(certificate->get(), key->get()) != 1)
        return malformed(settings.key_file + ": is not the key of " + settings.cert_file);
    return std::optional{Validity{wall_of(X509_get0_notBefore(certificate->get())),
                                  wall_of(X509_get0_notAfter(certificate->get()))}};
}

int days_left(const Validity& validity, WallTime now) {
    return static_cast<int>(std::chrono::floor<std::chrono::days>(validity.to - now).count());
}

std::optional<int> alarm_at(int days) {
    if (days < 0) return 0;
    for (const int limit : {1, 7, 14, 30})
        if (days <= limit) return limit;
    return std::nullopt;
}

namespace {

bool set_by_a_server(const Stamp& now) {
    return now.quality == ClockQuality::Ntp || now.quality == ClockQuality::Hq;
}

// The latest time that is known to have been.
WallTime floor_of(WallTime known, const std::optional<Validity>& own) {
    return std::max({known, program_time(), own ? own->from : WallTime{}});
}

}  // namespace

WallTime broker_judging_time(const Stamp& now, WallTime known, const std::optional<Validity>& own) {
    const bool impossible = !set_by_a_server(now) && own && now.wall > own->to;
    return impossible ? floor_of(known, own) : judging_time(now, known, own);
}

WallTime judging_time(const Stamp& now, WallTime known, const std::optional<Validity>& own) {
    if (set_by_a_server(now)) return now.wall;
    return std::max(now.wall, floor_of(known, own));
}

}  // namespace aisle::mqtt
