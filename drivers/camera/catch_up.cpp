#include "drivers/camera/catch_up.hpp"

#include <algorithm>

namespace aisle::camera {
namespace {

// Each picture that was let go for nothing makes us wait for so many times more of them, up to
// this.
constexpr int kDoubtMax = 16;

}  // namespace

// True when it had to be waited for. What takes as long as decoding does was there; decoding is the
// quickest that was ever seen. Between two moments at which none was waiting the camera has made as
// many pictures as we fetched, which is its real rate.
bool CatchUp::take(const Fetch& fetch) {
    const auto took = std::chrono::duration_cast<milliseconds>(fetch.came - fetch.asked);
    quickest_ = std::min(quickest_, took);
    const bool waited = took > quickest_ + fetch.period / 4;
    ++since_empty_;
    if (waited) {
        if (empty_at_) {
            real_ =
                std::chrono::duration_cast<milliseconds>(fetch.came - *empty_at_) / since_empty_;
        }
        empty_at_ = fetch.came;
        since_empty_ = 0;
    } else if (due_ && fetch.came + fetch.period / 4 < *due_) {
        real_ = milliseconds{0};  // it is not that slow any more
    }
    const bool known = due_ && !waited && fetch.came >= *due_;
    due_ = (known ? *due_ : fetch.came) + std::max(real_, fetch.period);
    return waited;
}

void CatchUp::let_go(const Fetch& fetch) {
    doubt_ = take(fetch) ? std::min(2 * doubt_, kDoubtMax) : std::max(1, doubt_ / 2);
}

bool CatchUp::behind(MonoTime now, milliseconds period) const {
    return due_ && now - *due_ >= doubt_ * std::max(real_, period);
}

}  // namespace aisle::camera
