#include "sync/mqtt/transport.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "agent/runtime/back_off.hpp"
#include "agent/runtime/log.hpp"
#include "agent/runtime/random.hpp"
#include "agent/runtime/secret_file.hpp"
#include "sync/mqtt/certificate.hpp"
#include "sync/mqtt/hearing.hpp"
#include "sync/mqtt/link_log.hpp"
#include "sync/mqtt/paho_client.hpp"
#include "sync/mqtt/socket_options.hpp"
#include "sync/mqtt/tls_policy.hpp"

namespace aisle::mqtt {
namespace {

using runtime::Executor;

constexpr seconds kStable{60};  // connected for so long forgives earlier failures
constexpr seconds kPubackMax{
    25};  // nothing acknowledged for so long: the link is dead, whatever TCP says
constexpr seconds kProgressCheck{2};
constexpr int kVersionTries = 3;  // a version that has worked is doubted after so many failures
constexpr minutes kCertificateCheck{60};
// What MQTT adds to topic and payload: fixed header 1 + 4, length of the topic 2, packet id 2,
// properties 1.
constexpr std::size_t kPacketOverhead = 10;
constexpr milliseconds kStopGrace{500};  // for what is in flight
constexpr milliseconds kStopMax{1'000};  // for the goodbye itself

struct Counts {
    runtime::Gauge& connected;
    runtime::Counter& connects;
    runtime::Counter& failures;
    runtime::Counter& disconnects;
    runtime::Counter& deaf;
    runtime::Counter& published;
    runtime::Counter& received;
    runtime::Counter& dropped;
    runtime::Counter& unheard;
    runtime::Gauge& certificate_days;

    static Counts in(runtime::Metrics& metrics, const std::string& link) {
        const runtime::Labels labels{{"link", link}};
        const auto counter = [&](const char* name, const char* help) -> runtime::Counter& {
            return metrics.counter(name, help, labels);
        };
        return {metrics.gauge("aisle_mqtt_connected", "1 while the broker can be used", labels),
                counter("aisle_mqtt_connects_total", "Connections made"),
                counter("aisle_mqtt_connect_failures_total", "Attempts that led to none"),
                counter("aisle_mqtt_disconnects_total", "Connections lost"),
                counter("aisle_mqtt_deaf_total", "Connections left because no echo came back"),
                counter("aisle_mqtt_published_total", "Messages handed to the broker"),
                counter("aisle_mqtt_received_total", "Messages that arrived"),
                counter("aisle_mqtt_dropped_total", "Messages that arrived and found no room"),
                counter("aisle_mqtt_unheard_total", "Messages to which nobody subscribed"),
                metrics.gauge("aisle_mqtt_certificate_days",
                              "Days until our certificate ends; 0 without one", labels)};
    }
};

struct Outstanding {
    std::function<void(Status)> answer;
    MonoTime since;
};

bool is_loopback(const std::string& host) {
    return host == "localhost" || host == "::1" || host.starts_with("127.");
}

// One place for each broker, and a name for ourselves.
TransportSettings complete(TransportSettings settings) {
    if (settings.endpoints.empty()) settings.endpoints.push_back({settings.host, settings.port});
    if (settings.unique_client_id) settings.client_id += "-" + runtime::random_hex(4);
    return settings;
}

class PahoTransport final : public Transport {
public:
    PahoTransport(Executor& executor, runtime::Metrics& metrics, TransportSettings settings)
        : executor_{executor},
          settings_{complete(std::move(settings))},
          counts_{Counts::in(metrics, settings_.name)},
          log_{executor, log_writer(settings_.name)},
          hearing_{{settings_.echo_every, settings_.echo_max}, runtime::random_hex(8)},
          back_off_{{settings_.first_wait, settings_.last_wait, kStable}, runtime::random_u64} {}

    void on_link(std::function<void(const Link&)> handler) override {
        link_handler_ = std::move(handler);
    }
    void on_message(std::function<void(const Message&)> handler) override {
        message_handler_ = std::move(handler);
    }
    void set_will(Message will) override { will_ = std::move(will); }
    void subscribe(std::string filter) override;
    void unsubscribe(const std::string& filter) override;
    void start() override;
    void stop(std::function<void()> done) override;
    Status publish(Message message, std::function<void(Status)> answer) override;
    void reconnect(const std::string& reason) override {
        if (phase_ == Phase::Up) lose(reason);
    }
    [[nodiscard]] Link link() const override { return link_; }

private:
    enum class Phase { Stopped, Waiting, Connecting, Subscribing, Up, Stopping };

    void attempt();
    [[nodiscard]] Status open_client();
    [[nodiscard]] Result<std::string> password() const;
    [[nodiscard]] Status prepare_tls();
    void look_at_certificate();
    void judge_certificate(const Validity& own);
    void fail(const std::string& reason, bool denied = false);
    void lose(const std::string& reason, bool denied = false);
    void take_leave(bool denied);
    [[nodiscard]] std::string tls_verdict() const;
    [[nodiscard]] const Endpoint& endpoint() const { return settings_.endpoints[at_]; }
    void raise_link();
    void check_progress();
    void ask_for_echoes();
    void say_goodbye();
    void answer_all(const Error& why);
    void tell_link() {
        if (link_handler_) link_handler_(link_);
    }

    void handle(const Connected& told);
    void handle(const ConnectFailed& failed);
    void handle(const Lost& lost);
    void handle(const Arrived& arrived);
    void handle(const Published& published);
    void handle(const Subscribed& subscribed);
    void handle(const Disconnected&);

    Executor& executor_;
    TransportSettings settings_;
    Counts counts_;
    LinkLog log_;
    Hearing hearing_;
    runtime::BackOff back_off_;
    std::function<void(const Link&)> link_handler_;
    std::function<void(const Message&)> message_handler_;
    std::optional<Message> will_;
    std::vector<std::string> filters_;

    Phase phase_ = Phase::Stopped;
    Link link_;
    Link offered_;        // what the broker allows, before the subscriptions are granted
    std::size_t at_ = 0;  // which endpoint
    bool version5_ = true;
    int version_doubts_ = kVersionTries;  // failures since this version has worked
    bool own_over_ = false;               // our certificate's time is over
    std::optional<int> alarmed_;          // about our certificate, at so many days
    std::size_t subscribing_ = 0;         // filters not yet granted
    std::unique_ptr<PahoClient> client_;
    std::map<int, Outstanding> outstanding_;  // by token; at most the link's window and an echo
    std::size_t echoes_out_ = 0;              // of these: 0 or 1
    runtime::TimerHandle timer_;              // the watchdog, or the wait before the next attempt
    runtime::TimerHandle progress_;
    runtime::TimerHandle certificate_;
    std::function<void()> stopped_;
};

void PahoTransport::subscribe(std::string filter) {
    hearing_.subscribed(filter);
    filters_.push_back(std::move(filter));
    if (phase_ != Phase::Subscribing && phase_ != Phase::Up) return;
    ++subscribing_;
    if (const auto asked = client_->subscribe(filters_.back()); !asked) lose(asked.error().detail);
}

void PahoTransport::unsubscribe(const std::string& filter) {
    if (std::erase(filters_, filter) == 0) return;
    hearing_.unsubscribed(filter);
    if (phase_ == Phase::Up || phase_ == Phase::Subscribing) (void)client_->unsubscribe(filter);
}

void PahoTransport::start() {
    if (phase_ != Phase::Stopped) return;
    if (settings_.tls.enabled)
        certificate_ =
            runtime::every(executor_, kCertificateCheck, [this] { look_at_certificate(); });
    progress_ = runtime::every(executor_, kProgressCheck, [this] { check_progress(); });
    attempt();
}

void PahoTransport::attempt() {
    phase_ = Phase::Connecting;
    timer_ = executor_.after(settings_.connect_max, [this] { fail("no answer to the connect"); });
    if (const auto opened = open_client(); !opened)
        fail(opened.error().detail, opened.error().fault != Fault::Unavailable);
}

Result<std::string> PahoTransport::password() const {
    if (settings_.password_file.empty()) return std::string{};
    return runtime::read_secret_file(settings_.password_file);
}

// The files as they are now, and the time that their dates are compared with.
Status PahoTransport::prepare_tls() {
    if (!settings_.tls.enabled) {
        if (settings_.plaintext_allowed || is_loopback(endpoint().host)) return {};
        return denied("plaintext is refused beyond loopback: configure TLS");
    }
    const auto own = check_files(settings_.tls);
    if (!own) return own.error();
    const WallTime known = settings_.known_time ? settings_.known_time() : WallTime{};
    judge_certificates_by(broker_judging_time(executor_.clock().now(), known, *own));
    if (*own) judge_certificate(**own);
    return {};
}

void PahoTransport::look_at_certificate() {
    if (const auto own = check_files(settings_.tls); own && *own) judge_certificate(**own);
}

// Said once at each threshold; a new certificate is silent again.
void PahoTransport::judge_certificate(const Validity& own) {
    const WallTime known = settings_.known_time ? settings_.known_time() : WallTime{};
    const int days = days_left(own, judging_time(executor_.clock().now(), known, own));
    counts_.certificate_days.set(days);
    own_over_ = days < 0;
    const auto alarm = alarm_at(days);
    if (alarm && alarm != alarmed_)
        log::error("mqtt.certificate_ends", {{"link", settings_.name}, {"days", days}});
    alarmed_ = alarm;
}

Status PahoTransport::open_client() {
    if (auto ready = prepare_tls(); !ready) return ready;
    auto secret = password();
    if (!secret) return secret.error();
    auto client =
        PahoClient::open(executor_,
                         {.host = endpoint().host,
                          .port = endpoint().port,
                          .client_id = settings_.client_id,
                          .version5 = version5_,
                          .tls = settings_.tls.enabled ? &settings_.tls : nullptr,
                          .dropped = &counts_.dropped},
                         [this](const Event& event) {
                             std::visit([this](const auto& what) { handle(what); }, event);
                         });
    if (!client) return client.error();
    client_ = std::move(*client);
    return client_->connect({.username = settings_.username,
                             .password = *secret,
                             .will = will_ ? &*will_ : nullptr,
                             .keep_alive = settings_.keep_alive,
                             .timeout = settings_.connect_max});
}

// No connection came of the attempt.
void PahoTransport::fail(const std::string& reason, bool denied) {
    counts_.failures.add();
    log_.say(LinkLog::What::Failed, reason);
    link_.reason = reason;
    take_leave(denied);
}

void PahoTransport::lose(const std::string& reason, bool denied) {
    if (phase_ == Phase::Stopping) return handle(Disconnected{});
    const bool was_up = phase_ == Phase::Up;
    (was_up ? counts_.disconnects : counts_.failures).add();
    // Not up: a subscription was refused, or the broker hung up before it was granted.
    log_.say(was_up ? LinkLog::What::Lost : LinkLog::What::Failed, reason);
    link_ = {.reason = reason};
    counts_.connected.set(0);
    take_leave(denied);
    answer_all(unavailable(reason));
    if (was_up) tell_link();
}

// Gives the client up and waits before the next one, at the next broker. Who was refused waits
// longer: people must do something first.
void PahoTransport::take_leave(bool denied) {
    client_.reset();
    phase_ = Phase::Waiting;
    at_ = (at_ + 1) % settings_.endpoints.size();
    auto wait = back_off_.failed(executor_.clock().now().mono);
    if (denied) {
        const auto least = settings_.denied_wait.count();
        wait = settings_.denied_wait +
               milliseconds{static_cast<std::int64_t>(runtime::random_u64() %
                                                      static_cast<std::uint64_t>(least + 1))};
    }
    timer_ = executor_.after(wait, [this] { attempt(); });
}

void PahoTransport::answer_all(const Error& why) {
    auto open = std::exchange(outstanding_, {});
    for (auto& [token, waiting] : open)
        if (waiting.answer) waiting.answer(why);
}

void PahoTransport::handle(const Connected& told) {
    phase_ = Phase::Subscribing;
    (void)take_verdict(endpoint().host, endpoint().port);
    tune_connections(endpoint().port);
    // One place of the broker's window is for an echo.
    const std::size_t own = hearing_.on() ? 2 : 1;
    const std::size_t below = told.receive_max > own ? told.receive_max - own : 1;
    offered_ = {.connected = true,
                .packet_bytes_max = told.packet_bytes_max,
                .in_flight_max = std::min(below, kWindowMax),
                .retains = told.retains};
    subscribing_ = filters_.size();
    for (const auto& filter : filters_) {
        const auto asked = client_->subscribe(filter);
        if (!asked) return lose(asked.error().detail);
    }
    if (subscribing_ == 0) raise_link();
}

void PahoTransport::handle(const Subscribed& subscribed) {
    if (const auto& status = subscribed.status; !status)
        return lose(status.error().detail, status.error().fault == Fault::Denied);
    if (subscribing_ > 0) --subscribing_;
    if (subscribing_ == 0 && phase_ == Phase::Subscribing) raise_link();
}

void PahoTransport::raise_link() {
    phase_ = Phase::Up;
    timer_.cancel();
    back_off_.connected(executor_.clock().now().mono);
    link_ = offered_;
    counts_.connects.add();
    counts_.connected.set(1);
    version_doubts_ = 0;
    log_.say(LinkLog::What::Connected, endpoint().host + ":" + std::to_string(endpoint().port) +
                                           (version5_ ? ", MQTT 5" : ", MQTT 3.1.1"));
    hearing_.link_up(executor_.clock().now().mono);
    ask_for_echoes();  // before all that the caller wants to send
    tell_link();
}

// A broker that answers but not with a connection may speak the other version only, and not all say
// so: NATS names the version, RabbitMQ before 3.13 hangs up. One that has worked is not doubted at
// once: a bad network hangs up too.
void PahoTransport::handle(const ConnectFailed& failed) {
    if (const auto verdict = tls_verdict(); !verdict.empty()) return fail(verdict, true);
    if (failed.reached && !failed.denied && ++version_doubts_ > kVersionTries)
        version5_ = !version5_;
    fail(failed.reason, failed.denied);
}

void PahoTransport::handle(const Lost& lost) {
    const std::string verdict = phase_ == Phase::Up ? "" : tls_verdict();
    lose(verdict.empty() ? lost.reason : verdict, !verdict.empty());
}

// What TLS says of the attempt that has just failed.
std::string PahoTransport::tls_verdict() const {
    if (!settings_.tls.enabled) return {};
    const std::string verdict = take_verdict(endpoint().host, endpoint().port);
    if (verdict != kHungUp) return verdict;
    if (settings_.tls.cert_file.empty()) return verdict + ": it may want a certificate of ours";
    if (own_over_) return "our certificate expired";
    return verdict + ": it may not accept our certificate";
}

void PahoTransport::handle(const Arrived& arrived) {
    counts_.received.add();
    if (hearing_.heard(arrived.message, executor_.clock().now().mono)) return;
    if (message_handler_) message_handler_(arrived.message);
}

void PahoTransport::handle(const Published& published) {
    const auto found = outstanding_.find(published.token);
    if (found == outstanding_.end()) return;
    const auto answer = std::move(found->second.answer);
    outstanding_.erase(found);
    link_.listened = published.heard;
    if (!published.heard) counts_.unheard.add();
    if (answer) answer(published.status);
    if (phase_ == Phase::Stopping && outstanding_.empty()) say_goodbye();
}

void PahoTransport::handle(const Disconnected&) {
    if (phase_ != Phase::Stopping) return lose("disconnected");
    client_.reset();
    timer_.cancel();
    phase_ = Phase::Stopped;
    link_ = {.reason = "stopped"};
    if (const auto done = std::exchange(stopped_, nullptr)) done();
}

// Beside the caller's window, so that he never waits for a place that he cannot see.
void PahoTransport::ask_for_echoes() {
    while (const auto echo = hearing_.due(executor_.clock().now().mono)) {
        const auto token = client_->publish(*echo);
        if (!token) return hearing_.taken(executor_.clock().now().mono, token.error());
        ++echoes_out_;
        outstanding_[*token] = {[this](const Status& status) {
                                    --echoes_out_;
                                    hearing_.taken(executor_.clock().now().mono, status);
                                    if (phase_ == Phase::Up) ask_for_echoes();
                                },
                                executor_.clock().now().mono};
    }
}

void PahoTransport::check_progress() {
    if (phase_ != Phase::Up) return;
    if (!client_->alive()) return lose("connection lost");
    const MonoTime now = executor_.clock().now().mono;
    if (const auto filter = hearing_.deaf(now); !filter.empty()) {
        counts_.deaf.add();
        return lose("deaf: nothing comes over " + filter);
    }
    ask_for_echoes();
    const bool stuck = std::ranges::any_of(
        outstanding_, [now](const auto& one) { return now - one.second.since > kPubackMax; });
    if (stuck) lose("no acknowledgement from the broker");
}

Status PahoTransport::publish(Message message, std::function<void(Status)> answer) {
    if (phase_ != Phase::Up) return unavailable("not connected");
    // The broker would hang up on it, and on all that is in flight.
    if (message.topic.size() + message.payload.size() + kPacketOverhead > link_.packet_bytes_max)
        return malformed("longer than the broker allows");
    if (outstanding_.size() - echoes_out_ >= link_.in_flight_max) return full("the window is full");
    message.retained = message.retained && link_.retains;  // such a broker would hang up on it
    const auto token = client_->publish(message);
    if (!token) return token.error();
    counts_.published.add();
    outstanding_[*token] = {std::move(answer), executor_.clock().now().mono};
    return {};
}

void PahoTransport::stop(std::function<void()> done) {
    const bool up = phase_ == Phase::Up;
    progress_.cancel();
    certificate_.cancel();
    stopped_ = std::move(done);
    phase_ = Phase::Stopping;
    counts_.connected.set(0);
    link_handler_ = nullptr;
    message_handler_ = nullptr;
    for (auto& [token, waiting] : outstanding_) waiting.answer = nullptr;
    if (!up) {
        timer_ = executor_.after(milliseconds{0}, [this] { handle(Disconnected{}); });
    } else if (outstanding_.empty()) {
        say_goodbye();
    } else {
        timer_ = executor_.after(kStopGrace, [this] { say_goodbye(); });
    }
}

// Paho looks only every three seconds whether it may leave at last, so it is told when it may.
void PahoTransport::say_goodbye() {
    timer_ = executor_.after(kStopMax, [this] { handle(Disconnected{}); });
    if (!client_->disconnect())
        timer_ = executor_.after(milliseconds{0}, [this] { handle(Disconnected{}); });
}

}  // namespace

std::unique_ptr<Transport> make_transport(Executor& executor, runtime::Metrics& metrics,
                                          TransportSettings settings) {
    return std::make_unique<PahoTransport>(executor, metrics, std::move(settings));
}

}  // namespace aisle::mqtt
