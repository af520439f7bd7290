#include <gtest/gtest.h>

#include "agent/core/time.hpp"
#include "secured.hpp"

// TLS against a real broker with the configuration and the certificates that we ship.
namespace aisle::mqtt {
namespace {

bool has(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

TEST(Tls, ConnectsWithACertificateOfTheChain) {
    NEEDS_A_BROKER();
    NEEDS_OPENSSL();
    Secured chain;
    ASSERT_TRUE(chain.broker.start());
    Machine machine;
    Peer peer{machine, chain.settings("s-0001")};
    EXPECT_TRUE(connect(machine, peer));
    EXPECT_EQ(
        machine.metrics->gauge("aisle_mqtt_certificate_days", "", {{"link", "s-0001"}}).value(),
        364);
}

TEST(Tls, ChecksTheNameByWhichItCalls) {
    NEEDS_A_BROKER();
    NEEDS_OPENSSL();
    Secured chain;
    chain.make({"broker", "elsewhere.example"});
    ASSERT_TRUE(chain.broker.start());
    Machine machine;
    EXPECT_EQ(refusal(machine, chain.settings("s-0001")), "host name");
}

TEST(Tls, TrustsNobodyButItsOwnCa) {
    NEEDS_A_BROKER();
    NEEDS_OPENSSL();
    Secured chain;
    const Secured stranger;
    ASSERT_TRUE(chain.broker.start());
    Machine machine;
    auto settings = chain.settings("s-0001");
    settings.tls.ca_file = stranger.file("ca.pem");
    EXPECT_TRUE(has(refusal(machine, settings), "not trusted"));
}

TEST(Tls, DoesNotTrustABrokerThatSignedForItself) {
    NEEDS_A_BROKER();
    NEEDS_OPENSSL();
    Secured chain;
    ASSERT_EQ((kit::Program{{"openssl", "req", "-x509", "-new", "-key", chain.file("broker.key"),
                             "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1",
                             "-out", chain.file("broker.pem")},
                            chain.file("log")}
                   .wait()),
              0);
    ASSERT_TRUE(chain.broker.start());
    Machine machine;
    EXPECT_TRUE(has(refusal(machine, chain.settings("s-0001")), "not trusted"));
}

TEST(Tls, RefusesABrokerWhoseCertificateIsOver) {
    NEEDS_A_BROKER();
    NEEDS_OPENSSL();
    Secured chain;
    chain.make({"broker", "127.0.0.1"}, {"DAYS=-1"});
    ASSERT_TRUE(chain.broker.start());
    Machine machine;
    EXPECT_EQ(refusal(machine, chain.settings("s-0001")), "certificate expired");
}

TEST(Tls, SaysThatTheBrokerRefusesAnExpiredCertificateOfOurs) {
    NEEDS_A_BROKER();
    NEEDS_OPENSSL();
    Secured chain;
    chain.make({"client", "s-0001"}, {"DAYS=-1"});
    ASSERT_TRUE(chain.broker.start());
    Machine machine;
    EXPECT_TRUE(has(refusal(machine, chain.settings("s-0001")), "certificate expired"));
}

TEST(Tls, IsRefusedWithoutACertificate) {
    NEEDS_A_BROKER();
    NEEDS_OPENSSL();
    Secured chain;
    ASSERT_TRUE(chain.broker.start());
    Machine machine;
    auto settings = chain.settings("s-0001");
    settings.tls.cert_file.clear();
    settings.tls.key_file.clear();
    EXPECT_TRUE(has(refusal(machine, settings), "certificate"));
}

TEST(Tls, SpeaksNothingOlderThanTls12) {
    NEEDS_A_BROKER();
    NEEDS_OPENSSL();
    const Secured chain;
    const int port = kit::free_port();
    const kit::Program old_server{{"openssl", "s_server", "-accept", std::to_string(port),
                                   "-tls1_1", "-cipher", "ALL:@SECLEVEL=0", "-www", "-cert",
                                   chain.file("broker.pem"), "-key", chain.file("broker.key")},
                                  chain.file("log")};
    Machine machine;
    auto settings = chain.settings("s-0001");
    settings.port = static_cast<std::uint16_t>(port);
    Peer peer{machine, settings};
    peer.transport->start();
    EXPECT_TRUE(kit::run_until(machine.loop, [&] {
        return has(peer.transport->link().reason, "protocol");
    })) << peer.transport->link().reason;
    EXPECT_FALSE(peer.up());
}

TEST(Tls, DoesNotUseAKeyThatOthersMayRead) {
    NEEDS_A_BROKER();
    NEEDS_OPENSSL();
    Secured chain;
    ASSERT_TRUE(chain.broker.start());
    std::filesystem::permissions(chain.file("s-0001.key"), std::filesystem::perms{0644});
    Machine machine;
    EXPECT_TRUE(has(refusal(machine, chain.settings("s-0001")), "chmod 600"));
}

TEST(Tls, NamesTheFileThatIsMissingOrWrong) {
    NEEDS_A_BROKER();
    NEEDS_OPENSSL();
    const Secured chain;
    Machine machine;
    auto settings = chain.settings("s-0001");
    settings.tls.key_file = chain.file("s-0002.key");
    EXPECT_TRUE(has(refusal(machine, settings), "is not the key of"));
    settings.tls.cert_file = "/nowhere.pem";
    EXPECT_TRUE(has(refusal(machine, settings), "/nowhere.pem"));
    settings.tls.ca_file = chain.file("acl");
    EXPECT_TRUE(has(refusal(machine, settings), "no certificate"));
}

TEST(Tls, SendsNothingInPlaintextBeyondLoopback) {
    Machine machine;
    TransportSettings settings{
        .name = "peer", .host = "192.0.2.1", .port = 1883, .client_id = "peer"};
    EXPECT_TRUE(has(refusal(machine, settings), "plaintext"));
}

TEST(Tls, TakesRenewedFilesAtTheNextConnect) {
    NEEDS_A_BROKER();
    NEEDS_OPENSSL();
    Secured chain;
    chain.make({"client", "s-0001"}, {"DAYS=-1"});
    ASSERT_TRUE(chain.broker.start());
    Machine machine;
    Peer peer{machine, chain.settings("s-0001")};
    peer.transport->start();
    ASSERT_TRUE(
        kit::run_until(machine.loop, [&] { return !peer.transport->link().reason.empty(); }));
    EXPECT_FALSE(peer.up());
    chain.make({"client", "s-0001"});
    EXPECT_TRUE(kit::run_until(machine.loop, [&] { return peer.up(); }));
}

// Both CAs in one file while brokers and stores change one after the other.
TEST(Tls, ChangesItsCaWithoutAPause) {
    NEEDS_A_BROKER();
    NEEDS_OPENSSL();
    Secured chain;
    ASSERT_TRUE(chain.broker.start());
    Machine machine;
    Peer peer{machine, chain.settings("s-0001")};
    ASSERT_TRUE(connect(machine, peer));

    const std::string old_ca = text_of(chain.file("ca.pem"));
    chain.make({"ca"}, {"NAME=Aisle 2"});
    const std::string new_ca = text_of(chain.file("ca.pem"));
    chain.make({"broker", "127.0.0.1"});
    std::ofstream{chain.file("ca.pem")} << old_ca << new_ca;
    chain.broker.kill();
    ASSERT_TRUE(kit::run_until(machine.loop, [&] { return !peer.up(); }));
    ASSERT_TRUE(chain.broker.start());
    // Its own certificate is still the old CA's, the broker's is the new one's.
    EXPECT_TRUE(kit::run_until(machine.loop, [&] { return peer.up(); }));

    std::ofstream{chain.file("both.pem")} << old_ca << new_ca;
    std::filesystem::rename(chain.file("both.pem"), chain.file("ca.pem"));
    const std::string all = text_of(chain.file("ca.pem"));
    std::ofstream{chain.file("ca.pem")} << new_ca;
    chain.make({"client", "s-0001"});
    std::ofstream{chain.file("ca.pem")} << new_ca;
    chain.broker.kill();
    ASSERT_TRUE(kit::run_until(machine.loop, [&] { return !peer.up(); }));
    ASSERT_TRUE(chain.broker.start());
    EXPECT_TRUE(kit::run_until(machine.loop, [&] { return peer.up(); }));
}

// ---- times

// Another wall than the machine's.
class WrongClock final : public Clock {
public:
    WrongClock(WallTime wall, ClockQuality quality) : wall_{wall}, quality_{quality} {}
    [[nodiscard]] Stamp now() const override {
        auto stamp = true_.now();
        stamp.wall = wall_;
        stamp.quality = quality_;
        return stamp;
    }

private:
    runtime::SystemClock true_{1};
    WallTime wall_;
    ClockQuality quality_;
};

struct WrongMachine {
    WrongMachine(const char* wall, ClockQuality quality) : clock{*parse_rfc3339(wall), quality} {}
    std::string outcome(const TransportSettings& settings) {
        const auto transport = make_transport(loop, *metrics, settings);
        transport->start();
        kit::run_until(
            loop, [&] { return transport->link().connected || !transport->link().reason.empty(); });
        return transport->link().connected ? "connected" : transport->link().reason;
    }
    WrongClock clock;
    std::unique_ptr<runtime::Metrics> metrics = runtime::make_metrics();
    runtime::IoLoop loop{clock, *metrics};
};

TEST(TlsTime, AClockThatWasNeverSetDoesNotKeepABoxOutside) {
    NEEDS_A_BROKER();
    NEEDS_OPENSSL();
    Secured chain;
    ASSERT_TRUE(chain.broker.start());
    WrongMachine machine{"1970-01-01T00:00:10.000Z", ClockQuality::None};
    EXPECT_EQ(machine.outcome(chain.settings("s-0001")), "connected");
}

TEST(TlsTime, AClockFarAheadThatNoServerHasSetDoesNotKeepABoxOutside) {
    NEEDS_A_BROKER();
    NEEDS_OPENSSL();
    Secured chain;
    ASSERT_TRUE(chain.broker.start());
    WrongMachine machine{"2099-01-01T00:00:00.000Z", ClockQuality::Rtc};
    EXPECT_EQ(machine.outcome(chain.settings("s-0001")), "connected");
}

TEST(TlsTime, AClockThatAServerHasSetIsBelieved) {
    NEEDS_A_BROKER();
    NEEDS_OPENSSL();
    Secured chain;
    ASSERT_TRUE(chain.broker.start());
    WrongMachine later{"2099-01-01T00:00:00.000Z", ClockQuality::Ntp};
    EXPECT_EQ(later.outcome(chain.settings("s-0001")), "certificate expired");
    WrongMachine earlier{"2001-01-01T00:00:00.000Z", ClockQuality::Ntp};
    EXPECT_EQ(earlier.outcome(chain.settings("s-0001")), "certificate not yet valid");
}

TEST(TlsTime, WhatIsKnownToHaveBeenCountsWhileTheClockIsNotSet) {
    NEEDS_A_BROKER();
    NEEDS_OPENSSL();
    Secured chain;
    ASSERT_TRUE(chain.broker.start());
    WrongMachine machine{"1970-01-01T00:00:10.000Z", ClockQuality::None};
    auto settings = chain.settings("s-0001");
    settings.known_time = [] { return *parse_rfc3339("2099-01-01T00:00:00.000Z"); };
    EXPECT_EQ(machine.outcome(settings), "certificate expired");
}

}  // namespace
}  // namespace aisle::mqtt
