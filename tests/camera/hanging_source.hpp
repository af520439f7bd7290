#pragma once

#include <future>
#include <memory>
#include <utility>

#include "drivers/camera/frame_source.hpp"

namespace aisle::camera {

// What a test holds of a camera that hangs: shared with its source, so that either may go first.
struct Hang {
    enum class In { Opening, Reading };

    In in = In::Opening;
    Grab then = Grab::Nothing;       // what a read that hung comes back with
    std::promise<void> entered;      // the thread is inside the call that hangs
    std::promise<void> release;      // by the test: the call comes back
    std::promise<void> source_gone;  // the thread has let go of the source, so it is at its end
};

// Hangs once, until it is released. Comes back to life afterwards and has no more pictures.
class HangingSource final : public FrameSource {
public:
    explicit HangingSource(std::shared_ptr<Hang> hang) : hang_{std::move(hang)} {}
    ~HangingSource() override { hang_->source_gone.set_value(); }
    HangingSource(const HangingSource&) = delete;
    HangingSource& operator=(const HangingSource&) = delete;

    Status open() override {
        if (hang_->in == Hang::In::Opening) stand_still();
        return {};
    }

    Grab read(Frame& into) override {
        if (hang_->in != Hang::In::Reading || hung_) return Grab::Nothing;
        stand_still();
        into.shape({.width = 64, .height = 48});
        return hang_->then;
    }

    bool skip() override { return false; }
    void close() override {}
    [[nodiscard]] double fps() const override { return 10; }

private:
    void stand_still() {
        if (std::exchange(hung_, true)) return;
        hang_->entered.set_value();
        hang_->release.get_future().wait();
    }

    std::shared_ptr<Hang> hang_;
    bool hung_ = false;
};

}  // namespace aisle::camera
