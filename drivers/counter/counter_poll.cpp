#include "drivers/counter/counter_poll.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <utility>

#include "agent/runtime/log.hpp"

namespace aisle::counter {
namespace {

constexpr std::string_view kScheme = "http://";
constexpr std::string_view kPeopleCounter = "/local/tvpc/.api?live-sum.json";
constexpr std::string_view kPlain =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~";
constexpr milliseconds kEveryMin{1'000};

bool plain(std::string_view text, std::string_view also) {
    return std::ranges::all_of(
        text, [&](char c) { return kPlain.find(c) != kPlain.npos || also.find(c) != also.npos; });
}

std::string nonce_of(std::uint64_t random) {
    std::array<char, 17> hex{};
    std::snprintf(hex.data(), hex.size(), "%016llx", static_cast<unsigned long long>(random));
    return hex.data();
}

// The camera's answer, let in by a login where it asks for one.
Result<runtime::HttpResponse> fetch(const CounterPoll::Ask& ask, PollTarget target,
                                    const Login& login, const std::string& cnonce) {
    auto answer = ask(target.address, target.request, kPollAnswerMax);
    if (!answer || answer->status != 401) return answer;
    const auto challenge = answer->headers.find("www-authenticate");
    if (challenge == answer->headers.end()) return answer;
    const std::string header =
        answer_to(challenge->second, login, {.method = "GET", .uri = target.uri, .cnonce = cnonce});
    if (header.empty()) return answer;
    target.request.headers["authorization"] = header;
    return ask(target.address, target.request, kPollAnswerMax);
}

}  // namespace

// The characters are those that need no escaping, so that what is signed is what is sent.
Result<PollTarget> poll_target(std::string_view url) {
    if (!url.starts_with(kScheme)) return malformed("a camera's url begins with http://");
    url.remove_prefix(kScheme.size());
    PollTarget target;
    const std::string_view host = url.substr(0, url.find('/'));
    if (host.empty() || !plain(host, ":")) return malformed("the url of a camera has no host");
    target.address = host;
    if (host.find(':') == host.npos) target.address += ":80";
    url.remove_prefix(host.size());
    if (url.empty() || url == "/") url = kPeopleCounter;
    const auto mark = url.find('?');
    target.request.method = "GET";
    target.request.path = url.substr(0, mark);
    target.uri = target.request.path;
    std::string_view query = mark == url.npos ? std::string_view{} : url.substr(mark + 1);
    bool fine = plain(target.request.path, "/:@,;=+");
    while (!query.empty()) {
        const std::string_view pair = query.substr(0, query.find('&'));
        query.remove_prefix(std::min(query.size(), pair.size() + 1));
        const auto equals = std::min(pair.size(), pair.find('='));
        const std::string_view value = pair.substr(std::min(pair.size(), equals + 1));
        fine &= plain(pair.substr(0, equals), "") && plain(value, "");
        target.request.query.emplace(pair.substr(0, equals), value);
    }
    if (!fine) return malformed("the url of a camera has characters that need escaping");
    char before = '?';
    for (const auto& [name, value] : target.request.query) {
        target.uri += before + name + (value.empty() ? "" : "=" + value);
        before = '&';
    }
    return target;
}

struct CounterPoll::Camera {
    PollSettings settings;
    PollTarget target;
    runtime::TimerHandle timer;
    bool asking = false;
};

Result<std::unique_ptr<CounterPoll>> CounterPoll::make(const std::vector<PollSettings>& settings,
                                                       Parts parts) {
    std::unique_ptr<CounterPoll> poll{new CounterPoll{std::move(parts)}};
    for (const PollSettings& one : settings) {
        auto target = poll_target(one.url);
        if (!target) return malformed(one.source + ": " + target.error().detail);
        poll->cameras_.push_back(std::make_shared<Camera>(
            Camera{.settings = one, .target = *std::move(target), .timer = {}}));
    }
    return poll;
}

CounterPoll::CounterPoll(Parts parts)
    : parts_{std::move(parts)}, self_{std::make_shared<CounterPoll*>(this)} {}

CounterPoll::~CounterPoll() { stop(); }

void CounterPoll::start() {
    for (const auto& camera : cameras_) {
        ask(camera);
        camera->timer = runtime::every(parts_.loop, std::max(camera->settings.every, kEveryMin),
                                       [this, camera] { ask(camera); });
    }
}

void CounterPoll::stop() {
    for (const auto& camera : cameras_) camera->timer.cancel();
    self_.reset();
}

// One question at a time: a camera that hangs is not asked twice at once.
void CounterPoll::ask(const std::shared_ptr<Camera>& camera) {
    if (camera->asking) return;
    camera->asking = true;
    const bool taken =
        parts_.elsewhere([camera, &loop = parts_.loop, ask = parts_.ask,
                          self = std::weak_ptr{self_}, cnonce = nonce_of(parts_.random())] {
            auto answer = fetch(ask, camera->target, camera->settings.login, cnonce);
            loop.post([camera, self, answer = std::move(answer)] {
                camera->asking = false;
                if (const auto alive = self.lock()) (*alive)->answered(*camera, answer);
            });
        });
    if (taken) return;
    camera->asking = false;
    count("refused");
}

void CounterPoll::answered(const Camera& camera, const Result<runtime::HttpResponse>& answer) {
    const bool good = answer && answer->status == 200 && answer->body.size() <= kPollBodyMax;
    count(good ? "answered" : "failed");
    if (good) {
        parts_.counter.receive(camera.settings.source, answer->body, [](const auto&) {});
        return;
    }
    log::warn("counter_poll_failed",
              {{"source", camera.settings.source}, {"status", answer ? answer->status : 0}});
}

void CounterPoll::count(std::string_view outcome) {
    parts_.metrics
        .counter("aisle_counter_polls_total", "Times a camera was asked for its sums",
                 {{"outcome", std::string{outcome}}})
        .add();
}

}  // namespace aisle::counter
