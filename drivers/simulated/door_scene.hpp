#pragma once

#include <deque>

#include "drivers/simulated/noise.hpp"
#include "drivers/simulated/overhead.hpp"
#include "drivers/simulated/plan.hpp"
#include "drivers/simulated/scene_script.hpp"

namespace aisle::simulated {

// The camera over the plan's own door: each shopper's body crosses the line in the instant in which
// the plan has them enter or leave, with the trolley that their tag is on. The street is above the
// picture. What somebody looks like and where they walk follows from the plan's seed and their
// number, but for who had to make way for whom: that is settled in the order of time.
class DoorScene {
public:
    explicit DoorScene(const Plan& plan);  // which must outlive it

    // The picture at this time since the plan's start, which may be before it; `at` never goes
    // back. Good until the next call.
    const Picture& take(milliseconds at);

    // Those whose body is in the picture's neighbourhood at the time of the last picture.
    [[nodiscard]] const std::deque<Walker>& present() const { return present_; }

    static SceneLine line();          // "main", with *in* into the shop
    static std::string scene_file();  // for the camera that looks at it

private:
    struct Passage {
        milliseconds at{};
        const Shopper* shopper = nullptr;
        bool in = true;
    };
    void let_come(milliseconds now);
    [[nodiscard]] Walker bring(const Passage& passage) const;
    [[nodiscard]] Walker draw(Noise& noise, const Passage& passage) const;

    const Plan& plan_;
    OverheadCamera camera_;
    Colour floor_;
    std::vector<Passage> passages_;  // by time
    std::size_t come_ = 0;
    std::deque<Walker> present_;
    std::vector<const Walker*> shown_;
};

}  // namespace aisle::simulated
