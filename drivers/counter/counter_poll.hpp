#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "agent/core/error.hpp"
#include "agent/runtime/http.hpp"
#include "agent/runtime/random.hpp"
#include "drivers/counter/counter.hpp"
#include "drivers/counter/http_login.hpp"

namespace aisle::counter {

// A camera that is asked for its sums, as Axis People Counter wants to be:
// GET /local/tvpc/.api?live-sum.json.
struct PollSettings {
    std::string source;  // of the Counter
    std::string url;     // http://host[:port]/path[?query]
    milliseconds every{60'000};
    Login login;
};

// What a URL says, or why it cannot be asked. Without a path it is People Counter's.
struct PollTarget {
    std::string address;  // host:port
    runtime::HttpRequest request;
    std::string uri;  // path and query, as they are sent
};
Result<PollTarget> poll_target(std::string_view url);

// Asks cameras and brings what they answer to the counter, as if they had posted it. A camera that
// does not answer within kPollAnswerMax, twice, is asked again after its time; that it is silent is
// found by the counter. On the loop; the asking itself, which blocks, is done elsewhere.
//
// Counts aisle_counter_polls_total{outcome=answered|failed|refused}.
inline constexpr milliseconds kPollAnswerMax{3'000};
inline constexpr std::size_t kPollBodyMax = 64 * 1024;
class CounterPoll final : public Driver {
public:
    using Elsewhere = std::function<bool(runtime::Task)>;  // false: no room now
    using Ask = std::function<Result<runtime::HttpResponse>(
        const std::string& address, const runtime::HttpRequest&, milliseconds timeout)>;
    struct Parts {
        runtime::Executor& loop;
        Elsewhere elsewhere;
        Counter& counter;
        runtime::Metrics& metrics;
        runtime::RandomSource random;  // for client nonces
        Ask ask = runtime::http_call;
    };
    // What `parts` refers to must outlive the driver, and `loop` whatever runs elsewhere.
    static Result<std::unique_ptr<CounterPoll>> make(const std::vector<PollSettings>& settings,
                                                     Parts parts);
    ~CounterPoll() override;
    CounterPoll(const CounterPoll&) = delete;
    CounterPoll& operator=(const CounterPoll&) = delete;

    void start() override;
    void stop() override;

private:
    struct Camera;
    explicit CounterPoll(Parts parts);
    void ask(const std::shared_ptr<Camera>& camera);
    void answered(const Camera& camera, const Result<runtime::HttpResponse>& answer);
    void count(std::string_view outcome);

    Parts parts_;
    std::vector<std::shared_ptr<Camera>> cameras_;
    // Gone with the driver: what comes back from elsewhere afterwards finds nobody.
    std::shared_ptr<CounterPoll*> self_;
};

}  // namespace aisle::counter
