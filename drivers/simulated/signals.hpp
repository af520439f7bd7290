#pragma once

#include <string>
#include <vector>

#include "drivers/simulated/plan.hpp"

// What sensors would report at an instant of the plan. Pure.
namespace aisle::simulated {

struct Published {
    std::string topic;
    std::string payload;
};

// What every gateway hears in this second: the tags of those who are inside, and strangers' phones
// that the agent must drop. Theengs' JSON, one message an advert, on home/<gateway>/BTtoMQTT/<MAC>.
std::vector<Published> gateway_messages(const Plan& plan, milliseconds at);

// The door sensor's totals since its reset at the start: a cumulative counter, so that a lost
// message costs nothing.
Published door_message(const Plan& plan, milliseconds at);

}  // namespace aisle::simulated
