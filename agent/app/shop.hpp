#pragma once

#include <memory>
#include <string>
#include <vector>

#include "agent/app/customer_desk.hpp"
#include "agent/app/downlink.hpp"
#include "agent/app/downlink_settings.hpp"
#include "agent/app/heartbeat.hpp"
#include "agent/app/message_router.hpp"
#include "agent/app/opening.hpp"
#include "agent/app/platform.hpp"
#include "agent/app/scene_desk.hpp"
#include "agent/app/shop_clock.hpp"
#include "agent/app/store_care.hpp"
#include "agent/app/tap_desk.hpp"
#include "agent/staff/staff.hpp"
#include "drivers/beacon/enrolment.hpp"
#include "sync/uplink/uplink.hpp"

namespace aisle::app {

// The whole agent but for the machine it runs on: one object a member, in order of dependency
// (wire.cpp); they go in reverse. On the loop's thread only; nothing here makes a thread, reads a
// clock of its own or draws a number that the platform did not give, so that a shop under one seed
// lives the same life twice. Destroying it without stop() is what a power cut does: answers that
// the platform's runners still hold must find a loop that has gone or forgotten them.
class Shop {
public:
    Shop(Opened opened, Platform platform);
    ~Shop();
    Shop(const Shop&) = delete;
    Shop& operator=(const Shop&) = delete;

    // What is read from the store before the loop runs, and the drivers, built stopped. Then the
    // platform's server may listen.
    Status prepare();
    // Sources, ticks and links.
    void start();
    // Sources first, then what they have handed over, then what HQ should still hear. Once.
    void stop(std::function<void()> done);
    // Campaigns and retention are swapped; anything else needs a restart (false). A failure changes
    // nothing.
    Result<bool> reload(const config::AgentConfig& config);

    [[nodiscard]] const config::AgentConfig& config() const { return opened_.config; }
    [[nodiscard]] const std::string& epoch() const { return opened_.epoch; }
    [[nodiscard]] bool ready() const { return ready_; }

    // For tests: drivers of a simulated world hand over here what people would tap.
    [[nodiscard]] Desk& desk() { return desk_; }
    [[nodiscard]] Sink& sink() { return readings_; }
    [[nodiscard]] uplink::Uplink* uplink() { return uplink_.get(); }
    [[nodiscard]] Engines& engines() { return *opened_.engines; }

private:
    void hang_probes();
    void fill_status(staff::ShopStatus& status) const;
    Pipeline::Parts pipeline_parts();
    uplink::UplinkParts uplink_parts();
    void listen_to_hq();
    void keep_course();
    void tell_opening();
    void tell_keys();
    [[nodiscard]] wire::Health health() const;
    std::unique_ptr<Downlink> make_downlink();  // downlink_wire.cpp
    Status open_downlink();
    void follow(const HqSettings& settings);
    [[nodiscard]] records::HealthNumbers health_numbers() const;
    void tell(const ClockTruth& truth);

    Opened opened_;
    Platform platform_;
    ShopClock clock_;
    ShopLoop loop_;  // the platform's, with our clock
    Storage storage_;
    Pipeline pipeline_;
    std::unique_ptr<staff::Staff> staff_;  // after desk_: see wire.cpp
    beacon::Enrolment enrolment_;
    Floor floor_;
    Readings readings_;
    Desk desk_;
    Cameras cameras_;
    TapDesk tap_desk_{{clock_, opened_.engines->footfall, opened_.engines->commissioning,
                       opened_.engines->zones_now, cameras_}};
    SceneDesk scene_desk_{{loop_, cameras_, platform_.slow, into_the_audit(pipeline_, floor_)}};
    StoreEraser eraser_{{*opened_.store, platform_.write, loop_}};
    CustomerDesk customer_desk_{{pipeline_, *opened_.engines, floor_, desk_, eraser_, clock_}};
    Heartbeat heartbeat_;
    StoreCare store_care_{{storage_, *opened_.reader, loop_, platform_.metrics, pipeline_, floor_}};
    HqSettings hq_settings_;
    std::string keys_told_;  // ids, the one in use first; empty: never told
    std::unique_ptr<Downlink> downlink_;
    MessageRouter router_;
    std::unique_ptr<Transport> shop_link_;
    std::unique_ptr<Transport> hq_link_;
    std::unique_ptr<uplink::Uplink> uplink_;
    std::vector<std::unique_ptr<Driver>> drivers_;
    WallTime started_{};
    MonoTime started_mono_{};
    bool ready_ = false;
    bool stopping_ = false;
};

}  // namespace aisle::app
