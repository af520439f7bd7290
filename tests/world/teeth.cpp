#include "tests/world/teeth.hpp"

#include <utility>

#include "sync/wire/ack.hpp"
#include "sync/wire/batch.hpp"
#include "sync/wire/guard.hpp"
#include "sync/wire/line.hpp"
#include "sync/wire/topics.hpp"

namespace aisle::world {
namespace {

// The answer that HQ would give to a batch, made up without HQ.
std::optional<wire::Ack> made_up(const std::string& topic, const std::string& payload) {
    const auto where = wire::parse_topic(topic);
    const auto batch = wire::open_batch(payload);
    if (!where || where->channel != wire::Channel::Up || !batch || batch->lines.empty())
        return std::nullopt;
    return wire::Ack{.epoch = batch->header.epoch,
                     .stream = where->stream,
                     .next = batch->header.last + 1,
                     .check = wire::check_of(batch->lines.back())};
}

// A transport that passes everything on.
class PassesOn : public Transport {
public:
    explicit PassesOn(std::unique_ptr<Transport> inner) : inner_{std::move(inner)} {}

    void on_link(std::function<void(const Link&)> handler) override {
        inner_->on_link(std::move(handler));
    }
    void on_message(std::function<void(const Message&)> handler) override {
        inner_->on_message(std::move(handler));
    }
    void set_will(Message will) override { inner_->set_will(std::move(will)); }
    void subscribe(std::string filter) override { inner_->subscribe(std::move(filter)); }
    void start() override { inner_->start(); }
    void stop(std::function<void()> done) override { inner_->stop(std::move(done)); }
    Status publish(Message message, std::function<void(Status)> answer) override {
        return inner_->publish(std::move(message), std::move(answer));
    }
    [[nodiscard]] Link link() const override { return inner_->link(); }

private:
    std::unique_ptr<Transport> inner_;
};

class BelievesTheBroker final : public PassesOn {
public:
    using PassesOn::PassesOn;

    void on_message(std::function<void(const Message&)> handler) override {
        *handler_ = handler;
        PassesOn::on_message(std::move(handler));
    }
    Status publish(Message message, std::function<void(Status)> answer) override {
        const auto ack = made_up(message.topic, message.payload);
        if (!ack) return PassesOn::publish(std::move(message), std::move(answer));
        const auto store = wire::parse_topic(message.topic)->store;
        const auto topic = wire::to_text({store, wire::Channel::Ack});
        const Message forged{.topic = topic, .payload = wire::guarded(topic, wire::to_json(*ack))};
        return PassesOn::publish(
            std::move(message),
            [answer = std::move(answer), weak = std::weak_ptr{handler_}, forged](Status status) {
                if (answer) answer(status);
                const auto handler = weak.lock();
                if (status && handler && *handler) (*handler)(forged);
            });
    }

private:
    std::shared_ptr<std::function<void(const Message&)>> handler_ =
        std::make_shared<std::function<void(const Message&)>>();
};

// A shop that keeps to itself what HQ had of its earlier epochs.
class KeepsThePastToItself final : public PassesOn {
public:
    using PassesOn::PassesOn;

    Status publish(Message message, std::function<void(Status)> answer) override {
        const auto where = wire::parse_topic(message.topic);
        if (where && where->channel == wire::Channel::Up) {
            auto batch = wire::open_batch(message.payload);
            if (batch && !batch->header.ended.empty()) {
                batch->header.ended.clear();
                const std::vector<std::string> lines{batch->lines.begin(), batch->lines.end()};
                message.payload = wire::pack_batch(batch->header, lines);
            }
        }
        return PassesOn::publish(std::move(message), std::move(answer));
    }
};

class AnswersEarly final : public hq::EventStore {
public:
    explicit AnswersEarly(std::unique_ptr<hq::EventStore> inner) : inner_{std::move(inner)} {}

    // Every 40th batch is answered and forgotten.
    Result<hq::Applied> apply(std::span<const hq::Inbound> batches, const Clock& clock) override {
        if (++calls_ % 40 != 0) return inner_->apply(batches, clock);
        hq::Applied applied{.consumed = batches.size()};
        for (const hq::Inbound& batch : batches) {
            const auto ack = made_up(batch.topic, batch.payload);
            if (ack) applied.answers.push_back({wire::parse_topic(batch.topic)->store, *ack});
        }
        return applied;
    }
    Result<std::vector<hq::StreamView>> streams() override { return inner_->streams(); }
    Result<std::vector<hq::StoreDay>> day(const hq::Today& today) override {
        return inner_->day(today);
    }
    Result<std::vector<hq::Completeness>> completeness(Proof proof,
                                                       std::string_view store) override {
        return inner_->completeness(proof, store);
    }
    Result<std::vector<StateChange>> read_state(std::string_view room) override {
        return inner_->read_state(room);
    }
    Status write_state(std::span<const StateChange> changes) override {
        return inner_->write_state(changes);
    }
    Result<std::vector<hq::Notice>> notices(std::int64_t after, std::size_t limit) override {
        return inner_->notices(after, limit);
    }

private:
    std::unique_ptr<hq::EventStore> inner_;
    int calls_ = 0;
};

}  // namespace

Headquarters::Wrap wrap_of(Tooth tooth) {
    if (tooth != Tooth::HqAnswersEarly) return {};
    return [](std::unique_ptr<hq::EventStore> store) {
        return std::make_unique<AnswersEarly>(std::move(store));
    };
}

SiteSettings::WrapTransport transport_of(Tooth tooth) {
    if (tooth == Tooth::EndedUnsaid) {
        return [](std::unique_ptr<Transport> transport) {
            return std::make_unique<KeepsThePastToItself>(std::move(transport));
        };
    }
    if (tooth != Tooth::DeletesOnPuback) return {};
    return [](std::unique_ptr<Transport> transport) {
        return std::make_unique<BelievesTheBroker>(std::move(transport));
    };
}

}  // namespace aisle::world
