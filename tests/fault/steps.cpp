#include "tests/fault/steps.hpp"

namespace aisle::fault {
namespace {

Status without_value(const auto& result) { return result ? Status{} : result.error(); }

}  // namespace

Status perform(store::Store& store, const Step& step) {
    switch (step.kind) {
        case Step::Kind::Append:
            return store.append(step.batch, step.now.wall);
        case Step::Kind::Freeze:
            return store.freeze(step.stream, step.seq);
        case Step::Kind::Acknowledge:
            return store.acknowledged(step.stream, step.seq, step.text);
        case Step::Kind::DropRange:
            return store.replace_by_gap(step.stream, step.from, step.seq, step.text);
        case Step::Kind::GapBefore:
            return store.gap_before(step.stream, step.seq, step.text, "hq_restored");
        case Step::Kind::NewEpoch:
            return store.new_epoch(step.text, "test");
        case Step::Kind::Boot:
            return without_value(store.boot_number(step.text));
        case Step::Kind::Prune:
            return without_value(store.prune(step.now, store::default_retention()));
        case Step::Kind::Tend:
            return store.tend(step.now.wall);
    }
    return malformed("no such step");
}

std::string to_text(Step::Kind kind) {
    constexpr const char* kNames[] = {"append",    "freeze", "acknowledge", "drop", "gap_before",
                                      "new_epoch", "boot",   "prune",       "tend"};
    return kNames[static_cast<std::size_t>(kind)];
}

}  // namespace aisle::fault
