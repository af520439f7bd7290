#include "sync/mqtt/paho_client.hpp"

#include <MQTTAsync.h>

#include <algorithm>
#include <map>
#include <mutex>
#include <utility>
#include <vector>

namespace aisle::mqtt {
namespace {

constexpr int kQos = 1;
constexpr std::uint16_t kOurReceiveMaximum =
    32;  // unacknowledged messages the broker may push at us
constexpr seconds kHandleRest{5};
// Of TLS 1.2 the suites with forward secrecy and AEAD, which no earlier version has; those of
// TLS 1.3 are always on.
constexpr const char* kCiphers = "ECDHE+AESGCM:ECDHE+CHACHA20";

struct Retired {
    MQTTAsync handle;
    MonoTime at;
};

// Handles of abandoned clients, until Paho's threads have surely let go of them.
class Graveyard {
public:
    void add(MQTTAsync handle, MonoTime now) {
        const std::lock_guard lock{mutex_};
        retired_.push_back({handle, now});
    }
    void bury(MonoTime now) {
        const std::lock_guard lock{mutex_};
        std::erase_if(retired_, [now](Retired& old) {
            if (now - old.at < kHandleRest) return false;
            MQTTAsync_destroy(&old.handle);
            return true;
        });
    }

private:
    std::mutex mutex_;
    std::vector<Retired> retired_;
};

// Never destroyed: Paho's threads may outlive main().
Graveyard& graveyard() {
    static auto* const kept = new Graveyard;
    return *kept;
}

std::string text_or(const char* text, const char* otherwise) {
    return text != nullptr && *text != '\0' ? text : otherwise;
}

std::string paho_error(const char* what, int code) {
    return std::string{what} + ": " + text_or(MQTTAsync_strerror(code), "error") + " (" +
           std::to_string(code) + ")";
}

// "...:error:0A000126:SSL routines:ssl3_read_n:unexpected eof while reading:...": the reason, which
// is the fourth part after the word.
std::string tls_words(std::string_view line) {
    constexpr std::string_view kError = "error:";
    const auto begin = line.find(kError);
    if (begin == std::string_view::npos) return std::string{line};
    line.remove_prefix(begin + kError.size());
    for (int part = 0; part < 3; ++part)
        line.remove_prefix(std::min(line.find(':') + 1, line.size()));
    return std::string{line.substr(0, line.find_first_of(":\n"))};
}

std::size_t property_or(MQTTProperties& properties, MQTTPropertyCodes code, std::size_t otherwise) {
    if (MQTTProperties_hasProperty(&properties, code) == 0) return otherwise;
    return static_cast<std::size_t>(MQTTProperties_getNumericValue(&properties, code));
}

}  // namespace

// Where Paho's threads leave events for the loop. Closed on the loop thread.
struct PahoClient::Mailbox : std::enable_shared_from_this<Mailbox> {
    std::mutex mutex;
    runtime::Executor* executor = nullptr;  // null once closed
    Handler handler;                        // loop thread only
    runtime::Counter* dropped = nullptr;
    std::size_t bytes = 0;  // of messages that the loop has not seen yet
    std::string tls_error;  // what OpenSSL said last

    void post(Event event, std::size_t size = 0) {
        const std::lock_guard lock{mutex};
        if (executor == nullptr) return;
        if (size > 0 && bytes + size > kInboxBytesMax) {
            if (dropped != nullptr) dropped->add();
            return;
        }
        bytes += size;
        executor->post([self = shared_from_this(), event = std::move(event), size] {
            if (self->take(size)) self->handler(event);
        });
    }
    bool take(std::size_t size) {
        const std::lock_guard lock{mutex};
        bytes -= size;
        return executor != nullptr;
    }
    void close() {
        const std::lock_guard lock{mutex};
        executor = nullptr;
    }

