#include "drivers/simulated/door_camera.hpp"

namespace aisle::simulated {
namespace {

// Several to a picture, so that one comes at most this late and a slow reader's rest goes out.
constexpr milliseconds kTick{20};

}  // namespace

DoorCamera::DoorCamera(const Plan& plan, const std::string& pipe, runtime::Executor& loop)
    : plan_{plan}, scene_{plan}, pipe_{pipe, kSceneFps}, loop_{loop} {}

Status DoorCamera::start() {
    if (const Status made = pipe_.make(); !made) return made;
    ticking_ = runtime::every(loop_, kTick, [this] { tick(); });
    return {};
}

void DoorCamera::tick() {
    const milliseconds now = loop_.clock().now().wall - plan_.settings.start;
    const std::int64_t number = now.count() * kSceneFps / 1000;
    if (!pipe_.ready() || number <= shown_) return;
    shown_ = number;
    pipe_.offer(scene_.take(time_of_frame(number)));
}

}  // namespace aisle::simulated
