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

constexpr milliseconds kFresh{2'000};  // everything is read at most so often, whoever asks
constexpr std::size_t kWaitingMax = 64;

constexpr std::string_view kPolicy =
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'";

// Asks the storage thread for something and answers all who wait with one reading, which stays
// good for a moment.
template <typename Value>
class View : public std::enable_shared_from_this<View<Value>> {
public:
    using Read = std::function<Result<Value>(EventStore&, const Today&)>;
    using Write = std::function<std::string(const Value&)>;
    View(PageParts parts, Read read, Write write)
        : parts_{std::move(parts)}, read_{std::move(read)}, write_{std::move(write)} {}

    void answer(HttpReply reply) {
        const MonoTime now = parts_.loop.clock().now().mono;
        if (value_ && now - read_at_ < kFresh) return reply(json());
        if (waiting_.size() >= kWaitingMax)
            return reply(runtime::problem(full("too many ask at once")));
        waiting_.push_back(std::move(reply));
        if (waiting_.size() == 1 && !ask()) tell(unavailable("the storage thread is busy"));
    }

private:
    bool ask() {
        const Today today = parts_.today(parts_.loop.clock().now().wall);
        return parts_.storage([weak = this->weak_from_this(), read = read_, store = &parts_.store,
                               loop = &parts_.loop, today] {
            auto value = read(*store, today);
            loop->post([weak, value = std::move(value)]() mutable {
                if (const auto self = weak.lock()) self->tell(std::move(value));
            });
        });
    }
    void tell(Result<Value> value) {
        read_at_ = parts_.loop.clock().now().mono;
        const bool good = value.has_value();
        const HttpResponse bad = good ? HttpResponse{} : runtime::problem(value.error());
        // After a failure the old reading would be shown as if it were new.
        value_ = good ? std::optional{std::move(*value)} : std::nullopt;
        for (const auto& reply : std::exchange(waiting_, {})) reply(good ? json() : bad);
    }
    [[nodiscard]] HttpResponse json() const {
        return {.body = write_(*value_), .headers = {{"Cache-Control", "no-store"}}};
    }

    PageParts parts_;
    Read read_;
    Write write_;
    std::optional<Value> value_;
    MonoTime read_at_{};
    std::vector<HttpReply> waiting_;
};

Result<Overview> read_overview(EventStore& store, const Today& today) {
    auto streams = store.streams();
    if (!streams) return streams.error();
    auto days = store.day(today);
    if (!days) return days.error();
    return Overview{std::move(*streams), std::move(*days)};
}

std::shared_ptr<View<Overview>> stores_view(const PageParts& parts) {
    const auto write = [parts](const Overview& overview) {
        const WallTime now = parts.loop.clock().now().wall;
        const auto& collector = parts.collector;
        return stores_json(overview, collector.presence(), parts.today(now), collector.connected(),
                           now);
    };
    return std::make_shared<View<Overview>>(parts, read_overview, write);
}

std::shared_ptr<View<std::vector<Completeness>>> completeness_view(const PageParts& parts) {
    const auto read = [](EventStore& store, const Today&) {
        return store.completeness(EventStore::Proof::Counted, "");
    };
    return std::make_shared<View<std::vector<Completeness>>>(parts, read, completeness_json);
}

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
    add_page(routes);
    routes.on("GET", "/api/v1/stores",
              [view = stores_view(parts)](const HttpRequest&, HttpReply reply) {
                  view->answer(std::move(reply));
              });
    routes.on("GET", "/api/v1/completeness",
              [view = completeness_view(parts)](const HttpRequest&, HttpReply reply) {
                  view->answer(std::move(reply));
              });
    routes.on("GET", "/api/v1/openapi.json", [](const HttpRequest&, const HttpReply& reply) {
        reply({.body = std::string{openapi_json()}, .headers = {{"Cache-Control", "no-cache"}}});
    });
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
