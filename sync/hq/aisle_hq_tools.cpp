#include "sync/hq/aisle_hq_tools.hpp"

#include <CLI/CLI.hpp>
#include <cstdio>
#include <functional>

#include "sync/hq/aisle_hq_tools_call.hpp"
#include "sync/hq/aisle_hq_tools_keys.hpp"
#include "sync/hq/aisle_hq_tools_sign.hpp"

namespace aisle::hq {
namespace {

// sysexits(3)
constexpr int kExitData = 65;
constexpr int kExitUnavailable = 69;
constexpr int kExitDenied = 77;

int exit_for(Fault fault) {
    if (fault == Fault::Denied) return kExitDenied;
    return fault == Fault::Malformed ? kExitData : kExitUnavailable;
}

}  // namespace

struct HqTools::Core {
    using Run = std::function<Result<std::string>()>;

    CLI::App* verb(CLI::App& group, const char* name, const char* what, Run run) {
        auto* made = group.add_subcommand(name, what);
        verbs.emplace_back(made, std::move(run));
        return made;
    }
    void add_keys(CLI::App& app);
    void add_stores_keys(CLI::App& keys);
    void add_bundles(CLI::App& app);
    void add_commands(CLI::App& app);
    void add_budgets(CLI::App& app);
    CLI::App* asking(CLI::App* verb) {
        verb->add_option("--hq", hq.address, "where aisle-hq listens")->capture_default_str();
        verb->add_option("--token-file", hq.token_file,
                         "the secret that downlink.token_file names");
        return verb;
    }

