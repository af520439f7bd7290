#include "drivers/tracking/gate_counter.hpp"

#include <algorithm>

namespace aisle::tracking {

GateCounter::GateCounter(const Scene& scene) : scene_{scene}, parts_(scene.lines.size()) {
    for (std::size_t line = 0; line < scene.lines.size(); ++line) {
        for (std::size_t gate = 0; gate < scene.gates.size(); ++gate) {
            const std::string& name = scene.lines[line].name;
            if (scene.gates[gate].outer == name) parts_[line].push_back({gate, true});
            if (scene.gates[gate].inner == name) parts_[line].push_back({gate, false});
        }
    }
}

std::vector<LineCrossing> GateCounter::update(const std::vector<LineCrossing>& crossings) {
    std::vector<LineCrossing> out;
    for (const LineCrossing& crossing : crossings) {
        if (parts_[crossing.line].empty()) out.push_back(crossing);
        for (const Part part : parts_[crossing.line]) pass(crossing, part, out);
    }
    return out;
}

// In is outer and then inner, out is inner and then outer, both in the direction that the lines
// say. Anything else begins anew: a first crossing in the other direction leaves the gate.
void GateCounter::pass(const LineCrossing& crossing, Part part, std::vector<LineCrossing>& out) {
    const Key key{part.gate, crossing.track};
    const bool begins = part.outer == (crossing.direction == Direction::In);
    if (begins) {
        first_[key] = {crossing.direction, part.outer, crossing.at};
        return;
    }
    const auto found = first_.find(key);
    if (found == first_.end()) return;
    const First first = found->second;
    first_.erase(found);
    const bool through = first.direction == crossing.direction && first.outer != part.outer;
    const bool in_time = crossing.at - first.at <= scene_.gates[part.gate].within;
    if (!through || !in_time) return;
    LineCrossing whole = crossing;
    whole.line = scene_.lines.size() + part.gate;
    out.push_back(whole);
}

void GateCounter::forget(milliseconds now) {
    std::erase_if(first_, [&](const auto& each) {
        return now - each.second.at > scene_.gates[each.first.first].within;
    });
}

}  // namespace aisle::tracking
