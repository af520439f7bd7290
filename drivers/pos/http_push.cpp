#include "drivers/pos/http_push.hpp"

#include <chrono>
#include <utility>

#include <boost/json.hpp>

#include "agent/runtime/hmac.hpp"
#include "drivers/pos/decimal_text.hpp"
#include "drivers/pos/sale_request.hpp"

namespace aisle::pos {
namespace {

constexpr const char* kDriver = "http_push/1";

runtime::HttpResponse accepted_response(const Accepted& accepted) {
    boost::json::object out;
    out.emplace("sale", accepted.id);
    out.emplace("revision", accepted.revision);
    out.emplace("duplicate", accepted.duplicate);
    return {.status = 200, .body = boost::json::serialize(out)};
}

struct Signature {
    std::int64_t at_s = 0;
    std::string_view hex;
};

// "t=1781236800,sha256=ab12..."; anything else is no signature.
std::optional<Signature> parse_signature(std::string_view header) {
    const auto comma = header.find(',');
    if (!header.starts_with("t=") || comma == std::string_view::npos) return std::nullopt;
    const auto at = whole_number(header.substr(2, comma - 2));
    auto rest = header.substr(comma + 1);
    if (rest.starts_with(' ')) rest.remove_prefix(1);
    constexpr std::string_view kName = "sha256=";
    if (!at || !rest.starts_with(kName)) return std::nullopt;
    return Signature{*at, rest.substr(kName.size())};
}

}  // namespace

HttpPush::HttpPush(HttpPushSettings settings, HttpPushPorts ports, runtime::HttpRoutes& routes)
    : settings_{std::move(settings)}, ports_{ports} {
    routes.on("POST", "/api/v1/sales",
              [this](const runtime::HttpRequest& request, runtime::HttpReply reply) {
                  receive(request, reply);
              });
}

// A box whose clock nobody vouches for cannot tell an old signature from a new one: then its time
// is not judged.
Status HttpPush::check_signature(const runtime::HttpRequest& request) const {
    if (settings_.secret.empty()) return {};
    const auto header = request.headers.find("x-aisle-signature");
    if (header == request.headers.end()) return unavailable("X-Aisle-Signature: missing");
    const auto signature = parse_signature(header->second);
    if (!signature) return denied("X-Aisle-Signature: not t=...,sha256=...");
    const std::string message = std::to_string(signature->at_s) + '.' + request.body;
    const std::string wanted = runtime::hmac_sha256_hex({settings_.secret, message});
    if (!runtime::equal_in_constant_time(wanted, signature->hex))
        return denied("X-Aisle-Signature: wrong");
    const Stamp now = ports_.executor.clock().now();
    if (now.quality < ClockQuality::Ntp) return {};
    // In seconds, since eighteen digits of them do not fit into milliseconds.
    const auto age_s =
        std::chrono::floor<seconds>(now.wall).time_since_epoch().count() - signature->at_s;
    constexpr auto kWindowS = std::chrono::floor<seconds>(kSignatureWindow).count();
    if (age_s > kWindowS || age_s < -kWindowS)
        return denied("X-Aisle-Signature: too old or too new");
    return {};
}

void HttpPush::receive(const runtime::HttpRequest& request, const runtime::HttpReply& reply) {
    if (!running_) return reply(runtime::problem(unavailable("not taking sales now")));
    if (request.body.size() > kPushBytesMax) {
        return reply(runtime::problem(413, "Payload Too Large", "a sale has at most 1 MiB"));
    }
    if (const auto proven = check_signature(request); !proven) {
        ports_.metrics.counter("aisle_pos_push_unsigned_total", "Sales refused for their signature")
            .add();
        const int status = proven.error().fault == Fault::Unavailable ? 401 : 403;
        return reply(runtime::problem(status, status == 401 ? "Unauthorized" : "Forbidden",
                                      proven.error().detail));
    }
    auto request_or = sale_request_from_json(request.body, settings_.minor_digits);
    if (!request_or) return refuse_malformed(request, request_or.error(), reply);
    if (request_or->unknown_keys > 0) {
        ports_.metrics
            .counter("aisle_pos_unknown_fields_total", "Fields of sales that nobody reads")
            .add(request_or->unknown_keys);
    }
    Sale sale = std::move(request_or->draft);
    sale.lineage = {.source = sale.source,
                    .driver = kDriver,
                    .origin = "POST /api/v1/sales",
                    .byte_to = static_cast<std::int64_t>(request.body.size())};
    const auto taken = ports_.sink.accept(
        {SaleReading{std::move(sale), request.body}, std::nullopt},
        [reply](const Result<Accepted>& answer) {
            reply(answer ? accepted_response(*answer) : runtime::problem(answer.error()));
        });
    if (!taken) reply(runtime::problem(taken.error()));
}

// The sender hears why at once; the quarantine row is for us, and no room for it is no reason to
// say anything else.
void HttpPush::refuse_malformed(const runtime::HttpRequest& request, const Error& error,
                                const runtime::HttpReply& reply) {
    RejectedReading rejected;
    rejected.item = {.source = settings_.name,
                     .reason = "schema",
                     .detail = error.detail,
                     .origin = "POST /api/v1/sales",
                     .byte_to = static_cast<std::int64_t>(request.body.size()),
                     .at = ports_.executor.clock().now(),
                     .payload = request.body};
    ports_.metrics.counter("aisle_pos_push_malformed_total", "Sales refused for their content")
        .add();
    if (!ports_.sink.accept({std::move(rejected), std::nullopt}, {})) {
        ports_.metrics
            .counter("aisle_pos_quarantine_lost_total", "Refused sales without room in quarantine")
            .add();
    }
    reply(runtime::problem(400, "Bad Request", error.detail));
}

}  // namespace aisle::pos
