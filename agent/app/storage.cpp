#include "agent/app/storage.hpp"

#include <memory>

namespace aisle::app {
namespace {

constexpr int kAppendTries = 3;

}  // namespace

// `work` runs on the thread, its result is posted to the loop.
template <typename Answer, typename Work>
void Storage::carry(const Run& run, std::function<void(Answer)> answer, Work work) {
    auto shared = std::make_shared<std::function<void(Answer)>>(std::move(answer));
    const bool taken = run([&loop = parts_.loop, shared, work = std::move(work)]() mutable {
        auto result = std::make_shared<Answer>(work());
        loop.post([shared, result] {
            if (*shared) (*shared)(std::move(*result));
        });
    });
    if (taken) return;
    parts_.loop.post([shared] {
        if (*shared) (*shared)(Answer{full("the storage queue is full")});
    });
}

void Storage::find(std::vector<RecordKey> keys,
                   std::function<void(Result<std::vector<Found>>)> answer) {
    carry(parts_.write, std::move(answer),
          [&store = parts_.writer, keys = std::move(keys)] { return store.find(keys); });
}

void Storage::append(Batch batch, std::function<void(Status)> answer) {
    carry(parts_.write, std::move(answer), [this, batch = std::move(batch)] {
        if (batch.order > next_order_) return Status{full("an earlier batch waits for room")};
        Status status;
        for (int i = 0; i < kAppendTries; ++i) {
            status = parts_.writer.append(batch, parts_.loop.clock().now().wall);
            if (status || status.error().fault == Fault::Full) break;
        }
        if (status && batch.order != 0) next_order_ = batch.order + 1;
        return status;
    });
}

void Storage::read(JournalQuery query,
                   std::function<void(Result<std::vector<JournalRow>>)> answer) {
    carry(parts_.read, std::move(answer),
          [&reader = parts_.reader, query = std::move(query)] { return reader.read(query); });
}

void Storage::depths(std::function<void(Result<std::vector<StreamDepth>>)> answer) {
    carry(parts_.read, std::move(answer), [&reader = parts_.reader] { return reader.depths(); });
}

void Storage::read(OutboxRead what, std::function<void(Result<std::vector<OutboxRow>>)> answer) {
    carry(parts_.read, std::move(answer),
          [&reader = parts_.reader, what] { return reader.read(what); });
}

void Storage::freeze(Stream stream, std::int64_t to_seq, std::function<void(Status)> answer) {
    carry(parts_.write, std::move(answer),
          [&store = parts_.writer, stream, to_seq] { return store.freeze(stream, to_seq); });
}

void Storage::acknowledged(Stream stream, std::int64_t next, std::function<void(Status)> answer,
                           std::string check) {
    carry(parts_.write, std::move(answer),
          [&store = parts_.writer, stream, next, check = std::move(check)] {
              return store.acknowledged(stream, next, check);
          });
}

void Storage::replace_by_gap(Stream stream, std::int64_t from, std::int64_t to, std::string reason,
                             std::function<void(Status)> answer) {
    carry(parts_.write, std::move(answer),
          [&store = parts_.writer, stream, from, to, reason = std::move(reason)] {
              return store.replace_by_gap(stream, from, to, reason);
          });
}

void Storage::gap_before(Stream stream, std::int64_t next, std::string check, std::string reason,
                         std::function<void(Status)> answer) {
    carry(parts_.write, std::move(answer),
          [&store = parts_.writer, stream, next, check = std::move(check),
           reason = std::move(reason)] { return store.gap_before(stream, next, check, reason); });
}

void Storage::begin_epoch(std::string why, std::function<void(Result<std::string>)> answer) {
    carry(parts_.write, std::move(answer),
          [&store = parts_.writer, why = std::move(why)]() -> Result<std::string> {
              if (auto begun = store.new_epoch({}, why); !begun) return begun.error();
              return store.epoch();
          });
}

void Storage::prune(const Stamp& now, store::RetentionSettings settings,
                    std::function<void(Result<store::Pruned>)> answer) {
    carry(parts_.write, std::move(answer),
          [&store = parts_.writer, now, settings = std::move(settings)] {
              return store.prune(now, settings);
          });
}

void Storage::ask(std::function<Result<std::int64_t>()> question,
                  std::function<void(Result<std::int64_t>)> answer) {
    carry(parts_.read, std::move(answer), std::move(question));
}

void Storage::salvage_more(std::function<void(Result<store::SalvageWork>)> answer) {
    carry(parts_.write, std::move(answer),
          [&store = parts_.writer] { return store.salvage_more(); });
}

void Storage::tend(WallTime now, std::function<void(Status)> answer) {
    carry(parts_.write, std::move(answer),
          [&store = parts_.writer, now] { return store.tend(now); });
}

void Storage::enforce_quota(store::OutboxQuota quota, const Stamp& now,
                            std::function<void(Result<store::QuotaWork>)> answer) {
    carry(parts_.write, std::move(answer),
          [&store = parts_.writer, quota, now] { return store.enforce_quota(quota, now); });
}

void Storage::sizes(std::function<void(Result<store::StoreSizes>)> answer) {
    carry(parts_.read, std::move(answer), [&reader = parts_.reader] { return reader.sizes(); });
}

}  // namespace aisle::app