    std::vector<std::pair<CLI::App*, Run>> verbs;
    HqAddress hq;
    std::string dir = "/etc/aisle-hq/keys";
    std::string id, store, file, member, campaign;
    BundleToSign bundle;
    CommandToSign command;
    PlanWords plan;
    std::int64_t version = 0;
    std::int64_t total = 0;
};

void HqTools::Core::add_keys(CLI::App& app) {
    auto& keys = *app.add_subcommand("keys", "keys that sign, and the stores' pseudonym keys");
    keys.require_subcommand(1);
    verb(keys, "make", "a new Ed25519 key: DIR/ID.secret (0600) and DIR/ID.pub",
         [this] { return make_key(dir); })
        ->add_option("--out", dir, "the folder")
        ->capture_default_str();
    verb(keys, "list", "what is there, and what is revoked", [this] { return list_key_files(dir); })
        ->add_option("--dir", dir, "the folder")
        ->capture_default_str();
    auto* revoke = verb(keys, "revoke", "nothing signed with it is believed any more",
                        [this] { return revoke_signing_key(dir, id); });
    revoke->add_option("--dir", dir, "the folder")->capture_default_str();
    revoke->add_option("--key", id, "the key's id")->required();
    add_stores_keys(keys);
}

void HqTools::Core::add_stores_keys(CLI::App& keys) {
    auto* add = verb(keys, "add-store", "enrols a store, or rotates its pseudonym key",
                     [this] { return add_store_key(dir, store, file); });
    add->add_option("--dir", dir, "the folder")->capture_default_str();
    add->add_option("--store", store, "the store's id")->required();
    add->add_option("--file", file, "the store's keys/store.key; without it one is made");
    auto* revoke = verb(keys, "revoke-store", "the device was lost: its key is used no more",
                        [this] { return revoke_store_key(dir, store, id); });
    revoke->add_option("--dir", dir, "the folder")->capture_default_str();
    revoke->add_option("--store", store, "the store's id")->required();
    revoke->add_option("--key", id, "the key's id")->required();
    auto* relink = verb(keys, "relink", "a member's pseudonyms, of every store and key",
                        [this] { return relink_member(dir, member); });
    relink->add_option("--dir", dir, "the folder")->capture_default_str();
    relink->add_option("--member", member, "the member's id as tills have it")->required();
}

void HqTools::Core::add_bundles(CLI::App& app) {
    auto& group = *app.add_subcommand("bundle", "campaigns and settings for the shops");
    group.require_subcommand(1);
    auto* sign = verb(group, "sign", "makes and signs a bundle; aislectl bundle load takes it too",
                      [this] { return sign_bundle(bundle); });
    sign->add_option("--key", bundle.key, "DIR/ID.secret")->required();
    sign->add_option("--version", bundle.version, "greater than any before")->required();
    sign->add_option("--campaigns", bundle.campaigns, "a folder of *.json");
    sign->add_option("--settings", bundle.settings, "a JSON object of settings");
    sign->add_option("--stores", bundle.stores, "for these only; without it for all")
        ->delimiter(',');
    sign->add_option("--not-before", bundle.not_before, "RFC 3339");
    sign->add_option("--expires", bundle.expires, "RFC 3339");
    sign->add_option("--min-agent", bundle.min_agent, "the oldest agent that may take it");
    sign->add_option("--rollback-to", bundle.rollback_to, "the older version it brings back");
    sign->add_option("--out", bundle.out, "the file to write")->required();

    auto* roll = asking(verb(group, "rollout", "rolls a signed bundle out, ring by ring",
                             [this] { return roll_out(hq, file, plan); }));
    roll->add_option("FILE", file, "what sign has written")->required();
    roll->add_option("--canaries", plan.canaries, "stores that get it first, with commas");
    roll->add_option("--early-permille", plan.early_permille, "the second ring; 100");
    roll->add_option("--soak", plan.soak_s, "seconds that a ring must hold; 600");
    roll->add_option("--broken-max", plan.broken_max, "shops that may refuse or roll back; 0");
    roll->add_option("--restarts-max", plan.restarts_max, "starts of a shop under it; 3");
    roll->add_option("--errors-max", plan.errors_max, "beyond what was usual before; 100");
    roll->add_option("--withheld-rise-permille", plan.withheld_rise_permille,
                     "of decisions without an offer; 300");
    roll->add_flag("--roll-back", plan.roll_back, "a halt tells the shops to go back");
    for (const char* name : {"halt", "resume"})
        asking(verb(group, name, "stops or goes on with a roll-out",
                    [this, name] { return turn_rollout(hq, version, name); }))
            ->add_option("--version", version, "of the bundle")
            ->required();
    asking(verb(group, "status", "how far each bundle is, one JSON line each",
                [this] { return list_from(hq, "/api/v1/bundles", "bundles"); }));
}

void HqTools::Core::add_commands(CLI::App& app) {
    auto& group = *app.add_subcommand("command", "what stores are to do once");
    group.require_subcommand(1);
    auto* send = asking(verb(group, "send", "queues a command; with --key it is signed here",
                             [this] { return send_command(hq, command); }));
    send->add_option("--store", command.stores, "one or more")->required()->delimiter(',');
    send->add_option("--type", command.type, "erase, flush, diagnose, bundle_rollback, ...")
        ->required();
    send->add_option("--args", command.args, "a JSON object")->capture_default_str();
    send->add_option("--valid", command.valid_s, "seconds")->capture_default_str();
    send->add_option("--key", command.key, "DIR/ID.secret");
    send->add_option("--out", command.out, "writes it to a file instead of sending it");
    asking(verb(group, "list", "commands and their results, one JSON line each",
                [this] { return list_from(hq, "/api/v1/commands", "commands"); }));
}

void HqTools::Core::add_budgets(CLI::App& app) {
    auto& group = *app.add_subcommand("budget", "chain-wide budgets and their leases");
    group.require_subcommand(1);
    auto* set = asking(verb(group, "set", "what all stores together may spend on a campaign",
                            [this] { return set_budget(hq, campaign, total); }));
    set->add_option("--campaign", campaign, "its id")->required();
    set->add_option("--total", total, "in minor units")->required();
    asking(verb(group, "recall", "nothing more is leased, and stores give back what is left",
                [this] { return recall_budget(hq, campaign); }))
        ->add_option("--campaign", campaign, "its id")
        ->required();
    asking(verb(group, "status", "spent, exposure and free, one JSON line each",
                [this] { return list_from(hq, "/api/v1/budgets", "budgets"); }));
}

HqTools::HqTools(CLI::App& app) : core_{std::make_unique<Core>()} {
    core_->add_keys(app);
    core_->add_bundles(app);
    core_->add_commands(app);
    core_->add_budgets(app);
}

HqTools::~HqTools() = default;

bool HqTools::chosen() const {
    for (const auto& [verb, run] : core_->verbs)
        if (verb->parsed()) return true;
    return false;
}

int HqTools::run() const {
    for (const auto& [verb, run] : core_->verbs) {
        if (!verb->parsed()) continue;
        const auto done = run();
        if (done) return std::printf("%s", done->c_str()) < 0 ? 1 : 0;
        std::fprintf(stderr, "aisle-hq: %s\n", done.error().detail.c_str());
        return exit_for(done.error().fault);
    }
    return 0;
}

}  // namespace aisle::hq
