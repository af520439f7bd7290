#include "sync/hq/hq_pages.hpp"

#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "sync/hq/stores_json.hpp"

namespace aisle::hq {
namespace {

using runtime::HttpReply;
using runtime::HttpRequest;
using runtime::HttpResponse;

constexpr milliseconds kFresh{2'000};  // the overview is read at most so often, whoever asks
constexpr std::size_t kWaitingMax = 64;

constexpr std::string_view kPolicy =
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'";

// Asks the storage thread for the overview and answers all who wait with one reading.
class StoresView : public std::enable_shared_from_this<StoresView> {
public:
    explicit StoresView(PageParts parts) : parts_{std::move(parts)} {}

    void answer(HttpReply reply) {
        const MonoTime now = parts_.loop.clock().now().mono;
        if (overview_ && now - read_at_ < kFresh) return reply(json());
        if (waiting_.size() >= kWaitingMax)
            return reply(runtime::problem(full("too many ask at once")));
        waiting_.push_back(std::move(reply));
        if (waiting_.size() == 1 && !ask()) tell(unavailable("the storage thread is busy"));
    }

private:
    bool ask() {
        const Today today = parts_.today(parts_.loop.clock().now().wall);
        return parts_.storage(
            [weak = weak_from_this(), store = &parts_.store, loop = &parts_.loop, today] {
                auto overview = read(*store, today);
                loop->post([weak, overview = std::move(overview)]() mutable {
                    if (const auto self = weak.lock()) self->tell(std::move(overview));
                });
            });
    }
    static Result<Overview> read(EventStore& store, const Today& today) {
        auto streams = store.streams();
        if (!streams) return streams.error();
        auto days = store.day(today);
        if (!days) return days.error();
        return Overview{std::move(*streams), std::move(*days)};
    }
    void tell(Result<Overview> overview) {
        read_at_ = parts_.loop.clock().now().mono;
        const bool good = overview.has_value();
        const HttpResponse bad = good ? HttpResponse{} : runtime::problem(overview.error());
        // After a failure the old reading would be shown as if it were new.
        overview_ = good ? std::optional{std::move(*overview)} : std::nullopt;
        for (const auto& reply : std::exchange(waiting_, {})) reply(good ? json() : bad);
    }
    [[nodiscard]] HttpResponse json() const {
        const WallTime now = parts_.loop.clock().now().wall;
        const auto& collector = parts_.collector;
        return {.body = stores_json(*overview_, collector.presence(), parts_.today(now),
                                    collector.connected(), now),
                .headers = {{"Cache-Control", "no-store"}}};
    }

    PageParts parts_;
    std::optional<Overview> overview_;
    MonoTime read_at_{};
    std::vector<HttpReply> waiting_;
};

HttpResponse text(std::string body) {
    return {.type = "text/plain; charset=utf-8", .body = std::move(body)};
}

HttpResponse file(std::string_view type, std::string_view content) {
    return {.type = std::string{type} + "; charset=utf-8",
            .body = std::string{content},
            .headers = {{"Content-Security-Policy", std::string{kPolicy}},
                        {"X-Content-Type-Options", "nosniff"},
                        {"Referrer-Policy", "no-referrer"},
                        {"Cache-Control", "no-cache"}}};
}

void add_page(runtime::HttpRoutes& routes) {
    struct File {
        const char* path;
        std::string_view type;
        std::string_view content;
    };
    const PageFiles files = page_files();
    for (const auto& [path, type, content] :
         {File{"/", "text/html", files.html}, File{"/hq.css", "text/css", files.style},
          File{"/hq.js", "text/javascript", files.script}})
        routes.on("GET", path, [type, content](const HttpRequest&, const HttpReply& reply) {
            reply(file(type, content));
        });
}

}  // namespace

void add_pages(runtime::HttpRoutes& routes, PageParts parts) {
    const auto view = std::make_shared<StoresView>(parts);
    add_page(routes);
    routes.on("GET", "/api/v1/stores",
              [view](const HttpRequest&, HttpReply reply) { view->answer(std::move(reply)); });
    routes.on("GET", "/livez",
              [](const HttpRequest&, const HttpReply& reply) { reply(text("ok\n")); });
    routes.on("GET", "/readyz",
              [collector = &parts.collector](const HttpRequest&, const HttpReply& reply) {
                  if (collector->connected()) return reply(text("ok\n"));
                  reply(runtime::problem(unavailable("no link to the broker")));
              });
    routes.on("GET", "/metrics",
              [metrics = &parts.metrics](const HttpRequest&, const HttpReply& reply) {
                  reply({.type = "text/plain; version=0.0.4", .body = metrics->text()});
              });
}

}  // namespace aisle::hq
