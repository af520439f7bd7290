// aislectl outbox, journal export, quarantine: what lies in the agent's files, read-only, with the
// agent up or down.
#include <CLI/CLI.hpp>
#include <boost/json.hpp>
#include <memory>

#include "agent/app/aislectl/tool.hpp"
#include "agent/store/reads.hpp"

namespace aisle::app::ctl {
namespace {

namespace json = boost::json;

struct FilesCall {
    std::string data = "/var/lib/aisle";
    std::string kind;
    std::string reason;
    std::int64_t after = 0;
    std::int64_t limit = 1'000'000;
    bool payloads = false;
};

int with_store(const FilesCall& options, const std::function<int(store::StoreReader&)>& work) {
    auto reader = store::StoreReader::open(options.data);
    if (!reader) return fail(reader.error());
    return work(**reader);
}

json::value raw(const std::string& body) {
    json::error_code error;
    json::value value = json::parse(body, error);
    return error ? json::value(body) : value;
}

int outbox(const FilesCall& options, const Outcome& outcome) {
    return with_store(options, [&](store::StoreReader& reader) {
        const auto depths = reader.depths();
        if (!depths) return fail(depths.error());
        for (const StreamDepth& depth : *depths) {
            json::object line;
            line["stream"] = std::string{to_text(depth.stream)};
            line["first"] = depth.first;
            line["next"] = depth.next;
            line["rows"] = depth.next - depth.first;
            line["frozen_to"] = depth.frozen_to;
            if (depth.next > depth.first) line["oldest"] = to_rfc3339(depth.oldest);
            print(json::serialize(line), outcome);
        }
        return kOk;
    });
}

int export_journal(const FilesCall& options, const Outcome& outcome) {
    constexpr std::size_t kPage = 1000;
    return with_store(options, [&](store::StoreReader& reader) {
        std::int64_t after = options.after;
        for (std::int64_t left = options.limit; left > 0;) {
            const auto page = std::min<std::int64_t>(left, kPage);
            const auto rows = reader.read(JournalQuery{
                .kind = options.kind, .after_id = after, .limit = static_cast<std::size_t>(page)});
            if (!rows) return fail(rows.error());
            for (const JournalRow& row : *rows) {
                json::object line;
                line["id"] = row.id;
                line["stream"] = std::string{to_text(row.record.stream)};
                line["kind"] = row.record.kind;
                line["event_id"] = row.record.event_id;
                line["revision"] = row.record.revision;
                line["at"] = to_rfc3339(row.record.at.wall);
                if (!row.record.digest.empty()) line["digest"] = row.record.digest;
                line["body"] = raw(row.record.body);
                print(json::serialize(line), outcome);
                after = row.id;
            }
            if (std::ssize(*rows) < page) break;
            left -= std::ssize(*rows);
        }
        return kOk;
    });
}

int quarantine(const FilesCall& options, const Outcome& outcome) {
    return with_store(options, [&](store::StoreReader& reader) {
        const auto rows = reader.quarantined({.reason = options.reason,
                                              .after_id = options.after,
                                              .limit = static_cast<std::size_t>(options.limit),
                                              .payloads = options.payloads});
        if (!rows) return fail(rows.error());
        for (const store::QuarantineRow& row : *rows) {
            json::object line;
            line["id"] = row.id;
            line["source"] = row.item.source;
            line["reason"] = row.item.reason;
            line["detail"] = row.item.detail;
            line["origin"] = row.item.origin;
            line["from"] = row.item.byte_from;
            line["to"] = row.item.byte_to;
            line["at"] = to_rfc3339(row.item.at.wall);
            if (options.payloads) line["payload"] = row.item.payload;
            print(json::serialize(line), outcome);
        }
        return kOk;
    });
}

}  // namespace

void add_files(CLI::App& app, Outcome& outcome) {
    auto options = std::make_shared<FilesCall>();
    const auto data = [&](CLI::App* call) {
        call->add_option("--data", options->data, "the agent's data directory")
            ->capture_default_str();
        return call;
    };
    data(app.add_subcommand("outbox", "what waits for HQ, by stream"))
        ->callback([options, &outcome] { outcome.exit = outbox(*options, outcome); });
    auto* journal = app.add_subcommand("journal", "the records")->require_subcommand(1);
    auto* export_call = data(journal->add_subcommand("export", "one record a line"));
    export_call->add_option("--kind", options->kind, "only these");
    export_call->add_option("--after", options->after, "only ids greater than this");
    export_call->add_option("--limit", options->limit, "at most so many");
    export_call->callback(
        [options, &outcome] { outcome.exit = export_journal(*options, outcome); });

    auto* aside = data(app.add_subcommand("quarantine", "what could not be used, and why"));
    aside->add_option("--reason", options->reason, "only these");
    aside->add_option("--after", options->after, "only ids greater than this");
    aside->add_option("--limit", options->limit, "at most so many");
    aside->add_flag("--payloads", options->payloads, "with the masked bytes");
    aside->callback([options, &outcome] { outcome.exit = quarantine(*options, outcome); });
}

}  // namespace aisle::app::ctl