    // Mailboxes by the number that Paho is given as context.
    struct Registry {
        std::mutex mutex;
        std::map<std::uintptr_t, std::weak_ptr<Mailbox>> boxes;
        std::uintptr_t last = 0;
    };
    static Registry& registry() {
        static auto* const kept = new Registry;
        return *kept;
    }
    static std::shared_ptr<Mailbox> find(void* context) {
        const std::lock_guard lock{registry().mutex};
        const auto found = registry().boxes.find(reinterpret_cast<std::uintptr_t>(context));
        return found == registry().boxes.end() ? nullptr : found->second.lock();
    }
    static void tell(void* context, Event event) {
        if (const auto box = find(context)) box->post(std::move(event));
    }
};

// What Paho calls, on its threads. Both versions of each, as Paho has them.
struct PahoClient::Calls {
    static void connected(void* context, MQTTAsync_successData*) {
        Mailbox::tell(context, Connected{});
    }
    static void connected5(void* context, MQTTAsync_successData5* data) {
        Connected told;
        auto& properties = data->properties;
        told.receive_max =
            property_or(properties, MQTTPROPERTY_CODE_RECEIVE_MAXIMUM, told.receive_max);
        told.packet_bytes_max =
            property_or(properties, MQTTPROPERTY_CODE_MAXIMUM_PACKET_SIZE, told.packet_bytes_max);
        told.retains = property_or(properties, MQTTPROPERTY_CODE_RETAIN_AVAILABLE, 1) != 0;
        Mailbox::tell(context, told);
    }
    // OpenSSL's errors, a line each; the first one is the cause.
    static int tls_error(const char* text, std::size_t size, void* context) {
        if (const auto box = Mailbox::find(context)) {
            const std::lock_guard lock{box->mutex};
            if (box->tls_error.empty()) box->tls_error = tls_words({text, size});
        }
        return 1;
    }
    static MQTTAsync_SSLOptions tls_options(const TlsSettings& settings, void* context) {
        const auto file = [](const std::string& path) {
            return path.empty() ? nullptr : path.c_str();
        };
        MQTTAsync_SSLOptions tls = MQTTAsync_SSLOptions_initializer;
        tls.trustStore = file(settings.ca_file);
        tls.disableDefaultTrustStore = settings.ca_file.empty() ? 0 : 1;
        tls.keyStore = file(settings.cert_file);
        tls.privateKey = file(settings.key_file);
        tls.enabledCipherSuites = kCiphers;
        tls.enableServerCertAuth = 1;
        tls.verify = 1;
        tls.ssl_error_cb = tls_error;
        tls.ssl_error_context = context;
        return tls;
    }
    static void failed(void* context, ConnectFailed failure) {
        const auto box = Mailbox::find(context);
        if (!box) return;
        {
            const std::lock_guard lock{box->mutex};
            // Broken bytes lead here as well as fools: no refusal that lasts.
            if (!box->tls_error.empty()) failure = {.reason = box->tls_error};
        }
        box->post(std::move(failure));
    }
    static ConnectFailed failure(int code, const char* message) {
        const std::string text = text_or(message, "refused");
        return {text + " (" + std::to_string(code) + ")", text != "TCP/TLS connect failure"};
    }
    static void connect_failed(void* context, MQTTAsync_failureData* data) {
        auto told = failure(data->code, data->message);
        told.denied = data->code == 2 || data->code == 4 || data->code == 5;  // MQTT 3.1.1, 3.2.2.3
        failed(context, std::move(told));
    }
    static void connect_failed5(void* context, MQTTAsync_failureData5* data) {
        const int code = data->reasonCode != 0 ? static_cast<int>(data->reasonCode) : data->code;
        auto told = failure(code, data->message);
        told.denied = code == MQTTREASONCODE_CLIENT_IDENTIFIER_NOT_VALID ||
                      code == MQTTREASONCODE_BAD_USER_NAME_OR_PASSWORD ||
                      code == MQTTREASONCODE_NOT_AUTHORIZED || code == MQTTREASONCODE_BANNED ||
                      code == MQTTREASONCODE_BAD_AUTHENTICATION_METHOD;
        if (told.denied) told.reason = "refused by the broker: " + told.reason;
        failed(context, std::move(told));
    }
    static void lost(void* context, char* cause) {
        Mailbox::tell(context, Lost{text_or(cause, "connection lost")});
    }
    // The broker hangs up with a word (MQTT 5, 3.14). Paho closes the connection then and does not
    // call `lost`: without this the link would look alive for ever.
    static void sent_away(void* context, MQTTProperties*, enum MQTTReasonCodes reason) {
        Mailbox::tell(context, Lost{"the broker hung up: " + std::to_string(reason)});
    }
    static int arrived(void* context, char* topic, int, MQTTAsync_message* message) {
        Arrived event;
        event.message.topic = topic;
        event.message.payload.assign(static_cast<const char*>(message->payload),
                                     static_cast<std::size_t>(message->payloadlen));
        event.message.retained = message->retained != 0;
        const std::size_t size = event.message.payload.size() + 1;
        MQTTAsync_freeMessage(&message);
        MQTTAsync_free(topic);
        if (const auto box = Mailbox::find(context)) box->post(std::move(event), size);
        return 1;
    }
    static void published(void* context, MQTTAsync_successData* data) {
        Mailbox::tell(context, Published{data->token, {}});
    }
    static void published5(void* context, MQTTAsync_successData5* data) {
        const bool heard = data->reasonCode != MQTTREASONCODE_NO_MATCHING_SUBSCRIBERS;
        Mailbox::tell(context, Published{data->token, {}, heard});
    }
    static void publish_failed(void* context, MQTTAsync_failureData* data) {
        Mailbox::tell(context,
                      Published{data->token, unavailable(text_or(data->message, "not sent"))});
    }
    static void publish_failed5(void* context, MQTTAsync_failureData5* data) {
        const int code = static_cast<int>(data->reasonCode);
        Status status = unavailable(text_or(data->message, "not sent"));
        // These two say that no try will help: the record is the fault, not our rights.
        if (code == MQTTREASONCODE_PACKET_TOO_LARGE ||
            code == MQTTREASONCODE_PAYLOAD_FORMAT_INVALID)
            status = malformed("refused by the broker: " + std::to_string(code));
        else if (code >= MQTTREASONCODE_UNSPECIFIED_ERROR)
            status = denied("refused by the broker: " + std::to_string(code));
        Mailbox::tell(context, Published{data->token, status});
    }
    static void subscribed(void* context, MQTTAsync_successData*) {
        Mailbox::tell(context, Subscribed{});
    }
    static void subscribed5(void* context, MQTTAsync_successData5*) {
        Mailbox::tell(context, Subscribed{});
    }
    // 3.1.1 has one word for all refusals, and a cluster that is electing leaders says it too (NATS
    // does): no verdict on our rights, so it is tried again like any loss.
    static void subscribe_failed(void* context, MQTTAsync_failureData*) {
        Mailbox::tell(context, Subscribed{unavailable("subscription refused")});
    }
    static void subscribe_failed5(void* context, MQTTAsync_failureData5* data) {
        const bool ours = data->reasonCode == MQTTREASONCODE_NOT_AUTHORIZED ||
                          data->reasonCode == MQTTREASONCODE_TOPIC_FILTER_INVALID;
        const std::string why =
            "subscription refused: " + std::to_string(static_cast<int>(data->reasonCode));
        Mailbox::tell(context, Subscribed{ours ? denied(why) : unavailable(why)});
    }
    static void disconnected(void* context, MQTTAsync_successData*) {
        Mailbox::tell(context, Disconnected{});
    }
    static void disconnected5(void* context, MQTTAsync_successData5*) {
        Mailbox::tell(context, Disconnected{});
    }
    static void disconnect_failed(void* context, MQTTAsync_failureData*) {
        Mailbox::tell(context, Disconnected{});
    }
    static void disconnect_failed5(void* context, MQTTAsync_failureData5*) {
        Mailbox::tell(context, Disconnected{});
    }
};

Result<std::unique_ptr<PahoClient>> PahoClient::open(runtime::Executor& executor,
                                                     const ClientOptions& options,
                                                     Handler handler) {
    auto client = std::unique_ptr<PahoClient>{new PahoClient};
    client->executor_ = &executor;
    client->version5_ = options.version5;
    client->tls_ = options.tls;
    const std::string host =
        options.host.find(':') == std::string::npos ? options.host : "[" + options.host + "]";
    const std::string uri =
        (options.tls != nullptr ? "ssl://" : "tcp://") + host + ":" + std::to_string(options.port);
    MQTTAsync_createOptions create = MQTTAsync_createOptions_initializer5;
    create.MQTTVersion = options.version5 ? MQTTVERSION_5 : MQTTVERSION_3_1_1;
    const int made =
        MQTTAsync_createWithOptions(&client->handle_, uri.c_str(), options.client_id.c_str(),
                                    MQTTCLIENT_PERSISTENCE_NONE, nullptr, &create);
    if (made != MQTTASYNC_SUCCESS) {
        client->handle_ = nullptr;
        return malformed(paho_error("broker address", made));
    }
    graveyard().bury(executor.clock().now().mono);

    client->mailbox_ = std::make_shared<Mailbox>();
    client->mailbox_->executor = &executor;
    client->mailbox_->handler = std::move(handler);
    client->mailbox_->dropped = options.dropped;
    auto& registry = Mailbox::registry();
    {
        const std::lock_guard lock{registry.mutex};
        client->id_ = ++registry.last;
        registry.boxes.emplace(client->id_, client->mailbox_);
    }
    MQTTAsync_setCallbacks(client->handle_, reinterpret_cast<void*>(client->id_), Calls::lost,
                           Calls::arrived, nullptr);
    MQTTAsync_setDisconnected(client->handle_, reinterpret_cast<void*>(client->id_),
                              Calls::sent_away);
    return client;
}

PahoClient::~PahoClient() {
    if (mailbox_) {
        mailbox_->close();
        const std::lock_guard lock{Mailbox::registry().mutex};
        Mailbox::registry().boxes.erase(id_);
    }
    if (handle_ == nullptr) return;
    MQTTAsync_disconnectOptions options = MQTTAsync_disconnectOptions_initializer5;
    options.reasonCode = MQTTREASONCODE_DISCONNECT_WITH_WILL_MESSAGE;
    if (!version5_) options = MQTTAsync_disconnectOptions_initializer;
    MQTTAsync_disconnect(handle_, &options);
    graveyard().add(handle_, executor_->clock().now().mono);
}

Status PahoClient::connect(const ConnectOptions& options) {
    MQTTAsync_connectOptions connect = MQTTAsync_connectOptions_initializer;
    MQTTAsync_willOptions will = MQTTAsync_willOptions_initializer;
    MQTTProperties properties = MQTTProperties_initializer;
    if (version5_) {
        connect = MQTTAsync_connectOptions_initializer5;
        connect.cleanstart = 1;
        MQTTProperty window{};
        window.identifier = MQTTPROPERTY_CODE_RECEIVE_MAXIMUM;
        window.value.integer2 = kOurReceiveMaximum;
        MQTTProperties_add(&properties, &window);
        connect.connectProperties = &properties;
        connect.onSuccess5 = Calls::connected5;
        connect.onFailure5 = Calls::connect_failed5;
    } else {
        connect.MQTTVersion = MQTTVERSION_3_1_1;
        connect.cleansession = 1;
        connect.onSuccess = Calls::connected;
        connect.onFailure = Calls::connect_failed;
    }
    connect.context = reinterpret_cast<void*>(id_);
    MQTTAsync_SSLOptions tls = MQTTAsync_SSLOptions_initializer;
    if (tls_ != nullptr) {
        tls = Calls::tls_options(*tls_, connect.context);
        connect.ssl = &tls;
    }
    connect.keepAliveInterval = static_cast<int>(options.keep_alive.count());
    connect.connectTimeout = static_cast<int>(std::chrono::ceil<seconds>(options.timeout).count());
    if (!options.username.empty()) connect.username = options.username.c_str();
    if (!options.password.empty()) connect.password = options.password.c_str();
    if (options.will != nullptr) {
        will.topicName = options.will->topic.c_str();
        will.payload = {static_cast<int>(options.will->payload.size()),
                        options.will->payload.data()};
        will.retained = options.will->retained ? 1 : 0;
        will.qos = kQos;
        connect.will = &will;
    }
    const int code = MQTTAsync_connect(handle_, &connect);
    MQTTProperties_free(&properties);
    if (code != MQTTASYNC_SUCCESS) return unavailable(paho_error("connect", code));
    return {};
}

bool PahoClient::alive() const { return MQTTAsync_isConnected(handle_) != 0; }

Status PahoClient::subscribe(const std::string& filter) {
    MQTTAsync_responseOptions response = MQTTAsync_responseOptions_initializer;
    response.context = reinterpret_cast<void*>(id_);
    if (version5_) {
        response.onSuccess5 = Calls::subscribed5;
        response.onFailure5 = Calls::subscribe_failed5;
    } else {
        response.onSuccess = Calls::subscribed;
        response.onFailure = Calls::subscribe_failed;
    }
    const int code = MQTTAsync_subscribe(handle_, filter.c_str(), kQos, &response);
    if (code != MQTTASYNC_SUCCESS) return unavailable(paho_error("subscribe", code));
    return {};
}

Status PahoClient::unsubscribe(const std::string& filter) {
    MQTTAsync_responseOptions response = MQTTAsync_responseOptions_initializer;
    const int code = MQTTAsync_unsubscribe(handle_, filter.c_str(), &response);
    if (code != MQTTASYNC_SUCCESS) return unavailable(paho_error("unsubscribe", code));
    return {};
}

Result<int> PahoClient::publish(const Message& message) {
    MQTTAsync_responseOptions response = MQTTAsync_responseOptions_initializer;
    response.context = reinterpret_cast<void*>(id_);
    if (version5_) {
        response.onSuccess5 = Calls::published5;
        response.onFailure5 = Calls::publish_failed5;
    } else {
        response.onSuccess = Calls::published;
        response.onFailure = Calls::publish_failed;
    }
    const int code =
        MQTTAsync_send(handle_, message.topic.c_str(), static_cast<int>(message.payload.size()),
                       message.payload.data(), kQos, message.retained ? 1 : 0, &response);
    if (code != MQTTASYNC_SUCCESS) return unavailable(paho_error("publish", code));
    return response.token;
}

Status PahoClient::disconnect() {
    MQTTAsync_disconnectOptions options = MQTTAsync_disconnectOptions_initializer;
    if (version5_) {
        options = MQTTAsync_disconnectOptions_initializer5;
        options.onSuccess5 = Calls::disconnected5;
        options.onFailure5 = Calls::disconnect_failed5;
    } else {
        options.onSuccess = Calls::disconnected;
        options.onFailure = Calls::disconnect_failed;
    }
    options.context = reinterpret_cast<void*>(id_);
    const int code = MQTTAsync_disconnect(handle_, &options);
    if (code != MQTTASYNC_SUCCESS) return unavailable(paho_error("disconnect", code));
    return {};
}

}  // namespace aisle::mqtt
