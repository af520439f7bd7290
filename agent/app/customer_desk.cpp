#include "agent/app/customer_desk.hpp"

#include "agent/records/downlink_records.hpp"
#include "agent/runtime/log.hpp"
#include "agent/staff/answers.hpp"

namespace aisle::app {
namespace {

constexpr int kAnswered = 200;

namespace json = boost::json;
using runtime::HttpReply;
using runtime::HttpRequest;
using runtime::HttpResponse;

HttpResponse answer(std::string body) {
    return {.status = kAnswered, .type = "application/json", .body = std::move(body)};
}

Result<std::string> word_in(const HttpRequest& request, const char* name) {
    const auto body = staff::body_of(request);
    if (!body) return body.error();
    auto text = staff::text_in(*body, name);
    if (!text || text->empty()) return malformed(std::string{name} + ": is missing");
    return *std::move(text);
}

}  // namespace

void CustomerDesk::hang_into(runtime::HttpRoutes& routes) {
    const auto on = [&](const char* path, auto handler) {
        routes.on("POST", path, [handler](const HttpRequest& request, const HttpReply& reply) {
            if (request.local) return handler(request, reply);
            reply(staff::refuse({403, "Forbidden", "only over the agent's own socket"}));
        });
    };
    on("/api/v1/customers:show", [this](const auto& in, const auto& out) { show(in, out); });
    on("/api/v1/customers:consent", [this](const auto& in, const auto& out) { consent(in, out); });
    on("/api/v1/customers:erase", [this](const auto& in, const auto& out) { erase(in, out); });
    on("/api/v1/customers:link", [this](const auto& in, const auto& out) { tie(in, out, true); });
    on("/api/v1/customers:unlink",
       [this](const auto& in, const auto& out) { tie(in, out, false); });
}

Result<MemberKey> CustomerDesk::member_in(const HttpRequest& request) const {
    const auto body = staff::body_of(request);
    if (!body) return body.error();
    MemberKey member;
    if (const auto raw = staff::text_in(*body, "member"))
        member = parts_.engines.intake.pseudonym(*raw);
    else
        member = pseudonym_from(staff::text_in(*body, "pseudonym").value_or(""));
    if (member.empty()) return malformed("neither a member's number nor a pseudonym");
    return member;
}

void CustomerDesk::show(const HttpRequest& request, const HttpReply& reply) {
    const auto member = member_in(request);
    if (!member) return reply(runtime::problem(member.error()));
    const auto& customers = parts_.engines.customers;
    reply(answer(customer_json(customers.card(*member, parts_.clock.now()),
                               customers.person(member->value))));
}

void CustomerDesk::consent(const HttpRequest& request, const HttpReply& reply) {
    const auto member = member_in(request);
    if (!member) return reply(runtime::problem(member.error()));
    ConsentChange change{.member = *member};
    for (auto& [name, part] : {std::pair<const char*, std::string*>{"purpose", &change.purpose},
                               {"version", &change.version},
                               {"by", &change.by}}) {
        auto word = word_in(request, name);
        if (!word) return reply(runtime::problem(word.error()));
        *part = *std::move(word);
    }
    const auto body = staff::body_of(request);
    const json::value* const granted = body->if_contains("granted");
    if (granted == nullptr || !granted->is_bool())
        return reply(runtime::problem(malformed("granted: true or false")));
    change.granted = granted->get_bool();
    json::object done;
    done["pseudonym"] = member->value;
    done["purpose"] = change.purpose;
    done["granted"] = change.granted;
    parts_.desk.set_consent(std::move(change),
                            [reply, text = json::serialize(done)](const Status& status) {
                                reply(status ? answer(text) : runtime::problem(status.error()));
                            });
}

void CustomerDesk::tie(const HttpRequest& request, const HttpReply& reply, bool link) {
    const auto name = word_in(request, "name");
    const auto other = word_in(request, "other");
    const auto by = word_in(request, "by");
    for (const auto* part : {&name, &other, &by})
        if (!*part) return reply(runtime::problem(part->error()));
    Work work{.apply =
                  [this, evidence = customers::Evidence{.name = *name, .other = *other}, by = *by,
                   link, reply](Turn& turn, std::span<const Found>) {
                      parts_.floor.tie(turn, evidence, link, by);
                      turn.after.push_back([this, reply, evidence] {
                          json::object out;
                          json::array names;
                          for (auto& one : parts_.engines.customers.person(evidence.name))
                              names.emplace_back(one);
                          out["names"] = std::move(names);
                          reply(answer(json::serialize(out)));
                      });
                  },
              .failed = [reply](const Error& error) { reply(runtime::problem(error)); },
              .waits = true};
    if (const Status taken = parts_.pipeline.submit(std::move(work)); !taken)
        reply(runtime::problem(taken.error()));
}

// First what is in memory, so that nothing writes it again; then the journal and the outbox. Asked
// again after a failure it does what is left.
void CustomerDesk::erase(const HttpRequest& request, const HttpReply& reply) {
    const auto member = member_in(request);
    const auto by = word_in(request, "by");
    if (!member) return reply(runtime::problem(member.error()));
    if (!by) return reply(runtime::problem(by.error()));
    Work work{.apply =
                  [this, member = *member, by = *by, reply](Turn& turn, std::span<const Found>) {
                      const auto names = parts_.floor.erase(turn, member);
                      // Without a subject: the audit does not say who was forgotten.
                      parts_.floor.audit(turn, {.actor = by,
                                                .action = "customer.erase",
                                                .subject = {},
                                                .detail = std::to_string(names.size()) + " names"});
                      turn.after.push_back(
                          [this, member, names, reply] { erase_rows(member, names, reply); });
                  },
              .failed = [reply](const Error& error) { reply(runtime::problem(error)); },
              .waits = true};
    if (const Status taken = parts_.pipeline.submit(std::move(work)); !taken)
        reply(runtime::problem(taken.error()));
}

void CustomerDesk::erase_rows(const MemberKey& member, const std::vector<MemberKey>& names,
                              const HttpReply& reply) {
    parts_.eraser.erase(names, [this, member, names, reply](const Result<Erased>& rows) {
        if (!rows) return reply(runtime::problem(rows.error()));
        parts_.pipeline.submit_inner(
            {.apply =
                 [this, member, names, rows = *rows, reply](Turn& turn, std::span<const Found>) {
                     parts_.floor.erased(turn, member);
                     told(turn, names, rows, reply);
                 },
             .waits = true});
    });
}

void CustomerDesk::resume() {
    for (const Erasing::Open& one : parts_.floor.erasing().open())
        erase_rows(one.member, one.names, [](const HttpResponse& response) {
            if (response.status != kAnswered)
                log::warn("erasure_not_finished", {{"why", response.body}});
            else
                log::info("erasure_finished", {});
        });
}

void CustomerDesk::told(Turn& turn, const std::vector<MemberKey>& names, const Erased& rows,
                        const HttpReply& reply) {
    turn.add(records::erasure_record({.command = records::kLocalErasure,
                                      .members = name_digests(names),
                                      .journal_rows = rows.journal_rows,
                                      .outbox_rows = rows.outbox_rows,
                                      .at = turn.now}));
    json::object out;
    out["erased"] = true;
    out["journal_rows"] = rows.journal_rows;
    out["outbox_rows"] = rows.outbox_rows;
    turn.after.push_back([this, reply, text = json::serialize(out)] {
        reply(answer(text));
        overwrite(parts_.eraser);
    });
}

}  // namespace aisle::app
