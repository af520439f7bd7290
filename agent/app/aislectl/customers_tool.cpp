// aislectl customers: what is known of one customer, what they agree to, and forgetting them. Asks
// the running agent; `show` also reads the files of one that is down.
#include <CLI/CLI.hpp>
#include <boost/json.hpp>
#include <iostream>
#include <memory>

#include "agent/app/aislectl/tool.hpp"
#include "agent/app/customer_desk.hpp"
#include "agent/app/keys.hpp"
#include "agent/app/restore.hpp"
#include "agent/runtime/system_clock.hpp"

namespace aisle::app::ctl {
namespace {

namespace json = boost::json;

constexpr milliseconds kAnswerMax{60'000};  // an erasure looks through the whole journal

struct CustomersCall {
    std::string socket = "/run/aisle/aisled.sock";
    std::string data;
    std::string member;
    std::string pseudonym;
    std::string purpose;
    std::string version;
    std::string by;
    std::string name;
    std::string other;
    bool grant = false;
    bool withdraw = false;
    bool yes = false;
};

int usage(const std::string& why) {
    std::cerr << "aislectl: " << why << "\n";
    return kUsage;
}

bool names_nobody(const CustomersCall& call) {
    return call.member.empty() && call.pseudonym.empty();
}

// From the command line, or with `-` from the first line of stdin: arguments are seen by others.
std::string raw_member(const CustomersCall& call) {
    std::string raw = call.member;
    if (raw == "-") std::getline(std::cin, raw);
    return raw;
}

void put_who(const CustomersCall& call, json::object& body) {
    if (call.pseudonym.empty())
        body["member"] = raw_member(call);
    else
        body["pseudonym"] = call.pseudonym;
}

int post(const CustomersCall& call, const char* what, const json::object& body,
         const Outcome& outcome) {
    const auto answer = runtime::http_call("unix:" + call.socket,
                                           {.method = "POST",
                                            .path = std::string{"/api/v1/customers:"} + what,
                                            .headers = {{"content-type", "application/json"}},
                                            .body = json::serialize(body)},
                                           kAnswerMax);
    if (!answer)
        return fail(unavailable("the agent does not answer on " + call.socket + " (" +
                                answer.error().detail + ")"));
    if (answer->status == 400) return fail(malformed(answer->body));
    if (answer->status == 503) return fail(full(answer->body));
    if (answer->status != 200) return fail(unavailable(answer->body));
    print(answer->body, outcome);
    return kOk;
}

// From the files, without segments: their rules are the running agent's.
int show_files(const CustomersCall& call, const Outcome& outcome) {
    MemberKey member = pseudonym_from(call.pseudonym);
    if (call.pseudonym.empty()) {
        const auto keys = load_keys(call.data);
        if (!keys) return fail(keys.error());
        const intake::Intake intake{{.store = StoreId{"s"}, .key = keys->pseudonyms}};
        member = intake.pseudonym(raw_member(call));
    }
    if (member.empty()) return fail(malformed("neither a member's number nor a pseudonym"));
    auto reader = store::StoreReader::open(call.data);
    if (!reader) return fail(reader.error());
    const auto rows = rows_of(**reader, customers::kRoom);
    if (!rows) return fail(rows.error());
    customers::Customers known{{}};
    if (const Status read = known.restore(*rows); !read) return fail(read.error());
    const runtime::SystemClock clock{1};
    print(customer_json(known.card(member, clock.now()), known.person(member.value)), outcome);
    return kOk;
}

int show(const CustomersCall& call, const Outcome& outcome) {
    if (names_nobody(call)) return usage("--member or --pseudonym");
    if (!call.data.empty()) return show_files(call, outcome);
    json::object body;
    put_who(call, body);
    return post(call, "show", body, outcome);
}

int consent(const CustomersCall& call, const Outcome& outcome) {
    if (names_nobody(call)) return usage("--member or --pseudonym");
    if (call.grant == call.withdraw) return usage("one of --grant and --withdraw");
    json::object body;
    put_who(call, body);
    body["purpose"] = call.purpose;
    body["granted"] = call.grant;
    body["version"] = call.version;
    body["by"] = call.by;
    return post(call, "consent", body, outcome);
}

int erase(const CustomersCall& call, const Outcome& outcome) {
    if (names_nobody(call)) return usage("--member or --pseudonym");
    if (!call.yes) return usage("nothing can be brought back: say --yes");
    json::object body;
    put_who(call, body);
    body["by"] = call.by;
    return post(call, "erase", body, outcome);
}

int tie(const CustomersCall& call, const char* what, const Outcome& outcome) {
    json::object body;
    body["name"] = call.name;
    body["other"] = call.other;
    body["by"] = call.by;
    return post(call, what, body, outcome);
}

void ask_who(CLI::App* call, CustomersCall& options) {
    auto* member = call->add_option("--member", options.member, "the number, or - for stdin");
    auto* pseudonym = call->add_option("--pseudonym", options.pseudonym, "32 hex digits");
    member->excludes(pseudonym);
    call->add_option("--socket", options.socket, "the agent's socket")->capture_default_str();
}

}  // namespace

void add_customers(CLI::App& app, Outcome& outcome) {
    auto* customers =
        app.add_subcommand("customers", "who buys here, by pseudonym")->require_subcommand(1);
    auto options = std::make_shared<CustomersCall>();
    auto* show_call = customers->add_subcommand("show", "what is known of one");
    ask_who(show_call, *options);
    show_call->add_option("--data", options->data, "read an agent's files instead");
    show_call->callback([options, &outcome] { outcome.exit = show(*options, outcome); });

    auto* consent_call = customers->add_subcommand("consent", "what one agrees to");
    ask_who(consent_call, *options);
    consent_call->add_option("--purpose", options->purpose, "marketing.personal, location.link")
        ->required();
    consent_call->add_flag("--grant", options->grant);
    consent_call->add_flag("--withdraw", options->withdraw);
    consent_call->add_option("--version", options->version, "of the text")->required();
    consent_call->add_option("--by", options->by, "who was told")->required();
    consent_call->callback([options, &outcome] { outcome.exit = consent(*options, outcome); });

    auto* erase_call = customers->add_subcommand("erase", "forget one, here and for good");
    ask_who(erase_call, *options);
    erase_call->add_option("--by", options->by, "who has it done")->required();
    erase_call->add_flag("--yes", options->yes);
    erase_call->callback([options, &outcome] { outcome.exit = erase(*options, outcome); });

    for (const char* what : {"link", "unlink"}) {
        auto* call = customers->add_subcommand(what, "two names, by staff's word");
        call->add_option("NAME", options->name, "a pseudonym, or card:HEX, app:HEX")->required();
        call->add_option("OTHER", options->other)->required();
        call->add_option("--by", options->by)->required();
        call->add_option("--socket", options->socket)->capture_default_str();
        call->callback([options, what, &outcome] { outcome.exit = tie(*options, what, outcome); });
    }
}

}  // namespace aisle::app::ctl
