#include "agent/app/commands.hpp"

#include "agent/app/downlink_eraser.hpp"
#include "agent/app/downlink_steps.hpp"
#include "agent/records/downlink_records.hpp"
#include "agent/runtime/log.hpp"

namespace aisle::app {
namespace {

constexpr milliseconds kEraseAgain{10'000};

template <typename Args>
const Args* as(const wire::CommandArgs& args) {
    return std::get_if<Args>(&args);
}

}  // namespace

DownlinkStep Commands::step(const uplink::CommandEffects& effects, const Stamp& now) {
    DownlinkStep step{.state = effects.state};
    for (const uplink::CommandNote& note : effects.notes) {
        step.records.push_back(records::command_result_record({.id = note.id,
                                                               .type = note.type,
                                                               .status = note.status,
                                                               .detail = note.detail,
                                                               .answer = note.answer,
                                                               .at = now}));
        log::info("command", {{"id", note.id}, {"type", note.type}, {"status", note.status}});
    }
    if (effects.refused) parts_.refused(*effects.refused);
    return step;
}

void Commands::start() {
    for (const wire::Command& command : engine_.unfinished()) run(command);
}

void Commands::receive(std::string sealed) {
    parts_.log.commit([this, sealed = std::move(sealed)](const Stamp& now) {
        const auto effects = engine_.received(sealed, parts_.keys.ring(), now);
        DownlinkStep made = step(effects, now);
        if (effects.run) made.after.emplace_back([this, command = *effects.run] { run(command); });
        return made;
    });
}

void Commands::tick() {
    parts_.log.commit([this](const Stamp& now) { return step(engine_.tick(now), now); });
}

void Commands::run(const wire::Command& command) {
    if (as<wire::EraseArgs>(command.args) != nullptr) return erase(command);
    parts_.log.commit([this, command](const Stamp& now) {
        DownlinkStep done;
        const Result result = apply(command.args, done, now);
        DownlinkStep told = step(engine_.finished(command, result.status, result.detail, now), now);
        std::ranges::move(told.state, std::back_inserter(done.state));
        std::ranges::move(told.records, std::back_inserter(done.records));
        return done;
    });
}

Commands::Result Commands::apply(const wire::CommandArgs& args, DownlinkStep& step,
                                 const Stamp& now) {
    if (const auto* withdraw = as<wire::WithdrawArgs>(args)) return apply(*withdraw, step, now);
    if (const auto* back = as<wire::BundleRollbackArgs>(args)) return apply(*back, step, now);
    if (const auto* grant = as<wire::LeaseGrant>(args))
        return taken(parts_.leases.grant(*grant, now), step);
    if (const auto* recall = as<wire::LeaseRecall>(args))
        return taken(parts_.leases.recall(*recall, now), step);
    if (const auto* add = as<wire::KeyAddArgs>(args)) {
        const Status added = parts_.keys.add(add->key, step);
        if (!added) return {.status = "refused", .detail = added.error().detail};
        return {};
    }
    if (const auto* revoke = as<wire::KeyRevokeArgs>(args)) {
        const Status revoked = parts_.keys.revoke(revoke->key, step);
        if (!revoked) return {.status = "refused", .detail = revoked.error().detail};
        return {};
    }
    if (as<wire::FlushArgs>(args) != nullptr) {
        step.after.push_back(parts_.flush);
        return {};
    }
    return {.detail = parts_.diagnose()};
}

// As of the moment at which it was said to HQ; a later word in the shop counts more.
Commands::Result Commands::apply(const wire::WithdrawArgs& args, DownlinkStep& step,
                                 const Stamp& now) {
    Turn turn{.now = now};
    ConsentChange change{.member = args.member,
                         .purpose = args.purpose,
                         .granted = false,
                         .version = args.version,
                         .by = "hq",
                         .at = now};
    change.at.wall = args.at;
    parts_.floor.consent(turn, change);
    merge(step, std::move(turn));
    step.after.push_back(parts_.consents_changed);
    return {};
}

Commands::Result Commands::apply(const wire::BundleRollbackArgs& args, DownlinkStep& step,
                                 const Stamp& now) {
    if (parts_.bundles.engine().version() != args.version || args.version == 0)
        return {.status = "refused",
                .detail = "version " + std::to_string(parts_.bundles.engine().version()) + " runs"};
    step = parts_.bundles.roll_back(args.version, "command", now);
    return {};
}

Commands::Result Commands::taken(LeaseEffects effects, DownlinkStep& step) {
    step.state = std::move(effects.state);
    step.records = std::move(effects.records);
    return {.status = std::move(effects.status), .detail = std::move(effects.detail)};
}

// First what is in memory, so that nothing writes it again; then the journal and the outbox; then
// the word to HQ. Each is harmless when done twice.
void Commands::erase(const wire::Command& command) {
    parts_.log.commit([this, command](const Stamp& now) {
        Turn turn{.now = now};
        std::vector<MemberKey> names;
        for (const MemberKey& member : std::get<wire::EraseArgs>(command.args).members)
            std::ranges::move(parts_.floor.erase(turn, member), std::back_inserter(names));
        DownlinkStep made;
        merge(made, std::move(turn));
        made.after.emplace_back([this, command, names] {
            parts_.eraser.erase(names, [this, command, names](const ::aisle::Result<Erased>& rows) {
                erased(command, names, rows);
            });
        });
        return made;
    });
}

void Commands::erased(const wire::Command& command, const std::vector<MemberKey>& names,
                      const ::aisle::Result<Erased>& rows) {
    if (!rows) {
        log::error("erase_failed", {{"id", command.id}, {"why", rows.error().detail}});
        again_ = parts_.loop.after(kEraseAgain, [this] { start(); });
        return;
    }
    parts_.log.commit([this, command, names, rows = *rows](const Stamp& now) {
        DownlinkStep done = step(engine_.finished(command, "done", "", now), now);
        Turn turn{.now = now};
        for (const MemberKey& member : std::get<wire::EraseArgs>(command.args).members)
            parts_.floor.erased(turn, member);
        merge(done, std::move(turn));
        done.records.push_back(records::erasure_record({.command = command.id,
                                                        .members = name_digests(names),
                                                        .journal_rows = rows.journal_rows,
                                                        .outbox_rows = rows.outbox_rows,
                                                        .at = now}));
        done.after.push_back(parts_.consents_changed);
        done.after.emplace_back([this] { overwrite(parts_.eraser); });
        return done;
    });
}

}  // namespace aisle::app
