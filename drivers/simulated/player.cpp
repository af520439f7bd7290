#include "drivers/simulated/player.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>

#include "agent/runtime/log.hpp"
#include "drivers/simulated/poslog_writer.hpp"
#include "drivers/simulated/signals.hpp"

namespace aisle::simulated {
namespace {

namespace fs = std::filesystem;

constexpr milliseconds kTick{100};
constexpr milliseconds kHalfAhead{1500};
constexpr std::size_t kWaitingMax = 500;
constexpr std::size_t kInFlightMax = 8;
constexpr minutes kShanghai{480};  // the simulated tills print local time without an offset

Status write_file(const fs::path& path, std::string_view bytes) {
    std::ofstream file{path, std::ios::binary | std::ios::trunc};
    file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    file.close();
    if (!file) return unavailable("cannot write " + path.string());
    return {};
}

// Seen by others only when it is whole.
Status write_whole(const fs::path& path, std::string_view bytes) {
    fs::path part = path;
    part += ".part";
    if (const Status written = write_file(part, bytes); !written) return written;
    std::error_code error;
    fs::rename(part, path, error);
    if (error) return unavailable("cannot rename " + part.string());
    return {};
}

std::string local_time(WallTime time) {
    std::string text = to_rfc3339(time + kShanghai);
    return text.substr(0, 19);
}

std::string document_of(const Receipt& receipt) {
    return poslog_document(receipt.sale, local_time(receipt.sale.ended_at));
}

std::string file_name(const Receipt& receipt) {
    std::array<char, 96> name{};
    std::snprintf(name.data(), name.size(), "%09lld-%s-%06lld.xml",
                  static_cast<long long>(receipt.dropped.count()), receipt.sale.till.value.c_str(),
                  static_cast<long long>(receipt.sale.seq));
    return name.data();
}

}  // namespace

Player::Player(Plan plan, PlayerSettings settings, runtime::Executor& loop, Transport* transport)
    : plan_{std::move(plan)}, settings_{std::move(settings)}, loop_{loop}, transport_{transport} {}

// Never beyond the end: what a player that starts late makes good is what one in time had told.
milliseconds Player::elapsed() const {
    return std::min<milliseconds>(loop_.clock().now().wall - plan_.settings.start,
                                  plan_.settings.length);
}

Status Player::start(std::function<void()> done) {
    done_ = std::move(done);
    std::error_code error;
    fs::create_directories(settings_.till_dir, error);
    fs::create_directories(settings_.reference_dir, error);
    const std::string consent_at = to_rfc3339(plan_.settings.start - std::chrono::days{20});
    for (const ReferenceFile& file : reference_files(plan_.chain, consent_at)) {
        const fs::path path = fs::path{settings_.reference_dir} / file.name;
        if (const Status written = write_whole(path, file.bytes); !written) return written;
    }
    ticking_ = runtime::every(loop_, kTick, [this] { tick(); });
    return drop_due(elapsed());
}

Status Player::write_all() {
    const Status started = start([] {});
    ticking_.cancel();
    if (!started) return started;
    return drop_due(plan_.settings.length);
}

void Player::tick() {
    const milliseconds now = elapsed();
    if (const Status dropped = drop_due(now); !dropped) {
        log::error("simulation_stuck", {{"why", dropped.error().detail}});
    }
    const auto second = std::chrono::floor<seconds>(now);
    if (second != last_second_) last_second_ = second, publish(now);
    if (now < plan_.settings.length) return;
    ticking_.cancel();
    if (done_) std::exchange(done_, nullptr)();
}

Status Player::drop_due(milliseconds until) {
    if (const Status begun = begin_halves(until); !begun) return begun;
    bool fresh = dropped_ == 0;
    while (dropped_ < plan_.receipts.size() && plan_.receipts[dropped_].dropped <= until) {
        if (const Status status = drop(plan_.receipts[dropped_]); !status) return status;
        ++dropped_;
        fresh = true;
    }
    const bool second_over = std::chrono::floor<seconds>(until) != last_second_;
    if (!fresh && !second_over) return {};
    return write_truth(until);
}

// Slow tills: the first half of a receipt is there for all to see before the rest comes.
Status Player::begin_halves(milliseconds until) {
    for (std::size_t i = dropped_; i < plan_.receipts.size(); ++i) {
        const Receipt& receipt = plan_.receipts[i];
        if (receipt.dropped > until + kHalfAhead) break;
        const fs::path path = fs::path{settings_.till_dir} / file_name(receipt);
        if (receipt.drop != Drop::HalfFirst || fs::exists(path)) continue;
        const std::string document = document_of(receipt);
        const auto half = std::string_view{document}.substr(0, document.size() / 2);
        if (const Status written = write_file(path, half); !written) return written;
    }
    return {};
}

Status Player::drop(const Receipt& receipt) {
    const std::string document = document_of(receipt);
    const fs::path path = fs::path{settings_.till_dir} / file_name(receipt);
    std::error_code error;
    const auto there = fs::file_size(path, error);
    if (!error && there == document.size()) return {};
    if (!error && there == document.size() / 2) {
        std::ofstream rest{path, std::ios::binary | std::ios::app};
        rest << std::string_view{document}.substr(document.size() / 2);
        rest.close();
        if (!rest) return unavailable("cannot finish " + path.string());
        return {};
    }
    if (receipt.drop == Drop::Twice) {
        fs::path again = path;
        again.replace_extension(".again.xml");
        if (const Status written = write_whole(again, document); !written) return written;
    }
    return write_whole(path, document);
}

Status Player::write_truth_whole(milliseconds until) {
    truth_to_.reset();
    std::string text;
    for (const std::string& line : truth_lines(plan_, settings_.due, until)) text += line + "\n";
    if (const Status written = write_whole(settings_.truth_file, text); !written) return written;
    truth_to_ = until;
    return {};
}

// A day's truth is megabytes: each second adds its own lines. A player that has just started, or
// one whose last write failed, begins the file again.
Status Player::write_truth(milliseconds until) {
    if (!truth_to_ || until < *truth_to_) return write_truth_whole(until);
    const TruthSpan span{.from = *truth_to_, .to = until};
    std::string text;
    for (const std::string& line : truth_lines(plan_, settings_.due, span)) text += line + "\n";
    if (!text.empty()) {
        std::ofstream file{settings_.truth_file, std::ios::binary | std::ios::app};
        file << text;
        file.close();
        if (!file) {
            truth_to_.reset();
            return unavailable("cannot add to " + settings_.truth_file);
        }
    }
    truth_to_ = until;
    return {};
}

void Player::publish(milliseconds at) {
    if (transport_ == nullptr || !transport_->link().connected) return;
    waiting_.clear();  // what the last second left behind is stale
    const auto queue = [&](Published&& message) {
        if (waiting_.size() >= kWaitingMax) return;
        waiting_.push_back(
            {.topic = std::move(message.topic), .payload = std::move(message.payload)});
    };
    queue(door_message(plan_, at));
    for (Published& message : gateway_messages(plan_, at)) queue(std::move(message));
    send_waiting();
}

void Player::send_waiting() {
    while (!waiting_.empty() && in_flight_ < kInFlightMax) {
        const Status sent = transport_->publish(waiting_.front(), [this](const Status&) {
            --in_flight_;
            send_waiting();
        });
        if (!sent) return;
        waiting_.pop_front();
        ++in_flight_;
    }
}

}  // namespace aisle::simulated
