#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "agent/core/outbox.hpp"

namespace aisle::kit {

// What the store's outbox promises, in memory. Answers are posted, as the real ones are. It
// outlives a killed uplink as a disk does, and it notes what a disk must never see: a frozen row
// that changes.
class ModelOutbox final : public Outbox {
public:
    using Post = std::function<void(std::function<void()>)>;
    explicit ModelOutbox(Post post) : post_{std::move(post)} {}

    // Returns the seq. `body` must be JSON.
    std::int64_t add(Stream stream, Record record);
    std::int64_t add(Stream stream, const std::string& body);

    void depths(std::function<void(Result<std::vector<StreamDepth>>)> answer) override;
    void read(OutboxRead what, std::function<void(Result<std::vector<OutboxRow>>)> answer) override;
    void freeze(Stream stream, std::int64_t to_seq, std::function<void(Status)> answer) override;
    void acknowledged(Stream stream, std::int64_t next, std::function<void(Status)> answer,
                      std::string check) override;
    void replace_by_gap(Stream stream, std::int64_t from, std::int64_t to, std::string reason,
                        std::function<void(Status)> answer) override;
    void gap_before(Stream stream, std::int64_t next, std::string check, std::string reason,
                    std::function<void(Status)> answer) override;
    void begin_epoch(std::string why, std::function<void(Result<std::string>)> answer) override;

    // Fails so many of the next calls with Unavailable.
    void fail_next(int calls) { failing_ = calls; }
    [[nodiscard]] std::size_t rows(Stream stream) const { return at(stream).rows.size(); }
    [[nodiscard]] std::int64_t next(Stream stream) const { return at(stream).next; }
    [[nodiscard]] std::int64_t frozen_to(Stream stream) const { return at(stream).frozen_to; }
    [[nodiscard]] int freezes() const { return freezes_; }
    [[nodiscard]] const std::string& epoch() const { return epoch_; }
    [[nodiscard]] int epochs_begun() const { return epochs_begun_; }
    // As at the first start.
    void set_epoch(std::string epoch) { epoch_ = std::move(epoch); }
    [[nodiscard]] bool empty() const;
    // Answers that are still to come find nobody: the agent was killed.
    void forget_callers() { ++life_; }

private:
    struct Lane {
        std::map<std::int64_t, OutboxRow> rows;  // by seq
        std::int64_t next = 1;
        std::int64_t first = 1;
        std::int64_t frozen_to = 0;
        std::string acked_check;
    };
    [[nodiscard]] Lane& at(Stream stream) { return lanes_.at(static_cast<std::size_t>(stream)); }
    [[nodiscard]] const Lane& at(Stream stream) const {
        return lanes_.at(static_cast<std::size_t>(stream));
    }
    bool fails();
    template <typename Value>
    void reply(std::function<void(Value)> answer, Value value) {
        post_([this, life = life_, answer = std::move(answer), value = std::move(value)] {
            if (life == life_) answer(value);
        });
    }

    Post post_;
    std::array<Lane, 4> lanes_;
    int failing_ = 0;
    int freezes_ = 0;
    int life_ = 0;
    std::string epoch_ = "0123456789abcdef";
    int epochs_begun_ = 0;
};

}  // namespace aisle::kit
